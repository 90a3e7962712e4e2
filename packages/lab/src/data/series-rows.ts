/**
 * Reads series from a table: a column of times, columns of numbers, and where the table holds several series a column
 * that tells them apart. In a series a hole matters: the first row that cannot be used stops the reading, unless a share
 * of them is allowed; those leave gaps. Knows nothing of what a series is used for.
 */
import { DataError } from './data-error.ts';
import { createRefusals, type Refusal, type Refusals, strictRefusals } from './refusals.ts';
import { placeAt } from './rows/bytes.ts';
import { columnOf, type OpenedRows, openRows, type Row } from './rows.ts';
import { parseTime } from './time.ts';

/** Which columns are read, as a person names them. */
export interface SeriesColumns {
  /** Unless given, the column called `time`, `date`, `timestamp` or the like. */
  readonly time?: string | undefined;
  /** Names with commas between. Unless given, the only column that is left. */
  readonly targets?: string | undefined;
  /** Names with commas between; none unless given. */
  readonly features?: string | undefined;
  /** The column that tells series apart; one series unless given. */
  readonly group?: string | undefined;
  /** As of `openRows`. */
  readonly format?: string | undefined;
  /** The share of rows that may be unusable and leave gaps; 0 unless given. */
  readonly allowedShare?: number | undefined;
}

/** The rows of one series, in the order of the file. */
export interface RowsOfSeries {
  /** What the column `group` says; absent without one. */
  readonly group?: string;
  /** Milliseconds since 1970-01-01T00:00Z; a time without a zone is taken as UTC. */
  readonly times: Float64Array;
  /** The numbers of each target, then of each feature, one for each time. */
  readonly values: readonly Float64Array[];
  /** The line of the file on which each row begins, from 1; of Parquet the row. */
  readonly lines: Int32Array;
}

/** A table of series. */
export interface SeriesRows {
  readonly source: string;
  readonly format: string;
  /** The names of all columns, and of those used. */
  readonly columns: readonly string[];
  readonly time: string;
  readonly targets: readonly string[];
  readonly features: readonly string[];
  readonly group?: string;
  /** All rows, those refused among them. */
  readonly rows: number;
  readonly refused: { readonly count: number; readonly unit: Refusals['unit']; readonly first: readonly Refusal[] };
  /** By group, in the order in which groups are met. */
  readonly series: readonly RowsOfSeries[];
}

/** Names of columns taken for the time if none is given. */
const TIME_NAMES = ['time', 'date', 'datetime', 'timestamp', 'ds', 'day', 'month', 'year'];
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
/** A longer record is no row of times and numbers. */
const LONGEST_RECORD = 2 ** 20;

/**
 * @throws {DataError} if the file is missing, a directory, empty, not a table, has no such column or no rows, or more
 * rows than allowed have a cell that is not what its column holds (with line numbers)
 */
export async function readSeriesRows(path: string, asked: SeriesColumns = {}): Promise<SeriesRows> {
  const { table, refusals } = await openTable(path, asked);
  const used = chooseColumns(path, table, asked);
  const groups = new Map<string, Growing>();
  let [rows, ownRefusals] = [0, 0];
  for await (const row of table.rows) {
    rows++;
    const read = readRow(row, used);
    if (typeof read === 'string') {
      ownRefusals++;
      refusals.refuse(row.line, read);
      continue;
    }
    let series = groups.get(read.group);
    if (series === undefined) {
      series = { times: [], values: read.values.map(() => []), lines: [] };
      groups.set(read.group, series);
    }
    series.times.push(read.time);
    for (const [index, value] of read.values.entries()) series.values[index]?.push(value);
    series.lines.push(row.line);
  }
  return {
    source: path,
    format: table.format,
    columns: table.columns,
    ...used,
    // Rows that the reader refused never came here.
    rows: rows + refusals.count - ownRefusals,
    refused: { count: refusals.count, unit: refusals.unit, first: [...refusals.first] },
    series: [...groups].map(([group, { times, values, lines }]) => ({
      ...(used.group === undefined ? {} : { group }),
      times: Float64Array.from(times),
      values: values.map((column) => Float64Array.from(column)),
      lines: Int32Array.from(lines),
    })),
  };
}

interface Growing {
  readonly times: number[];
  readonly values: readonly number[][];
  readonly lines: number[];
}

