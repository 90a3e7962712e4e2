/** Digits, and patches of pictures and clips: where they stand and how they are moved. */
import { describe, expect, test } from 'vitest';
import { readDigits } from '../../src/data/digits.ts';
import type { Clip } from '../../src/data/pictures/clip.ts';
import { movePatches, patchSequences, placeNames } from '../../src/tasks/pictures/patches.ts';

/** A clip whose pixels are 0, 1, 2, … */
function counting(frames: number, height: number, width: number, channels: 1 | 3 = 1): Clip {
  return {
    frames,
    height,
    width,
    channels,
    pixels: Uint8Array.from({ length: frames * height * width * channels }, (_, at) => at),
  };
}

/** Values of patches as the bytes they came from. */
function bytes(data: ArrayLike<number>): number[] {
  return Array.from(data, (value) => Math.round(255 * value));
}

test('digits are 10,000 pictures in ten classes, of paper and ink', () => {
  const digits = readDigits();
  expect(digits.length).toBe(10_000);
  expect(new Set(digits.map(({ label }) => label)).size).toBe(10);
  expect(digits.every(({ clip }) => clip.pixels.length === 784 && clip.pixels[0] === 0)).toBe(true);
  expect(Math.max(...(digits[0]?.clip.pixels ?? []))).toBeGreaterThan(200);
});

describe('patches', () => {
  test('are cut row by row and know their row and column', () => {
    const { data, length, positions } = patchSequences([counting(1, 4, 4)], 2, 2);
    expect(length).toBe(4);
    expect(bytes(data)).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
    expect([...(positions?.values ?? [])]).toEqual([0, 0, 0, 1, 1, 0, 1, 1]);
    expect((data as Float32Array)[15]).toBeCloseTo(15 / 255, 7);
  });

  test('of wide pictures and colors keep rows, columns and channels apart', () => {
    const { data, positions } = patchSequences([counting(1, 2, 4, 3)], 2, 2);
    expect(bytes(data)).toEqual([0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17, 6, 7, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23]);
    expect([...(positions?.values ?? [])]).toEqual([0, 0, 0, 1]);
  });

  test('of clips know their frame, too', () => {
    const { data, positions } = patchSequences([counting(2, 2, 2)], 1, 3);
    expect(bytes(data)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...(positions?.values ?? [])].slice(9, 15)).toEqual([0, 1, 1, 1, 0, 0]);
    expect(positions?.axes).toBe(3);
  });

  test('of shorter clips are padded at the end', () => {
    const { data, length, lengths } = patchSequences([counting(1, 1, 2), counting(2, 1, 2)], 1, 3, 3);
    expect([length, ...lengths]).toEqual([6, 2, 4]);
    expect(bytes(data)).toEqual([0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0]);
  });

  test('a patch that does not divide the picture is refused', () => {
    expect(() => patchSequences([counting(1, 4, 4)], 3, 2)).toThrow(/expected a divisor of 4, got 3/);
    expect(() => patchSequences([counting(1, 4, 6)], 4, 2)).toThrow(/expected a divisor of 4 and 6, got 4/);
  });

  test('move whole, each place showing the patch that is asked for', () => {
    const picture = counting(1, 4, 4);
    const moved = movePatches(picture, 2, [3, 0, 2, 1]);
    expect([...moved.pixels]).toEqual([10, 11, 0, 1, 14, 15, 4, 5, 8, 9, 2, 3, 12, 13, 6, 7]);
    const back = movePatches(moved, 2, [1, 3, 2, 0]);
    expect(back).toEqual(picture);
    const inColor = movePatches(counting(1, 1, 2, 3), 1, [1, 0]);
    expect([...inColor.pixels]).toEqual([3, 4, 5, 0, 1, 2]);
  });

  test('have names in the order of the sequence', () => {
    expect(placeNames(counting(1, 4, 2), 2, 2)).toEqual(['0,0', '1,0']);
    expect(placeNames(counting(2, 2, 4), 2, 3)).toEqual(['0,0,0', '0,0,1', '1,0,0', '1,0,1']);
  });
});
