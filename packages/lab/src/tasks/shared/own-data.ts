/**
 * From a person's file to examples: finds the columns a task needs, and refuses rows that cannot be used with the reason
 * and the line. Knows no particular task.
 */
import { DataError } from '../../data/data-error.ts';
import { createRefusals, type Refusals } from '../../data/refusals.ts';
import { columnOf, openRows, type Row } from '../../data/rows.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import { type Task, TaskError, type TaskOptions } from '../task.ts';
import { checkOptionNames, shareOption } from './options.ts';
import { flag } from './wording.ts';

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

/** Rows that may be unusable before the command stops. */
const ALLOWED_SHARE = 0.01;

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
    default: ALLOWED_SHARE,
  },
];

/** Options that choose among the data that come with a task. */
const BUILT_IN = ['dataset', 'language', 'problem'];

/**
 * Checks the options of a task whose file has these columns.
 *
 * @throws {TaskError} when the task has no such option, or one says nothing with the others
 */
export function checkOptions(task: Task, options: TaskOptions, columns: readonly ColumnUse[]): void {
  checkOptionNames(task, options);
  refuseWithoutData(
    task.name,
    options,
    columns.map(({ use }) => use),
  );
}

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
    throw new TaskError(`${task}: expected --data or ${flag(other)}, got both; leave one out`);
  }
  const name = [...OWN_DATA_OPTIONS.map((option) => option.name), ...own].find((one) => options[one] !== undefined);
  if (name === undefined) return;
  throw new TaskError(
    `${task}: ${flag(name)}: expected a file of yours to go with it (--data FILE), got none; leave it out`,
  );
}

/** Cells by use; a column that is not there has no cell. */
export type Cells = Readonly<Record<string, unknown>>;

/** A row with what it is called: `line 12`, `row 12`, `question 12`, or the name of a file of a folder. */
export interface NamedRow extends Row {
  readonly name: string;
}

/**
 * Reads every row of a file. `make` returns an example, or in words why the row cannot be used.
 *
 * @throws {TaskError} if the file cannot be read, has no such column, or too many of its rows are refused
 */
export async function readOwnData<Example extends object>(
  task: string,
  options: TaskOptions,
  uses: readonly ColumnUse[],
  make: (cells: Cells, row: NamedRow) => Example | string,
): Promise<OwnData<Example>> {
  const path = String(options.data);
  const allowed = shareOption(task, options, 'allowRefused', ALLOWED_SHARE);
  try {
    const refusals = createRefusals(path, allowed);
    const format = options.format === undefined ? {} : { format: String(options.format) };
    const table = await openRows(path, { refusals, ...format });
    const fields = findFields(table.columns, options, uses, path);
    const examples: Example[] = [];
    let [rows, ownRefusals] = [0, 0];
    for await (const row of table.rows) {
      rows += 1;
      const made = makeExample(fields, row, options, (cells) => make(cells, { ...row, name: nameOf(row, refusals) }));
      if (typeof made === 'string') {
        ownRefusals += 1;
        refusals.refuse(row.line, made);
      } else examples.push(made);
    }
    // Rows that the reader refused never came here.
    const read = rows + refusals.count - ownRefusals;
    return {
      examples,
      summary: {
        source: path,
        format: table.format,
        rows: read,
        refused: { count: refusals.count, unit: refusals.unit, first: [...refusals.first] },
        columns: table.columns.map((name) => ({ name, use: usesOf(fields, name) })),
      },
    };
  } catch (error) {
    throw error instanceof DataError ? new TaskError(`${task}: ${error.message}`, { cause: error }) : error;
  }
}

/** Where the cells of a use are: a column, and the keys that lead to a field within its objects. */
interface Field {
  readonly use: string;
  readonly column: string;
  readonly keys: readonly string[];
}

