/**
 * Reads IDX, the form of MNIST and its kin (LeCun, "The MNIST database", file formats), packed with gzip or not: two
 * zero bytes, a type, the number of axes, the size of each in 32 bits, then the elements, all big-endian. Knows nothing
 * of images.
 */
import { gunzipSync } from 'node:zlib';
import { DataError } from './data-error.ts';
import { readFileBytes } from './read-file.ts';

/** An array as stored, the last axis fastest. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

/** Larger files are refused, packed or not. */
const LARGEST = 2 ** 30;
const MOST_AXES = 16;

type Elements = { readonly size: number; readonly read: (bytes: Buffer, count: number) => IdxArray['values'] };

const TYPES: Readonly<Record<number, Elements>> = {
  8: { size: 1, read: (bytes) => new Uint8Array(bytes) },
  9: { size: 1, read: (bytes) => new Int8Array(new Uint8Array(bytes).buffer) },
  11: { size: 2, read: (bytes, length) => Int16Array.from({ length }, (_, at) => bytes.readInt16BE(at * 2)) },
  12: { size: 4, read: (bytes, length) => Int32Array.from({ length }, (_, at) => bytes.readInt32BE(at * 4)) },
  13: { size: 4, read: (bytes, length) => Float32Array.from({ length }, (_, at) => bytes.readFloatBE(at * 4)) },
  14: { size: 8, read: (bytes, length) => Float64Array.from({ length }, (_, at) => bytes.readDoubleBE(at * 8)) },
};

/** @throws {DataError} if the file cannot be read, is no IDX, or is shorter or longer than it says */
export function readIdx(path: string): IdxArray {
  return parseIdx(readFileBytes(path), path);
}

/**
 * @param bytes the file, packed with gzip or not
 * @param path names the file in errors
 * @throws {DataError} as `readIdx` does
 */
export function parseIdx(bytes: Buffer, path: string): IdxArray {
  const plain = unpack(bytes, path);
  const elements = TYPES[plain[2] ?? 0];
  const axes = plain[3] ?? 0;
  if (plain.length < 4 || plain.readUInt16BE(0) !== 0 || elements === undefined || axes < 1 || axes > MOST_AXES) {
    throw new DataError(
      `${path}: expected an IDX file, which begins with 00 00, a type (08, 09, 0b, 0c, 0d, 0e) and the number of ` +
        `axes, got ${plain.subarray(0, 4).toString('hex') || 'an empty file'}`,
    );
  }
  const header = 4 + axes * 4;
  if (plain.length < header) {
    throw new DataError(`${path}: expected a header of ${header} bytes for ${axes} axes, got ${plain.length} bytes`);
  }
  const shape = Array.from({ length: axes }, (_, axis) => plain.readUInt32BE(4 + axis * 4));
  const count = shape.reduce((product, size) => product * size, 1);
  const expected = header + count * elements.size;
  if (plain.length !== expected) {
    throw new DataError(
      `${path}: expected ${expected} bytes for ${shape.join(' × ')} elements of ${elements.size} bytes, ` +
        `got ${plain.length}: the file is ${plain.length < expected ? 'cut off' : 'longer than it says'}`,
    );
  }
  return { shape, values: elements.read(plain.subarray(header), count) };
}

function unpack(bytes: Buffer, path: string): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST });
  } catch (error) {
    const why = error instanceof RangeError ? `it holds more than ${LARGEST / 2 ** 20} MiB` : (error as Error).message;
    throw new DataError(`${path}: cannot be unpacked as gzip: ${why}`, { cause: error });
  }
}
