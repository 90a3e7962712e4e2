/**
 * Reads Parquet, one group of rows after the other, so that memory holds one group. Cells keep their types: strings,
 * numbers, booleans, dates, lists and structs; whole numbers of 64 bits are numbers where these are exact.
 * Knows nothing of what a column is used for.
 */
import { type AsyncBuffer, asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { DataError } from '../data-error.ts';
import { isGzip, readWhole } from './bytes.ts';
import type { Reader } from './reader.ts';

/** In bytes, decompressed. */
const LARGEST_GROUP = 2 ** 30;
const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** Stands for a text that is not UTF-8. */
const NOT_TEXT = Symbol('not UTF-8');

/** @throws {DataError} if the file is damaged, or has groups of rows of more than 1 GiB */
export async function openParquet(path: string): Promise<Reader> {
  const file = await openFile(path);
  const metadata = await guard(path, () => parquetMetadataAsync(file));
  const columns = metadata.schema[0] === undefined ? [] : topColumns(metadata.schema);
  for (const [index, group] of metadata.row_groups.entries()) {
    if (group.total_byte_size > LARGEST_GROUP) {
      throw new DataError(
        `${path}: expected groups of rows of at most 1 GiB, got ${group.total_byte_size} bytes in group ${index + 1}; ` +
          'write the file with smaller row groups',
      );
    }
  }
  return {
    columns,
    unit: 'row',
    withoutRows: 'columns only',
    async *rows(refuse) {
      let start = 0;
      for (const group of metadata.row_groups) {
        const end = start + Number(group.num_rows);
        const rows = await guard(path, () =>
          parquetReadObjects({
            file,
            metadata,
            rowStart: start,
            rowEnd: end,
            compressors: bounded,
            parsers: { stringFromBytes: textOf },
          }),
        );
        for (const [index, row] of rows.entries()) {
          const bad = Object.keys(row).find((name) => holdsNoText(row[name]));
          if (bad === undefined) yield { line: start + index + 1, cells: plain(row) as Record<string, unknown> };
          else refuse(start + index + 1, `column ${bad} holds bytes that are not UTF-8 text`);
        }
        start = end;
      }
    },
  };
}

async function openFile(path: string): Promise<AsyncBuffer> {
  if (!(await isGzip(path))) return asyncBufferFromFile(path);
  const bytes = await readWhole(path);
  return {
    byteLength: bytes.length,
    slice: (start, end) => Uint8Array.prototype.slice.call(bytes, start, end).buffer as ArrayBuffer,
  };
}

/** Decompressors that do not make room for more than a group of rows may have. */
const bounded = Object.fromEntries(
  Object.entries(compressors).map(([name, decompress]) => [
    name,
    (input: Uint8Array, length: number): Uint8Array => {
      if (length > LARGEST_GROUP) throw new Error('a page of more than 1 GiB');
      return decompress(input, length);
    },
  ]),
);

async function guard<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    throw new DataError(`${path}: damaged or unusual Parquet: ${(error as Error).message}; write the file again`, {
      cause: error,
    });
  }
}

/** The names of the columns: the children of the root of the schema, which lists its nodes depth first. */
function topColumns(
  schema: readonly { readonly name: string; readonly num_children?: number | undefined }[],
): string[] {
  const names: string[] = [];
  let inside = 0;
  for (const { name, num_children: children = 0 } of schema.slice(1)) {
    if (inside === 0) names.push(name);
    else inside--;
    inside += children;
  }
  return names;
}

function textOf(bytes: Uint8Array | undefined): string | symbol | undefined {
  if (bytes === undefined || bytes === null) return undefined;
  try {
    return UTF8.decode(bytes);
  } catch {
    return NOT_TEXT;
  }
}

function holdsNoText(value: unknown): boolean {
  if (value === NOT_TEXT) return true;
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return false;
  return Object.values(value).some(holdsNoText);
}

/** The value with whole numbers as numbers where they are exact, and null for what is missing. */
function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? value : Array.from(value as never, plain);
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, cell]) => [name, plain(cell)]));
}
