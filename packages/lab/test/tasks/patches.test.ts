/** Pictures and clips: their data, their patches and where these stand. */
import { describe, expect, test } from 'vitest';
import { digitsBySplit, readDigits, resizePicture } from '../../src/data/digits.ts';
import { createRandom } from '../../src/data/random.ts';
import { findTask } from '../../src/tasks/index.ts';
import { patchSequences } from '../../src/tasks/patches.ts';

describe('digits', () => {
  test('are 10,000 pictures of ink from 0 to 1, split without overlap', () => {
    const digits = readDigits();
    expect(digits.length).toBe(10_000);
    expect(new Set(digits.map(({ label }) => label)).size).toBe(10);
    expect(digits.every(({ pixels }) => pixels.length === 784 && pixels.every((ink) => ink >= 0 && ink <= 1))).toBe(
      true,
    );
    const splits = digitsBySplit({ validation: 0.1, test: 0.2 });
    const keys = Object.values(splits).flatMap((some) => some.map(({ pixels }) => pixels.join(' ')));
    expect(new Set(keys).size).toBe(keys.length);
    expect(splits.test.length / keys.length).toBeCloseTo(0.2, 1);
  });

  test('resize as PyTorch 2.13.0 does (bilinear, align_corners=False, antialias=False)', () => {
    const picture = Float32Array.of(
      0.5,
      0.765625,
      0.09375,
      0.125,
      0.3125,
      0.640625,
      0.484375,
      0.890625,
      0.453125,
      0.625,
      0.34375,
      0.40625,
      0.015625,
      0.171875,
      0.296875,
      0.515625,
    );
    const smaller = [
      0.514756944, 0.451822917, 0.236979167, 0.424479167, 0.5234375, 0.609375, 0.115017361, 0.276041667, 0.465277778,
    ];
    const larger = [
      0.5, 0.6859375, 0.4296875, 0.103125, 0.125, 0.36875, 0.5853125, 0.52265625, 0.4553125, 0.6609375, 0.3828125,
      0.5578125, 0.5234375, 0.484375, 0.6484375, 0.321875, 0.43890625, 0.409375, 0.3625, 0.4390625, 0.015625, 0.125,
      0.234375, 0.3625, 0.515625,
    ];
    for (const [size, expected] of [
      [3, smaller],
      [5, larger],
    ] as const) {
      const resized = resizePicture(picture, 4, size);
      expect(resized.length).toBe(expected.length);
      for (const [at, value] of expected.entries()) expect(resized[at]).toBeCloseTo(value, 6);
    }
  });
});

describe('patches', () => {
  test('are cut row by row and know their row and column', () => {
    const pixels = Float32Array.from({ length: 16 }, (_, index) => index);
    const { data, length, positions } = patchSequences([{ frames: 1, size: 4, pixels }], 2, 2);
    expect(length).toBe(4);
    expect([...data]).toEqual([0, 1, 4, 5, 2, 3, 6, 7, 8, 9, 12, 13, 10, 11, 14, 15]);
    expect([...(positions?.values ?? [])]).toEqual([0, 0, 0, 1, 1, 0, 1, 1]);
  });

  test('of clips know their frame, too', () => {
    const pixels = Float32Array.from({ length: 8 }, (_, index) => index);
    const { data, positions } = patchSequences([{ frames: 2, size: 2, pixels }], 1, 3);
    expect([...data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect([...(positions?.values ?? [])].slice(9, 15)).toEqual([0, 1, 1, 1, 0, 0]);
    expect(positions?.axes).toBe(3);
  });

  test('a patch that does not divide the picture is refused', () => {
    expect(() => patchSequences([{ frames: 1, size: 4, pixels: new Float32Array(16) }], 3, 2)).toThrow(/divisor of 4/);
  });
});

test('video: every frame is the one before, moved by two pixels in the labelled direction', async () => {
  const prepared = await findTask('video').prepare({ testExamples: 8 });
  const { source, labels } = prepared.trainingBatch(16, createRandom(1, 'clips').uniform);
  const directions = [
    [0, 2],
    [0, -2],
    [2, 0],
    [-2, 0],
  ] as const;
  // 16 patches of 6 × 6 a frame.
  const pixel = (clip: number, frame: number, row: number, column: number): number => {
    const [y, x] = [(row + 24) % 24, (column + 24) % 24];
    const patch = (frame * 4 + Math.floor(y / 6)) * 4 + Math.floor(x / 6);
    return source?.data[(clip * 64 + patch) * 36 + (y % 6) * 6 + (x % 6)] as number;
  };
  expect(new Set(labels).size).toBe(4);
  for (let clip = 0; clip < 16; clip += 1) {
    const [down, right] = directions[labels[clip] as number] as readonly [number, number];
    for (let frame = 1; frame < 4; frame += 1) {
      for (let row = 0; row < 24; row += 1) {
        for (let column = 0; column < 24; column += 1) {
          expect(pixel(clip, frame, row, column)).toBe(pixel(clip, frame - 1, row - down, column - right));
        }
      }
    }
  }
});

test('image: other resolutions are the same digits', async () => {
  const prepared = await findTask('image').prepare({ testExamples: 5 });
  const sets = prepared.evaluation('test', 5);
  expect(sets.map(({ bucket }) => bucket.label)).toEqual(['7', '8', '10', '14']);
  const labels = sets.map(({ batches }) => [...(batches[0]?.labels ?? [])]);
  expect(labels[1]).toEqual(labels[0]);
  expect(labels[3]).toEqual(labels[0]);
  expect(sets.map(({ batches }) => batches[0]?.source?.positions?.length)).toEqual([49, 64, 100, 196]);
});
