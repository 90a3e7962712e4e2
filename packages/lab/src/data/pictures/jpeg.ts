/**
 * JPEG files of strangers (ITU-T T.81): the library decodes, and before it does, the markers are walked through, so that
 * what is cut off, too large or of another kind is told. Pictures are turned upright as their camera says. Knows no other
 * format.
 */
import { decode } from 'jpeg-js';
import { DataError } from '../data-error.ts';
import { type Clip, checkPixelCount, MOST_PIXELS } from './clip.ts';

/** For the library, which counts what it allocates. */
const MOST_MEGABYTES = 600;
/** Start of a scan, of the end, and of what applications add. */
const SCAN = 0xda;
const END = 0xd9;
const EXIF = 0xe1;
const ADOBE = 0xee;
/** Frames the library reads: baseline, extended and progressive Huffman. */
const READABLE = [0xc0, 0xc1, 0xc2];
/** Markers between the frames' that begin none: Huffman tables, a reserved one, arithmetic tables. */
const NO_FRAME = [0xc4, 0xc8, 0xcc];
/** The tag of TIFF 6.0 that says how the camera was held, and the type of its value, 16 bits. */
const ORIENTATION = 0x0112;
const SHORT = 3;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** 1 upright … 8, as in Exif. */
  readonly orientation: number;
  /** Whether components are red, green and blue as they are. */
  readonly isRgb: boolean;
}

/** @throws {DataError} if it is cut off, damaged, too large, CMYK, or of a kind the library does not read */
export function decodeJpeg(bytes: Uint8Array): Clip {
  const header = readHeader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  let rgb: Uint8Array;
  try {
    ({ data: rgb } = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: MOST_PIXELS / 1e6,
      maxMemoryUsageInMB: MOST_MEGABYTES,
      ...(header.isRgb ? { colorTransform: false } : {}),
    }));
  } catch (error) {
    throw new DataError(`a damaged JPEG file: ${(error as Error).message}`, { cause: error });
  }
  const { width, height, components, orientation } = header;
  const pixels = components === 1 ? rgb.filter((_, index) => index % 3 === 0) : rgb;
  return upright({ frames: 1, height, width, channels: components === 1 ? 1 : 3, pixels }, orientation);
}

function readHeader(bytes: Buffer): Header {
  let frame: Omit<Header, 'orientation' | 'isRgb'> | undefined;
  let orientation = 1;
  let isRgb = false;
  for (let at = 2; ; ) {
    // Markers may be preceded by any number of fill bytes.
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    if (at + 4 > bytes.length) throw cutOff();
    if (bytes[at] !== 0xff) throw new DataError(`a damaged JPEG file: expected a marker at byte ${at}`);
    const marker = bytes[at + 1] as number;
    const segment = bytes.subarray(at + 4, at + 2 + bytes.readUInt16BE(at + 2));
    if (marker === END) throw new DataError('a damaged JPEG file: it has no pixels');
    if (marker === SCAN) {
      if (frame === undefined) throw new DataError('a damaged JPEG file: its size is missing');
      if (bytes.lastIndexOf(Buffer.from([0xff, END])) < at) throw cutOff();
      return { ...frame, orientation, isRgb };
    }
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker)) frame = readFrame(marker, segment);
    if (marker === EXIF && segment.toString('latin1', 0, 6) === 'Exif\0\0')
      orientation = readOrientation(segment.subarray(6));
    if (marker === ADOBE && segment.toString('latin1', 0, 5) === 'Adobe') isRgb = segment[11] === 0;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

function readFrame(marker: number, segment: Buffer): Omit<Header, 'orientation' | 'isRgb'> {
  if (!READABLE.includes(marker)) {
    throw new DataError(
      'expected a baseline or progressive JPEG file, got another kind (lossless or arithmetic coding)',
    );
  }
  if (segment.length < 6) throw new DataError('a damaged JPEG file: its size is missing');
  const [bits, height, width, components] = [
    segment[0],
    segment.readUInt16BE(1),
    segment.readUInt16BE(3),
    segment[5],
  ] as [number, number, number, number];
  if (bits !== 8) throw new DataError(`expected 8 bits a channel, got ${bits}; convert it to 8 bits`);
  if (width === 0 || height === 0) throw new DataError(`a damaged JPEG file: its size is ${width} × ${height}`);
  checkPixelCount(width, height);
  if (components === 4) throw new DataError('expected a grey or RGB picture, got CMYK; convert it to RGB');
  if (components !== 1 && components !== 3) {
    throw new DataError(`expected a grey or RGB picture, got ${components} channels`);
  }
  return { width, height, components };
}

/** The orientation in the first directory of Exif's TIFF data; 1 where there is none. */
function readOrientation(tiff: Buffer): number {
  const isLittle = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number): number =>
    at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at);
  if (tiff.length < 8) return 1;
  const directory = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < short(directory); entry += 1) {
    const at = directory + 2 + 12 * entry;
    if (short(at) !== ORIENTATION || short(at + 2) !== SHORT) continue;
    const value = short(at + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Turned and mirrored as Exif 2.3, table 6, says of values 1 to 8. */
function upright(picture: Clip, orientation: number): Clip {
  if (orientation === 1) return picture;
  const { height, width, channels, pixels } = picture;
  const [right, bottom] = [width - 1, height - 1];
  const isTurned = orientation >= 5;
  const place = (row: number, column: number): readonly [number, number] => {
    switch (orientation) {
      case 2:
        return [row, right - column];
      case 3:
        return [bottom - row, right - column];
      case 4:
        return [bottom - row, column];
      case 5:
        return [column, row];
      case 6:
        return [bottom - column, row];
      case 7:
        return [bottom - column, right - row];
      default:
        return [column, right - row];
    }
  };
  const turned = new Uint8Array(pixels.length);
  const [rows, columns] = isTurned ? [width, height] : [height, width];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [y, x] = place(row, column);
      const from = (y * width + x) * channels;
      turned.set(pixels.subarray(from, from + channels), (row * columns + column) * channels);
    }
  }
  return { ...picture, height: rows, width: columns, pixels: turned };
}

function cutOff(): DataError {
  return new DataError('the JPEG file is cut off; copy it again');
}
