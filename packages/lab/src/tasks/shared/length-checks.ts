/**
 * Whether enough examples are within the trained length, and what is too long to be used: told, counted or refused. Knows
 * no particular task.
 */
import type { Split } from '../../data/hash.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import { TaskError } from '../task.ts';
import type { LengthPlan, TooLong } from './text-lengths.ts';
import { counted } from './wording.ts';

/** A comparison on fewer examples than these says little. */
const FEW = 8;

/**
 * What is left within the trained length must be enough to train, validate and test.
 *
 * @param within - the trained length in words: `9 tokens`
 * @returns a note where validation or test is so small that its scores say little
 * @throws {TaskError} when a split has nothing of a trained length
 */
export function checkReached(task: string, within: string, counts: Readonly<Record<Split, number>>): string[] {
  const { train, validation, test } = counts;
  if (train === 0 || validation === 0 || test === 0) {
    throw new TaskError(
      `${task}: expected examples of at most ${within} in every split, got ${train} to train, ` +
        `${validation} to validate and ${test} to test; give more rows or a larger --trained-length`,
    );
  }
  if (validation >= FEW && test >= FEW) return [];
  return [
    `Only ${counted(validation, 'validation examples')} and ${counted(test, 'test examples')} are within the trained ` +
      'length: scores on so few say little. Give more rows or a larger --trained-length.',
  ];
}

/** Examples are too long and nobody said what to do with them; `data` is what is known of the data by then. */
export class LengthError extends TaskError {
  readonly data: DataSummary;

  constructor(message: string, data: DataSummary) {
    super(message);
    this.data = data;
  }
}

/** Lengths of the examples of each split. */
export type SplitLengths = Readonly<Record<Split, ArrayLike<number>>>;

/** The lengths of all splits. */
export function everyLength({ train, validation, test }: SplitLengths): Float64Array {
  const all = new Float64Array(train.length + validation.length + test.length);
  all.set(train);
  all.set(validation, train.length);
  all.set(test, train.length + validation.length);
  return all;
}

/** Which lengths are within these, by number. */
export function indicesWithin(lengths: ArrayLike<number>, minimum: number, maximum: number): Uint32Array {
  return Uint32Array.from({ length: lengths.length }, (_, index) => index).filter((index) => {
    const length = lengths[index] as number;
    return length >= minimum && length <= maximum;
  });
}

/** What is told of examples that are too long. */
export interface TooLongRequest {
  readonly task: string;
  /** What is too long, `texts`, and the unit of its length, `tokens`. */
  readonly what: string;
  readonly unit: string;
  readonly lengths: SplitLengths;
  readonly plan: LengthPlan;
  readonly tooLong: TooLong;
  /** What else could be done, and how that is said: `cut`, `keep their starts`. */
  readonly instead?: { readonly tooLong: Exclude<TooLong, 'refuse'>; readonly to: string };
  /** What the first of them is called. */
  readonly nameOf: (split: Split, index: number) => string;
  /** What is known of the data, for whoever must choose. */
  readonly data: Omit<DataSummary, 'trainedLength'>;
}

/**
 * How many examples are longer than the limit.
 *
 * @throws {LengthError} when there are any and they are to be refused
 */
export function countTooLong(request: TooLongRequest): number {
  const { task, what, unit, lengths, plan, tooLong, instead, nameOf, data } = request;
  let [count, longest] = [0, 0];
  let first: string | undefined;
  for (const split of ['train', 'validation', 'test'] as const) {
    for (let index = 0; index < lengths[split].length; index += 1) {
      const length = lengths[split][index] as number;
      if (length <= plan.limit) continue;
      count += 1;
      longest = Math.max(longest, length);
      first ??= nameOf(split, index);
    }
  }
  if (count === 0 || tooLong !== 'refuse') return count;
  const choices = [
    ...(instead === undefined ? [] : [`--too-long ${instead.tooLong} to ${instead.to}`]),
    `--longest ${longest}`,
  ];
  throw new LengthError(
    `${task}: expected ${what} of at most ${counted(plan.limit, unit)}, got ${count} longer ${count === 1 ? 'one' : 'ones'}, ` +
      `the first is ${first}; give ${choices.join(', or ')}${instead === undefined ? ', or leave them out' : ''}`,
    { ...data, trainedLength: trainedLengthOf(plan) },
  );
}

/** The trained lengths as they are told. */
export function trainedLengthOf({ trained, limit, chosenBy }: LengthPlan): NonNullable<DataSummary['trainedLength']> {
  return { maximum: trained, limit, chosenBy };
}
