/** IBM model 1 against nltk, an iteration worked by hand, and what it is used for. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/data/random.ts';
import {
  alignTokens,
  bestTranslation,
  trainLexicon,
  translateTokens,
  translationProbability,
} from '../../src/tasks/shared/lexicon.ts';
import { expectEqualNumbers, golden } from './metrics/golden.ts';

describe.each(Object.entries(golden.lexicon))('the corpus %s', (_, { pairs, iterations, probabilities }) => {
  const lexicon = trainLexicon(pairs, iterations);

  test('has the probabilities of nltk 3.10.4', () => {
    const found = probabilities.map((row, source) =>
      row.map((_, target) =>
        translationProbability(lexicon, target, source === probabilities.length - 1 ? null : source),
      ),
    );
    expectEqualNumbers(found, probabilities);
  });

  test('has the alignments of nltk', () => {
    expect(pairs.map((pair) => [...alignTokens(lexicon, pair)])).toEqual(pairs.map(({ alignment }) => alignment));
  });

  test('translates each word by the likeliest', () => {
    const best = probabilities.slice(0, -1).map((row) => row.indexOf(Math.max(...row)));
    expect(best.map((_, source) => bestTranslation(lexicon, source))).toEqual(best);
    expect(translateTokens(lexicon, [1, 0, 1], 'leave-out')).toEqual([best[1], best[0], best[1]]);
  });
});

test('counts a word as often as it stands in a sentence, as Brown et al. 1993 do', () => {
  // One pair (0; 0 0 1) and one iteration: each of the three targets comes half from the source word, half from null.
  const lexicon = trainLexicon([{ source: [0], target: [0, 0, 1] }], 1);
  expect([...lexicon.probabilities]).toEqual([2 / 3, 1 / 3]);
  expect([...lexicon.nullProbabilities]).toEqual([2 / 3, 1 / 3]);
  // (0 0 1; 0) and (1; 1): target 0 comes from 0 by 2/4 and from 1 by 1/4, target 1 from 1 by 1/2.
  const repeated = trainLexicon(
    [
      { source: [0, 0, 1], target: [0] },
      { source: [1], target: [1] },
    ],
    1,
  );
  expectEqualNumbers([...repeated.probabilities], [1, 1 / 3, 2 / 3]);
  expectEqualNumbers([...repeated.nullProbabilities], [1 / 3, 2 / 3]);
});

test('words never seen have no translation: they are copied or left out', () => {
  const lexicon = trainLexicon([{ source: [2], target: [5] }]);
  expect([0, 2, 3, 99].map((source) => bestTranslation(lexicon, source))).toEqual([undefined, 5, undefined, undefined]);
  expect(translateTokens(lexicon, [2, 0, 99], 'copy')).toEqual([5, 0, 99]);
  expect(translateTokens(lexicon, [2, 0, 99], 'leave-out')).toEqual([5]);
  expect(translationProbability(lexicon, 5, 99)).toBe(0);
  expect(translationProbability(lexicon, 99, 2)).toBe(0);
  expect([...alignTokens(lexicon, { source: [99, 2], target: [5, 98] })]).toEqual([1, -1]);
});

test('a cipher is solved word for word, and not by the order of words', () => {
  const { uniform } = createRandom(1, 'cipher');
  const pairs = Array.from({ length: 300 }, () => {
    const source = Array.from({ length: 8 }, () => Math.floor(uniform() * 50));
    return { source, target: source.map((token) => (token * 7 + 3) % 50).toSorted((a, b) => a - b) };
  });
  const lexicon = trainLexicon(pairs);
  const right = Array.from({ length: 50 }, (_, token) => bestTranslation(lexicon, token) === (token * 7 + 3) % 50);
  expect(right.filter((value) => value).length).toBe(50);
});

test('laws: rows sum to 1, and neither the order of words nor that of pairs matters', () => {
  const sentence = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 });
  const corpus = fc.array(fc.record({ source: sentence, target: sentence }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(corpus, (pairs) => {
      const lexicon = trainLexicon(pairs, 3);
      for (const source of new Set(pairs.flatMap((pair) => pair.source))) {
        const row = [0, 1, 2, 3, 4, 5, 6].map((target) => translationProbability(lexicon, target, source));
        expect(row.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
      }
      const turned = pairs.map(({ source, target }) => ({ source: source.toReversed(), target: target.toReversed() }));
      expectEqualNumbers(trainLexicon(turned.toReversed(), 3), lexicon);
    }),
  );
});

test('tokens are whole numbers from 0 up, and there is at least one', () => {
  expect(() => trainLexicon([])).toThrow('trainLexicon: expected at least one target token, got none in 0 pairs');
  expect(() =>
    trainLexicon([
      { source: [0], target: [1] },
      { source: [-1], target: [1] },
    ]),
  ).toThrow('trainLexicon: pair 1: expected source tokens to be whole numbers from 0 up, got -1');
});
