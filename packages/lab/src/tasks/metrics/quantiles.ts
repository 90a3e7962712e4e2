/** How good forecasts of quantiles are. Knows no task and no model. */
import { checkPairs } from './pairs.ts';

/**
 * The mean pinball loss of forecasts of one quantile: q · (y − f) where the value y is at or above the forecast f, and
 * (1 − q) · (f − y) below it (Koenker & Bassett 1978, "Regression quantiles"). In units of the series; for
 * q = 0.5 half the mean absolute error. Equal to scikit-learn 1.9.1's `mean_pinball_loss`.
 * @param forecasts of the quantile [N]
 * @param actual values [N]
 * @param quantile above 0 and below 1
 * @throws {RangeError} if the lengths differ, are 0, or the quantile is out of range
 */
export function pinballLoss(forecasts: ArrayLike<number>, actual: ArrayLike<number>, quantile: number): number {
  checkPairs('pinballLoss', forecasts, actual);
  if (!(quantile > 0 && quantile < 1)) {
    throw new RangeError(`pinballLoss: expected a quantile above 0 and below 1, got ${quantile}`);
  }
  let sum = 0;
  for (let index = 0; index < actual.length; index++) {
    const error = (actual[index] as number) - (forecasts[index] as number);
    sum += error >= 0 ? quantile * error : (quantile - 1) * error;
  }
  return sum / actual.length;
}

/**
 * The mean over several quantiles of their pinball losses.
 * @param forecasts of each quantile, in the order of `quantiles` [Q][N]
 * @throws {RangeError} if there are not as many forecasts as quantiles, and at least one
 */
export function meanPinballLoss(
  forecasts: readonly ArrayLike<number>[],
  actual: ArrayLike<number>,
  quantiles: readonly number[],
): number {
  checkPairs('meanPinballLoss', forecasts, quantiles);
  const losses = quantiles.map((quantile, index) =>
    pinballLoss(forecasts[index] as ArrayLike<number>, actual, quantile),
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/**
 * The share of values inside their interval, its ends included. Between forecasts of the quantiles 0.1 and 0.9 it
 * should be 80 % (Gneiting, Balabdaoui & Raftery 2007, "Probabilistic forecasts, calibration and sharpness"). An
 * interval whose lower end is above its upper end covers nothing.
 * @throws {RangeError} if the lengths differ or are 0
 */
export function coverage(lower: ArrayLike<number>, upper: ArrayLike<number>, actual: ArrayLike<number>): number {
  checkPairs('coverage: lower ends', lower, actual);
  checkPairs('coverage: upper ends', upper, actual);
  let inside = 0;
  for (let index = 0; index < actual.length; index++) {
    const value = actual[index] as number;
    if ((lower[index] as number) <= value && value <= (upper[index] as number)) inside++;
  }
  return inside / actual.length;
}