/** @throws {DataError} if a column that is needed is not there */
function findFields(
  columns: readonly string[],
  options: TaskOptions,
  uses: readonly ColumnUse[],
  path: string,
): readonly Field[] {
  return uses.flatMap(({ use, guesses, optional = false }): Field[] => {
    const asked = options[use] === undefined ? undefined : String(options[use]);
    if (asked === undefined && optional && !guesses.some((guess) => hasColumn(columns, guess))) return [];
    // `translation.en` is the field `en` of the column `translation`, unless a column is called so.
    const outer = asked === undefined || hasColumn(columns, asked) ? undefined : outerColumn(columns, asked);
    const column = columnOf(columns, outer ?? asked, guesses, use, path);
    return [{ use, column, keys: outer === undefined ? [] : (asked as string).slice(outer.length + 1).split('.') }];
  });
}

/** The column that a name with dots begins with, if there is one. */
function outerColumn(columns: readonly string[], asked: string): string | undefined {
  const ends = [...asked.matchAll(/\./g)].map(({ index }) => asked.slice(0, index));
  return ends.find((name) => hasColumn(columns, name));
}

/** The example that `make` makes of the cells, or in words why there are none. */
function makeExample<Example extends object>(
  fields: readonly Field[],
  row: Row,
  options: TaskOptions,
  make: (cells: Cells) => Example | string,
): Example | string {
  const cells: Record<string, unknown> = {};
  for (const { use, column, keys } of fields) {
    let cell = row.cells[column];
    for (const key of keys) {
      if (typeof cell !== 'object' || cell === null || !Object.hasOwn(cell, key)) {
        return `${use}: expected ${[column, ...keys].join('.')}, got ${column}: ${JSON.stringify(row.cells[column])?.slice(0, 60) ?? 'nothing'}`;
      }
      cell = (cell as Readonly<Record<string, unknown>>)[key];
    }
    cells[use] = cell;
  }
  return options.group !== undefined && groupCell(cells) === undefined ? NO_GROUP : make(cells);
}

function usesOf(fields: readonly Field[], column: string): string {
  const uses = fields.flatMap(({ use, column: name, keys }) =>
    name === column ? [keys.length === 0 ? use : `${use}: ${keys.join('.')}`] : [],
  );
  return uses.join(', ') || 'not used';
}

function nameOf({ line, cells }: Row, { unit }: Refusals): string {
  return unit === 'file' && typeof cells.name === 'string' ? cells.name : `${unit} ${line}`;
}

const NO_GROUP = 'group: expected a value, got an empty cell';

/** A cell that holds a text: trimmed, or in words why not. */
export function textCell(cells: Cells, use: string): { readonly text: string } | string {
  const value = cells[use];
  if (value === undefined || value === null || value === '') return `${use}: expected a text, got an empty cell`;
  if (typeof value === 'object') {
    const field = Array.isArray(value) ? undefined : Object.keys(value)[0];
    const hint = field === undefined ? '' : `; a field of it is named with a dot: ${flag(use)} COLUMN.${field}`;
    return `${use}: expected a text, got ${JSON.stringify(value).slice(0, 40)}${hint}`;
  }
  const text = String(value).trim();
  return text === '' ? `${use}: expected a text, got an empty cell` : { text };
}

/** The cell of the group column, where there is one. */
export function groupCell({ group }: Cells): string | undefined {
  return group === undefined || group === null || group === '' ? undefined : String(group);
}

/** A text of the column `source`, what belongs to it in `target`, and its group; or in words why not. */
export function pairCells(cells: Cells, name: string, source: 'source' | 'text') {
  const [from, to] = [textCell(cells, source), textCell(cells, 'target')];
  if (typeof from === 'string') return from;
  if (typeof to === 'string') return to;
  return { id: name, group: groupCell(cells), source: from.text, target: to.text };
}

function hasColumn(columns: readonly string[], name: string): boolean {
  return columns.some((column) => column.toLowerCase() === name.toLowerCase());
}
