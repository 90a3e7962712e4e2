/**
 * Reads the compressed modules of the SWORD project (Debian packages `sword-*`): texts (driver zText, compressed by
 * book) and dictionaries (driver zLD). Formats as in SWORD 1.9's `zverse.cpp` and `zstr.cpp`; all numbers are
 * little-endian. Knows nothing of verses, languages or markup.
 */
import { inflateSync } from 'node:zlib';
import { DataError } from './data-error.ts';
import { readFileBytes } from './read-file.ts';

/** No block of a known module is larger than 3 MB; a file that claims more is damaged. */
const LARGEST_BLOCK = 32 * 2 ** 20;
const ADVICE = 'the file is damaged or of another format; fetch it again';

/** The entries of one testament of a text module. */
export interface TextEntries {
  readonly length: number;
  /**
   * The marked-up text of an entry; empty if it has none.
   * @throws {DataError} if the entry lies outside of its block, or the block cannot be unpacked
   */
  at(index: number): string;
}

/**
 * @param base path of the three files without their endings `.bzs` (12 bytes a block: offset, packed size, size),
 * `.bzv` (10 bytes an entry: block, offset, 16-bit length) and `.bzz` (the blocks, zlib)
 * @throws {DataError} if a file is missing or is no such file
 */
export function readTextEntries(base: string): TextEntries {
  const records = { bzs: 12, bzv: 10 } as const;
  const blocks = readRecords(`${base}.bzs`, records.bzs);
  const entries = readRecords(`${base}.bzv`, records.bzv);
  const packed = readFileBytes(`${base}.bzz`);
  const unpacked = new Map<number, Buffer>();
  const blockAt = (number: number): Buffer => {
    const known = unpacked.get(number);
    if (known !== undefined) return known;
    if ((number + 1) * records.bzs > blocks.length) {
      throw new DataError(
        `${base}.bzv: expected one of ${blocks.length / records.bzs} blocks, got ${number}; ${ADVICE}`,
      );
    }
    const [offset, size, full] = [0, 4, 8].map((at) => blocks.readUInt32LE(number * records.bzs + at)) as Three;
    const block = unpack(`${base}.bzz`, packed, offset, size);
    if (block.length !== full) {
      throw new DataError(`${base}.bzz: block ${number}: expected ${full} bytes, got ${block.length}; ${ADVICE}`);
    }
    unpacked.set(number, block);
    return block;
  };
  return {
    length: entries.length / records.bzv,
    at: (index) => {
      const start = index * records.bzv;
      const length = entries.readUInt16LE(start + 8);
      if (length === 0) return '';
      return textIn(`${base}.bzz`, blockAt(entries.readUInt32LE(start)), entries.readUInt32LE(start + 4), length);
    },
  };
}

/**
 * All entries of a dictionary module with their keys, in its order; a key may occur twice.
 * @param base path of the four files without their endings `.idx` (8 bytes an entry: offset and size in `.dat`), `.dat`
 * (key, line end, block, entry of the block), `.zdx` (8 bytes a block: offset, size) and `.zdt` (the blocks, zlib; each
 * begins with the number of its entries and 8 bytes for each: offset, size)
 * @throws {DataError} if a file is missing or is no such file
 */
export function readDictionaryEntries(base: string): (readonly [key: string, text: string])[] {
  const index = readRecords(`${base}.idx`, 8);
  const keys = readFileBytes(`${base}.dat`);
  const blocks = readRecords(`${base}.zdx`, 8);
  const packed = readFileBytes(`${base}.zdt`);
  const unpacked = new Map<number, Buffer>();
  const found: (readonly [string, string])[] = [];
  for (let at = 0; at < index.length; at += 8) {
    const record = slice(`${base}.dat`, keys, index.readUInt32LE(at), index.readUInt32LE(at + 4));
    const lineEnd = record.indexOf(0x0a);
    if (lineEnd < 0 || record.length < lineEnd + 9) {
      throw new DataError(`${base}.dat: entry ${at / 8}: expected a key, a line end and 8 bytes; ${ADVICE}`);
    }
    const key = record.toString('utf8', 0, lineEnd).trimEnd();
    const number = record.readUInt32LE(lineEnd + 1);
    let block = unpacked.get(number);
    if (block === undefined) {
      const place = slice(`${base}.zdx`, blocks, number * 8, 8);
      block = unpack(`${base}.zdt`, packed, place.readUInt32LE(0), place.readUInt32LE(4));
      unpacked.set(number, block);
    }
    const place = slice(`${base}.zdt`, block, 4 + record.readUInt32LE(lineEnd + 5) * 8, 8);
    // An entry is closed by a NUL byte.
    const text = textIn(`${base}.zdt`, block, place.readUInt32LE(0), place.readUInt32LE(4));
    found.push([key, text.replace(/\0$/, '')]);
  }
  return found;
}

type Three = [number, number, number];

function readRecords(path: string, size: number): Buffer {
  const bytes = readFileBytes(path);
  if (bytes.length > 0 && bytes.length % size === 0) return bytes;
  throw new DataError(`${path}: expected records of ${size} bytes, got ${bytes.length} bytes; ${ADVICE}`);
}

function slice(path: string, bytes: Buffer, offset: number, size: number): Buffer {
  if (offset + size <= bytes.length) return bytes.subarray(offset, offset + size);
  throw new DataError(
    `${path}: expected at least ${offset + size} bytes, got ${bytes.length}: an entry lies outside; ${ADVICE}`,
  );
}

function unpack(path: string, packed: Buffer, offset: number, size: number): Buffer {
  try {
    return inflateSync(slice(path, packed, offset, size), { maxOutputLength: LARGEST_BLOCK });
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${path}: cannot unpack ${size} bytes at ${offset}: ${(error as Error).message}; ${ADVICE}`, {
      cause: error,
    });
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textIn(path: string, block: Buffer, offset: number, length: number): string {
  const bytes = slice(path, block, offset, length);
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    throw new DataError(`${path}: expected UTF-8 text at ${offset} of its block; ${ADVICE}`, { cause: error });
  }
}
