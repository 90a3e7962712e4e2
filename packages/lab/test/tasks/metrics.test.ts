import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bitsPerCharacter,
  editDistance,
  errorRate,
  forecastErrors,
  fractionRight,
  naiveError,
  nearestReference,
} from '../../src/tasks/metrics.ts';

/** Made with jiwer, scikit-learn and sktime by reference/tasks.py. */
const golden = JSON.parse(readFileSync(new URL('../fixtures/metrics.golden.json', import.meta.url), 'utf8')) as {
  errorRates: { pairs: { reference: number[]; hypothesis: number[]; edits: number }[]; errorRate: number };
  forecasts: { train: number[]; actual: number[]; predicted: number[]; mae: number; rmse: number; mase: number };
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

describe('errors of forecasts', () => {
  test('are those of scikit-learn and sktime', () => {
    const { train, actual, predicted, ...expected } = golden.forecasts;
    const found = forecastErrors(predicted, actual, naiveError(train));
    for (const name of ['mae', 'rmse', 'mase'] as const) expect(found[name]).toBeCloseTo(expected[name], 12);
  });

  test('are those of an example worked by hand', () => {
    // |1−2|, |5−3|, |3−7| → mean 7/3; squares 1, 4, 16 → 7; training steps 2, 4, 3 → 3.
    expect(naiveError([1, 3, 7, 4])).toBe(3);
    expect(forecastErrors([1, 5, 3], [2, 3, 7], 3)).toEqual({ mae: 7 / 3, rmse: Math.sqrt(7), mase: 7 / 9 });
  });

  test('of the naive one-step forecast of the training part itself is a scaled error of 1', () => {
    const { train } = golden.forecasts;
    expect(forecastErrors(train.slice(0, -1), train.slice(1), naiveError(train)).mase).toBeCloseTo(1, 14);
  });

  test('need as many forecasts as values', () => {
    expect(() => forecastErrors([1], [1, 2], 1)).toThrow(RangeError);
    expect(() => forecastErrors([], [], 1)).toThrow(RangeError);
  });
});

test('a uniform guess among 2^k characters costs k bits a character', () => {
  expect(bitsPerCharacter(100 * Math.log(32), 100)).toBeCloseTo(5, 14);
  expect(bitsPerCharacter(100 * Math.log(32), 200)).toBeCloseTo(2.5, 14);
});

test('the fraction right counts the items that are', () => {
  expect(fractionRight([1, 2, 3, 4], (item, index) => item > 1 && index < 3)).toBe(0.5);
});
