/**
 * Reads the rows of people's own files: CSV, TSV, JSON lines, a JSON list, Parquet, plain text, a folder of text files,
 * CoNLL and SQuAD, each also compressed with gzip. What cannot be used is refused row by row with its line and reason;
 * a file that is something else altogether is an error that says what it looks like. Knows no task.
 */
import { DataError } from './data-error.ts';
import type { Refusals } from './refusals.ts';
import { placeAt, readHead } from './rows/bytes.ts';
import { openConll } from './rows/conll.ts';
import { openDelimited } from './rows/delimited.ts';
import { asFormat, findFormat, type RowFormat } from './rows/format.ts';
import { openJsonLines } from './rows/json-lines.ts';
import { openJsonList } from './rows/json-list.ts';
import { openParquet } from './rows/parquet.ts';
import { openPlainText, openTextFolder } from './rows/plain-text.ts';
import type { Reader, Row } from './rows/reader.ts';
import { openSquad } from './rows/squad.ts';
import { checkHead, headText, LONGEST_LINE } from './utf8-lines.ts';

export { ROW_FORMATS, type RowFormat } from './rows/format.ts';
export type { Row } from './rows/reader.ts';
export type { SquadAnswer } from './rows/squad.ts';

/** A file of rows, found to be of some format. */
export interface OpenedRows {
  readonly source: string;
  readonly format: RowFormat;
  /** The names of the columns; of JSON, those of the first 100 rows. */
  readonly columns: readonly string[];
  /**
   * The rows that can be used, in the order of the file, once. At the end `refusals.check` is told how many rows there
   * were, so that what the caller refused of the rows it got counts too.
   */
  readonly rows: AsyncIterable<Row>;
}

export interface RowsOptions {
  /** Is told every row that cannot be used. */
  readonly refusals: Refusals;
  /** One of `ROW_FORMATS`; without it the format is found by the name, then by the content. */
  readonly format?: string | undefined;
  /** In bytes; a line or record that is longer means that the file is something else. */
  readonly longestRecord?: number | undefined;
}

/**
 * Opens a file, or a folder of `.txt` files. Text is UTF-8, or UTF-16 with a byte order mark.
 *
 * | format | columns |
 * | --- | --- |
 * | `csv`, `tsv` | as in the header; cells are texts without space around them |
 * | `jsonl`, `json` | the keys of the objects; cells of any type |
 * | `parquet` | as in the schema; cells of any type |
 * | `text` | `text`; of a folder also `name` |
 * | `conll` | `tokens`, `tags` (IOB2), `text`, `offsets`, `document` |
 * | `squad` | `id`, `title`, `question`, `context`, `answers` (list of `SquadAnswer`), `impossible` |
 *
 * @throws {DataError} at once, or while the rows are read, if the file is missing, not readable, empty, without rows, too
 * large, damaged, not of the format asked for or named by its extension, or of none; and at the end if too many rows
 * were refused
 */
export async function openRows(path: string, options: RowsOptions): Promise<OpenedRows> {
  const { refusals } = options;
  const { format, reader } = await open(path, options);
  refusals.unit = reader.unit;
  return { source: path, format, columns: reader.columns, rows: readRows(path, reader, refusals) };
}

async function* readRows(path: string, reader: Reader, refusals: Refusals): AsyncGenerator<Row> {
  let rows = 0;
  const refuse = (line: number, reason: string): void => {
    rows++;
    refusals.refuse(line, reason);
  };
  for await (const row of reader.rows(refuse)) {
    rows++;
    yield row;
  }
  if (rows === 0) throw new DataError(`${path}: expected rows of data, got ${reader.withoutRows}`);
  refusals.check(rows);
}

async function open(
  path: string,
  { format, longestRecord = LONGEST_LINE }: RowsOptions,
): Promise<{ readonly format: RowFormat; readonly reader: Reader }> {
  const asked = asFormat(format);
  const place = await placeAt(path);
  if (place.kind === 'folder') {
    if (asked === undefined || asked === 'text') return { format: 'text', reader: await openTextFolder(path) };
    throw new DataError(`${path}: expected a file of the format ${asked}, got a directory`);
  }
  const { bytes, whole } = await readHead(path);
  if (bytes.length === 0) {
    const table = asked === 'csv' || asked === 'tsv' || /\.[ct]sv(\.gz)?$/i.test(path);
    throw new DataError(
      `${path}: expected ${table ? 'a table with a header line' : 'rows of data'}, got an empty file`,
    );
  }
  const text = headText(bytes, whole);
  const found = findFormat(path, bytes, text, asked);
  if (found !== 'parquet') await checkHead(path, bytes, whole);
  return { format: found, reader: await openAs(found, path, text, longestRecord) };
}

async function openAs(format: RowFormat, path: string, head: string, longestRecord: number): Promise<Reader> {
  switch (format) {
    case 'csv':
      return openDelimited(path, head, undefined, longestRecord);
    case 'tsv':
      return openDelimited(path, head, '\t', longestRecord);
    case 'jsonl':
      return openJsonLines(path, head);
    case 'json':
      return openJsonList(path);
    case 'parquet':
      return openParquet(path);
    case 'text':
      return openPlainText(path);
    case 'conll':
      return openConll(path, head);
    case 'squad':
      return openSquad(path);
  }
}

/**
 * The column to use: the one asked for by its exact name, else by its name in any letter case if only one has it;
 * without one asked for, the first guess that is there, in the same way.
 * @param what the use of the column, which is also the name of the flag that names it: `text` for `--text`
 * @throws {DataError} if there is no such column or more than one of that name, naming the columns there are and the flag
 */
export function columnOf(
  columns: readonly string[],
  asked: string | undefined,
  guesses: readonly string[],
  what: string,
  source: string,
): string {
  for (const name of asked === undefined ? guesses : [asked]) {
    const exact = columns.filter((column) => column === name);
    const found = exact.length > 0 ? exact : columns.filter((column) => column.toLowerCase() === name.toLowerCase());
    if (found.length === 1) return found[0] as string;
    if (found.length > 1) {
      const names = new Set(found).size === 1 ? `called ${found[0]}` : `called ${name}: ${found.join(', ')}`;
      throw new DataError(
        `${source}: more than one column is ${names}; ` +
          (new Set(found).size === 1 ? 'rename one of them' : `give --${what} with the exact name`),
      );
    }
  }
  const list = columns.map((column) => column || '(no name)').join(', ');
  if (asked !== undefined)
    throw new DataError(`${source}: --${what}: expected a column of the file (${list}), got ${asked}`);
  throw new DataError(`${source}: which column is the ${what}? Give --${what} with one of ${list}`);
}
