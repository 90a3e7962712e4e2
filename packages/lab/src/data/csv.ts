/**
 * Reads a time and a number column of a CSV file with a header line. Fields are separated by commas, semicolons or
 * tabs, whichever the header has most of. Knows nothing of what a series is used for.
 */
import { pipeline, Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { DataError } from './data-error.ts';
import { parseTime } from './time.ts';
import { readUtf8 } from './utf8-lines.ts';

/** One column against time, in the order of the file. */
export interface TimedColumn {
  /** The names of the columns used. */
  readonly timeColumn: string;
  readonly valueColumn: string;
  /** Milliseconds since 1970-01-01T00:00Z; a time without a zone is taken as UTC. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** The line of the file on which each row ends, from 1. */
  readonly lines: Int32Array;
}

/** Names of columns taken for the time if none is given. */
const TIME_NAMES = ['time', 'date', 'datetime', 'timestamp', 'ds', 'day', 'month', 'year'];
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * @param columns names of the time and value columns; without them the time is the column called `time`, `date`,
 * `timestamp` or the like, and the value the only other column
 * @throws {DataError} if the file is missing, a directory, empty, not UTF-8, not a CSV, has no such column or no rows,
 * or a cell is not what its column holds (with the line number)
 */
export async function readTimedColumn(
  path: string,
  columns: { readonly time?: string | undefined; readonly value?: string | undefined } = {},
): Promise<TimedColumn> {
  let used: { readonly names: readonly string[]; readonly time: number; readonly value: number } | undefined;
  const times: number[] = [];
  const values: number[] = [];
  const lines: number[] = [];
  for await (const { record, line } of readRecords(path)) {
    if (used === undefined) {
      used = { names: record, ...chooseColumns(path, record, columns) };
      continue;
    }
    const { names, time, value } = used;
    times.push(timeOf(record[time] as string, `${path}: line ${line}: column ${names[time]}`));
    values.push(numberOf(record[value] as string, `${path}: line ${line}: column ${names[value]}`));
    lines.push(line);
  }
  if (used === undefined) throw new DataError(`${path}: expected a table with a header line, got only empty lines`);
  if (times.length === 0) throw new DataError(`${path}: expected rows of data, got a header line only`);
  return {
    timeColumn: used.names[used.time] as string,
    valueColumn: used.names[used.value] as string,
    times: Float64Array.from(times),
    values: Float64Array.from(values),
    lines: Int32Array.from(lines),
  };
}

/** The rows of the file as trimmed texts, header first, all with as many fields as the header. */
async function* readRecords(path: string): AsyncGenerator<{ readonly record: string[]; readonly line: number }> {
  const pieces = readUtf8(path);
  const first = await pieces.next();
  if (first.done === true) return;
  const text = async function* (): AsyncGenerator<string> {
    yield first.value;
    yield* pieces;
  };
  const parser = parse({
    delimiter: delimiterOf(first.value),
    info: true,
    trim: true,
    skip_empty_lines: true,
    max_record_size: 2 ** 20,
  });
  // Failures of either stream reach the loop below through the parser; the callback only keeps them from being thrown.
  pipeline(Readable.from(text()), parser, () => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      yield { record, line: info.lines };
    }
  } catch (error) {
    throw error instanceof CsvError ? explain(path, error) : error;
  }
}

function delimiterOf(text: string): string {
  const header = (/^.*$/m.exec(text.trimStart())?.[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const count = (sign: string): number => header.split(sign).length;
  return [';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',');
}

function explain(path: string, error: CsvError): DataError {
  const line = `${path}: line ${String(error.lines ?? '?')}`;
  const cause = { cause: error };
  switch (error.code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH': {
      const found = (error.record as readonly string[] | undefined)?.length;
      return new DataError(`${line}: not a CSV: expected as many fields as the header has, got ${found}`, cause);
    }
    case 'CSV_QUOTE_NOT_CLOSED':
    case 'CSV_MAX_RECORD_SIZE':
      return new DataError(`${line}: not a CSV: a quotation mark is opened and never closed`, cause);
    default:
      return new DataError(`${line}: not a CSV: ${error.message}`, cause);
  }
}

function chooseColumns(
  path: string,
  names: readonly string[],
  asked: { readonly time?: string | undefined; readonly value?: string | undefined },
): { readonly time: number; readonly value: number } {
  const list = names.map((name) => name || '(no name)').join(', ');
  const find = (name: string): number => {
    const index = names.indexOf(name);
    if (index < 0) throw new DataError(`${path}: expected a column of the file (${list}), got ${name}`);
    if (names.includes(name, index + 1)) throw new DataError(`${path}: more than one column is called ${name}`);
    return index;
  };
  if (names.length < 2) {
    throw new DataError(`${path}: not a CSV: expected a time column and a number column, got the one column ${list}`);
  }
  let time = names.findIndex((name) => TIME_NAMES.includes(name.toLowerCase()));
  if (asked.time !== undefined) time = find(asked.time);
  if (time < 0) throw new DataError(`${path}: which column is the time? Give --time with one of ${list}`);
  const others = names.map((_, index) => index).filter((index) => index !== time);
  if (asked.value === undefined && others.length > 1) {
    throw new DataError(`${path}: which column is to be forecast? Give --target with one of ${list}`);
  }
  const value = asked.value === undefined ? (others[0] as number) : find(asked.value);
  if (value === time) throw new DataError(`${path}: column ${names[time]} cannot be both the time and the target`);
  return { time, value };
}

function timeOf(cell: string, where: string): number {
  if (cell === '') throw new DataError(`${where}: expected a time, got an empty cell; fill it or remove the row`);
  const time = parseTime(cell);
  if (time !== undefined) return time;
  throw new DataError(
    `${where}: expected a time such as 2024-01-31, 2024-01-31T12:00Z, 2024-01 or 2024, got ${quote(cell)}`,
  );
}

function numberOf(cell: string, where: string): number {
  if (cell === '') throw new DataError(`${where}: expected a number, got an empty cell; fill it or remove the row`);
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new DataError(`${where}: expected a number such as 1234.5, got ${quote(cell)}`);
}

function quote(cell: string): string {
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
}
