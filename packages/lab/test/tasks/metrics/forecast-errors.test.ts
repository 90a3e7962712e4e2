import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { forecastErrors, naiveError } from '../../../src/tasks/metrics/forecast-errors.ts';

/** Made with scikit-learn and sktime by reference/tasks.py. */
const golden = JSON.parse(readFileSync(new URL('../../fixtures/metrics.golden.json', import.meta.url), 'utf8')) as {
  forecasts: { train: number[]; actual: number[]; predicted: number[]; mae: number; rmse: number; mase: number };
};

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
