/**
 * Reads a file as text, piece by piece, so that a large file needs little memory, and says where it is not text.
 * UTF-8 with or without a byte order mark, UTF-16 by its mark; line ends of Unix, Windows and the old Macintosh.
 * Knows no format.
 */
import { isUtf8 } from 'node:buffer';
import { DataError } from './data-error.ts';
import { readBytes, readWhole } from './rows/bytes.ts';

/** A longer line is no line of a table or a text. */
export const LONGEST_LINE = 2 ** 24;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** What the byte order mark at the start of a file says of it. */
type Encoding = 'utf8' | 'utf16le' | 'utf16be';

/** A line of a file with its number, from 1, without its line end. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

/**
 * The file as UTF-8 bytes, in pieces that end at line ends (the last may not), without a byte order mark.
 * @throws {DataError} if the file cannot be read, is too large or not text (with the number of the line), or a line is
 * longer than `longestLine` bytes
 */
export async function* readUtf8(path: string, longestLine = LONGEST_LINE): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restLength = 0;
  let line = 1;
  for await (const chunk of transcode(path, readBytes(path))) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const piece = checked(path, Buffer.concat([...rest, chunk.subarray(0, end)]), line);
      line += countLines(piece);
      yield piece;
      rest = [];
      restLength = 0;
    }
    if (end < chunk.length) rest.push(chunk.subarray(end));
    restLength += chunk.length - end;
    if (restLength > longestLine) {
      checked(path, Buffer.concat(rest), line, false);
      throw new DataError(`${path}: not a table: line ${line} has no end`);
    }
  }
  if (restLength > 0) yield checked(path, Buffer.concat(rest), line);
}

/** The lines of a text file. */
export async function* readLines(path: string, longestLine = LONGEST_LINE): AsyncGenerator<Line> {
  let line = 1;
  for await (const piece of readUtf8(path, longestLine)) {
    const lines = piece.toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const text of lines) yield { line: line++, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  }
}

/** The whole file as one text. */
export async function readText(path: string, limit?: number): Promise<string> {
  const bytes = await readWhole(path, limit);
  const whole = async function* (): AsyncGenerator<Buffer> {
    yield bytes;
  };
  const pieces: Buffer[] = [];
  for await (const piece of transcode(path, whole())) pieces.push(checked(path, piece, 1));
  return pieces.map((piece) => piece.toString('utf8')).join('');
}

/** The beginning of a file as text as well as it goes, for finding out what it is; without a line cut short. */
export function headText(bytes: Buffer, whole: boolean): string {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding === 'utf8' ? 'utf-8' : encoding.replace('utf16', 'utf-16')).decode(bytes);
  const lines = isMacintosh(text) ? text.replaceAll('\r', '\n') : text;
  return whole || !lines.includes('\n') ? lines : lines.slice(0, lines.lastIndexOf('\n') + 1);
}

/**
 * @param bytes the beginning of a file, `whole` if that is all of it
 * @throws {DataError} if its whole lines are not text, with the number of the line
 */
export async function checkHead(path: string, bytes: Buffer, whole: boolean): Promise<void> {
  const head = async function* (): AsyncGenerator<Buffer> {
    yield bytes;
  };
  for await (const text of transcode(path, head(), whole)) {
    checked(path, whole ? text : text.subarray(0, text.lastIndexOf(NEWLINE) + 1), 1);
  }
}

function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf16be' : 'utf8';
}

function isMacintosh(text: string): boolean {
  return text.includes('\r') && !text.includes('\n');
}

/** The pieces in UTF-8, without the byte order mark and with line feeds at line ends; `whole` if nothing follows. */
async function* transcode(path: string, pieces: AsyncIterable<Buffer>, whole = true): AsyncGenerator<Buffer> {
  let convert: ((piece: Buffer) => Buffer) | undefined;
  let finish = (): void => undefined;
  let macintosh = false;
  for await (const piece of pieces) {
    let bytes = piece;
    if (convert === undefined) {
      const encoding = encodingOf(piece);
      if (encoding === 'utf8') {
        convert = (next) => next;
        if (piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf) bytes = piece.subarray(3);
      } else {
        ({ convert, finish } = fromUtf16(path, encoding));
        bytes = convert(piece.subarray(2));
      }
      macintosh = bytes.includes(RETURN) && !bytes.includes(NEWLINE);
    } else bytes = convert(piece);
    yield macintosh ? (bytes.map((byte) => (byte === RETURN ? NEWLINE : byte)) as Buffer) : bytes;
  }
  if (whole) finish();
}

/** A converter that keeps the bytes of a character cut by the end of a piece for the next piece. */
function fromUtf16(path: string, encoding: Encoding): { convert: (piece: Buffer) => Buffer; finish: () => undefined } {
  let rest: Buffer = Buffer.alloc(0);
  let line = 1;
  const convert = (piece: Buffer): Buffer => {
    const bytes = Buffer.concat([rest, piece]);
    const even = bytes.length - (bytes.length % 2);
    const whole = Buffer.from(bytes.subarray(0, even));
    if (encoding === 'utf16be') whole.swap16();
    const last = even > 0 ? whole.readUInt16LE(even - 2) : 0;
    const end = last >= 0xd800 && last < 0xdc00 ? even - 2 : even;
    rest = bytes.subarray(end);
    const text = whole.toString('utf16le', 0, end);
    const broken = text.search(/\p{Surrogate}/u);
    if (broken >= 0) throw notText(path, line + (text.slice(0, broken).match(/\n/g)?.length ?? 0), 'UTF-16');
    const converted = Buffer.from(text, 'utf8');
    line += countLines(converted);
    return converted;
  };
  const finish = (): undefined => {
    if (rest.length > 0) throw notText(path, line, 'UTF-16', ': the file ends in the middle of a character');
  };
  return { convert, finish };
}

/** Text of lines, the first of which is number `line`, once it is known to be UTF-8; `ended` if none is cut short. */
function checked(path: string, bytes: Buffer, line: number, ended = true): Buffer {
  const nul = bytes.indexOf(0);
  if (nul < 0 && (!ended || isUtf8(bytes))) return bytes;
  let start = 0;
  let bad = line;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const one = bytes.subarray(start, end);
    if (!isUtf8(one) || one.includes(0)) break;
    start = end + 1;
    bad++;
  }
  const end = bytes.indexOf(NEWLINE, start);
  const hasNul = bytes.subarray(start, end < 0 ? bytes.length : end).includes(0);
  throw notText(path, bad, 'UTF-8', hasNul ? ' (it holds a NUL byte, as binary files and UTF-16 do)' : '');
}

function notText(path: string, line: number, encoding: string, why = ''): DataError {
  return new DataError(`${path}: line ${line} is not ${encoding} text${why}; save the file as text in UTF-8`);
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
