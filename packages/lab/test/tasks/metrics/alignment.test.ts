/** Alignment error rate against nltk, and examples worked by hand. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alignmentScores, type Link } from '../../../src/tasks/metrics/alignment.ts';
import { expectEqualNumbers, golden } from './golden.ts';

test.each(golden.alignments)('of $predicted for $sure is that of nltk 3.10.4', ({ errorRate, ...pair }) => {
  expectEqualNumbers(alignmentScores([pair]).errorRate, errorRate);
});

test('sums counts over pairs, and sure links are possible', () => {
  // A = {00, 11, 12} and {00}, S = {00} and {11}, P = S and {12}: |A ∩ S| = 1, |A ∩ P| = 2, |A| = 4, |S| = 2.
  const pairs = [
    {
      predicted: [
        [0, 0],
        [1, 1],
        [1, 2],
      ] as Link[],
      sure: [[0, 0]] as Link[],
      possible: [[1, 2]] as Link[],
    },
    {
      predicted: [
        [0, 0],
        [0, 0],
      ] as Link[],
      sure: [[1, 1]] as Link[],
    },
  ];
  expect(alignmentScores(pairs)).toEqual({ errorRate: 1 - 3 / 6, precision: 2 / 4, recall: 1 / 2 });
  expect(alignmentScores(pairs.toReversed())).toEqual(alignmentScores(pairs));
});

test('laws: the sure links have an error rate of 0 and so have possible ones beside them; no link at all has 1', () => {
  const link = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(fc.array(link, { minLength: 1, maxLength: 6 }), fc.array(link, { maxLength: 6 }), (sure, possible) => {
      expect(alignmentScores([{ predicted: sure, sure }])).toEqual({ errorRate: 0, precision: 1, recall: 1 });
      expect(alignmentScores([{ predicted: [...sure, ...possible], sure, possible }]).errorRate).toBe(0);
      expect(alignmentScores([{ predicted: [], sure }])).toEqual({ errorRate: 1, precision: 0, recall: 0 });
      const { errorRate } = alignmentScores([{ predicted: possible, sure }]);
      expect(errorRate >= 0 && errorRate <= 1).toBe(true);
    }),
  );
});

test('there must be a sure link', () => {
  expect(() => alignmentScores([{ predicted: [[0, 0]], sure: [] }])).toThrow(
    'alignmentScores: expected at least one sure link, got none in 1 pairs',
  );
});
