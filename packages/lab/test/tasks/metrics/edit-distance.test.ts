import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, errorRate, nearestReference } from '../../../src/tasks/metrics/edit-distance.ts';

/** Made with jiwer by reference/tasks.py. */
const golden = JSON.parse(readFileSync(new URL('../../fixtures/metrics.golden.json', import.meta.url), 'utf8')) as {
  errorRates: { pairs: { reference: number[]; hypothesis: number[]; edits: number }[]; errorRate: number };
};

describe('the edit distance', () => {
  test('is that of jiwer for 60 pairs, and so is the error rate over all of them', () => {
    const { pairs, errorRate: expected } = golden.errorRates;
    expect(pairs.map(({ hypothesis, reference }) => editDistance(hypothesis, reference))).toEqual(
      pairs.map(({ edits }) => edits),
    );
    const counts = pairs.map(({ hypothesis, reference }) => nearestReference(hypothesis, [reference]));
    expect(errorRate(counts)).toBeCloseTo(expected, 14);
  });

  test('of kitten and sitting is 3, of intention and execution 5', () => {
    const codes = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
    expect(editDistance(codes('kitten'), codes('sitting'))).toBe(3);
    expect(editDistance(codes('intention'), codes('execution'))).toBe(5);
  });

  test('is a metric', () => {
    const tokens = fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(tokens, tokens, tokens, (a, b, c) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
        expect(editDistance(a, [])).toBe(a.length);
      }),
    );
  });
});

test('the nearest of several references counts, with its own length', () => {
  expect(
    nearestReference(
      [1, 2, 3],
      [
        [9, 9],
        [1, 2, 3, 4],
      ],
    ),
  ).toEqual({ edits: 1, referenceLength: 4, exact: false });
  expect(
    nearestReference(
      [1, 2],
      [
        [3, 4, 5],
        [1, 2],
      ],
    ),
  ).toEqual({ edits: 0, referenceLength: 2, exact: true });
  expect(() => nearestReference([1], [])).toThrow('at least one reference');
});

test('an error rate weighs phonemes, not words, and exceeds 1 for long nonsense', () => {
  expect(
    errorRate([
      { edits: 1, referenceLength: 1 },
      { edits: 0, referenceLength: 9 },
    ]),
  ).toBe(0.1);
  expect(errorRate([nearestReference([1, 2, 3], [[4]])])).toBe(3);
});
