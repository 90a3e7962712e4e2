/**
 * Reads NumPy's file format, versions 1 to 3 (NumPy Enhancement Proposal 1), of whole and real numbers, truth values and
 * texts; never pickled objects, which could run code. Knows nothing of what an array means.
 */
import { DataError } from './data-error.ts';
import { readWhole } from './rows/bytes.ts';

/** An array in row-major order, whatever the order in the file. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array | Float64Array | readonly string[];
  /** Texts, truth values (0 and 1), whole or real numbers. */
  readonly kind: 'text' | 'boolean' | 'integer' | 'real';
}

/** First bytes of every file. */
const MAGIC = '\x93NUMPY';
const TYPE = /^([<>|=])([a-zA-Z])(\d*)$/;

/** @throws {DataError} if the file cannot be read, is damaged or cut off, or holds something else */
export async function readNpy(path: string): Promise<NpyArray> {
  return decodeNpy(await readWhole(path), path);
}

/** Whether a file that begins like this is one. */
export function looksLikeNpy(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, MAGIC.length)).toString('latin1') === MAGIC;
}

/** @param source - the name of the file, for messages */
export function decodeNpy(bytes: Buffer, source: string): NpyArray {
  if (!looksLikeNpy(bytes)) {
    const found =
      bytes.toString('latin1', 0, 2) === 'PK' ? 'an archive (.npz); save its arrays one by one' : 'another file';
    throw new DataError(`${source}: expected a NumPy array (.npy), got ${found}`);
  }
  const version = bytes[6] as number;
  if (version < 1 || version > 3) throw new DataError(`${source}: expected NumPy's format 1 to 3, got ${version}`);
  const before = version === 1 ? 10 : 12;
  if (bytes.length < before) throw cutOff(source);
  const start = before + (version === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (bytes.length < start) throw cutOff(source);
  const header = bytes.toString(version === 3 ? 'utf8' : 'latin1', before, start);
  const { type, isColumnMajor, shape } = readHeader(header, source);
  const { kind, size, read } = readerOf(type, source);
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length - start < count * size) throw cutOff(source);
  if (bytes.length - start > count * size) {
    throw new DataError(`${source}: expected ${count * size} bytes of values, got ${bytes.length - start}`);
  }
  const values = read(bytes.subarray(start), count);
  return { shape, kind, values: isColumnMajor && shape.length > 1 ? rowMajor(values, shape) : values };
}

function readHeader(header: string, source: string) {
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const extents = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (type === undefined && /'descr':\s*\[/.test(header)) {
    throw new DataError(`${source}: expected an array of numbers or texts, got one of records; save one field of it`);
  }
  if (type === undefined || order === undefined || extents === undefined) {
    throw new DataError(`${source}: the header of the NumPy array is damaged`);
  }
  const shape = extents
    .split(',')
    .filter((extent) => extent.trim() !== '')
    .map(Number);
  return { type, isColumnMajor: order === 'True', shape };
}

interface Reader {
  readonly kind: NpyArray['kind'];
  /** Bytes of one value. */
  readonly size: number;
  readonly read: (bytes: Buffer, count: number) => NpyArray['values'];
}

/** @throws {DataError} if it holds something else than numbers, truth values or texts */
function readerOf(type: string, source: string): Reader {
  const [, order, letter, digits] = TYPE.exec(type) ?? [];
  const size = Number(digits);
  const isLittle = order !== '>';
  const numbers = (kind: NpyArray['kind'], one: (bytes: Buffer, at: number) => number): Reader => ({
    kind,
    size,
    read: (bytes, count) => Float64Array.from({ length: count }, (_, index) => one(bytes, index * size)),
  });
  const texts = (bytesOf: number, one: (bytes: Buffer) => string): Reader => ({
    kind: 'text',
    size: bytesOf,
    read: (bytes, count) =>
      Array.from({ length: count }, (_, index) => one(bytes.subarray(index * bytesOf, (index + 1) * bytesOf))),
  });
  if (size > 0 && letter === 'U') return texts(4 * size, (bytes) => codePoints(bytes, isLittle));
  if (size > 0 && letter === 'S') return texts(size, (bytes) => bytes.toString('utf8').replace(/\0+$/, ''));
  switch (`${letter}${size}`) {
    case 'b1':
      return { kind: 'boolean', size, read: (bytes) => bytes };
    case 'u1':
      return { kind: 'integer', size, read: (bytes) => bytes };
    case 'i1':
      return numbers('integer', (bytes, at) => bytes.readInt8(at));
    case 'u2':
      return numbers('integer', (bytes, at) => (isLittle ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)));
    case 'i2':
      return numbers('integer', (bytes, at) => (isLittle ? bytes.readInt16LE(at) : bytes.readInt16BE(at)));
    case 'u4':
      return numbers('integer', (bytes, at) => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)));
    case 'i4':
      return numbers('integer', (bytes, at) => (isLittle ? bytes.readInt32LE(at) : bytes.readInt32BE(at)));
    case 'u8':
      return numbers('integer', (bytes, at) =>
        Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)),
      );
    case 'i8':
      return numbers('integer', (bytes, at) => Number(isLittle ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at)));
    case 'f4':
      return numbers('real', (bytes, at) => (isLittle ? bytes.readFloatLE(at) : bytes.readFloatBE(at)));
    case 'f8':
      return numbers('real', (bytes, at) => (isLittle ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at)));
    default: {
      const found =
        letter === 'O' ? 'Python objects, which are not read because they could run code' : `the type ${type}`;
      throw new DataError(`${source}: expected an array of numbers or texts, got ${found}; convert it with astype`);
    }
  }
}

/** A text of UTF-32 code units, without the zeros that fill it up. */
function codePoints(bytes: Buffer, isLittle: boolean): string {
  const points = Array.from({ length: bytes.length / 4 }, (_, index) =>
    isLittle ? bytes.readUInt32LE(4 * index) : bytes.readUInt32BE(4 * index),
  );
  return points
    .map((point) => String.fromCodePoint(point))
    .join('')
    .replace(/\0+$/, '');
}

/** Values whose first axis changes fastest, reordered so that the last one does. */
function rowMajor(values: NpyArray['values'], shape: readonly number[]): NpyArray['values'] {
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((product, extent) => product * extent, 1));
  const place = (index: number): number => {
    let rest = index;
    let at = 0;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const extent = shape[axis] as number;
      at += (rest % extent) * (steps[axis] as number);
      rest = Math.floor(rest / extent);
    }
    return at;
  };
  if (values instanceof Uint8Array) return values.map((_, index) => values[place(index)] as number);
  if (values instanceof Float64Array) return values.map((_, index) => values[place(index)] as number);
  return values.map((_, index) => values[place(index)] as string);
}

function cutOff(source: string): DataError {
  return new DataError(`${source}: the NumPy array is cut off: fewer values than its header says; copy the file again`);
}
