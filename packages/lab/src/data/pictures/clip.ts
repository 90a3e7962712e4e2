/** What a picture and a clip are to the lab, and their colors. Knows no file format, no labels and no patches. */
import { DataError } from '../data-error.ts';

/** Frames of equal size, row-major bytes [frames, height, width, channels], 0 dark … 255 bright; a picture is one frame. */
export interface Clip {
  readonly frames: number;
  readonly height: number;
  readonly width: number;
  /** 1 for grey values, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** Larger pictures are refused: decoding one would take more than half a gigabyte. */
export const MOST_PIXELS = 25_000_000;

/** The picture in grey: ITU-R 601-2 luma, as Pillow's mode L. */
export function toGrey(clip: Clip): Clip {
  if (clip.channels === 1) return clip;
  const { pixels } = clip;
  const grey = new Uint8Array(pixels.length / 3);
  for (let at = 0; at < grey.length; at += 1) {
    const [red, green, blue] = [pixels[3 * at], pixels[3 * at + 1], pixels[3 * at + 2]] as [number, number, number];
    grey[at] = (red * 19_595 + green * 38_470 + blue * 7_471 + 0x8000) >> 16;
  }
  return { ...clip, channels: 1, pixels: grey };
}

/** The same picture with three equal channels where it had one. */
export function toColor(clip: Clip): Clip {
  if (clip.channels === 3) return clip;
  const color = new Uint8Array(3 * clip.pixels.length);
  for (let at = 0; at < color.length; at += 1) color[at] = clip.pixels[Math.floor(at / 3)] as number;
  return { ...clip, channels: 3, pixels: color };
}

/** @throws {DataError} if so many pixels are more than `MOST_PIXELS` */
export function checkPixelCount(width: number, height: number): void {
  if (width * height <= MOST_PIXELS) return;
  throw new DataError(
    `expected at most ${MOST_PIXELS / 1e6} million pixels, got ${width} × ${height}; make the picture smaller`,
  );
}
