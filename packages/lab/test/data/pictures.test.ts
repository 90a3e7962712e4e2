/** PNG and JPEG files: what Pillow reads in them, and what nobody should decode. */
import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { toColor, toGrey } from '../../src/data/pictures/clip.ts';
import { resizeClip, resizePlanes } from '../../src/data/pictures/resize.ts';
import { decodePicture } from '../../src/data/pictures.ts';
import { goldenFile, goldens } from '../fixtures/pictures/goldens.ts';

/** A chunk of a PNG file with a right checksum. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A PNG file by hand: size, bits a sample, kind of color, uncompressed rows. */
function png(width: number, height: number, depth: number, kind: number, rows: Buffer, more: Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, kind, 0, 0, 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const chunks = [chunk('IHDR', header), ...more, chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

/** The largest and the mean difference. */
function difference(a: Uint8Array, b: Uint8Array): { readonly largest: number; readonly mean: number } {
  expect(a.length).toBe(b.length);
  const differences = [...a].map((value, index) => Math.abs(value - (b[index] as number)));
  return { largest: Math.max(...differences), mean: differences.reduce((sum, one) => sum + one, 0) / a.length };
}

/** How far a decoder may be: PNG is exact, but for rounding of transparency; JPEG leaves some freedom. */
function allowed(name: string): { readonly largest: number; readonly mean: number } {
  if (name === 'half-color.jpg') return { largest: 14, mean: 3 };
  if (name.endsWith('.jpg')) return { largest: 4, mean: 1 };
  return name.includes('alpha') || name === 'palette-transparent.png'
    ? { largest: 1, mean: 0.5 }
    : { largest: 0, mean: 0 };
}

describe('pictures are read as Pillow 13.0.0 reads them', () => {
  test.each(Object.entries(goldens.pictures))('%s', (name, golden) => {
    const picture = decodePicture(goldenFile(name));
    expect([picture.frames, picture.height, picture.width, picture.channels]).toEqual([
      1,
      golden.height,
      golden.width,
      golden.channels,
    ]);
    const { largest, mean } = difference(picture.pixels, Buffer.from(golden.pixels, 'base64'));
    expect(largest).toBeLessThanOrEqual(allowed(name).largest);
    expect(mean).toBeLessThanOrEqual(allowed(name).mean);
  });

  test('grey is the luma of ITU-R 601, and grey in color is three equal channels', () => {
    const golden = goldens.pictures['color.png'];
    const color = decodePicture(goldenFile('color.png'));
    expect([...toGrey(color).pixels]).toEqual([...Buffer.from(golden?.grey as string, 'base64')]);
    expect(toColor(color)).toBe(color);
    const grey = decodePicture(goldenFile('grey.png'));
    expect(toGrey(grey)).toBe(grey);
    expect(toGrey(toColor(grey))).toEqual(grey);
  });
});

describe('what cannot be used is refused', () => {
  const whole = { png: goldenFile('color.png'), jpeg: goldenFile('color.jpg') };
  test.each([
    ['an empty file', Buffer.alloc(0), /expected a PNG or JPEG picture, got an empty file/],
    ['a text', Buffer.from('cat,dog'), /got another file by its first bytes/],
    ['a GIF', Buffer.from('GIF89a'), /got GIF by/],
    ['WebP', Buffer.from('RIFFxxxxWEBP'), /got WebP/],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic'), /got HEIC or AVIF/],
    ['16 bits', goldenFile('sixteen-bit.png'), /expected 8 bits a channel, got 16/],
    ['CMYK', goldenFile('cmyk.jpg'), /expected a grey or RGB picture, got CMYK; convert it to RGB/],
    ['a PNG of a signature', whole.png.subarray(0, 8), /PNG file is cut off/],
    ['a JPEG cut in its header', whole.jpeg.subarray(0, 30), /JPEG file is cut off/],
    ['a JPEG cut in its pixels', whole.jpeg.subarray(0, -20), /JPEG file is cut off/],
    ['a JPEG of a marker', Buffer.from([0xff, 0xd8, 0xff, 0xd9]), /JPEG file/],
    ['a PNG without pixels', png(2, 2, 8, 0, Buffer.alloc(0)), /PNG file is cut off/],
    ['a PNG of size 0', png(0, 2, 8, 0, Buffer.alloc(0)), /a damaged PNG file/],
    [
      'a color that is not in the palette',
      png(1, 1, 8, 3, Buffer.from([0, 9]), [chunk('PLTE', Buffer.alloc(6))]),
      /damaged/,
    ],
    ['a palette that is missing', png(1, 1, 8, 3, Buffer.from([0, 0])), /a damaged PNG file/],
    [
      'a chunk only Apple reads',
      png(1, 1, 8, 0, Buffer.from([0, 0]), [chunk('CgBI', Buffer.alloc(4))]),
      /a chunk CgBI/,
    ],
    ['an unknown filter', png(1, 1, 8, 0, Buffer.from([7, 0])), /a damaged PNG file: Unsupported filter: 7/],
  ])('%s', (_, bytes, message) => {
    expect(() => decodePicture(bytes)).toThrow(message);
  });

  test('a PNG cut anywhere is never decoded to something', () => {
    for (let end = 8; end < whole.png.length; end += 1) {
      expect(() => decodePicture(whole.png.subarray(0, end))).toThrow(/cut off/);
    }
  });

  test('a JPEG cut anywhere is never decoded to something', () => {
    for (let end = 3; end < whole.jpeg.length; end += 1) {
      expect(() => decodePicture(whole.jpeg.subarray(0, end))).toThrow(/cut off|damaged/);
    }
  });

  test('a changed byte of a PNG is found by the checksum', () => {
    const changed = Buffer.from(whole.png);
    changed[60] = (changed[60] as number) ^ 1;
    expect(() => decodePicture(changed)).toThrow(/the checksum of the chunk at byte \d+ is wrong/);
  });

  test('a header that promises more pixels than memory holds is not believed', () => {
    const bomb = png(100_000, 100_000, 8, 2, Buffer.alloc(10));
    expect(() => decodePicture(bomb)).toThrow(/expected at most 25 million pixels, got 100000 × 100000/);
    const jpeg = Buffer.from(whole.jpeg);
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(65_500, frame + 5);
    jpeg.writeUInt16BE(65_500, frame + 7);
    expect(() => decodePicture(jpeg)).toThrow(/expected at most 25 million pixels, got 65500 × 65500/);
  });

  test('pixels that go on after the picture, as made to fill memory, are not inflated', () => {
    const bomb = png(1, 1, 8, 0, Buffer.alloc(200_000_000));
    expect(bomb.length).toBeLessThan(300_000);
    const before = process.memoryUsage().rss;
    expect(() => decodePicture(bomb)).toThrow(/it holds more pixels than its header says/);
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test('a color profile made to fill memory is not read', () => {
    const profile = Buffer.concat([Buffer.from('x\0\0', 'latin1'), deflateSync(Buffer.alloc(100_000_000))]);
    const picture = decodePicture(png(1, 1, 8, 0, Buffer.from([0, 77]), [chunk('iCCP', profile)]));
    expect([...picture.pixels]).toEqual([77]);
  });
});

describe('resizing', () => {
  test('is that of PyTorch 2.13.0 (bilinear, antialias=True, align_corners=False)', () => {
    for (const { height, width, size, pixels, resized } of goldens.resized) {
      const found = resizePlanes(pixels, { height, width, channels: 1 }, size, size);
      expect(found.length).toBe(size * size);
      for (const [at, value] of resized.entries()) expect(found[at]).toBeCloseTo(value, 6);
    }
  });

  test('keeps colors and frames apart', () => {
    const pixels = Uint8Array.from({ length: 2 * 2 * 2 * 3 }, (_, at) => (at % 3) * 50 + (at < 12 ? 0 : 100));
    const {
      frames,
      height,
      width,
      pixels: resized,
    } = resizeClip({ frames: 2, height: 2, width: 2, channels: 3, pixels }, 3, 1);
    expect([frames, height, width]).toEqual([2, 3, 1]);
    expect([...resized]).toEqual(
      [0, 1, 2, 0, 1, 2, 0, 1, 2].map((at) => at * 50).concat([0, 1, 2, 0, 1, 2, 0, 1, 2].map((at) => at * 50 + 100)),
    );
  });
});
