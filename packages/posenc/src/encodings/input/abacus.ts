/** Abacus embeddings: digits know their place within their number. */
import {
  countNumbers,
  type EncodingContext,
  type InputEncoding,
  type Purpose,
  type RandomSource,
} from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { normalTable } from '../../parts/declarations.ts';
import { integer, withoutBatch } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link abacus}. */
export interface AbacusOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** The longest number that can be read without an offset. */
  readonly maximumDigits: number;
  /** In training all places are moved by 0 … this, by one draw a batch. Default 99. */
  readonly maximumOffset?: number;
}

/**
 * Abacus: row p of a learned table for the digit at place p = 1, 2, … of its number, row 0 for everything else. In training
 * places are moved by a random offset, so that longer numbers meet trained rows.
 *
 * Source: McLeish et al. 2024, "Transformers Can Do Arithmetic with the Right Embeddings", arXiv 2405.17399, section 3.1.
 * Places come from `digitPositions`; position coupling (Cho et al. 2024, arXiv 2405.20671) is the same table with
 * `digitPositions` counting from the units in every number, so that digits of equal significance share a row.
 *
 * Signal `indices` [batch, T]; parameter `table` [maximumDigits + maximumOffset + 1, dim], shared by the layers.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a place has no row
 */
export function abacus(options: AbacusOptions): InputEncoding {
  const dim = checkCount('abacus: dim', options.dim);
  const maximumDigits = checkCount('abacus: maximumDigits', options.maximumDigits);
  const maximumOffset = checkCount('abacus: maximumOffset', options.maximumOffset ?? 99, 0);
  const rows = maximumDigits + maximumOffset + 1;
  const table = normalTable('table', [rows, dim], 0.02, 'model', 'BERT and GPT-2: initializer_range 0.02');
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkSingleAxis('abacus', positions);
    const bad = values.find((value) => !(Number.isInteger(value) && value >= 0 && value < rows));
    if (bad !== undefined) {
      throw new RangeError(
        `abacus: place: expected an integer from 0 to ${rows - 1}, got ${bad}; raise maximumDigits and train the new rows`,
      );
    }
    return { indices: integer([batch, length], values) };
  };
  return {
    site: 'input',
    name: 'abacus',
    place: 'embedding',
    options: { dim, maximumDigits, maximumOffset },
    parameters: [table],
    axes: 1,
    relative: false,
    largestPosition: rows - 1,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers([table]), tableBytes: 4 * length }),
    draw: (positions: Positions, _: number, random: RandomSource, purpose: Purpose) => {
      if (purpose === 'evaluation') return positions;
      const offset = Math.floor(random.uniform() * (maximumOffset + 1));
      return { ...positions, values: positions.values.map((value) => (value === 0 ? 0 : value + offset)) };
    },
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    encode: <T>({ operations, parameters, signals: given }: EncodingContext<T>, x: T) =>
      operations.add(x, operations.take(parameters.table as T, given.indices as T)),
  };
}
