/**
 * Sums and windows over the tokens up to a place: what encodings share whose positions come from the content.
 * Keys stand in the order of their slots; sequences that are packed into a row follow each other, and the mask keeps them
 * apart. Knows no encoding. Shape legend: B batch, H heads, Tq queries, Tk keys, C channels.
 */
import type { AttentionContext, ParameterDeclaration, Signals } from '../encoding.ts';
import { pairwise } from '../positions/axes.ts';
import type { Positions } from '../positions/positions.ts';
import type { Operations, PlainTensor } from '../tensor/operations.ts';
import { atMost, transpose } from './functions.ts';
import { real } from './signals.ts';

/**
 * `own` [batch, 1, Tq, Tk]: 1 where a key stands at the query's position; `keyUpTo` [1, 1, Tk, Tk]: 1 where a key stands in
 * the row at another's slot or before it.
 *
 * @throws {RangeError} when keys are out of order, or a query's own token is not among the keys
 */
export function orderSignals(name: string, queries: Positions, keys: Positions): Signals {
  checkOrder(name, keys);
  const { batch, data } = pairwise(name, queries, keys, (offset) => Number(offset === 0));
  const { length } = keys;
  for (let start = 0; start < data.length; start += length) {
    if (data.subarray(start, start + length).includes(1)) continue;
    const position = queries.values[(start / length) % queries.values.length];
    throw new RangeError(
      `${name}: queries: expected each query's own token among the keys, got none at position ${position}; ` +
        'its sums end at that token',
    );
  }
  const upTo = Float64Array.from({ length: length * length }, (_, at) =>
    Number(at % length <= Math.floor(at / length)),
  );
  return { own: real([batch, 1, queries.length, length], data), keyUpTo: real([1, 1, length, length], upTo) };
}

/** [batch, 1, Tq, Tk]: 1 where a key's position is the query's or before it. */
export function queryUpTo(name: string, queries: Positions, keys: Positions): PlainTensor {
  const { batch, data } = pairwise(name, queries, keys, (offset) => Number(offset <= 0));
  return real([batch, 1, queries.length, keys.length], data);
}

/** Positions of a row grow, or start again where the next packed sequence does: anything else is out of order. */
function checkOrder(name: string, { batch, length, values }: Positions): void {
  for (let row = 0; row < batch; row += 1) {
    const places = values.subarray(row * length, (row + 1) * length);
    const smallest = places.reduce((least, place) => Math.min(least, place), Number.POSITIVE_INFINITY);
    const bad = places.findIndex((place, at) => place !== smallest && !(at > 0 && place > (places[at - 1] as number)));
    if (bad < 0) continue;
    const what = bad === 0 ? `${places[0]} first and ${smallest} later` : `${places[bad]} after ${places[bad - 1]}`;
    throw new RangeError(
      `${name}: positions: expected keys in order, each packed sequence starting at the row's smallest position ` +
        `${smallest}, got ${what}; sort the tokens, and start every sequence of a row at one position`,
    );
  }
}

/** 1 where the mask lets a query see a key, 0 elsewhere, [B or 1, H or 1, Tq or 1, Tk]. */
export function visibility<T>({ add, constant, exp, stopGradient }: Operations<T>, mask: T, keys: number): T {
  const zeros = constant(real([1, 1, 1, keys], new Float64Array(keys))); // A mask may have one column for all keys.
  return stopGradient(exp(add(mask, zeros)));
}

/** 1 at keys that some query sees, 0 at padding, [B or 1, H or 1, Tk, 1]. */
export function seenKeys<T>(operations: Operations<T>, visible: T): T {
  return transpose(operations, atMost(operations, operations.sum(visible, -2), 1));
}

/**
 * Sums of what each token adds, over the seen tokens up to each key and up to each query's own token. They run on over a
 * row of packed sequences: only differences within a sequence mean anything.
 *
 * @param x - [B, H, Tk, C]
 * @returns `atKeys` [B, H, Tk, C], `atQueries` [B, H, Tq, C]
 */
export function sumsUpTo<T>(
  { operations, signals, mask }: AttentionContext<T>,
  x: T,
): { readonly atQueries: T; readonly atKeys: T } {
  const { divide, matmul, maximum, multiply, shape, sum } = operations;
  const visible = visibility(operations, mask, shape(x)[2] as number);
  const atKeys = matmul(signals.keyUpTo as T, multiply(x, seenKeys(operations, visible)));
  const own = multiply(signals.own as T, visible);
  // One key is a query's own; where several stand at its position, their mean.
  return { atKeys, atQueries: matmul(divide(own, maximum(sum(own, -1), 1)), atKeys) };
}

/** The weights of {@link causalConvolution}, started as PyTorch starts a `Conv1d` with a group per channel. */
export function convolutionKernel(kernel: number, channels: number): ParameterDeclaration {
  const bound = kernel ** -0.5;
  const source = 'PyTorch Conv1d: uniform within kernel^(−1/2)';
  const initializer = { distribution: 'uniform', minimum: -bound, maximum: bound, source } as const;
  return { name: 'kernel', shape: [kernel, channels], sharing: 'layer', initializer };
}

/**
 * x [B, Tk, C] → [B, Tk, C]: Σₖ weight[k]·x[t − K + 1 + k], with zeros before the first token; weight [K, C]. A token reads
 * another only if some query sees both, so that neither padding nor another packed sequence counts.
 */
export function causalConvolution<T>(operations: Operations<T>, x: T, weight: T, mask: T): T {
  const { add, concatenate, multiply, reshape, shape, slice, sum } = operations;
  const [, length] = shape(x) as [number, number];
  const [width] = shape(weight) as [number];
  const visible = visibility(operations, mask, length);
  let result = multiply(x, slice(weight, 0, width - 1, width));
  for (let back = 1; back < Math.min(width, length); back += 1) {
    const count = length - back;
    const pairs = multiply(slice(visible, -1, back, length), slice(visible, -1, 0, count));
    const together = atMost(operations, sum(sum(pairs, -2), 1), 1); // [B or 1, 1, 1, count]
    const earlier = multiply(slice(x, 1, 0, count), reshape(together, [shape(together)[0] as number, count, 1]));
    const zeros = multiply(slice(x, 1, 0, back), 0);
    const moved = concatenate([zeros, earlier], 1);
    result = add(result, multiply(moved, slice(weight, 0, width - 1 - back, width - back)));
  }
  return result;
}
