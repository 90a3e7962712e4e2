/**
 * The operations an engine must provide for an encoding, or a model, to run on it.
 *
 * An encoding's differentiable part is written once against this interface. `float64Operations` provides it on plain
 * arrays and is the yardstick; `posenc/jax` provides it on jax-js. This file knows nothing of encodings.
 *
 * Shapes broadcast as in NumPy. Axes may be negative, counted from the end. Numbers stand for scalars of any shape.
 * Arithmetic on integer tensors gives real ones (3 / 2 is 1.5); operations that only move elements keep the type.
 */

/**
 * A tensor outside any engine: flat row-major float64 data. What encodings compute from positions on the host is made
 * of these; an engine rounds the data once when it receives it (`Operations.constant`).
 */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** `integer` tensors index rows (`take`) or hold tokens; engines receive them as 32-bit integers. */
  readonly type: 'real' | 'integer';
}

/** The operations on tensors of type `T`. All are differentiable in their real arguments unless said otherwise. */
export interface Operations<T> {
  /** The engine's name, as shown in test titles and records: `float64`, `jax`. */
  readonly name: string;
  /** Brings a plain tensor into the engine, rounding real data once to the engine's type. */
  constant(value: PlainTensor): T;
  shape(x: T): readonly number[];

  add(a: T | number, b: T | number): T;
  subtract(a: T | number, b: T | number): T;
  multiply(a: T | number, b: T | number): T;
  divide(a: T | number, b: T | number): T;
  /** The larger of the two, elementwise; ties share the gradient equally. */
  maximum(a: T | number, b: T | number): T;
  exp(x: T): T;
  log(x: T): T;
  sqrt(x: T): T;
  sin(x: T): T;
  cos(x: T): T;
  tanh(x: T): T;
  sigmoid(x: T): T;
  /** The error function, used by the exact GELU. */
  erf(x: T): T;

  /** Matrix product over the last two axes; leading axes broadcast. */
  matmul(a: T, b: T): T;
  reshape(x: T, shape: readonly number[]): T;
  /** Reorders all axes: result axis i is axis `axes[i]` of `x`. */
  permute(x: T, axes: readonly number[]): T;
  /** Elements start…stop−1 of one axis. */
  slice(x: T, axis: number, start: number, stop: number): T;
  concatenate(xs: readonly T[], axis: number): T;
  /** Rows of axis 0 of `table` picked by integer `indices`: shape `[...indices.shape, ...table.shape.slice(1)]`. */
  take(table: T, indices: T): T;
  /** Sum over one axis, which is kept with size 1. */
  sum(x: T, axis: number): T;
  /** Largest element over one axis, which is kept with size 1. */
  max(x: T, axis: number): T;
  cumulativeSum(x: T, axis: number): T;
  /** Softmax over the last axis, safe for large values. */
  softmax(x: T): T;
  /** Elementwise choice: `condition` is 1 (or anything but 0) where `a` is meant and 0 where `b` is; no gradient flows to the condition. */
  where(condition: T, a: T | number, b: T | number): T;
  /** The same values, through which no gradient flows. */
  stopGradient(x: T): T;
}

/** What is added to a score that must not be attended to: finite, because softmax over a row of −Infinity is NaN. */
export const MASKED = -1e9;
