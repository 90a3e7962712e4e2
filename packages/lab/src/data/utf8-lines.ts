/**
 * Reads a file as UTF-8 text, piece by piece, so that a large file needs little memory, and says where it is not
 * text. Knows no format.
 */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DataError } from './data-error.ts';

/** Larger files are refused: they would take minutes to read in every process that trains. */
const LARGEST_FILE = 512 * 2 ** 20;
/** A longer line is no line of a table. */
const LONGEST_LINE = 2 ** 20;
const NEWLINE = 0x0a;

/**
 * The text of `path` in pieces that end at line ends (the last may not), without a byte order mark.
 * @throws {DataError} if there is no such file, it is a directory, empty, too large, not readable or not UTF-8 text
 */
export async function* readUtf8(path: string): AsyncGenerator<string> {
  const size = await sizeOf(path);
  if (size === 0) throw new DataError(`${path}: expected a table with a header line, got an empty file`);
  if (size > LARGEST_FILE) {
    const [found, largest] = [size, LARGEST_FILE].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
    throw new DataError(`${path}: expected at most ${largest}, got ${found}; give fewer rows or columns`);
  }
  let rest = Buffer.alloc(0);
  let line = 1;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 18 }) as AsyncIterable<Buffer>) {
      const bytes = Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      rest = bytes.subarray(end);
      if (rest.length > LONGEST_LINE) {
        throw new DataError(`${path}: not a table: line ${line + countLines(bytes.subarray(0, end))} has no end`);
      }
      if (end === 0) continue;
      yield decode(path, bytes.subarray(0, end), line);
      line += countLines(bytes.subarray(0, end));
    }
    if (rest.length > 0) yield decode(path, rest, line);
  } catch (error) {
    throw error instanceof DataError ? error : unreadable(path, error);
  }
}

async function sizeOf(path: string): Promise<number> {
  if (path.includes('\0')) throw new DataError('expected the path of a file, got one with a NUL character');
  try {
    const status = await stat(path);
    if (status.isDirectory()) throw new DataError(`${path}: expected a file, got a directory`);
    if (!status.isFile()) throw new DataError(`${path}: expected an ordinary file`);
    return status.size;
  } catch (error) {
    throw error instanceof DataError ? error : unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): DataError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new DataError(`${path}: no such file`, { cause: error });
  if (code === 'EACCES') return new DataError(`${path}: no permission to read this file`, { cause: error });
  return new DataError(`${path}: cannot be read: ${(error as Error).message}`, { cause: error });
}

/** Text of whole lines, the first of which is number `line`. */
function decode(path: string, bytes: Buffer, line: number): string {
  if (!isUtf8(bytes) || bytes.includes(0)) {
    let start = 0;
    let bad = line;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      const one = bytes.subarray(start, end);
      if (!isUtf8(one) || one.includes(0)) break;
      start = end + 1;
      bad++;
    }
    throw new DataError(`${path}: line ${bad} is not UTF-8 text; save the file as CSV in UTF-8`);
  }
  const text = bytes.toString('utf8');
  return line === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
