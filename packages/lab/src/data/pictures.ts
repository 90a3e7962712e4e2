/** Reads a picture from the bytes of a PNG or JPEG file. Knows nothing of folders, labels, patches and tasks. */
import { DataError } from './data-error.ts';
import type { Clip } from './pictures/clip.ts';
import { decodeJpeg } from './pictures/jpeg.ts';
import { decodePng } from './pictures/png.ts';

/** First bytes of formats people have, for telling them what they gave. */
const SIGNATURES: readonly (readonly [name: string, at: number, bytes: string])[] = [
  ['GIF', 0, 'GIF8'],
  ['WebP', 8, 'WEBP'],
  ['BMP', 0, 'BM'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['HEIC or AVIF', 4, 'ftyp'],
  ['PDF', 0, '%PDF'],
  ['SVG or HTML', 0, '<'],
  ['a zip archive', 0, 'PK'],
];

/**
 * The picture of a PNG or JPEG file, which of them its first bytes say, whatever it is called: upright, with transparent
 * pixels over black, grey where the file is grey.
 *
 * @throws {DataError} if it is neither, damaged, cut off, larger than `MOST_PIXELS`, or has other than 8 bits a channel,
 * the message says what was expected and what came, without the name of the file
 */
export function decodePicture(bytes: Uint8Array): Clip {
  if (bytes.length === 0) throw new DataError('expected a PNG or JPEG picture, got an empty file');
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return decodePng(bytes);
  if (startsWith(bytes, '\xff\xd8\xff')) return decodeJpeg(bytes);
  const [name] = SIGNATURES.find(([, at, text]) => startsWith(bytes, text, at)) ?? ['another file'];
  throw new DataError(`expected a PNG or JPEG picture, got ${name} by its first bytes`);
}

function startsWith(bytes: Uint8Array, text: string, at = 0): boolean {
  return [...text].every((character, index) => bytes[at + index] === character.charCodeAt(0));
}
