/** Two small tables in place of one large one: a position is a row and a column. */
import { countNumbers, type EncodingContext, type InputEncoding } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { normalTable } from '../../parts/declarations.ts';
import { integer, withoutBatch } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link axialLearned}. */
export interface AxialLearnedOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** Rows; positions 0 … rows·columns − 1 exist. */
  readonly rows: number;
  /** Columns: position p is row ⌊p/columns⌋ and column p mod columns. */
  readonly columns: number;
  /** Channels that the row's vector has; the column's has the rest. Default half. */
  readonly rowDim?: number;
}

/**
 * Axial position encoding: the row's vector and the column's side by side, added to the embedding. rows·rowDim +
 * columns·(dim − rowDim) learned numbers stand for rows·columns·dim.
 *
 * Source: Kitaev, Kaiser, Levskaya 2020, "Reformer", arXiv 2001.04451, appendix; `AxialPositionEmbeddings` of Hugging Face
 * transformers 5.23.0.
 *
 * Signals `rows`, `columns` [batch, T]; parameters `rowTable` [rows, rowDim], `columnTable` [columns, dim − rowDim], shared by
 * the layers.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a position has no vector
 */
export function axialLearned(options: AxialLearnedOptions): InputEncoding {
  const name = 'axial-learned';
  const dim = checkCount(`${name}: dim`, options.dim, 2);
  const rows = checkCount(`${name}: rows`, options.rows);
  const columns = checkCount(`${name}: columns`, options.columns);
  const rowDim = checkCount(`${name}: rowDim`, options.rowDim ?? Math.floor(dim / 2));
  if (rowDim >= dim) throw new RangeError(`${name}: rowDim: expected less than dim = ${dim}, got ${rowDim}`);
  const source = 'Reformer: axial_norm_std 1';
  const parameters = [
    normalTable('rowTable', [rows, rowDim], 1, 'model', source),
    normalTable('columnTable', [columns, dim - rowDim], 1, 'model', source),
  ];
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkSingleAxis(name, positions);
    const bad = values.find((value) => !(Number.isInteger(value) && value >= 0 && value < rows * columns));
    if (bad !== undefined) {
      throw new RangeError(
        `${name}: position: expected an integer from 0 to ${rows * columns - 1}, got ${bad}; there is no vector for it`,
      );
    }
    return {
      rows: integer(
        [batch, length],
        values.map((value) => Math.floor(value / columns)),
      ),
      columns: integer(
        [batch, length],
        values.map((value) => value % columns),
      ),
    };
  };
  return {
    site: 'input',
    name,
    place: 'embedding',
    options: { dim, rows, columns, rowDim },
    parameters,
    axes: 1,
    relative: false,
    largestPosition: rows * columns - 1,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 8 * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    encode: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>, x: T) => {
      const { add, concatenate, take } = operations;
      const row = take(learned.rowTable as T, given.rows as T);
      return add(x, concatenate([row, take(learned.columnTable as T, given.columns as T)], -1));
    },
  };
}
