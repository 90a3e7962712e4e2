/**
 * From a person's file to examples: finds the columns a task needs, refuses rows that cannot be used with the reason and
 * the line, and divides examples so that no group and no near-duplicate is in two splits. Knows no particular task.
 */
import { DataError } from '../data/data-error.ts';
import { orderByHash, type Split } from '../data/hash.ts';
import { createRefusals } from '../data/refusals.ts';
import { columnOf, openRows, type Row } from '../data/rows.ts';
import type { DataSummary } from '../record/data-summary.ts';
import { type Task, TaskError, type TaskOptions } from './task.ts';

/** A column a task reads. */
export interface ColumnUse {
  /** The option that names it, and what it is used for: `source`. */
  readonly use: string;
  /** Names it has in other people's files. */
  readonly guesses: readonly string[];
  /** Whether the task can do without it. */
  readonly optional?: boolean;
}

/** What was read of a file. */
export interface OwnData<Example> {
  readonly examples: readonly Example[];
  /** What `--check` and reports say of it, without lengths and splits. */
  readonly summary: Pick<DataSummary, 'source' | 'format' | 'rows' | 'refused' | 'columns'>;
}

/** The options of every task that reads a file of the user's. */
export const OWN_DATA_OPTIONS: Task['options'] = [
  { name: 'data', description: "your own file instead of the task's data; - for standard input" },
  {
    name: 'format',
    description: 'of the file: csv, tsv, jsonl, json, parquet, text, conll or squad; found out unless given',
  },
  { name: 'group', description: 'a column: rows of one group are never in two splits' },
  {
    name: 'allowRefused',
    description: 'the share of rows that may be unusable before the command stops',
    default: 0.01,
  },
];

/** Options that choose among the data that come with a task. */
const BUILT_IN = ['dataset', 'language', 'problem'];

/**
 * Options that say how to read a file say nothing without one, and those that choose other data nothing beside one.
 *
 * @param own - names of options of the task that only a file has, beside those that every task has
 * @throws {TaskError} when one is given that says nothing
 */
export function refuseWithoutData(task: string, options: TaskOptions, own: readonly string[]): void {
  if (options.data !== undefined) {
    const other = BUILT_IN.find((one) => options[one] !== undefined);
    if (other === undefined) return;
    throw new TaskError(`${task}: expected data or ${other}, got both; leave one out`);
  }
  const name = [...OWN_DATA_OPTIONS.map((option) => option.name), ...own].find((one) => options[one] !== undefined);
  if (name === undefined) return;
  throw new TaskError(`${task}: ${name}: expected a file of yours to go with it (--data FILE), got none; leave it out`);
}

/** Cells by use; a column that is not there has no cell. */
export type Cells = Readonly<Record<string, unknown>>;

/**
 * Reads every row of a file. `make` returns an example, or in words why the row cannot be used.
 *
 * @throws {TaskError} if the file cannot be read, has no such column, or too many of its rows are refused
 */
export async function readOwnData<Example extends object>(
  task: string,
  options: TaskOptions,
  uses: readonly ColumnUse[],
  make: (cells: Cells, row: Row) => Example | string,
): Promise<OwnData<Example>> {
  const path = String(options.data);
  const allowed = allowedShare(task, options);
  try {
    const refusals = createRefusals(path, allowed);
    const format = options.format === undefined ? {} : { format: String(options.format) };
    const table = await openRows(path, { refusals, ...format });
    const columns = new Map<string, string>();
    for (const { use, guesses, optional = false } of uses) {
      const asked = options[use] === undefined ? undefined : String(options[use]);
      if (asked === undefined && optional && !guesses.some((guess) => hasColumn(table.columns, guess))) continue;
      columns.set(use, columnOf(table.columns, asked, guesses, use, path));
    }
    const examples: Example[] = [];
    let [rows, ownRefusals] = [0, 0];
    for await (const row of table.rows) {
      rows += 1;
      const cells = Object.fromEntries([...columns].map(([use, column]) => [use, row.cells[column]]));
      const made = options.group !== undefined && groupCell(cells) === undefined ? NO_GROUP : make(cells, row);
      if (typeof made === 'string') {
        ownRefusals += 1;
        refusals.refuse(row.line, made);
      } else examples.push(made);
    }
    // Rows that the reader refused never came here.
    const read = rows + refusals.count - ownRefusals;
    const usesOf = (column: string): string =>
      [...columns].flatMap(([use, name]) => (name === column ? [use] : [])).join(', ') || 'not used';
    return {
      examples,
      summary: {
        source: path,
        format: table.format,
        rows: read,
        refused: { count: refusals.count, unit: refusals.unit, first: [...refusals.first] },
        columns: table.columns.map((name) => ({ name, use: usesOf(name) })),
      },
    };
  } catch (error) {
    throw error instanceof DataError ? new TaskError(`${task}: ${error.message}`, { cause: error }) : error;
  }
}

