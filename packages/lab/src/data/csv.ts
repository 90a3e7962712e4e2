/**
 * Reads a time column and columns of numbers of a table. In a series a hole matters: the first row or cell that cannot
 * be used stops the reading. Knows nothing of what a series is used for.
 */
import { DataError } from './data-error.ts';
import { strictRefusals } from './refusals.ts';
import { placeAt } from './rows/bytes.ts';
import { type OpenedRows, openRows } from './rows.ts';
import { parseTime } from './time.ts';

/** Columns against time, in the order of the file. */
export interface TimedColumns {
  /** The names of the columns used. */
  readonly timeColumn: string;
  readonly valueColumns: readonly string[];
  /** Milliseconds since 1970-01-01T00:00Z; a time without a zone is taken as UTC. */
  readonly times: Float64Array;
  /** For each of `valueColumns` its values, one for each time. */
  readonly values: readonly Float64Array[];
  /** The line of the file on which each row begins, from 1. */
  readonly lines: Int32Array;
}

/** One column against time, in the order of the file. */
export interface TimedColumn extends Pick<TimedColumns, 'timeColumn' | 'times' | 'lines'> {
  readonly valueColumn: string;
  readonly values: Float64Array;
}

/** Names of columns taken for the time if none is given. */
const TIME_NAMES = ['time', 'date', 'datetime', 'timestamp', 'ds', 'day', 'month', 'year'];
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** A longer record is no row of times and numbers. */
const LONGEST_RECORD = 2 ** 20;

/**
 * @param columns names of the time and value columns; without them the time is the column called `time`, `date`,
 * `timestamp` or the like, and the value the only other column; `format` as of `openRows`
 * @throws {DataError} if the file is missing, a directory, empty, not a table, has no such column or no rows, or a cell
 * is not what its column holds (with the line number)
 */
export async function readTimedColumn(
  path: string,
  columns: { readonly time?: string | undefined; readonly value?: string | undefined } & Format = {},
): Promise<TimedColumn> {
  const { value, ...others } = columns;
  const table = await readTimedColumns(path, { ...others, values: value === undefined ? undefined : [value] });
  const { timeColumn, valueColumns, times, values, lines } = table;
  return { timeColumn, valueColumn: valueColumns[0] as string, times, values: values[0] as Float64Array, lines };
}

interface Format {
  readonly format?: string | undefined;
}

/**
 * As `readTimedColumn`, of several value columns.
 * @param columns `values` are their names, in any order and without repetition
 */
export async function readTimedColumns(
  path: string,
  columns: { readonly time?: string | undefined; readonly values?: readonly string[] | undefined } & Format = {},
): Promise<TimedColumns> {
  const table = await openTable(path, columns.format);
  const { time, values: used } = chooseColumns(path, table, columns);
  const unit = table.format === 'parquet' ? 'row' : 'line';
  const times: number[] = [];
  const values = used.map((): number[] => []);
  const lines: number[] = [];
  for await (const { line, cells } of table.rows) {
    const where = `${path}: ${unit} ${line}: column `;
    times.push(timeOf(cells[time], `${where}${time}`));
    for (const [index, name] of used.entries()) values[index]?.push(numberOf(cells[name], `${where}${name}`));
    lines.push(line);
  }
  return {
    timeColumn: time,
    valueColumns: used,
    times: Float64Array.from(times),
    values: values.map((column) => Float64Array.from(column)),
    lines: Int32Array.from(lines),
  };
}

async function openTable(path: string, format: string | undefined): Promise<OpenedRows> {
  if ((await placeAt(path)).kind === 'folder') throw new DataError(`${path}: expected a file, got a directory`);
  const open = async (as: string | undefined): Promise<OpenedRows> => {
    let kind = '';
    const refusals = strictRefusals(path, (reason) => `${kind}${reason}`);
    const opened = await openRows(path, { refusals, format: as, longestRecord: LONGEST_RECORD });
    if (opened.format === 'csv' || opened.format === 'tsv') kind = 'not a CSV: ';
    return opened;
  };
  const table = await open(format);
  // A series is a table, whatever the name of its file.
  if (table.format === 'text' && format === undefined) return open('csv');
  if (['text', 'conll', 'squad'].includes(table.format)) {
    throw new DataError(`${path}: expected a table with times and numbers, got the format ${table.format}`);
  }
  return table;
}

function chooseColumns(
  path: string,
  { columns: names, format }: OpenedRows,
  asked: { readonly time?: string | undefined; readonly values?: readonly string[] | undefined },
): { readonly time: string; readonly values: readonly string[] } {
  const list = names.map((name) => name || '(no name)').join(', ');
  const find = (name: string): string => {
    const index = names.indexOf(name);
    if (index < 0) throw new DataError(`${path}: expected a column of the file (${list}), got ${name}`);
    if (names.includes(name, index + 1)) throw new DataError(`${path}: more than one column is called ${name}`);
    return name;
  };
  if (names.length < 2) {
    const kind = format === 'csv' || format === 'tsv' ? 'not a CSV: ' : '';
    throw new DataError(`${path}: ${kind}expected a time column and a number column, got the one column ${list}`);
  }
  const time = asked.time ?? names.find((name) => TIME_NAMES.includes(name.toLowerCase()));
  if (time === undefined) throw new DataError(`${path}: which column is the time? Give --time with one of ${list}`);
  find(time);
  const others = names.filter((name) => name !== time);
  if (asked.values === undefined && others.length > 1) {
    throw new DataError(`${path}: which column is to be forecast? Give --target with one of ${list}`);
  }
  const values = (asked.values ?? others).map(find);
  if (values.length === 0) throw new DataError(`${path}: expected at least one column to forecast, got none`);
  if (values.includes(time)) throw new DataError(`${path}: column ${time} cannot be both the time and the target`);
  const twice = values.find((name, index) => values.includes(name, index + 1));
  if (twice !== undefined) throw new DataError(`${path}: column ${twice} is to be forecast twice; name it once`);
  return { time, values };
}

function timeOf(cell: unknown, where: string): number {
  if (isMissing(cell)) throw new DataError(`${where}: expected a time, got an empty cell; fill it or remove the row`);
  const time = cell instanceof Date ? cell.getTime() : parseTime(String(cell));
  if (time !== undefined && Number.isFinite(time)) return time;
  throw new DataError(
    `${where}: expected a time such as 2024-01-31, 2024-01-31T12:00Z, 2024-01 or 2024, got ${quote(String(cell))}`,
  );
}

function numberOf(cell: unknown, where: string): number {
  if (isMissing(cell)) throw new DataError(`${where}: expected a number, got an empty cell; fill it or remove the row`);
  const value = typeof cell === 'number' ? cell : NUMBER.test(String(cell)) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new DataError(`${where}: expected a number such as 1234.5, got ${quote(String(cell))}`);
}

function isMissing(cell: unknown): boolean {
  return cell === undefined || cell === null || cell === '';
}

function quote(cell: string): string {
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
}
