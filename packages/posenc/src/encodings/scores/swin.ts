/** Learned biases of two-dimensional distances, as in Swin and BEiT. */
import { countNumbers, type EncodingContext, type ScoresEncoding } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { constantTable, normalTable } from '../../parts/declarations.ts';
import { integer, withoutBatch } from '../../parts/signals.ts';
import { pairwisePoints } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link swin} and {@link beit}. */
export interface GridBiasOptions {
  readonly numHeads: number;
  /** Rows of the window. */
  readonly rows: number;
  /** Columns of the window. */
  readonly columns: number;
}

/**
 * Swin's relative position bias: a learned number per head for each pair of row and column distances within a window.
 *
 * Source: Liu et al. 2021, "Swin Transformer", arXiv 2103.14030, equation 4; index
 * (Δrow + rows − 1)·(2·columns − 1) + Δcolumn + columns − 1 with Δ query minus key, as in `swin` of Hugging Face
 * transformers 5.23.0. A trained table goes to another window by `resampleGrid`.
 *
 * Signal `indices` [batch, Tq, Tk]; parameter `table` [(2·rows − 1)·(2·columns − 1), numHeads], one copy per layer.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a distance is outside the window
 */
export function swin(options: GridBiasOptions): ScoresEncoding {
  return gridBias('swin', options, 0);
}

/**
 * BEiT's relative position bias: Swin's table over the whole grid, and three numbers more per head: from the class token
 * to patches, from patches to the class token, and from the class token to itself. The class token stands at (−1, −1).
 *
 * Source: Bao et al. 2022, "BEiT", arXiv 2106.08254; `BeitRelativePositionBias` of Hugging Face transformers 5.23.0. A
 * trained table goes to another grid by `resampleGrid` (all but its last three rows).
 *
 * Signal `indices` [batch, Tq, Tk]; parameter `table` [(2·rows − 1)·(2·columns − 1) + 3, numHeads], one copy per layer.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a distance is outside the grid
 */
export function beit(options: GridBiasOptions): ScoresEncoding {
  return gridBias('beit', options, 3);
}

/** @param classRows - rows of the table for the class token: 3, or 0 when there is none */
function gridBias(name: 'swin' | 'beit', options: GridBiasOptions, classRows: 0 | 3): ScoresEncoding {
  const numHeads = checkCount(`${name}: numHeads`, options.numHeads);
  const rows = checkCount(`${name}: rows`, options.rows);
  const columns = checkCount(`${name}: columns`, options.columns);
  const distances = (2 * rows - 1) * (2 * columns - 1);
  const table =
    classRows === 0
      ? normalTable('table', [distances, numHeads], 0.02, 'layer', 'Swin: trunc_normal_ of 0.02')
      : constantTable('table', [distances + classRows, numHeads], 0, 'layer', 'BEiT: zeros');

  const isClass = (point: ArrayLike<number>): boolean => classRows > 0 && point[0] === -1 && point[1] === -1;
  const index = (query: ArrayLike<number>, key: ArrayLike<number>): readonly number[] => {
    if (isClass(query)) return [distances + (isClass(key) ? 2 : 0)];
    if (isClass(key)) return [distances + 1];
    const row = (query[0] as number) - (key[0] as number) + rows - 1;
    const column = (query[1] as number) - (key[1] as number) + columns - 1;
    const isInside = Number.isInteger(row) && Number.isInteger(column) && row >= 0 && column >= 0;
    if (!isInside || row > 2 * rows - 2 || column > 2 * columns - 2) {
      throw new RangeError(
        `${name}: distance: expected whole steps within ${rows} × ${columns}, got ${row - rows + 1} rows and ` +
          `${column - columns + 1} columns; resize the trained table with resampleGrid, or make it larger`,
      );
    }
    return [row * (2 * columns - 1) + column];
  };
  const signals = (queries: Positions, keys: Positions) => {
    const { batch, data } = pairwisePoints(name, queries, keys, 2, 1, index);
    return { indices: integer([batch, queries.length, keys.length], data) };
  };
  return {
    site: 'scores',
    name,
    options: { numHeads, rows, columns },
    parameters: [table],
    axes: 2,
    relative: classRows === 0,
    largestPosition: Math.max(rows, columns) - 1,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers([table]), tableBytes: 4 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    bias: <T>({ operations, parameters, signals: given }: EncodingContext<T>) =>
      operations.permute(operations.take(parameters.table as T, given.indices as T), [0, 3, 1, 2]),
  };
}
