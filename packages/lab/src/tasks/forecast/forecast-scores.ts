/**
 * Scores of forecasts of several targets, in the units of each and scaled. Knows no model and no series.
 * Shape legend: N forecasts, H steps ahead, T targets, Q quantiles.
 */
import { forecastErrors } from '../metrics/forecast-errors.ts';
import { coverage, meanPinballLoss } from '../metrics/quantiles.ts';
import type { Metric, Scores } from '../task.ts';

/** Values that came, and what their errors are divided by. */
export interface Outcome {
  /** [N, H, T] */
  readonly actual: Float64Array;
  /** Of each forecast and target, [N, T]: the naive error of its series in training. */
  readonly naiveErrors: Float64Array;
  readonly targets: number;
  readonly horizon: number;
}

/** @param unit of the targets */
export function pointMetrics(unit = 'units of the series'): [Metric, ...Metric[]] {
  return [
    { name: 'mase', title: 'mean absolute scaled error', better: 'lower', format: 'number' },
    { name: 'mae', title: 'mean absolute error', better: 'lower', format: 'number', unit },
    { name: 'rmse', title: 'root mean squared error', better: 'lower', format: 'number', unit },
  ];
}

/** What forecasts of quantiles are scored by. */
export function quantileMetrics(quantiles: readonly number[], unit = 'units of the series'): [Metric, ...Metric[]] {
  const ofSeveral: readonly Metric[] = [
    {
      name: 'coverage-error',
      title: `how far the share of values in the ${shareText(quantiles)} interval is from it`,
      better: 'lower',
      format: 'fraction',
    },
    { name: 'crossing', title: 'neighbouring quantiles in the wrong order', better: 'lower', format: 'fraction' },
  ];
  return [
    { name: 'pinball', title: 'pinball loss', better: 'lower', format: 'number', unit },
    ...pointMetrics(unit),
    ...(quantiles.length === 1 ? [] : ofSeveral),
  ];
}

/** The share of values that should lie between the lowest and the highest quantile, as `80 %`. */
export function shareText(quantiles: readonly number[]): string {
  return `${Number((100 * intervalShare(quantiles)).toPrecision(6))} %`;
}

export function intervalShare(quantiles: readonly number[]): number {
  return (quantiles.at(-1) as number) - (quantiles[0] as number);
}

/** Which of the quantiles is the point forecast. */
export function medianOf(quantiles: readonly number[]): number {
  return quantiles.indexOf(0.5);
}

/**
 * Errors of point forecasts [N, H, T]. The mean absolute and the root mean squared error are means over targets of each
 * one's own; absolute errors are scaled one by one.
 */
export function pointScores(forecasts: Float64Array, outcome: Outcome): Scores {
  const { actual, naiveErrors, targets, horizon } = outcome;
  const errors = Array.from({ length: targets }, (_, target) => {
    const [own, came] = [column(forecasts, targets, target), column(actual, targets, target)];
    const scale = came.map((_, at) => naiveErrors[Math.floor(at / horizon) * targets + target] as number);
    const divided = (values: Float64Array): Float64Array => values.map((value, at) => value / (scale[at] as number));
    const { mae, rmse } = forecastErrors(own, came, 1);
    return { mase: forecastErrors(divided(own), divided(came), 1).mase, mae, rmse };
  });
  const mean = (name: 'mase' | 'mae' | 'rmse'): number =>
    errors.reduce((sum, error) => sum + error[name], 0) / errors.length;
  return { mase: mean('mase'), mae: mean('mae'), rmse: mean('rmse') };
}

/** Scores of forecasts of quantiles [N, H, T, Q]; the median is the point forecast. */
export function quantileScores(forecasts: Float64Array, outcome: Outcome, quantiles: readonly number[]): Scores {
  const { actual, targets } = outcome;
  const byQuantile = quantiles.map((_, index) => column(forecasts, quantiles.length, index));
  const losses = Array.from({ length: targets }, (_, target) =>
    meanPinballLoss(
      byQuantile.map((values) => column(values, targets, target)),
      column(actual, targets, target),
      quantiles,
    ),
  );
  const pinball = losses.reduce((sum, loss) => sum + loss, 0) / targets;
  const point = pointScores(byQuantile[medianOf(quantiles)] as Float64Array, outcome);
  if (quantiles.length === 1) return { pinball, ...point };
  const [lowest, highest] = [byQuantile[0], byQuantile.at(-1)] as [Float64Array, Float64Array];
  return {
    pinball,
    ...point,
    'coverage-error': Math.abs(coverage(lowest, highest, actual) - intervalShare(quantiles)),
    crossing: crossingShare(byQuantile),
  };
}

/** The share of pairs of neighbouring quantiles, the lower first, of which the first is above the second. */
function crossingShare(byQuantile: readonly Float64Array[]): number {
  let [crossed, pairs] = [0, 0];
  for (const [index, upper] of byQuantile.entries()) {
    const lower = byQuantile[index - 1];
    if (lower === undefined) continue;
    pairs += upper.length;
    upper.forEach((value, at) => {
      if ((lower[at] as number) > value) crossed++;
    });
  }
  return crossed / pairs;
}

/** Every `width`th number from `index` on: one column of row-major [rows, width]. */
function column(values: Float64Array, width: number, index: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, row) => values[row * width + index] as number);
}
