/**
 * Unpacks bzip2 (Seward 1996), which R uses for data and Node has no reader for: Huffman tables, move to front, inverse
 * Burrows–Wheeler transform (Burrows & Wheeler 1994), run lengths; checksums are checked. Knows no other format.
 */
import { DataError } from './data-error.ts';

const BLOCK = 0x314159265359;
const END = 0x177245385090;
const SELECTION = 50;
const LARGEST_BLOCK = 900_000;

/**
 * @param path names the file in errors
 * @param limit the most bytes that may come out
 * @throws {DataError} if the bytes are no bzip2, damaged, end early, or unpack to more than `limit`
 */
export function bunzip2(packed: Uint8Array, path: string, limit: number): Uint8Array {
  const bits = bitReader(packed, path);
  const level = packed[3] ?? 0;
  if (bits(24) !== 0x425a68 || level < 0x31 || level > 0x39) throw damaged(path, 'it does not begin as bzip2 does');
  bits(8);
  const pieces: Uint8Array[] = [];
  let total = 0;
  let combined = 0;
  for (;;) {
    const mark = bits(24) * 2 ** 24 + bits(24);
    if (mark === END) break;
    if (mark !== BLOCK) throw damaged(path, 'expected a block or the end');
    const checksum = bits(32);
    const piece = unpackBlock(bits, path, limit - total);
    if (crc32(piece) !== checksum) throw damaged(path, 'a block has another checksum than stored');
    combined = (((combined << 1) | (combined >>> 31)) ^ checksum) >>> 0;
    pieces.push(piece);
    total += piece.length;
  }
  if (bits(32) !== combined) throw damaged(path, 'the whole has another checksum than stored');
  return Buffer.concat(pieces);
}

type Bits = (count: number) => number;

function damaged(path: string, why: string): DataError {
  return new DataError(`${path}: not unpacked as bzip2: ${why}; fetch the file again`);
}

/** Reads up to 32 bits, highest first. */
function bitReader(bytes: Uint8Array, path: string): Bits {
  let at = 0;
  let held = 0;
  let buffer = 0;
  return (count) => {
    let value = 0;
    for (let wanted = count; wanted > 0; ) {
      if (held === 0) {
        if (at === bytes.length) throw damaged(path, 'it ends early');
        buffer = bytes[at++] as number;
        held = 8;
      }
      const taken = Math.min(held, wanted);
      value = value * 2 ** taken + ((buffer >>> (held - taken)) & ((1 << taken) - 1));
      held -= taken;
      wanted -= taken;
    }
    return value;
  };
}

function unpackBlock(bits: Bits, path: string, limit: number): Uint8Array {
  if (bits(1) === 1) throw damaged(path, 'blocks that bzip2 0.9 has randomised are not read');
  const origin = bits(24);
  const symbols = readSymbols(bits, path);
  const { bytes, count } = readBytes(bits, path, symbols);
  if (origin >= count) throw damaged(path, 'a block begins outside of itself');
  return expandRuns(invert(bytes, count, origin), path, limit);
}

/** The bytes that occur in the block. */
function readSymbols(bits: Bits, path: string): number[] {
  const groups = bits(16);
  const symbols: number[] = [];
  for (let group = 0; group < 16; group++) {
    if (((groups >>> (15 - group)) & 1) === 0) continue;
    const used = bits(16);
    for (let one = 0; one < 16; one++) if (((used >>> (15 - one)) & 1) === 1) symbols.push(group * 16 + one);
  }
  if (symbols.length === 0) throw damaged(path, 'a block has no symbols');
  return symbols;
}

/** A canonical Huffman code: for each length the first code, how many there are, and where their symbols begin. */
interface Code {
  readonly first: readonly number[];
  readonly counts: readonly number[];
  readonly offsets: readonly number[];
  readonly symbols: readonly number[];
}

const LONGEST_CODE = 20;

function readCode(bits: Bits, path: string, size: number): Code {
  let length = bits(5);
  const lengths = Array.from({ length: size }, () => {
    while (bits(1) === 1) length += bits(1) === 0 ? 1 : -1;
    if (length < 1 || length > LONGEST_CODE) throw damaged(path, 'a code has a length that does not exist');
    return length;
  });
  const counts = Array.from({ length: LONGEST_CODE + 1 }, (_, bit) => lengths.filter((one) => one === bit).length);
  const symbols = counts.flatMap((_, bit) => lengths.flatMap((one, symbol) => (one === bit ? [symbol] : [])));
  const [first, offsets] = [[0], [0]];
  for (let bit = 1; bit <= LONGEST_CODE; bit++) {
    first.push(((first[bit - 1] as number) + (counts[bit - 1] as number)) * 2);
    offsets.push((offsets[bit - 1] as number) + (counts[bit - 1] as number));
  }
  return { first, counts, offsets, symbols };
}

