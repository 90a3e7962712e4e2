/**
 * The one reader of CSV: fields separated by commas, semicolons or tabs, whichever the header has most of, a header
 * line, quotation marks as in RFC 4180. Space around cells is trimmed (with tabs, also within quotation marks); empty
 * lines are no rows. A row with wrong quotation marks is refused and reading goes on with the next line. Of
 * tab-separated files quotation marks within a cell are ordinary characters. Knows nothing of what a column is used for.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { DataError } from '../data-error.ts';
import { LONGEST_LINE, readUtf8 } from '../utf8-lines.ts';
import type { Reader } from './reader.ts';

export type Delimiter = ',' | ';' | '\t';

/** The fields of one record, or why its line is none; `line` is the line on which it begins. */
type Entry = { readonly line: number } & ({ readonly fields: string[] } | { readonly problem: string });

const NAMES: Readonly<Record<Delimiter, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' };
/** Signs between columns in other people's files, that are not understood. */
const OTHER_SIGNS = ['|', ';', '\t', ',', ':', '^', '~'];
const NEWLINE = 0x0a;
const QUOTE = 0x22;
const SPACES = [0x20, 0x09, 0x0d, NEWLINE];
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * @param head the beginning of the file as text
 * @param asked the delimiter; without it, whichever the header has most of
 * @param longestRecord in bytes
 * @throws {DataError} if it has no header line, or its columns are separated by something else
 */
export async function openDelimited(
  path: string,
  head: string,
  asked?: Delimiter,
  longestRecord = LONGEST_LINE,
): Promise<Reader> {
  const delimiter = asked ?? delimiterOf(head);
  const columns = await headerOf(path, delimiter, longestRecord);
  if (columns.length === 1) checkOneColumn(path, head, delimiter);
  // The first of two columns of one name keeps it; columnOf refuses the name.
  const named = columns
    .map((name, index) => [name, index] as const)
    .filter(([name, index]) => columns.indexOf(name) === index);
  return {
    columns,
    unit: 'line',
    withoutRows: 'a header line only',
    async *rows(refuse) {
      let first = true;
      for await (const entry of readEntries(path, delimiter, longestRecord)) {
        if (first) first = false;
        else if ('problem' in entry) refuse(entry.line, entry.problem);
        else if (entry.fields.length !== columns.length) {
          const counts = `got ${entry.fields.length} instead of ${columns.length}`;
          refuse(entry.line, `expected as many fields as the header has, ${counts}`);
        } else {
          yield {
            line: entry.line,
            cells: Object.fromEntries(named.map(([name, index]) => [name, entry.fields[index]])),
          };
        }
      }
    },
  };
}

