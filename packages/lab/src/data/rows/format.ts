/**
 * Finds out of what format a file of rows is: as asked, else by its name, else by its content; and says so when these
 * do not agree. Knows no reader's insides.
 */
import { DataError } from '../data-error.ts';
import { looksLikeConll } from './conll.ts';
import { delimiterOf } from './delimited.ts';
import { looksLike, looksLikeMarkup } from './looks.ts';

export const ROW_FORMATS = ['csv', 'tsv', 'jsonl', 'json', 'parquet', 'text', 'conll', 'squad'] as const;
export type RowFormat = (typeof ROW_FORMATS)[number];

const BY_EXTENSION: Readonly<Record<string, RowFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  parquet: 'parquet',
  pq: 'parquet',
  conll: 'conll',
  bio: 'conll',
  iob: 'conll',
  iob2: 'conll',
  md: 'text',
};

/** How each format is called in a sentence. */
const CALLED: Readonly<Record<RowFormat, string>> = {
  csv: 'CSV',
  tsv: 'tab-separated',
  jsonl: 'JSON lines',
  json: 'a JSON list',
  parquet: 'Parquet',
  text: 'plain text',
  conll: 'CoNLL',
  squad: 'SQuAD JSON',
};

/** @throws {DataError} if it is none of `ROW_FORMATS` */
export function asFormat(asked: string | undefined): RowFormat | undefined {
  if (asked === undefined || (ROW_FORMATS as readonly string[]).includes(asked)) return asked as RowFormat | undefined;
  throw new DataError(`expected a format of ${ROW_FORMATS.join(', ')}, got ${asked}`);
}

/**
 * The format of the file whose first bytes are `head`, `text` as text.
 * @throws {DataError} if it is no format of rows, or not the one asked for or named by the extension
 */
export function findFormat(path: string, head: Buffer, text: string, asked: RowFormat | undefined): RowFormat {
  const parquet = head.subarray(0, 4).toString('latin1') === 'PAR1';
  const expected = asked ?? BY_EXTENSION[extensionOf(path)];
  const fail = (found: string, advice: string): DataError => {
    const origin = asked === undefined ? 'as its name says' : 'as --format says';
    const wanted = expected === undefined ? 'rows of data' : `${CALLED[expected]}, ${origin}`;
    return new DataError(`${path}: expected ${wanted}, got what looks like ${found}; ${advice}`);
  };
  const look = parquet ? undefined : (looksLike(head) ?? (expected === 'text' ? undefined : looksLikeMarkup(text)));
  if (look !== undefined) throw fail(look.what, look.advice);
  const content = parquet ? 'parquet' : jsonFormat(text);
  const other = (found: RowFormat): DataError => fail(CALLED[found], `give --format ${found}`);
  switch (expected) {
    case undefined:
      return content ?? tableFormat(text, /\.(txt|text)(\.gz)?$/i.test(path));
    case 'text':
      if (parquet) throw other('parquet');
      return 'text';
    case 'json':
      // People name JSON lines and SQuAD .json too.
      if (content === 'json' || (asked === undefined && (content === 'jsonl' || content === 'squad'))) return content;
      throw content === undefined
        ? fail('something else', 'give --format csv, tsv or text if it is that')
        : other(content);
    case 'jsonl':
    case 'squad':
    case 'parquet':
      if (content === expected) return expected;
      if (content === undefined) throw fail('something else', 'give --format csv, tsv or text if it is that');
      throw other(content);
    default:
      if (content !== undefined) throw other(content);
      return expected;
  }
}

/** The extension in small letters, `.gz` left out. */
function extensionOf(path: string): string {
  return (/\.([^./\\]+)(?:\.gz)?$/i.exec(path.replace(/\.gz$/i, ''))?.[1] ?? '').toLowerCase();
}

/** Which kind of JSON the text begins as, if any. */
function jsonFormat(text: string): 'json' | 'jsonl' | 'squad' | undefined {
  if (/^\s*\[\s*([[{"\d\]-]|true|false|null)/.test(text)) return 'json';
  if (!/^\s*\{\s*("|\}|$)/.test(text)) return undefined;
  if (/^\s*\{\s*("version"\s*:\s*"[^"]*"\s*,\s*)?"data"\s*:\s*\[/.test(text)) return 'squad';
  const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
  return isJson(line) || (!text.includes('\n') && !text.includes('"paragraphs"')) ? 'jsonl' : 'squad';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Which format the text is that is neither binary nor JSON: a table if each line has the signs of the first. */
function tableFormat(text: string, namedText: boolean): RowFormat {
  if (looksLikeConll(text)) return 'conll';
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const delimiter = delimiterOf(text);
  const count = (line: string): number => line.replaceAll(/"[^"]*"/g, '').split(delimiter).length - 1;
  const some = lines.slice(0, 20).map(count);
  const table = some.length > 1 && (some[0] as number) > 0 && some.every((signs) => signs === some[0]);
  if (delimiter === '\t') return table ? 'tsv' : 'text';
  return table && !namedText ? 'csv' : 'text';
}
