/**
 * A learned vector for each pair of a query and a key, picked by a row of a table. Knows no encoding.
 * Shape legend: B batch, H heads, Tq queries, Tk keys, E head dimension, R rows of the table.
 */
import { pairwise } from '../positions/axes.ts';
import type { Positions } from '../positions/positions.ts';
import type { Operations, PlainTensor } from '../tensor/operations.ts';
import { integer } from './signals.ts';

/**
 * The table's row for each pair, as an index into all products of queries and rows: (b·Tq + i)·rows + row, so that
 * {@link pickPerPair} takes it in one step. Integer [batch, Tq, Tk].
 *
 * @param row - from the key's position minus the query's
 */
export function productIndices(
  name: string,
  queries: Positions,
  keys: Positions,
  rows: number,
  row: (offset: number) => number,
): PlainTensor {
  const { batch, data } = pairwise(name, queries, keys, row);
  const indices = data.map((value, at) => Math.floor(at / keys.length) * rows + value);
  return integer([batch, queries.length, keys.length], indices);
}

/**
 * One number for each pair, from the products of every query with every row.
 *
 * @param products - [B, H, Tq, R]
 * @param indices - of {@link productIndices}, [1 or B, Tq, Tk]
 * @returns [B, H, Tq, Tk]
 */
export function pickPerPair<T>({ permute, reshape, shape, take }: Operations<T>, products: T, indices: T): T {
  const [B, H, Tq, R] = shape(products) as [number, number, number, number];
  const [batch, , Tk] = shape(indices) as [number, number, number];
  if (batch === 1) {
    const byProduct = reshape(permute(products, [2, 3, 0, 1]), [Tq * R, B * H]);
    const picked = take(byProduct, reshape(indices, [Tq, Tk])); // [Tq, Tk, B·H]
    return reshape(permute(picked, [2, 0, 1]), [B, H, Tq, Tk]);
  }
  const byProduct = reshape(permute(products, [0, 2, 3, 1]), [B * Tq * R, H]);
  return permute(take(byProduct, indices), [0, 3, 1, 2]);
}

/**
 * Σⱼ weights[i, j] · vectors[i, j].
 *
 * @param weights - [B, H, Tq, Tk]
 * @param vectors - [1 or B, Tq, Tk, E]
 * @returns [B, H, Tq, E]
 */
export function sumOverPairs<T>({ matmul, permute }: Operations<T>, weights: T, vectors: T): T {
  return permute(matmul(permute(weights, [0, 2, 1, 3]), vectors), [0, 2, 1, 3]);
}

/**
 * The skewing of Huang et al. 2018 (arXiv 1809.04281, section 3.4.1): products with vectors of the distances
 * −T+1 … 0 to scores of pairs, without any gather: one zero column on the left, the same numbers read in rows of
 * another length. Entries after the query are meaningless and must be masked.
 *
 * @param products - [B, H, T, T], column d for the distance d − T + 1
 */
export function skew<T>({ concatenate, multiply, reshape, shape, slice }: Operations<T>, products: T): T {
  const [B, H, length] = shape(products) as [number, number, number, number];
  const zeros = multiply(slice(products, -1, 0, 1), 0);
  const padded = reshape(concatenate([zeros, products], -1), [B, H, length + 1, length]);
  return slice(padded, 2, 1, length + 1);
}

/** Every distance query minus key that occurs, in ascending order, and the place in that list of each pair's. */
export function distinctDistances(
  name: string,
  queries: Positions,
  keys: Positions,
): { readonly distances: readonly number[]; readonly rowOf: (offset: number) => number } {
  const { data } = pairwise(name, queries, keys, (offset) => -offset);
  const distances = [...new Set(data)].sort((a, b) => a - b);
  const rows = new Map(distances.map((value, row) => [value, row]));
  return { distances, rowOf: (offset) => rows.get(-offset) as number };
}
