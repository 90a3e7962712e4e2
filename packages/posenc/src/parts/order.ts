/**
 * Sums and windows over the tokens up to a place: what encodings share whose positions come from the content.
 * Knows no encoding. Shape legend: B batch, H heads, T tokens, C channels.
 */
import type { Signals } from '../encoding.ts';
import { pairwise } from '../positions/axes.ts';
import type { Positions } from '../positions/positions.ts';
import type { Operations } from '../tensor/operations.ts';
import { real } from './signals.ts';

/** `queryUpTo` [batch, 1, Tq, Tk] and `keyUpTo` [batch, 1, Tk, Tk]: 1 where a key stands at the place or before it. */
export function orderSignals(name: string, queries: Positions, keys: Positions): Signals {
  const upTo = (rows: Positions) => {
    const { batch, data } = pairwise(name, rows, keys, (offset) => Number(offset <= 0));
    return real([batch, 1, rows.length, keys.length], data);
  };
  return { queryUpTo: upTo(queries), keyUpTo: upTo(keys) };
}

/** x [B, T, C] → [B, T, C]: Σₖ weight[k]·x[t − K + 1 + k], with zeros before the first token; weight [K, C]. */
export function causalConvolution<T>(operations: Operations<T>, x: T, weight: T): T {
  const { add, concatenate, multiply, shape, slice } = operations;
  const [, length] = shape(x) as [number, number];
  const [width] = shape(weight) as [number];
  let result = multiply(x, slice(weight, 0, width - 1, width));
  for (let back = 1; back < Math.min(width, length); back += 1) {
    const zeros = multiply(slice(x, 1, 0, back), 0);
    const earlier = concatenate([zeros, slice(x, 1, 0, length - back)], 1);
    result = add(result, multiply(earlier, slice(weight, 0, width - 1 - back, width - back)));
  }
  return result;
}