/** The sign that the header line has most of; commas if it has none. */
export function delimiterOf(text: string): Delimiter {
  const header = (/^.*$/m.exec(text.trimStart())?.[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const count = (sign: string): number => header.split(sign).length;
  return ([';', '\t'] as const).reduce<Delimiter>((best, sign) => (count(sign) > count(best) ? sign : best), ',');
}

async function headerOf(path: string, delimiter: Delimiter, longestRecord: number): Promise<readonly string[]> {
  for await (const entry of readEntries(path, delimiter, longestRecord)) {
    if ('problem' in entry) throw new DataError(`${path}: line ${entry.line}: not a CSV: ${entry.problem}`);
    if (entry.fields.every((name) => NUMBER.test(name))) {
      throw new DataError(
        `${path}: line ${entry.line}: expected a header line that names the columns, got numbers; write names above them`,
      );
    }
    return entry.fields;
  }
  throw new DataError(`${path}: expected a table with a header line, got only empty lines`);
}

/** Refuses a header of one name that holds another sign as often as each line below it does. */
function checkOneColumn(path: string, head: string, delimiter: Delimiter): void {
  const [header = '', ...below] = head.split('\n').filter((line) => line.trim() !== '');
  const lines = below.slice(0, 5);
  for (const sign of OTHER_SIGNS) {
    const count = header.split(sign).length - 1;
    if (sign === delimiter || count === 0 || lines.length === 0) continue;
    if (!lines.every((line) => line.split(sign).length - 1 === count)) continue;
    const known = Object.hasOwn(NAMES, sign);
    throw new DataError(
      `${path}: expected columns separated by ${NAMES[delimiter]}, got the one column ${JSON.stringify(header.trim())}: ` +
        `the columns seem to be separated by ${known ? NAMES[sign as Delimiter] : JSON.stringify(sign)}; ` +
        (known
          ? `give --format ${sign === '\t' ? 'tsv' : 'csv'}`
          : 'save the table with commas, semicolons or tabs between its columns'),
    );
  }
}

/** The records of the file, the header first, in bounded memory. */
async function* readEntries(path: string, delimiter: Delimiter, longestRecord: number): AsyncGenerator<Entry> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  // A record that spans pieces is parsed again only once it has doubled, so that the work stays linear.
  let enough = 0;
  for await (const piece of readUtf8(path, longestRecord)) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    rest = bytes;
    if (bytes.length < enough) continue;
    const { entries, used, nextLine } = parseEntries(bytes, line, delimiter);
    yield* entries;
    rest = bytes.subarray(used);
    line = nextLine;
    enough = 2 * rest.length;
    if (rest.length > longestRecord) throw unclosed(path, rest, line);
  }
  if (rest.length === 0) return;
  const { entries, used, nextLine } = parseEntries(rest, line, delimiter);
  yield* entries;
  if (used < rest.length) throw unclosed(path, rest.subarray(used), nextLine);
}

/** The records of `bytes` whose first line is number `line`, up to one whose quotation mark is not closed in it. */
function parseEntries(
  bytes: Buffer,
  line: number,
  delimiter: Delimiter,
): { readonly entries: readonly Entry[]; readonly used: number; readonly nextLine: number } {
  const entries: Entry[] = [];
  let used = 0;
  let nextLine = line;
  const tabs = delimiter === '\t';
  while (used < bytes.length) {
    const part = bytes.subarray(used);
    let end = 0;
    try {
      parse(part, {
        delimiter,
        record_delimiter: ['\r\n', '\n'],
        trim: !tabs,
        skip_empty_lines: true,
        relax_column_count: true,
        relax_quotes: tabs,
        on_record: (fields: string[], info) => {
          // The parser takes what follows `"Hi" ` for an error if it trims.
          const cells = tabs ? fields.map((field) => field.trim()) : fields;
          const blank = blankLines(part, end, info.bytes);
          const empty = cells.length === 1 && cells[0] === '' && !part.subarray(end, info.bytes).includes(QUOTE);
          if (!empty) entries.push({ line: nextLine + blank, fields: cells });
          nextLine += newlines(part, end, info.bytes);
          end = info.bytes;
          return null;
        },
      });
      return { entries, used: bytes.length, nextLine: nextLine + newlines(part, end, part.length) };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      used += end;
      if (error.code === 'CSV_QUOTE_NOT_CLOSED') return { entries, used, nextLine };
      const bad = nextLine + blankLines(part, end, part.length);
      entries.push({ line: bad, problem: 'a quotation mark within a cell is not doubled, or one is never closed' });
      for (; nextLine <= bad && used < bytes.length; nextLine++) {
        const newline = bytes.indexOf(NEWLINE, used);
        used = newline < 0 ? bytes.length : newline + 1;
      }
    }
  }
  return { entries, used, nextLine };
}

function unclosed(path: string, rest: Buffer, line: number): DataError {
  return new DataError(
    `${path}: line ${line + blankLines(rest, 0, rest.length)}: not a CSV: a quotation mark is opened and never closed`,
  );
}

/** How many empty lines there are before the record that lies in these bytes. */
function blankLines(bytes: Buffer, start: number, end: number): number {
  let lines = 0;
  for (let at = start; at < end - 1 && SPACES.includes(bytes[at] as number); at++) {
    if (bytes[at] === NEWLINE) lines++;
  }
  return lines;
}

function newlines(bytes: Buffer, start: number, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE, start); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
