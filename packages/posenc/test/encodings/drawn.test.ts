/** Positions drawn for training: the laws their papers state, for any random source. */
import * as fc from 'fast-check';
import {
  abacus,
  alibi,
  cape,
  type Encoding,
  laplacian,
  learned,
  learnedGrid,
  type Positions,
  type Purpose,
  type RandomSource,
  randomized,
  rotary,
  shifted,
  sinusoidal,
} from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { describe, expect, test } from 'vitest';
import { createTestRandom } from '../support/random.ts';

function rows({ batch, length, values }: Positions): readonly (readonly number[])[] {
  return Array.from({ length: batch }, (_, row) => [...values.subarray(row * length, (row + 1) * length)]);
}

function drawFrom(
  encoding: Encoding,
  positions: Positions,
  sequences: number,
  random: RandomSource,
  purpose: Purpose,
): Positions {
  if (encoding.draw === undefined) throw new Error(`${encoding.name} draws no positions`);
  return encoding.draw(positions, sequences, random, purpose);
}

/** A source that always gives these numbers, again and again. */
function always(...numbers: readonly number[]) {
  let at = 0;
  return {
    uniform: () => numbers[at++ % numbers.length] as number,
    normal: () => 0,
  };
}

describe('randomized', () => {
  const encoding = randomized(sinusoidal({ dim: 8 }), { maximumPosition: 99 });
  const draw = (length: number, seed: number, purpose: 'training' | 'evaluation') =>
    drawFrom(encoding, positionRange(length), 3, createTestRandom(seed), purpose);

  test('gives distinct positions in ascending order, within the range, in training and at evaluation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.nat(1000), fc.boolean(), (length, seed, training) => {
        const [drawn = []] = rows(draw(length, seed, training ? 'training' : 'evaluation'));
        expect(drawn).toHaveLength(length);
        expect(new Set(drawn).size).toBe(length);
        expect([...drawn].sort((a, b) => a - b)).toEqual([...drawn]);
        for (const position of drawn) expect(Number.isInteger(position) && position >= 0 && position <= 99).toBe(true);
      }),
    );
  });

  test('draws every position equally often', () => {
    const counts = new Array(100).fill(0);
    for (let seed = 0; seed < 2000; seed += 1) {
      for (const position of draw(20, seed, 'training').values) counts[position] += 1;
    }
    // 2000 draws of 20 of 100: 400 each, with standard deviation √(2000 · 0.2 · 0.8) = 17.9; five of them.
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(90);
  });

  test('keeps the order of the positions given, and the same draw for the same seed', () => {
    const given = positionList([7, 2, 9]);
    const [drawn = []] = rows(drawFrom(encoding, given, 1, createTestRandom(4), 'training'));
    expect(drawn[1]).toBeLessThan(drawn[0] as number);
    expect(drawn[0]).toBeLessThan(drawn[2] as number);
    expect(draw(5, 8, 'training')).toEqual(draw(5, 8, 'training'));
    expect(draw(5, 8, 'training')).not.toEqual(draw(5, 9, 'training'));
  });

  test('refuses more tokens than positions, and positions the encoding lacks', () => {
    expect(() => draw(101, 0, 'training')).toThrow(/randomized: positions: expected at most 100 tokens, got 101/);
    expect(() => randomized(learned({ dim: 4, maximumPositions: 50 }), { maximumPosition: 50 })).toThrow(
      /maximumPosition: expected at most 49/,
    );
  });

  test('wraps an encoding of any site', () => {
    expect(randomized(rotary({ headDim: 8 })).site).toBe('query-key');
    expect(randomized(alibi({ numHeads: 2 })).site).toBe('scores');
  });
});

