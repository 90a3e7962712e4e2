/** Positions of tokens that stand on a grid: patches of pictures, of clips. */
import { checkExtents } from '../numbers/check.ts';
import type { Positions } from './positions.ts';

/**
 * Every cell of a grid, row by row: (row, column), or (frame, row, column) for three extents.
 *
 * @param extents - cells along each axis
 * @param options.classToken - whether a class token stands before them, at −1 along each axis. Default false
 * @throws {RangeError} when an extent is not a positive integer
 *
 * @example
 * ```ts
 * import { gridPositions } from 'posenc/positions';
 *
 * gridPositions([2, 2], { classToken: true }).values; // −1 −1, 0 0, 0 1, 1 0, 1 1
 * ```
 */
export function gridPositions(
  extents: readonly number[],
  { classToken = false }: { readonly classToken?: boolean } = {},
): Positions {
  checkExtents('gridPositions', extents);
  const axes = extents.length;
  const cells = extents.reduce((product, extent) => product * extent, 1);
  const first = classToken ? 1 : 0;
  const values = new Float64Array((first + cells) * axes).fill(-1, 0, first * axes);
  for (let cell = 0; cell < cells; cell += 1) {
    let rest = cell;
    for (let axis = axes - 1; axis >= 0; axis -= 1) {
      const extent = extents[axis] as number;
      values[(first + cell) * axes + axis] = rest % extent;
      rest = Math.floor(rest / extent);
    }
  }
  return { values, batch: 1, length: first + cells, axes };
}
