/**
 * Opens a person's file, gzip-compressed or not, and gives its bytes piece by piece, within limits. The one opener of
 * all readers of people's files. Knows no encoding of text and no format.
 */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError } from '../data-error.ts';

/** Larger files, measured decompressed, are refused: they would take minutes to read in every process that trains. */
export const LARGEST_STREAM = 2 ** 31;
/** The largest file that is held whole in memory; a little less than the longest string there can be. */
export const LARGEST_WHOLE = 511 * 2 ** 20;
/** How much of a file is looked at to find out what it is. */
const HEAD = 2 ** 18;
const PIECE = 2 ** 18;
/** Gzip reaches 1032 to 1; tables and texts stay far below this. */
const LARGEST_RATIO = 300;
/** Small files may be as repetitive as they like. */
const RATIO_FROM = 16 * 2 ** 20;

/** What lies at a path: a file with its size in bytes, or a folder. */
export type Place = { readonly kind: 'file'; readonly size: number } | { readonly kind: 'folder' };

/** @throws {DataError} if nothing lies at the path, it may not be read, or it is neither a file nor a folder */
export async function placeAt(path: string): Promise<Place> {
  if (path.includes('\0')) throw new DataError('expected the path of a file, got one with a NUL character');
  try {
    const status = await stat(path);
    if (status.isDirectory()) return { kind: 'folder' };
    if (!status.isFile()) throw new DataError(`${path}: expected an ordinary file`);
    return { kind: 'file', size: status.size };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * The decompressed bytes of a file, in pieces of about 256 KiB.
 * @throws {DataError} if it cannot be read, is larger than `limit` bytes, is damaged gzip, or grows beyond reason
 */
export async function* readBytes(path: string, limit = LARGEST_STREAM): AsyncGenerator<Buffer> {
  let total = 0;
  try {
    const gunzip = (await isGzip(path)) ? createGunzip({ chunkSize: PIECE }) : undefined;
    const file = createReadStream(path, { highWaterMark: PIECE });
    // Failures of either stream reach the loop through `gunzip`; the callback keeps them from being thrown.
    const bytes = gunzip === undefined ? file : pipeline(file, gunzip, () => undefined);
    for await (const piece of bytes as AsyncIterable<Buffer>) {
      total += piece.length;
      if (total > limit) throw tooLarge(path, limit);
      if (gunzip !== undefined && total > RATIO_FROM && total > LARGEST_RATIO * gunzip.bytesWritten) {
        throw new DataError(
          `${path}: expected a file of people's data, got gzip that grows more than ${LARGEST_RATIO} times when ` +
            'decompressed, as made to fill memory; decompress it yourself if you trust it',
        );
      }
      yield piece;
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The first 256 KiB of the decompressed file, or all of it, and whether that is all. */
export async function readHead(path: string): Promise<{ readonly bytes: Buffer; readonly whole: boolean }> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of readBytes(path, Number.POSITIVE_INFINITY)) {
    pieces.push(piece);
    size += piece.length;
    if (size > HEAD) return { bytes: Buffer.concat(pieces).subarray(0, HEAD), whole: false };
  }
  return { bytes: Buffer.concat(pieces), whole: true };
}

/** The whole decompressed file in one piece. */
export async function readWhole(path: string, limit = LARGEST_WHOLE): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of readBytes(path, limit)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Whether the file begins as gzip does (RFC 1952: magic number and the only method, deflate). */
export async function isGzip(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(3), 0, 3, 0);
      return bytesRead === 3 && buffer.equals(Buffer.from([0x1f, 0x8b, 8]));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The error of the file system or of gzip as a sentence; a DataError as it is. */
export function unreadable(path: string, error: unknown): DataError {
  if (error instanceof DataError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const cause = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR') return new DataError(`${path}: no such file`, cause);
  if (code === 'EACCES' || code === 'EPERM') return new DataError(`${path}: no permission to read this file`, cause);
  if (code?.startsWith('Z_') === true) {
    return new DataError(`${path}: the gzip data is damaged or cut off (${message}); compress the file again`, cause);
  }
  return new DataError(`${path}: cannot be read: ${message}`, cause);
}

function tooLarge(path: string, limit: number): DataError {
  return new DataError(
    `${path}: expected at most ${Math.round(limit / 2 ** 20)} MiB (decompressed), got more; give fewer rows or columns`,
  );
}
