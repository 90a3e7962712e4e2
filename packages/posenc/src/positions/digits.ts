/** Places of digits within their numbers. */
import { checkChoice } from '../numbers/check.ts';
import { type Positions, positionList } from './positions.ts';

/**
 * For each token the place of its digit within its number, from 1; 0 for tokens that are no digits.
 *
 * Source: McLeish et al. 2024, arXiv 2405.17399, section 3.1, where numbers are written with their units first, so that
 * place 1 is the units' (`left`); Cho et al. 2024, "Position Coupling", arXiv 2405.20671, for numbers as they are usually
 * written (`right`: the last digit of each number is place 1).
 *
 * @param isDigit - true for each token that is one digit
 * @param options.from - the end of a number at which counting starts; default `left`
 *
 * @example
 * ```ts
 * import { digitPositions } from 'posenc/positions';
 *
 * const digits = [...'95+105='].map((token) => /\d/.test(token));
 * digitPositions(digits).values; // 1 2 0 1 2 3 0
 * digitPositions(digits, { from: 'right' }).values; // 2 1 0 3 2 1 0
 * ```
 */
export function digitPositions(
  isDigit: readonly boolean[],
  { from = 'left' }: { readonly from?: 'left' | 'right' } = {},
): Positions {
  checkChoice('digitPositions: from', from, ['left', 'right']);
  const count = (flags: readonly boolean[]): number[] => {
    let place = 0;
    return flags.map((flag) => {
      place = flag ? place + 1 : 0;
      return place;
    });
  };
  return positionList(from === 'left' ? count(isDigit) : count([...isDigit].reverse()).reverse());
}
