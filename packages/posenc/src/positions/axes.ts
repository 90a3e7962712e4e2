/** Checks on positions that several encodings share. */
import type { Positions } from './positions.ts';

/**
 * Returns `positions` if they have one number per token, of at most 2^53.
 *
 * @throws {RangeError} otherwise, naming the encoding
 */
export function checkSingleAxis(name: string, positions: Positions): Positions {
  if (positions.axes !== 1) {
    throw new RangeError(`${name}: positions: expected one number per token, got ${positions.axes} axes`);
  }
  return checkNumbers(name, positions);
}

/** Beyond 2^53 neighbouring integers are one number, and angles have no digits left. */
function checkNumbers(name: string, positions: Positions): Positions {
  const { axes, batch, length, values } = positions;
  if (values.length !== batch * length * axes) {
    throw new RangeError(
      `${name}: positions: expected batch · length · axes = ${batch} · ${length} · ${axes} numbers, got ${values.length}`,
    );
  }
  const bad = values.findIndex((value) => !(Math.abs(value) <= 2 ** 53));
  if (bad >= 0) {
    throw new RangeError(
      `${name}: positions: expected finite numbers of at most 2^53, got ${values[bad]} at index ${bad}`,
    );
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

/**
 * Returns `positions` if they have `axes` numbers per token, of at most 2^53.
 *
 * @throws {RangeError} otherwise, naming the encoding
 */
export function checkAxes(name: string, positions: Positions, axes: number): Positions {
  if (positions.axes !== axes) {
    throw new RangeError(`${name}: positions: expected ${axes} numbers per token, got ${positions.axes}`);
  }
  return checkNumbers(name, positions);
}

/**
 * Values for each pair of tokens with several coordinates, row-major [batch, queries, keys, width].
 *
 * @param values - `width` numbers, from the query's and the key's coordinates
 */
export function pairwisePoints(
  name: string,
  queries: Positions,
  keys: Positions,
  axes: number,
  width: number,
  values: (query: ArrayLike<number>, key: ArrayLike<number>) => readonly number[],
): { readonly batch: number; readonly data: Float64Array } {
  checkAxes(name, queries, axes);
  checkAxes(name, keys, axes);
  if (queries.batch !== keys.batch && queries.batch !== 1 && keys.batch !== 1) {
    throw new RangeError(`${name}: positions: expected equal batches, got ${queries.batch} and ${keys.batch}`);
  }
  const batch = Math.max(queries.batch, keys.batch);
  const data = new Float64Array(batch * queries.length * keys.length * width);
  const point = (positions: Positions, row: number, token: number): Float64Array => {
    const start = ((positions.batch === 1 ? 0 : row) * positions.length + token) * axes;
    return positions.values.subarray(start, start + axes);
  };
  let at = 0;
  for (let row = 0; row < batch; row += 1) {
    for (let query = 0; query < queries.length; query += 1) {
      for (let key = 0; key < keys.length; key += 1) {
        for (const value of values(point(queries, row, query), point(keys, row, key))) {
          data[at] = value;
          at += 1;
        }
      }
    }
  }
  return { batch, data };
}
