/** The table of an encoding as a grid for a heat map. Knows nothing of drawing. */
import type { InputEncoding } from '../encoding.ts';
import { positionRange } from '../positions/positions.ts';

/** Numbers by row (position) and column (channel). */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Row-major. */
  readonly values: Float64Array;
}

/**
 * Positions 0 … length−1 of a fixed table.
 *
 * @throws {RangeError} when the encoding has no fixed table, because its rows are trained
 */
export function inputGrid(encoding: InputEncoding, length: number): Grid {
  const { table } = encoding.vectors(positionRange(length));
  if (table === undefined) {
    throw new RangeError(`inputGrid: ${encoding.name}: expected a fixed table, but its rows are trained`);
  }
  return { rows: length, columns: table.shape.at(-1) as number, values: table.data };
}
