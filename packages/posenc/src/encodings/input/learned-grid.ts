/** A learned vector for each cell of a grid, resized to the grid of the input. */
import { countNumbers, type EncodingContext, type InputEncoding, type OptionValue } from '../../encoding.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { type ResampleOptions, resampleWeights } from '../../numbers/resample.ts';
import { normalTable } from '../../parts/declarations.ts';
import { integer, real, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link learnedGrid}. */
export interface LearnedGridOptions extends ResampleOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** Rows of the table's grid. */
  readonly rows: number;
  /** Columns of the table's grid. */
  readonly columns: number;
  /** Rows of the input's grid, when it is another one: the table is then resized by mode, antialias, alignCorners. */
  readonly inputRows?: number;
  /** Columns of the input's grid. */
  readonly inputColumns?: number;
  /** Whether a token at (−1, −1) has a vector of its own, the table's first. Default false. */
  readonly classToken?: boolean;
  /** Of the initial vectors. Default 0.02. */
  readonly standardDeviation?: number;
}

/**
 * Learned positions of a grid, as in ViT: each cell has a vector, added to its patch. For an input with another grid the
 * table is resized; the class token's vector is left alone.
 *
 * Source: Dosovitskiy et al. 2021, "An Image is Worth 16x16 Words", arXiv 2010.11929, section 3.1 and appendix D.4;
 * `interpolate_pos_encoding` of ViT in Hugging Face transformers 5.23.0 (bicubic), timm's `resample_abs_pos_embed`
 * (bicubic, antialias).
 *
 * Signal `indices` [batch, T], or `weights` [batch, T, cells] when the table is resized; parameter `table`
 * [cells (+ 1 for the class token), dim], shared by the layers.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a position is outside the input's grid
 */
export function learnedGrid(options: LearnedGridOptions): InputEncoding {
  const name = 'learned-grid';
  const dim = checkCount(`${name}: dim`, options.dim);
  const rows = checkCount(`${name}: rows`, options.rows);
  const columns = checkCount(`${name}: columns`, options.columns);
  const inputRows = checkCount(`${name}: inputRows`, options.inputRows ?? rows);
  const inputColumns = checkCount(`${name}: inputColumns`, options.inputColumns ?? columns);
  const standardDeviation = checkPositive(`${name}: standardDeviation`, options.standardDeviation ?? 0.02);
  const { mode = 'bicubic', antialias = false, alignCorners = false, classToken = false } = options;
  const isResized = inputRows !== rows || inputColumns !== columns;
  const resample = { mode, antialias, alignCorners };
  const [down, across] = [resampleWeights(rows, inputRows, resample), resampleWeights(columns, inputColumns, resample)];
  const first = classToken ? 1 : 0;
  const cells = rows * columns + first;
  const table = normalTable('table', [cells, dim], standardDeviation, 'model', 'ViT: normal of 0.02');

  const place = (row: number, column: number): readonly [number, number] | undefined => {
    if (classToken && row === -1 && column === -1) return undefined;
    const isInside = Number.isInteger(row) && Number.isInteger(column) && row >= 0 && column >= 0;
    if (isInside && row < inputRows && column < inputColumns) return [row, column];
    throw new RangeError(
      `${name}: position: expected a row below ${inputRows} and a column below ${inputColumns}, got (${row}, ${column}); ` +
        'give inputRows and inputColumns to resize the table',
    );
  };
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkAxes(name, positions, 2);
    const places = Array.from({ length: batch * length }, (_, token) =>
      place(values[2 * token] as number, values[2 * token + 1] as number),
    );
    if (!isResized) {
      const indices = places.map((at) => (at === undefined ? 0 : at[0] * columns + at[1] + first));
      return { indices: integer([batch, length], indices) };
    }
    const weights = new Float64Array(batch * length * cells);
    places.forEach((at, token) => {
      if (at === undefined) {
        weights[token * cells] = 1;
        return;
      }
      for (let cell = 0; cell < rows * columns; cell += 1) {
        const [row, column] = [Math.floor(cell / columns), cell % columns];
        weights[token * cells + first + cell] =
          (down[at[0] * rows + row] as number) * (across[at[1] * columns + column] as number);
      }
    });
    return { weights: real([batch, length, cells], weights) };
  };
  const made: Record<string, OptionValue> = {
    dim,
    rows,
    columns,
    inputRows,
    inputColumns,
    classToken,
    standardDeviation,
  };
  return {
    site: 'input',
    name,
    place: 'embedding',
    options: { ...made, mode, antialias, alignCorners },
    parameters: [table],
    axes: 2,
    relative: false,
    largestPosition: Math.max(inputRows, inputColumns) - 1,
    attention: 'any',
    costs: (length) => ({
      parameters: countNumbers([table]),
      tableBytes: 4 * length * (isResized ? cells : 1),
    }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    encode: <T>({ operations, parameters, signals: given }: EncodingContext<T>, x: T) => {
      const { add, matmul, take } = operations;
      const vectors = parameters.table as T;
      return add(x, given.indices === undefined ? matmul(given.weights as T, vectors) : take(vectors, given.indices));
    },
  };
}