describe('shifted', () => {
  const encoding = shifted(learned({ dim: 4, maximumPositions: 20 }), { maximumShift: 3 });

  test('moves each sequence by its own whole shift in training, all shifts occurring', () => {
    const shifts = new Set<number>();
    for (let seed = 0; seed < 100; seed += 1) {
      const drawn = drawFrom(encoding, positionRange(5), 2, createTestRandom(seed), 'training');
      for (const row of rows(drawn)) {
        expect(row.map((value, at) => value - at)).toEqual(new Array(5).fill(row[0]));
        shifts.add(row[0] as number);
      }
    }
    expect([...shifts].sort()).toEqual([0, 1, 2, 3]);
    expect(encoding.largestPosition).toBe(16);
  });

  test('refuses an encoding of several axes, and one that draws itself, as randomized does', () => {
    const grid = learnedGrid({ dim: 8, rows: 3, columns: 3 });
    for (const wrap of [shifted, randomized]) {
      expect(() => wrap(grid)).toThrow(/encoding: expected one of one axis, got learned-grid of 2/);
      expect(() => wrap(cape({ dim: 8 }))).toThrow(/expected one that leaves positions alone, got cape/);
      expect(() => wrap(randomized(alibi({ numHeads: 2 })))).toThrow(/got randomized/);
    }
  });

  test('leaves positions alone at evaluation', () => {
    expect(drawFrom(encoding, positionRange(5), 2, createTestRandom(0), 'evaluation')).toEqual(positionRange(5));
  });
});

describe('cape', () => {
  const ranges = { maximumGlobalShift: 2, maximumLocalShift: 0.25, maximumScaling: 1.5 };
  const encoding = cape({ dim: 8, ...ranges, normalize: true });

  test('centres positions at evaluation', () => {
    const drawn = drawFrom(encoding, positionRange(10, 14), 2, createTestRandom(0), 'evaluation');
    expect(rows(drawn)).toEqual([
      [-1.5, -0.5, 0.5, 1.5],
      [-1.5, -0.5, 0.5, 1.5],
    ]);
  });

  test('leaves positions alone at evaluation unless they are centred', () => {
    const drawn = drawFrom(cape({ dim: 8 }), positionRange(10, 14), 2, createTestRandom(0), 'evaluation');
    expect(rows(drawn)).toEqual([
      [10, 11, 12, 13],
      [10, 11, 12, 13],
    ]);
  });

  test('shifts, jitters and scales in the order of the paper', () => {
    // Draws: the shift, the scaling, then each token's jitter; 1 is the upper end of each range.
    const drawn = drawFrom(encoding, positionRange(2), 1, always(1, 1, 1, 0), 'training');
    const [first, second] = drawn.values as unknown as [number, number];
    expect(first).toBeCloseTo((-0.5 + 2 + 0.25) * 1.5, 12);
    expect(second).toBeCloseTo((0.5 + 2 - 0.25) * 1.5, 12);
  });

  test('keeps the order of tokens for every draw', () => {
    fc.assert(
      fc.property(fc.nat(10000), (seed) => {
        const drawn = drawFrom(encoding, positionRange(6), 1, createTestRandom(seed), 'training');
        expect([...drawn.values].sort((a, b) => a - b)).toEqual([...drawn.values]);
      }),
    );
  });
});

test('abacus moves digits together and leaves everything else at 0', () => {
  const encoding = abacus({ dim: 4, maximumDigits: 3, maximumOffset: 9 });
  const places = positionList([1, 2, 0, 1]);
  const offsets = new Set<number>();
  for (let seed = 0; seed < 300; seed += 1) {
    const [first, second, other, again] = drawFrom(encoding, places, 1, createTestRandom(seed), 'training')
      .values as unknown as [number, number, number, number];
    expect([second, other, again]).toEqual([first + 1, 0, first]);
    offsets.add(first - 1);
  }
  expect(offsets.size).toBe(10);
  expect(drawFrom(encoding, places, 1, createTestRandom(0), 'evaluation')).toBe(places);
});

test('laplacian turns whole eigenvectors around', () => {
  const encoding = laplacian({ dim: 4, features: 2 });
  const nodes: Positions = { values: Float64Array.from([1, 2, 3, 4]), batch: 1, length: 2, axes: 2 };
  const seen = new Set<string>();
  for (let seed = 0; seed < 50; seed += 1) {
    seen.add([...drawFrom(encoding, nodes, 1, createTestRandom(seed), 'training').values].join());
  }
  expect([...seen].sort()).toEqual(['-1,-2,-3,-4', '-1,2,-3,4', '1,-2,3,-4', '1,2,3,4'].sort());
});