function decode(bits: Bits, path: string, { first, counts, offsets, symbols }: Code): number {
  let code = 0;
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code = code * 2 + bits(1);
    const index = code - (first[length] as number);
    if (index < (counts[length] as number)) return symbols[(offsets[length] as number) + index] as number;
  }
  throw damaged(path, 'a code stands for nothing');
}

/** The block before the inverse transform: Huffman codes, runs of the front symbol, move to front. */
function readBytes(bits: Bits, path: string, symbols: readonly number[]): { bytes: Uint8Array; count: number } {
  const tables = bits(3);
  const selections = bits(15);
  if (tables < 2 || tables > 6 || selections === 0) throw damaged(path, 'a block has no code tables');
  const order = Array.from({ length: tables }, (_, index) => index);
  const selectors = Array.from({ length: selections }, () => {
    let index = 0;
    while (bits(1) === 1) if (++index >= tables) throw damaged(path, 'a code table does not exist');
    return moveToFront(order, index);
  });
  const codes = Array.from({ length: tables }, () => readCode(bits, path, symbols.length + 2));
  const bytes = new Uint8Array(LARGEST_BLOCK);
  const front = [...symbols];
  let count = 0;
  let run = 0;
  let weight = 1;
  for (let read = 0; ; read++) {
    const code = codes[selectors[Math.floor(read / SELECTION)] ?? -1];
    if (code === undefined) throw damaged(path, 'a block does not end');
    const symbol = decode(bits, path, code);
    if (symbol < 2) {
      // The length of a run in bijective base 2.
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > LARGEST_BLOCK) throw damaged(path, 'a block is too long');
      continue;
    }
    if (count + run + 1 > LARGEST_BLOCK) throw damaged(path, 'a block is too long');
    bytes.fill(front[0] as number, count, count + run);
    count += run;
    run = 0;
    weight = 1;
    if (symbol === symbols.length + 1) return { bytes, count };
    bytes[count++] = moveToFront(front, symbol - 1);
  }
}

function moveToFront(items: number[], index: number): number {
  const [item] = items.splice(index, 1) as [number];
  items.unshift(item);
  return item;
}

/** The inverse Burrows–Wheeler transform of the first `count` bytes. */
function invert(bytes: Uint8Array, count: number, origin: number): Uint8Array {
  const starts = new Int32Array(257);
  for (let index = 0; index < count; index++) (starts[(bytes[index] as number) + 1] as number) += 1;
  for (let byte = 0; byte < 256; byte++) (starts[byte + 1] as number) += starts[byte] as number;
  const next = new Int32Array(count);
  for (let index = 0; index < count; index++) next[(starts[bytes[index] as number] as number)++] = index;
  const result = new Uint8Array(count);
  let at = next[origin] as number;
  for (let index = 0; index < count; index++) {
    result[index] = bytes[at] as number;
    at = next[at] as number;
  }
  return result;
}

/** Four equal bytes are followed by how many more there are. */
function expandRuns(bytes: Uint8Array, path: string, limit: number): Uint8Array {
  let size = 0;
  const each = (take: (byte: number, times: number) => void): void => {
    let same = 0;
    let last = -1;
    for (const byte of bytes) {
      if (same === 4) {
        take(last, byte);
        same = 0;
        last = -1;
        continue;
      }
      same = byte === last ? same + 1 : 1;
      last = byte;
      take(byte, 1);
    }
  };
  each((_, times) => {
    size += times;
  });
  if (size > limit) throw damaged(path, 'it holds more than expected');
  const result = new Uint8Array(size);
  let at = 0;
  each((byte, times) => {
    result.fill(byte, at, at + times);
    at += times;
  });
  return result;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24;
  for (let bit = 0; bit < 8; bit++) value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  return value;
});

/** CRC-32 with the highest bit first, unlike that of gzip. */
function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value << 8) ^ (CRC_TABLE[(value >>> 24) ^ byte] as number);
  return ~value >>> 0;
}