async function openTable(
  path: string,
  { format, allowedShare = 0 }: SeriesColumns,
): Promise<{ readonly table: OpenedRows; readonly refusals: Refusals }> {
  if ((await placeAt(path)).kind === 'folder') throw new DataError(`${path}: expected a file, got a directory`);
  const open = async (as: string | undefined): Promise<{ table: OpenedRows; refusals: Refusals }> => {
    let kind = '';
    const describe = (reason: string): string =>
      `${kind !== '' && !reason.startsWith('column ') ? kind : ''}${reason}; mend it, or leave such rows out as gaps ` +
      'in time with --allow-refused 0.01';
    const refusals = allowedShare === 0 ? strictRefusals(path, describe) : createRefusals(path, allowedShare);
    const table = await openRows(path, { refusals, format: as, longestRecord: LONGEST_RECORD });
    if (table.format === 'csv' || table.format === 'tsv') kind = 'not a CSV: ';
    return { table, refusals };
  };
  const opened = await open(format);
  // A series is a table, whatever the name of its file.
  if (opened.table.format === 'text' && format === undefined) return open('csv');
  if (['text', 'conll', 'squad'].includes(opened.table.format)) {
    throw new DataError(`${path}: expected a table with times and numbers, got the format ${opened.table.format}`);
  }
  return opened;
}

type UsedColumns = Pick<SeriesRows, 'time' | 'targets' | 'features' | 'group'>;

function chooseColumns(path: string, { columns, format }: OpenedRows, asked: SeriesColumns): UsedColumns {
  const list = columns.map((name) => name || '(no name)').join(', ');
  if (columns.length < 2) {
    const kind = format === 'csv' || format === 'tsv' ? 'not a CSV: ' : '';
    throw new DataError(`${path}: ${kind}expected a time column and a number column, got the one column ${list}`);
  }
  const find = (what: string, name: string | undefined, guesses: readonly string[] = []): string =>
    columnOf(columns, name, guesses, what, path);
  const time = find('time', asked.time, TIME_NAMES);
  const group = asked.group === undefined ? undefined : find('group', asked.group);
  const features = namesIn(asked.features ?? '', columns).map((name) => find('features', name));
  const others = columns.filter((name) => name !== time && name !== group && !features.includes(name));
  if (asked.targets === undefined && others.length > 1) {
    throw new DataError(`${path}: which column is to be forecast? Give --target with one or several of ${list}`);
  }
  const targets =
    asked.targets === undefined ? others : namesIn(asked.targets, columns).map((name) => find('target', name));
  if (targets.length === 0) throw new DataError(`${path}: expected at least one column to forecast, got none`);
  const uses = new Map([[time, 'the time']]);
  const use = (name: string, what: string): void => {
    const before = uses.get(name);
    if (before === what) throw new DataError(`${path}: column ${name} is ${what} twice; name it once`);
    if (before !== undefined) throw new DataError(`${path}: column ${name} cannot be both ${before} and ${what}`);
    uses.set(name, what);
  };
  if (group !== undefined) use(group, 'the group');
  for (const name of targets) use(name, 'a target');
  for (const name of features) use(name, 'a feature');
  return { time, targets, features, ...(group === undefined ? {} : { group }) };
}

/** The names in a list with commas between; one name of `columns` may have commas itself. */
export function namesIn(text: string, columns: readonly string[]): string[] {
  if (columns.includes(text)) return [text];
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** What a row says, or in words why it cannot be used. */
function readRow(
  { cells }: Row,
  { time, targets, features, group }: UsedColumns,
): { readonly time: number; readonly values: readonly number[]; readonly group: string } | string {
  const at = timeOf(cells[time]);
  if (typeof at === 'string') return `column ${time}: ${at}`;
  const values: number[] = [];
  for (const name of [...targets, ...features]) {
    const value = numberOf(cells[name]);
    if (typeof value === 'string') return `column ${name}: ${value}`;
    values.push(value);
  }
  const named = group === undefined ? '' : cells[group];
  if (group !== undefined && isMissing(named))
    return `column ${group}: expected the name of a series, got an empty cell`;
  return { time: at, values, group: String(named) };
}

function timeOf(cell: unknown): number | string {
  if (isMissing(cell)) return 'expected a time, got an empty cell';
  const time = cell instanceof Date ? cell.getTime() : parseTime(String(cell));
  if (time !== undefined && Number.isFinite(time)) return time;
  return `expected a time such as 2024-01-31, 2024-01-31T12:00Z, 2024-01 or 2024, got ${quote(String(cell))}`;
}

function numberOf(cell: unknown): number | string {
  if (isMissing(cell)) return 'expected a number, got an empty cell';
  const value = typeof cell === 'number' ? cell : NUMBER.test(String(cell)) ? Number(cell) : Number.NaN;
  return Number.isFinite(value) ? value : `expected a number such as 1234.5, got ${quote(String(cell))}`;
}

function isMissing(cell: unknown): boolean {
  return cell === undefined || cell === null || cell === '';
}

function quote(cell: string): string {
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
}
