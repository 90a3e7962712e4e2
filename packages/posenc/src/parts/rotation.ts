/**
 * Turning pairs of channels by angles: what every rotary encoding shares. Which angle belongs to which pair is the
 * encoding's affair. Shape legend: B batch, H heads, T length, E head dimension.
 */
import type { Pairing } from '../layouts.ts';
import { cosSin } from '../numbers/angles.ts';
import type { DoubleDouble } from '../numbers/double-double.ts';
import type { Positions } from '../positions/positions.ts';
import type { Operations } from '../tensor/operations.ts';

export type { Pairing };

/** For each pair, the angular frequency along each axis of the positions. */
export type RotationPlan = readonly (readonly DoubleDouble[])[];

/** cos and sin of every token's angle in every pair, row-major [batch, T, pairs], each multiplied by `factor`. */
export function rotationTable(
  positions: Positions,
  plan: RotationPlan,
  factor = 1,
): { readonly cos: Float64Array; readonly sin: Float64Array } {
  const { axes, batch, length, values } = positions;
  const tokens = batch * length;
  const pairs = plan.length;
  const cos = new Float64Array(tokens * pairs);
  const sin = new Float64Array(tokens * pairs);
  for (let token = 0; token < tokens; token += 1) {
    plan.forEach((frequencies, pair) => {
      // One turn after the other: cos and sin of a sum of angles, so that each product is reduced exactly.
      let [c, s] = [1, 0];
      frequencies.forEach((frequency, axis) => {
        if (frequency[0] === 0) return;
        const [nextCos, nextSin] = cosSin(values[token * axes + axis] as number, frequency);
        [c, s] = c === 1 && s === 0 ? [nextCos, nextSin] : [c * nextCos - s * nextSin, c * nextSin + s * nextCos];
      });
      cos[token * pairs + pair] = c * factor;
      sin[token * pairs + pair] = s * factor;
    });
  }
  return { cos, sin };
}

/** A plan for positions of one axis. */
export function singleAxisPlan(frequencies: readonly DoubleDouble[]): RotationPlan {
  return frequencies.map((frequency) => [frequency]);
}

/**
 * x [B, H, T, E] with its first 2·pairs channels turned: (a, b) → (a·cos − b·sin, a·sin + b·cos); the rest unchanged.
 *
 * @param cos - [batch or B, 1 or H, T, pairs], as is `sin`
 */
export function turn<T>(operations: Operations<T>, x: T, cos: T, sin: T, pairing: Pairing): T {
  const { add: plus, concatenate, multiply, shape, slice, subtract } = operations;
  const headDim = shape(x).at(-1) as number;
  const pairs = shape(cos).at(-1) as number;
  const [first, second] = splitPairs(operations, slice(x, -1, 0, 2 * pairs), pairing);
  const out = joinPairs(
    operations,
    subtract(multiply(first, cos), multiply(second, sin)),
    plus(multiply(first, sin), multiply(second, cos)),
    pairing,
  );
  return 2 * pairs === headDim ? out : concatenate([out, slice(x, -1, 2 * pairs, headDim)], -1);
}

/** The first and the second channel of every pair of x […, 2·pairs]. */
export function splitPairs<T>({ reshape, shape, slice }: Operations<T>, x: T, pairing: Pairing): readonly [T, T] {
  const extents = shape(x);
  const leading = extents.slice(0, -1);
  const pairs = (extents.at(-1) as number) / 2;
  if (pairing === 'half') return [slice(x, -1, 0, pairs), slice(x, -1, pairs, 2 * pairs)];
  const byPair = reshape(x, [...leading, pairs, 2]);
  const column = (index: number): T => reshape(slice(byPair, -1, index, index + 1), [...leading, pairs]);
  return [column(0), column(1)];
}

/** The inverse of {@link splitPairs}. */
export function joinPairs<T>({ concatenate, reshape, shape }: Operations<T>, first: T, second: T, pairing: Pairing): T {
  if (pairing === 'half') return concatenate([first, second], -1);
  const extents = shape(first);
  const wide = [...extents, 1];
  const joined = concatenate([reshape(first, wide), reshape(second, wide)], -1);
  return reshape(joined, [...extents.slice(0, -1), 2 * (extents.at(-1) as number)]);
}
