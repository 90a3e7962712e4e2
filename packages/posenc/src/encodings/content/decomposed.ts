/** Relative positions of patches, decomposed into rows and columns, that the query looks at. */
import { type AttentionContext, type ContentEncoding, countNumbers } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { constantTable } from '../../parts/declarations.ts';
import { transpose } from '../../parts/functions.ts';
import { pickPerPair } from '../../parts/pairs.ts';
import { integer, withoutBatch } from '../../parts/signals.ts';
import { pairwisePoints } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link decomposed}. */
export interface DecomposedOptions {
  /** Width of one head. */
  readonly headDim: number;
  /** Rows of the grid. */
  readonly rows: number;
  /** Columns of the grid. */
  readonly columns: number;
}

/**
 * Decomposed relative positions: qᵢ·a[Δrow] + qᵢ·b[Δcolumn] is added to the scaled score, with q not scaled by 1/√E.
 *
 * So in the code; the paper's equation divides the sum of both terms by √E.
 *
 * Source: Li et al. 2022, "MViTv2", arXiv 2112.01526, equation 4; equal to `get_decomposed_rel_pos` of SAM in Hugging Face
 * transformers 5.23.0. A trained table goes to another grid by `resampleGrid` with one column, bilinear.
 *
 * Signals `rows`, `columns` [batch, Tq, Tk], places among products; parameters `rowTable` [2·rows − 1, headDim],
 * `columnTable` [2·columns − 1, headDim], one copy per layer.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a distance is outside the grid
 */
export function decomposed(options: DecomposedOptions): ContentEncoding {
  const headDim = checkCount('decomposed: headDim', options.headDim);
  const rows = checkCount('decomposed: rows', options.rows);
  const columns = checkCount('decomposed: columns', options.columns);
  const extents = [rows, columns] as const;
  const parameters = [
    constantTable('rowTable', [2 * rows - 1, headDim], 0, 'layer', 'SAM: zeros'),
    constantTable('columnTable', [2 * columns - 1, headDim], 0, 'layer', 'SAM: zeros'),
  ];
  const places = (queries: Positions, keys: Positions, axis: 0 | 1) => {
    const extent = extents[axis];
    const { batch, data } = pairwisePoints('decomposed', queries, keys, 2, 1, (query, key) => {
      const row = (query[axis] as number) - (key[axis] as number) + extent - 1;
      if (Number.isInteger(row) && row >= 0 && row <= 2 * extent - 2) return [row];
      throw new RangeError(
        `decomposed: distance: expected whole steps within ${rows} × ${columns}, got ${row - extent + 1}; ` +
          'resize the trained table with resampleGrid, or make it larger',
      );
    });
    const indices = data.map((value, at) => Math.floor(at / keys.length) * (2 * extent - 1) + value);
    return integer([batch, queries.length, keys.length], indices);
  };
  const signals = (queries: Positions, keys: Positions) => ({
    rows: places(queries, keys, 0),
    columns: places(queries, keys, 1),
  });
  return {
    site: 'content',
    name: 'decomposed',
    options: { headDim, rows, columns },
    parameters,
    axes: 2,
    relative: true,
    largestPosition: Math.max(rows, columns) - 1,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 8 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>({ operations, parameters: learned, signals: given, queries }: AttentionContext<T>, scores: T) => {
      const { add, matmul } = operations;
      const along = (table: 'rowTable' | 'columnTable', name: 'rows' | 'columns'): T => {
        const products = matmul(queries, transpose(operations, learned[table] as T));
        return pickPerPair(operations, products, given[name] as T);
      };
      return add(scores, add(along('rowTable', 'rows'), along('columnTable', 'columns')));
    },
  };
}
