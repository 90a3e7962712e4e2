/**
 * Position numbers: what every encoding is asked for. They are always given, never assumed to be 0…n−1.
 * This file knows nothing of encodings.
 */
import { checkCount } from '../numbers/check.ts';

/**
 * Positions of a batch of sequences, as exact float64 numbers: integers (tokens), reals (timestamps, interpolation) or
 * several per token (image rows and columns, video).
 */
export interface Positions {
  /** Flat row-major `[batch, length, axes]`. */
  readonly values: Float64Array;
  /** 1 when all sequences of a batch share the same positions. */
  readonly batch: number;
  readonly length: number;
  /** Numbers per token: 1 for text, 2 for images, 3 for video. */
  readonly axes: number;
}

/**
 * One sequence of single numbers, shared by the whole batch.
 *
 * @param values - any finite numbers, e.g. `[0, 5, 4097]`
 * @throws {TypeError} when a value is not a finite number
 */
export function positionList(values: ArrayLike<number>): Positions {
  const data = Float64Array.from(values);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new TypeError(`positions: expected finite numbers, got ${String(values[bad])} at index ${bad}`);
  }
  return { values: data, batch: 1, length: data.length, axes: 1 };
}

/**
 * The positions `start … stop−1`. `positionRange(n)` is `0 … n−1`; a decoding step with a cache asks for
 * `positionRange(t, t + 1)`.
 *
 * @throws {RangeError} when the bounds are not integers with `start <= stop`
 */
export function positionRange(stop: number): Positions;
export function positionRange(start: number, stop: number): Positions;
export function positionRange(first: number, second?: number): Positions {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(stop)) {
    throw new RangeError(`positionRange: expected integer bounds, got ${start} and ${stop}`);
  }
  const length = checkCount('positionRange: stop - start', stop - start, 0);
  return positionList(Float64Array.from({ length }, (_, index) => start + index));
}
