/**
 * A window of a series as a forecaster may see it: every number at a position is computed from values up to that
 * position, so nothing that comes later can reach the model, its normalisation or its forecast.
 * Knows no split, no batch and no model.
 */

/** What is read and forecast: the values themselves, or their log returns ln(x_t / x_{t−1}). */
export type SeriesKind = 'level' | 'returns';

/** Numbers per position: for levels the change and the distance from the mean so far, for returns the return. */
export const FEATURES: Readonly<Record<SeriesKind, number>> = { level: 2, returns: 1 };

/** A window seen causally. */
export interface CausalWindow {
  /** Row-major [length, features]. */
  readonly inputs: Float64Array;
  /** What one unit of the model means at each position: the root mean square of the changes up to there. */
  readonly scales: Float64Array;
}

/** The change from index−1 to index: x_t − x_{t−1}, or for returns ln x_t − ln x_{t−1}. */
export function changeAt(kind: SeriesKind, values: Float64Array, index: number): number {
  const [previous, value] = [values[index - 1] as number, values[index] as number];
  return kind === 'level' ? value - previous : Math.log(value) - Math.log(previous);
}

/** √(mean of squared changes) over indices 1 … end−1. */
export function typicalChange(kind: SeriesKind, values: Float64Array, end: number): number {
  let sum = 0;
  for (let index = 1; index < end; index++) sum += changeAt(kind, values, index) ** 2;
  return Math.sqrt(sum / (end - 1));
}

/**
 * The window of `length` values that starts at index `start` ≥ 1. With changes z and n of them so far, the scale is
 * √((prior² + Σ z²) / (n + 1)); the inputs are z / scale and, for levels, (x − mean so far) / max(deviation so far,
 * scale).
 * @param prior the typical change of the training part, counted as one more change so that no scale is 0
 */
export function causalWindow(
  kind: SeriesKind,
  values: Float64Array,
  start: number,
  length: number,
  prior: number,
): CausalWindow {
  if (start < 1 || start + length > values.length) {
    throw new RangeError(`causalWindow: expected 1 ≤ start ≤ ${values.length - length}, got ${start}`);
  }
  const features = FEATURES[kind];
  const inputs = new Float64Array(length * features);
  const scales = new Float64Array(length);
  let squares = prior ** 2;
  let mean = 0;
  let deviations = 0;
  for (let position = 0; position < length; position++) {
    const value = values[start + position] as number;
    const change = changeAt(kind, values, start + position);
    squares += change ** 2;
    const scale = Math.sqrt(squares / (position + 2));
    scales[position] = scale;
    inputs[position * features] = change / scale;
    if (kind === 'returns') continue;
    // Welford's update of the mean and the sum of squared deviations.
    const before = value - mean;
    mean += before / (position + 1);
    deviations += before * (value - mean);
    inputs[position * features + 1] = (value - mean) / Math.max(Math.sqrt(deviations / (position + 1)), scale);
  }
  return { inputs, scales };
}

/**
 * What the model should answer for `step` ≥ 1 after index `origin`, in units of `scale`: x_{o+h} − x_o, or for returns
 * ln x_{o+h} − ln x_o, all that is earned until then.
 */
export function targetAt(kind: SeriesKind, values: Float64Array, origin: number, step: number, scale: number): number {
  const [from, to] = [values[origin] as number, values[origin + step] as number];
  return (kind === 'level' ? to - from : Math.log(to) - Math.log(from)) / scale;
}

/**
 * The value that a model's answer stands for: x + scale · answer, or for returns x · exp(scale · answer). Rising in the
 * answer, so a quantile of answers gives that quantile of values.
 */
export function forecastFrom(kind: SeriesKind, value: number, scale: number, answer: number): number {
  return kind === 'level' ? value + scale * answer : value * Math.exp(scale * answer);
}
