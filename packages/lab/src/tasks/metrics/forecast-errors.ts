/** Errors of point forecasts. Knows no task and no model. */

/** Errors of forecasts, in the units of the series except `mase`, which has none. */
export interface ForecastErrors {
  /** Mean absolute error. */
  readonly mae: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** Mean absolute scaled error (Hyndman & Koehler 2006, "Another look at measures of forecast accuracy", sec. 3). */
  readonly mase: number;
}

/**
 * Errors over all numbers of `forecasts` and `actual`, which correspond one to one.
 * @param naiveScale what the mean absolute error is divided by: `naiveError` of the training part
 */
export function forecastErrors(
  forecasts: ArrayLike<number>,
  actual: ArrayLike<number>,
  naiveScale: number,
): ForecastErrors {
  if (forecasts.length !== actual.length || actual.length === 0) {
    throw new RangeError(`forecastErrors: expected ${actual.length} forecasts, at least one, got ${forecasts.length}`);
  }
  let absolute = 0;
  let squared = 0;
  for (let index = 0; index < actual.length; index++) {
    const error = (forecasts[index] as number) - (actual[index] as number);
    absolute += Math.abs(error);
    squared += error ** 2;
  }
  const mae = absolute / actual.length;
  return { mae, rmse: Math.sqrt(squared / actual.length), mase: mae / naiveScale };
}

/** The mean absolute error of forecasting each value by the one before it: 1/(n−1) Σ |y_t − y_{t−1}|. */
export function naiveError(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 1; index < values.length; index++) {
    sum += Math.abs((values[index] as number) - (values[index - 1] as number));
  }
  return sum / (values.length - 1);
}
