/** A learned table with one row per position, added to the embeddings. */
import type { InputEncoding } from '../../encoding.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';
import type { PlainTensor } from '../../tensor/operations.ts';

/** Options of {@link learned}. */
export interface LearnedOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** Rows of the table: positions 0 … maximumPositions−1 exist, others are an error. */
  readonly maximumPositions: number;
  /** Of the normal distribution the rows are drawn from. Default 0.02, as in BERT and GPT-2. */
  readonly standardDeviation?: number;
}

/**
 * Learned absolute positions: row p of a table is added to the embedding at position p.
 *
 * Source: Gehring et al. 2017, arXiv 1705.03122, section 3.1; Vaswani et al. 2017, table 3 row E; initialised as in
 * BERT and GPT-2 (`initializer_range` 0.02, Hugging Face transformers 5.23.0).
 *
 * Signal `indices` [batch, T]; parameter `table` [maximumPositions, dim], shared by the whole stack.
 *
 * @throws {RangeError} from `signals`, when a position is not an integer from 0 to maximumPositions−1: there is no row
 *   for it, and none is ever put in its place
 */
export function learned(options: LearnedOptions): InputEncoding {
  const dim = checkCount('learned: dim', options.dim);
  const maximumPositions = checkCount('learned: maximumPositions', options.maximumPositions);
  const standardDeviation = checkPositive('learned: standardDeviation', options.standardDeviation ?? 0.02);

  const indices = (positions: Positions): PlainTensor => {
    const { batch, length, values } = checkSingleAxis('learned', positions);
    const bad = values.find((value) => !(Number.isInteger(value) && value >= 0 && value < maximumPositions));
    if (bad !== undefined) {
      throw new RangeError(
        `learned: position: expected an integer from 0 to ${maximumPositions - 1}, got ${bad}; ` +
          (Number.isInteger(bad)
            ? 'the table has no row for it: make maximumPositions larger and train it, or choose another encoding'
            : 'a table has no row between two: choose an encoding that reads real numbers'),
      );
    }
    return { shape: [batch, length], data: values, type: 'integer' };
  };

  return {
    site: 'input',
    name: 'learned',
    place: 'embedding',
    options: { dim, maximumPositions, standardDeviation },
    parameters: [
      {
        name: 'table',
        shape: [maximumPositions, dim],
        sharing: 'model',
        initializer: { distribution: 'normal', standardDeviation, source: 'BERT and GPT-2: initializer_range 0.02' },
      },
    ],
    axes: 1,
    relative: false,
    largestPosition: maximumPositions - 1,
    attention: 'any',
    costs: (length) => ({ parameters: maximumPositions * dim, tableBytes: 4 * length }),
    signals: (positions) => ({ indices: indices(positions) }),
    vectors: (positions) => {
      const tensor = indices(positions);
      return { indices: positions.batch === 1 ? { ...tensor, shape: [positions.length] } : tensor };
    },
    encode: ({ operations, parameters, signals }, x) =>
      operations.add(x, operations.take(parameters.table as typeof x, signals.indices as typeof x)),
  };
}
