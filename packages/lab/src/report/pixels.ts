/** Small pictures as PNG in a `data:` address, which an SVG draws without fetching anything. Knows no records. */
import { encode } from 'fast-png';

/**
 * An SVG `<image>` of pixels, without smoothing.
 *
 * @param pixels - bytes [height, width, channels], 0 dark … 255 bright
 * @param place - where it is drawn, in the units of the SVG
 */
export function drawPixels(
  { pixels, width, height, channels }: Pixels,
  place: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): string {
  const png = encode({ width, height, data: pixels, depth: 8, channels }, { zlib: { level: 9 } });
  const address = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return (
    `<image x="${place.x}" y="${place.y}" width="${place.width}" height="${place.height}" preserveAspectRatio="none" ` +
    `style="image-rendering:pixelated" href="${address}"/>`
  );
}

/** Bytes [height, width, channels]. */
export interface Pixels {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}
