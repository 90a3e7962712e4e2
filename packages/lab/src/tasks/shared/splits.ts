/**
 * Divides examples so that no group and no near-duplicate is in two splits. Keys are compared by their hashes and not
 * kept, so that a million rows take little memory. Knows no file and no particular task.
 */
import type { Split } from '../../data/hash.ts';
import { TaskError, type TaskOptions } from '../task.ts';
import { hashedOrder, hashedRanks, keyNumber } from './hashed-keys.ts';
import { counted } from './wording.ts';

/** Groups that nobody asked for are kept together only where there are at least so many. */
const FEWEST_GROUPS = 20;
/** The fewest examples of a split worth a comparison. */
export const FEWEST_IN_SPLIT = 8;
/** What near-duplicates may differ in, in words. */
const APART = 'letter case, numbers, punctuation and spaces';

/** What must not be in two splits. */
export interface SplitKeys<Example> {
  /** The group, else the near-duplicate key of the example's own content. */
  readonly keyOf: (example: Example) => string;
  /** In words: what they divide by. */
  readonly splitBy: string;
  /** Whether keys are those of near-duplicates. */
  readonly alike: boolean;
}

/**
 * What must not be in two splits: the group, where there is a column of groups, else the near-duplicates of a text. A
 * column that was only guessed, such as SQuAD's titles, does not count where it has too few groups to divide.
 *
 * @param contentOf - the text
 */
export function splitKeys<Example extends { readonly group?: string | undefined }>(
  examples: readonly Example[],
  options: TaskOptions,
  what: string,
  contentOf: (example: Example) => string,
): SplitKeys<Example> {
  const groups = new Set(examples.map(({ group }) => group));
  const grouped = !groups.has(undefined) && (options.group !== undefined || groups.size >= FEWEST_GROUPS);
  return grouped
    ? {
        keyOf: ({ group }) => `group ${group}`,
        splitBy: options.group === undefined ? 'by group' : `by ${options.group}`,
        alike: false,
      }
    : {
        keyOf: (example) => nearDuplicateKey(contentOf(example)),
        splitBy: `by ${what}, near-duplicates together`,
        alike: true,
      };
}

/** An example that may carry its key: those of built-in data do, those of files have one made of their content. */
export interface MaybeKeyed {
  readonly key?: string;
  readonly group?: string | undefined;
}

/** The keys that examples carry. */
export const CARRIED_KEYS = { keyOf: ({ key }: MaybeKeyed): string => key as string, alike: false } as const;

/** How examples are divided. */
export interface SplitRequest<Example> {
  /** What must not be in two splits: the group, else the example's own content. */
  readonly keyOf: (example: Example) => string;
  /** Whether keys are those of near-duplicates, which errors and notes then explain. */
  readonly alike?: boolean;
  /** Distinguishes every example: decides the order within a split. */
  readonly idOf: (example: Example) => string;
  readonly shares: { readonly validation: number; readonly test: number };
  /** Is told how many near-duplicates there are, if any. */
  readonly notes?: string[];
}

/**
 * Examples by split. Keys go to a split by their hash, whole; splits are in an order decided by hashes.
 *
 * @throws {TaskError} if a split would have fewer than `FEWEST_IN_SPLIT` examples
 */
