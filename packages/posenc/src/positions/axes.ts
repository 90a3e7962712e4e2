/** Checks on positions that several encodings share. */
import type { Positions } from './positions.ts';

/**
 * Returns `positions` if they have one finite number per token.
 *
 * @throws {RangeError} otherwise, naming the encoding
 */
export function checkSingleAxis(name: string, positions: Positions): Positions {
  if (positions.axes !== 1) {
    throw new RangeError(`${name}: positions: expected one number per token, got ${positions.axes} axes`);
  }
  const bad = positions.values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new RangeError(`${name}: positions: expected finite numbers, got ${positions.values[bad]} at index ${bad}`);
  }
  return positions;
}

/** What of two sets of positions meets in one batch: 1 when both are shared, else their common batch. */
export function commonBatch(name: string, queries: Positions, keys: Positions): number {
  checkSingleAxis(name, queries);
  checkSingleAxis(name, keys);
  if (queries.batch !== keys.batch && queries.batch !== 1 && keys.batch !== 1) {
    throw new RangeError(`${name}: positions: expected equal batches, got ${queries.batch} and ${keys.batch}`);
  }
  return Math.max(queries.batch, keys.batch);
}

/**
 * A value for each pair of a query and a key, row-major [batch, queries, keys].
 *
 * @param value - of the key's position minus the query's
 */
export function pairwise(
  name: string,
  queries: Positions,
  keys: Positions,
  value: (offset: number) => number,
): { readonly batch: number; readonly data: Float64Array } {
  const batch = commonBatch(name, queries, keys);
  const data = new Float64Array(batch * queries.length * keys.length);
  let at = 0;
  for (let row = 0; row < batch; row += 1) {
    const firstQuery = queries.batch === 1 ? 0 : row * queries.length;
    const firstKey = keys.batch === 1 ? 0 : row * keys.length;
    for (let query = 0; query < queries.length; query += 1) {
      const position = queries.values[firstQuery + query] as number;
      for (let key = 0; key < keys.length; key += 1) {
        data[at] = value((keys.values[firstKey + key] as number) - position);
        at += 1;
      }
    }
  }
  return { batch, data };
}
