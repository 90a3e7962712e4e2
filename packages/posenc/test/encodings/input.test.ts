/** What encodings that act on embeddings refuse, with an error that says what to do. */
import {
  convolutional,
  fourierFeatures,
  positionalEncodingGenerator,
  randomFourier,
  sinusoidalGrid,
  spaceTime,
} from 'posenc';
import { positionList } from 'posenc/positions';
import { describe, expect, test } from 'vitest';

const line = (values: readonly number[]) => positionList(values);
const points = (...values: readonly (readonly [number, number])[]) => ({
  values: Float64Array.from(values.flat()),
  batch: 1,
  length: values.length,
  axes: 2,
});

describe('extents', () => {
  test.each([[[0]], [[-3]], [[Number.NaN]], [[2.5]], [[]]])('%j are refused', (extents) => {
    expect(() => fourierFeatures({ dim: 4, extents })).toThrow(/extents: ax.*expected an integer of at least 1/);
    expect(() => randomFourier({ dim: 4, extents })).toThrow(RangeError);
    expect(() => sinusoidalGrid({ dim: 4, axes: 1, normalize: true, extents })).toThrow(RangeError);
  });

  test('positions outside are refused, naming the axis', () => {
    for (const make of [fourierFeatures, randomFourier]) {
      const encoding = make({ dim: 4, extents: [1, 3] });
      expect(encoding.largestPosition).toBe(2);
      expect(() => encoding.signals(points([0, 2]))).not.toThrow();
      expect(() => encoding.signals(points([1, 0]))).toThrow(/expected numbers from 0 to 0 along axis 0, got 1/);
      expect(() => encoding.signals(points([0, 5]))).toThrow(
        /along axis 1, got 5; give the extents of the larger grid/,
      );
    }
  });
});

describe('convolutions', () => {
  test('refuse places between the cells, whose neighbours would be missed', () => {
    const real = line([0.1, 1.1, 2.1]);
    expect(() => convolutional({ dim: 16 }).signals(real)).toThrow(/expected integers.*got 0.1/);
    expect(() => positionalEncodingGenerator({ dim: 4, axes: 1 }).signals(real)).toThrow(/expected integers/);
  });

  test('refuse a class token beside the grid, and two tokens in one place', () => {
    const encoding = positionalEncodingGenerator({ dim: 4 });
    expect(() => encoding.signals(points([-1, -1], [0, 0]))).toThrow(/counted from 0, got -1; a class token/);
    expect(() => encoding.signals(points([0, 1], [0, 1]))).toThrow(/each place once/);
  });
});

describe('space-time', () => {
  test('has frames with learned time only, and needs them there', () => {
    const grid = { dim: 4, rows: 1, columns: 1 };
    expect(() => spaceTime({ ...grid, frames: 2, time: 'sinusoidal' })).toThrow(/frames: expected none.*leave it out/);
    expect(() => spaceTime(grid)).toThrow(/frames: expected an integer of at least 1/);
    expect(spaceTime({ ...grid, time: 'sinusoidal' }).largestPosition).toBe(Number.POSITIVE_INFINITY);
  });
});