export function splitExamples<Example>(
  task: string,
  examples: readonly Example[],
  { keyOf, alike = false, idOf, shares, notes }: SplitRequest<Example>,
): Readonly<Record<Split, readonly Example[]>> {
  const { ranks, keys } = hashedRanks(examples, keyOf);
  // By rank among the keys, not by the hash itself, so that few keys are divided as asked too.
  const ends = [shares.test, shares.test + shares.validation].map((share) => Math.round(share * keys));
  const [testEnd, validationEnd] = ends as [number, number];
  const splits: Record<Split, Example[]> = { train: [], validation: [], test: [] };
  for (const index of hashedOrder(examples, idOf)) {
    const rank = ranks[index] as number;
    const split = rank < testEnd ? 'test' : rank < validationEnd ? 'validation' : 'train';
    splits[split].push(examples[index] as Example);
  }
  for (const split of ['train', 'validation', 'test'] as const) {
    if (splits[split].length >= FEWEST_IN_SPLIT) continue;
    const got = `${task}: expected at least ${FEWEST_IN_SPLIT} examples for ${split}, got ${splits[split].length} of ${examples.length}`;
    if (!alike) throw new TaskError(`${got} in ${counted(keys, 'groups')}; give more rows or smaller groups`);
    if (keys === examples.length) throw new TaskError(`${got}; give more rows`);
    throw new TaskError(
      `${got}, since those that differ only in ${APART} count as one, which leaves ${keys}; give more rows that differ`,
    );
  }
  const repeated = examples.length - keys;
  if (alike && repeated > 0) {
    notes?.push(
      `${repeated} of ${examples.length} examples differ from another only in ${APART}: such examples count as one ` +
        'when splits are made, and are in the same split.',
    );
  }
  return splits;
}

/**
 * Splits without held-out examples that say nearly the same as one of another split: those of validation and test that
 * training has too, and those of test that validation has. Groups keep together what comes from one place; this keeps
 * apart what was written twice.
 *
 * @param contentOf - the text that must not be known
 * @param notes - is told how many were left out, if any
 * @throws {TaskError} if a split is left with fewer than `FEWEST_IN_SPLIT`
 */
export function leaveOutKnown<Example>(
  task: string,
  splits: Readonly<Record<Split, readonly Example[]>>,
  contentOf: (example: Example) => string,
  notes: string[],
): Readonly<Record<Split, readonly Example[]>> {
  const { kept, count } = withoutKnown(splits, contentOf);
  const { validation, test } = kept;
  const held = splits.validation.length + splits.test.length;
  if (Math.min(validation.length, test.length) < FEWEST_IN_SPLIT) {
    throw new TaskError(
      `${task}: expected held-out texts that no other group has nearly the same, but ${count} of ${held} are there twice; ` +
        'give more rows or other groups, or leave --group out, which keeps near-duplicates together',
    );
  }
  if (count > 0) {
    notes.push(
      `${count} of ${held} held-out texts are left out: another split has nearly the same (letter case, numbers and ` +
        'punctuation apart).',
    );
  }
  return kept;
}

/** Splits without held-out examples whose text is a near-duplicate of one of an earlier split, and how many those are. */
export function withoutKnown<Example>(
  splits: Readonly<Record<Split, readonly Example[]>>,
  contentOf: (example: Example) => string,
): { readonly kept: Readonly<Record<Split, readonly Example[]>>; readonly count: number } {
  const keyOf = (example: Example): number => keyNumber(nearDuplicateKey(contentOf(example)));
  const trained = new Float64Array(splits.train.length);
  splits.train.forEach((example, index) => {
    trained[index] = keyOf(example);
  });
  trained.sort();
  const heldOut = new Set<number>();
  const unknown = (examples: readonly Example[]): Example[] => {
    const keyed = examples.map((example) => ({ example, key: keyOf(example) }));
    const kept = keyed.filter(({ key }) => !isAmong(trained, key) && !heldOut.has(key));
    for (const { key } of kept) heldOut.add(key);
    return kept.map(({ example }) => example);
  };
  const [validation, test] = [unknown(splits.validation), unknown(splits.test)];
  const count = splits.validation.length + splits.test.length - validation.length - test.length;
  return { kept: { train: splits.train, validation, test }, count };
}

/**
 * A text without what near-duplicates differ in: letter case, punctuation, spaces and, unless numbers are most of it,
 * their values. A text of punctuation alone is only itself.
 */
export function nearDuplicateKey(text: string): string {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return text.trim().replaceAll(/\s+/g, ' ');
  const numbers = words.filter((word) => /^\p{N}+$/u.test(word)).length;
  const key = words.join(' ');
  return 2 * numbers < words.length ? key.replaceAll(/\p{N}+/gu, '0') : key;
}

/** Whether a number is one of an ascending list. */
function isAmong(list: Float64Array, number: number): boolean {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) < number) low = middle + 1;
    else high = middle;
  }
  return list[low] === number;
}
