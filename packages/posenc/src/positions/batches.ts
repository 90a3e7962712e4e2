/**
 * Positions of batches in which sequences of unequal length stand side by side or one after the other.
 * This file knows nothing of attention masks: hiding padding, or one packed sequence from another, is the model's task.
 */
import { checkCount } from '../numbers/check.ts';
import { type Positions, positionList } from './positions.ts';

/**
 * Positions of padded sequences, counting tokens and not slots: the first token of each row stands at 0, whether padding
 * is on its left or on its right. Padding itself gets position 0, which every encoding can represent.
 *
 * @param mask - a row per sequence, all of equal length: 1 for a token, 0 for padding
 * @throws {RangeError} when there is no row, rows differ in length, or a number is neither 0 nor 1
 *
 * @example
 * ```ts
 * import { paddingPositions } from 'posenc/positions';
 *
 * paddingPositions([[0, 0, 1, 1, 1], [1, 1, 1, 1, 0]]).values; // 0 0 0 1 2, 0 1 2 3 0
 * ```
 */
export function paddingPositions(mask: readonly ArrayLike<number>[]): Positions {
  const [first] = mask;
  if (first === undefined) throw new RangeError('paddingPositions: mask: expected at least one row, got none');
  const values = new Float64Array(mask.length * first.length);
  mask.forEach((row, index) => {
    if (row.length !== first.length) {
      throw new RangeError(
        `paddingPositions: mask: expected rows of length ${first.length}, got ${row.length} at row ${index}`,
      );
    }
    let tokens = 0;
    for (let slot = 0; slot < row.length; slot += 1) {
      const isToken = row[slot];
      if (isToken !== 0 && isToken !== 1) {
        throw new RangeError(
          `paddingPositions: mask: expected 1 for a token or 0 for padding, got ${String(isToken)} at row ${index}`,
        );
      }
      if (isToken === 0) continue;
      values[index * first.length + slot] = tokens;
      tokens += 1;
    }
  });
  return { values, batch: mask.length, length: first.length, axes: 1 };
}

/**
 * Positions of sequences packed one after the other into a row: each begins again at 0.
 *
 * @param lengths - of the sequences, in order
 * @throws {RangeError} when a length is not an integer of at least 0
 *
 * @example
 * ```ts
 * import { packedPositions } from 'posenc/positions';
 *
 * packedPositions([3, 2]).values; // 0 1 2 0 1
 * ```
 */
export function packedPositions(lengths: readonly number[]): Positions {
  return positionList(
    lengths.flatMap((length) =>
      Array.from({ length: checkCount('packedPositions: length', length, 0) }, (_, position) => position),
    ),
  );
}
