/**
 * PNG files of strangers (ISO/IEC 15948): the library decodes, and before it does, the chunks are walked through, so that
 * what is cut off, damaged or made to fill memory is told instead of being decoded to something. Knows no other format.
 */
import { crc32, inflateSync } from 'node:zlib';
import { convertIndexedToRgb, type DecodedPng, decode } from 'fast-png';
import { DataError } from '../data-error.ts';
import { type Clip, checkPixelCount } from './clip.ts';

/** Chunks that say what the pixels are; others are not read. */
const READ = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];
/** Bytes before the first chunk. */
const SIGNATURE = 8;
/** Length, type and checksum of a chunk. */
const FRAME = 12;
/** Rows and columns of the seven passes of an interlaced picture: first and step of each. */
const ADAM7 = [
  [0, 8, 0, 8],
  [0, 8, 4, 8],
  [4, 8, 0, 4],
  [0, 4, 2, 4],
  [2, 4, 0, 2],
  [0, 2, 1, 2],
  [1, 2, 0, 1],
] as const;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly isIndexed: boolean;
  readonly channels: number;
  readonly isInterlaced: boolean;
}

/** @throws {DataError} if it is cut off, damaged, too large, or has 16 bits a channel */
export function decodePng(bytes: Uint8Array): Clip {
  const chunks = readChunks(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const header = readHeader(chunks);
  checkPixelData(chunks, header);
  try {
    const whole = [bytes.subarray(0, SIGNATURE), ...chunks.map(({ whole }) => whole)];
    return toClip(decode(Buffer.concat(whole)), header);
  } catch (error) {
    throw new DataError(`a damaged PNG file: ${(error as Error).message}`, { cause: error });
  }
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With its length, type and checksum. */
  readonly whole: Buffer;
}

function readChunks(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE; ; ) {
    if (at + FRAME > bytes.length) throw cutOff();
    const length = bytes.readUInt32BE(at);
    if (at + FRAME + length > bytes.length) throw cutOff();
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (
      !/^[A-Za-z]{4}$/.test(type) ||
      crc32(bytes.subarray(at + 4, at + 8 + length)) !== bytes.readUInt32BE(at + 8 + length)
    ) {
      throw new DataError(`a damaged PNG file: the checksum of the chunk at byte ${at} is wrong`);
    }
    if (READ.includes(type)) chunks.push({ type, data, whole: bytes.subarray(at, at + FRAME + length) });
    // The letter says whether a reader may pass over the chunk.
    else if (/^[A-Z]/.test(type)) throw new DataError(`expected a standard PNG file, got one with a chunk ${type}`);
    if (type === 'IEND') return chunks;
    at += FRAME + length;
  }
}

function readHeader([first]: readonly Chunk[]): Header {
  if (first?.type !== 'IHDR' || first.data.length !== 13) throw new DataError('a damaged PNG file: it has no header');
  const [width, height] = [first.data.readUInt32BE(0), first.data.readUInt32BE(4)];
  const [depth, colors, , , interlace] = first.data.subarray(8) as unknown as [number, number, number, number, number];
  const channels = new Map([
    [0, 1],
    [2, 3],
    [3, 1],
    [4, 2],
    [6, 4],
  ]).get(colors);
  if (channels === undefined || width === 0 || height === 0) {
    throw new DataError('a damaged PNG file: its header has no such kind of picture');
  }
  checkPixelCount(width, height);
  if (depth === 16) throw new DataError('expected 8 bits a channel, got 16; convert it to 8 bits');
  if (interlace === 1 && depth < 8) {
    throw new DataError(
      `expected 8 bits a channel in an interlaced PNG file, got ${depth}; save it without interlacing`,
    );
  }
  return { width, height, depth, isIndexed: colors === 3, channels, isInterlaced: interlace === 1 };
}

/** Inflates no more than the header promises. */
function checkPixelData(chunks: readonly Chunk[], header: Header): void {
  const expected = pixelBytes(header);
  const compressed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  let found: number;
  try {
    found = inflateSync(compressed, { maxOutputLength: expected }).length;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new DataError('a damaged PNG file: it holds more pixels than its header says', { cause: error });
    }
    throw new DataError(`a damaged PNG file: ${message}`, { cause: error });
  }
  if (found < expected) throw cutOff();
}

/** Bytes of all filtered rows. */
function pixelBytes({ width, height, depth, channels, isInterlaced }: Header): number {
  const rows = (across: number, down: number): number =>
    across === 0 ? 0 : down * (1 + Math.ceil((across * channels * depth) / 8));
  if (!isInterlaced) return rows(width, height);
  return ADAM7.reduce(
    (sum, [top, rowStep, left, columnStep]) =>
      sum + rows(Math.max(0, Math.ceil((width - left) / columnStep)), Math.max(0, Math.ceil((height - top) / rowStep))),
    0,
  );
}

function toClip(png: DecodedPng, { isIndexed, depth, width, height, channels: samples }: Header): Clip {
  const pixels = width * height;
  if (isIndexed) {
    const colors = convertIndexedToRgb(png);
    return overBlack(colors, colors.length / pixels, { height, width, key: undefined });
  }
  const data = depth === 8 ? (png.data as Uint8Array) : unpack(png.data as Uint8Array, { width, height, depth });
  const key = png.transparency === undefined ? undefined : [...png.transparency];
  const clip = overBlack(data, samples, { height, width, key });
  const step = 255 / (2 ** depth - 1);
  return depth === 8 ? clip : { ...clip, pixels: clip.pixels.map((value) => value * step) };
}

/** Samples of fewer than 8 bits, one a byte. Rows begin at whole bytes. */
function unpack(
  packed: Uint8Array,
  { width, height, depth }: { width: number; height: number; depth: number },
): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(width * height);
  for (let at = 0; at < samples.length; at += 1) {
    const bit = (at % width) * depth;
    const byte = packed[Math.floor(at / width) * rowBytes + Math.floor(bit / 8)] as number;
    samples[at] = (byte >> (8 - depth - (bit % 8))) & (2 ** depth - 1);
  }
  return samples;
}

/** Without its transparency: over black. `key` is the sample or color that is transparent everywhere. */
function overBlack(
  data: Uint8Array,
  samples: number,
  { height, width, key }: { height: number; width: number; key: readonly number[] | undefined },
): Clip {
  const channels = samples < 3 ? 1 : 3;
  const pixels = new Uint8Array(width * height * channels);
  for (let at = 0; at < width * height; at += 1) {
    const pixel = data.subarray(at * samples, (at + 1) * samples);
    const isKey = key?.every((value, channel) => value === pixel[channel]) ?? false;
    const opacity = isKey ? 0 : samples === channels ? 255 : (pixel[channels] as number);
    for (let channel = 0; channel < channels; channel += 1) {
      pixels[at * channels + channel] = Math.round(((pixel[channel] as number) * opacity) / 255);
    }
  }
  return { frames: 1, height, width, channels, pixels };
}

function cutOff(): DataError {
  return new DataError('the PNG file is cut off; copy it again');
}
