/** Pinball loss against scikit-learn, and coverage by hand. */
import { expect, test } from 'vitest';
import { coverage, meanPinballLoss, pinballLoss } from '../../../src/tasks/metrics/quantiles.ts';
import { expectEqualNumbers, golden } from './golden.ts';

const { actual, quantiles, forecasts, losses, mean } = golden.quantiles;

test('pinball losses are those of scikit-learn 1.9.1', () => {
  const found = quantiles.map((quantile, index) => pinballLoss(forecasts[index] as number[], actual, quantile));
  expectEqualNumbers(found, losses);
  expectEqualNumbers(meanPinballLoss(forecasts, actual, quantiles), mean);
});

test('of constants, the pinball loss is least for the quantile itself', () => {
  const values = Float64Array.from({ length: 101 }, (_, index) => index);
  const constants = [...values];
  for (const quantile of [0.1, 0.25, 0.9]) {
    const found = constants.map((value) =>
      pinballLoss(
        values.map(() => value),
        values,
        quantile,
      ),
    );
    expect(found.indexOf(Math.min(...found))).toBe(Math.floor(quantile * 101));
  }
});

test('coverage counts the values in their intervals, ends included', () => {
  expect(coverage([0, 0, 0, 0, 2], [1, 1, 1, 1, 0], [0, 1, 1.5, -0.5, 1])).toBe(2 / 5);
});

test('lengths and quantiles are checked', () => {
  expect(() => pinballLoss([1], [1, 2], 0.5)).toThrow('pinballLoss: expected as many predictions as references');
  expect(() => pinballLoss([1], [1], 1)).toThrow('pinballLoss: expected a quantile above 0 and below 1, got 1');
  expect(() => meanPinballLoss([[1]], [1], [0.1, 0.9])).toThrow('meanPinballLoss: expected as many predictions');
  expect(() => coverage([1], [1, 2], [1, 2])).toThrow('coverage: lower ends: expected as many');
});