const NO_GROUP = 'group: expected a value, got an empty cell';

/** A cell that holds a text: trimmed, or in words why not. */
export function textCell(cells: Cells, use: string): { readonly text: string } | string {
  const value = cells[use];
  if (value === undefined || value === null || value === '') return `${use}: expected a text, got an empty cell`;
  if (typeof value === 'object') return `${use}: expected a text, got ${JSON.stringify(value).slice(0, 40)}`;
  const text = String(value).trim();
  return text === '' ? `${use}: expected a text, got an empty cell` : { text };
}

/** Groups that nobody asked for are kept together only where there are at least so many. */
const FEWEST_GROUPS = 20;

/**
 * What must not be in two splits: the group, where there is a column of groups, else the near-duplicates of a text. A
 * column that was only guessed, such as SQuAD's titles, does not count where it has too few groups to divide.
 *
 * @param contentOf - the text
 * @returns the key of each example, and in words what they divide by
 */
export function splitKeys<Example extends { readonly group: string | undefined }>(
  examples: readonly Example[],
  options: TaskOptions,
  what: string,
  contentOf: (example: Example) => string,
): { readonly keyOf: (example: Example) => string; readonly splitBy: string } {
  const groups = new Set(examples.map(({ group }) => group));
  const grouped = !groups.has(undefined) && (options.group !== undefined || groups.size >= FEWEST_GROUPS);
  return grouped
    ? {
        keyOf: ({ group }) => `group ${group}`,
        splitBy: options.group === undefined ? 'by group' : `by ${options.group}`,
      }
    : { keyOf: (example) => nearDuplicateKey(contentOf(example)), splitBy: `by ${what}, near-duplicates together` };
}

/** The cell of the group column, where there is one. */
export function groupCell({ group }: Cells): string | undefined {
  return group === undefined || group === null || group === '' ? undefined : String(group);
}

/** How examples are divided. */
export interface SplitRequest<Example> {
  /** What must not be in two splits: the group, else the example's own content. */
  readonly keyOf: (example: Example) => string;
  /** Distinguishes every example: decides the order within a split. */
  readonly idOf: (example: Example) => string;
  readonly shares: { readonly validation: number; readonly test: number };
}

/** The fewest examples of a split worth a comparison. */
export const FEWEST_IN_SPLIT = 8;

/**
 * Examples by split. Keys go to a split by their hash, whole; splits are in an order decided by hashes.
 *
 * @throws {TaskError} if a split would have fewer than `FEWEST_IN_SPLIT` examples
 */
export function splitExamples<Example>(
  task: string,
  examples: readonly Example[],
  { keyOf, idOf, shares }: SplitRequest<Example>,
): Readonly<Record<Split, readonly Example[]>> {
  const splits: Record<Split, Example[]> = { train: [], validation: [], test: [] };
  const keys = orderByHash([...new Set(examples.map(keyOf))], (key) => key);
  // By rank among the keys, not by the hash itself, so that few keys are divided as asked too.
  const ends = [shares.test, shares.test + shares.validation].map((share) => Math.round(share * keys.length));
  const [testEnd, validationEnd] = ends as [number, number];
  const splitOfKey = new Map(
    keys.map((key, rank): [string, Split] => [
      key,
      rank < testEnd ? 'test' : rank < validationEnd ? 'validation' : 'train',
    ]),
  );
  for (const example of orderByHash(examples, idOf)) splits[splitOfKey.get(keyOf(example)) as Split].push(example);
  for (const split of ['train', 'validation', 'test'] as const) {
    if (splits[split].length >= FEWEST_IN_SPLIT) continue;
    throw new TaskError(
      `${task}: expected at least ${FEWEST_IN_SPLIT} examples for ${split}, got ${splits[split].length} of ` +
        `${examples.length} in ${keys.length} groups; give more rows or smaller groups`,
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
  const known = new Set(splits.train.map((example) => nearDuplicateKey(contentOf(example))));
  const unknown = (examples: readonly Example[]): Example[] => {
    const keyed = examples.map((example) => ({ example, key: nearDuplicateKey(contentOf(example)) }));
    const kept = keyed.filter(({ key }) => !known.has(key));
    for (const { key } of kept) known.add(key);
    return kept.map(({ example }) => example);
  };
  const [validation, test] = [unknown(splits.validation), unknown(splits.test)];
  const held = splits.validation.length + splits.test.length;
  const count = held - validation.length - test.length;
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
  return { train: splits.train, validation, test };
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

function allowedShare(task: string, options: TaskOptions): number {
  const given = options.allowRefused ?? 0.01;
  const share = Number(given);
  if (given !== '' && share >= 0 && share <= 1) return share;
  throw new TaskError(`${task}: allowRefused: expected a share from 0 to 1 such as 0.05, got ${given}`);
}

function hasColumn(columns: readonly string[], name: string): boolean {
  return columns.some((column) => column.toLowerCase() === name.toLowerCase());
}
