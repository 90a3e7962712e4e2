import * as fc from 'fast-check';
import { t5, t5Bucket } from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { float64Operations, type PlainTensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { golden } from '../support/encoding-golden.ts';
import { createTestRandom, randomTensor } from '../support/random.ts';

const standard = { numBuckets: 32, maxDistance: 128 };

describe('published buckets: 32, largest distance 128', () => {
  test.each([
    [15, 15],
    [16, 16],
    [18, 16],
    [19, 17],
    [20, 17],
    [21, 18],
    [23, 18],
    [24, 19],
    [26, 19],
    [27, 20],
    [30, 20],
    [31, 21],
    [32, 21],
    [40, 23],
    [50, 24],
    [64, 26],
    [90, 29],
    [91, 29],
    [112, 30],
    [113, 31],
    [1000, 31],
  ])('causal: %i steps back is bucket %i', (back, bucket) => {
    expect(t5Bucket(-back, { ...standard, bidirectional: false })).toBe(bucket);
  });

  test.each([
    [-128, 15],
    [-64, 14],
    [-16, 10],
    [-8, 8],
    [-1, 1],
    [0, 0],
    [1, 17],
    [7, 23],
    [8, 24],
    [11, 24],
    [12, 25],
    [16, 26],
    [23, 27],
    [32, 28],
    [46, 29],
    [64, 30],
    [90, 30],
    [91, 31],
  ])('bidirectional: offset %i is bucket %i', (offset, bucket) => {
    expect(t5Bucket(offset, { ...standard, bidirectional: true })).toBe(bucket);
  });
});

describe('buckets are those of transformers for offsets −300 … 300', () => {
  test.each(golden.t5Buckets)('$options', ({ options, firstOffset, buckets }) => {
    expect(buckets.map((_, index) => t5Bucket(firstOffset + index, options))).toEqual(buckets);
  });

  test.each(golden.t5Buckets)('$options, through signals', ({ options, firstOffset, buckets }) => {
    const at = 1000;
    const keys = positionRange(at + firstOffset, at + firstOffset + buckets.length);
    const tensor = t5({ numHeads: 1, ...options }).signals(positionList([at]), keys).buckets as PlainTensor;
    expect(tensor).toEqual({ shape: [1, 1, buckets.length], data: Float64Array.from(buckets), type: 'integer' });
  });
});

describe('laws', () => {
  const options = fc
    .record({
      pairs: fc.integer({ min: 2, max: 40 }),
      beyond: fc.integer({ min: 1, max: 500 }),
      bidirectional: fc.boolean(),
    })
    .map(({ pairs, beyond, bidirectional }) => ({ numBuckets: 2 * pairs, maxDistance: pairs + beyond, bidirectional }));
  const distance = fc.integer({ min: 0, max: 2000 });

  test('buckets grow with the distance, on each side', () => {
    fc.assert(
      fc.property(options, distance, (chosen, far) => {
        expect(t5Bucket(-far - 1, chosen)).toBeGreaterThanOrEqual(t5Bucket(-far, chosen));
        expect(t5Bucket(far + 1, chosen)).toBeGreaterThanOrEqual(t5Bucket(far, chosen));
      }),
    );
  });

  test('every bucket is one of numBuckets, and distances from maxDistance on share the last one', () => {
    fc.assert(
      fc.property(options, distance, (chosen, far) => {
        const last = chosen.bidirectional ? chosen.numBuckets / 2 - 1 : chosen.numBuckets - 1;
        expect(t5Bucket(-far, chosen)).toBeLessThan(chosen.numBuckets);
        expect(t5Bucket(far, chosen)).toBeLessThan(chosen.numBuckets);
        expect(t5Bucket(-far - chosen.maxDistance, chosen)).toBe(last);
      }),
    );
  });

  test('causal: what follows the query shares bucket 0 with it', () => {
    fc.assert(
      fc.property(options, distance, (chosen, ahead) => {
        expect(t5Bucket(ahead, { ...chosen, bidirectional: false })).toBe(0);
      }),
    );
  });

  test('bidirectional: the two sides mirror each other, half of the buckets apart', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 2000 }), (chosen, far) => {
        const both = { ...chosen, bidirectional: true };
        expect(t5Bucket(far, both)).toBe(t5Bucket(-far, both) + chosen.numBuckets / 2);
      }),
    );
  });

  test('the bias is the scaled entry of the bucket and head', () => {
    const encoding = t5({ numHeads: 3, numBuckets: 8, maxDistance: 20, scale: 2.5 });
    const table = randomTensor([8, 3], createTestRandom(5));
    const [queries, keys] = [
      [3, 90],
      [0, 3, 4, 89],
    ];
    const signals = encoding.signals(positionList(queries), positionList(keys));
    const bias = encoding.bias({ operations: float64Operations, parameters: { table }, signals });
    expect(bias.shape).toEqual([1, 3, 2, 4]);
    for (let head = 0; head < 3; head += 1) {
      queries.forEach((query, row) => {
        keys.forEach((key, column) => {
          const bucket = t5Bucket(key - query, { bidirectional: true, numBuckets: 8, maxDistance: 20 });
          expect(bias.data[(head * 2 + row) * 4 + column]).toBe(2.5 * (table.data[bucket * 3 + head] as number));
        });
      });
    }
  });

  test('buckets depend on the difference of positions only', () => {
    const encoding = t5({ numHeads: 1 });
    fc.assert(
      fc.property(distance, distance, distance, (query, key, shift) => {
        const at = (by: number) => encoding.signals(positionList([query + by]), positionList([key + by]));
        expect(at(shift)).toEqual(at(0));
      }),
    );
  });

  test('a single query row equals its row of the full table', () => {
    for (const bidirectional of [true, false]) {
      const encoding = t5({ numHeads: 1, bidirectional });
      const full = encoding.vectors(positionRange(40)).buckets as PlainTensor;
      for (const query of [0, 17, 39]) {
        const row = encoding.signals(positionRange(query, query + 1), positionRange(40)).buckets as PlainTensor;
        expect(row.data).toEqual(full.data.slice(query * 40, query * 40 + 40));
      }
    }
  });
});

describe('hazards', () => {
  test.each([0, 1])('length %i keeps its shape', (length) => {
    const encoding = t5({ numHeads: 2 });
    expect(encoding.signals(positionRange(length), positionRange(length)).buckets?.shape).toEqual([1, length, length]);
    expect(encoding.vectors(positionRange(length)).buckets?.shape).toEqual([length, length]);
  });

  test('distance 2^28 is in the last bucket of its side', () => {
    expect(t5Bucket(-(2 ** 28), { ...standard, bidirectional: false })).toBe(31);
    expect(t5Bucket(-(2 ** 28), { ...standard, bidirectional: true })).toBe(15);
    expect(t5Bucket(2 ** 28, { ...standard, bidirectional: true })).toBe(31);
  });

  test('fractional positions at whole distances are accepted', () => {
    const { buckets } = t5({ numHeads: 1 }).signals(positionList([0.5]), positionList([1.5, -2.5]));
    expect([...(buckets as PlainTensor).data]).toEqual([17, 3]);
  });
});

describe('errors', () => {
  test.each([
    [{ numHeads: 0 }, /t5: numHeads: expected an integer of at least 1, got 0/],
    [{ numHeads: 1, numBuckets: 7 }, /t5: numBuckets: expected an even number of at least 4 when bidirectional, got 7/],
    [{ numHeads: 1, numBuckets: 2 }, /t5: numBuckets: .*got 2/],
    [{ numHeads: 1, numBuckets: 1, bidirectional: false }, /t5: numBuckets: expected an integer of at least 2, got 1/],
    [{ numHeads: 1, maxDistance: 8 }, /t5: maxDistance: expected an integer of at least 9, got 8/],
    [{ numHeads: 1, scale: 0 }, /t5: scale: expected a finite number above 0, got 0/],
    [{ numHeads: 1, standardDeviation: Number.NaN }, /t5: standardDeviation: .*got NaN/],
  ])('%o is refused', (options, message) => {
    expect(() => t5(options)).toThrow(RangeError);
    expect(() => t5(options)).toThrow(message);
  });

  test('fractional distances are refused', () => {
    const ask = () => t5({ numHeads: 1 }).signals(positionList([0]), positionList([1.5]));
    expect(ask).toThrow(RangeError);
    expect(ask).toThrow(/t5: distance: expected an integer, got 1.5/);
    expect(() => t5Bucket(Number.NaN, { ...standard, bidirectional: true })).toThrow(RangeError);
  });
});

test('facts: one table for the stack, drawn with the standard deviation asked for', () => {
  const encoding = t5({ numHeads: 4, standardDeviation: 0.125 });
  expect(encoding.parameters).toMatchObject([
    {
      name: 'table',
      shape: [32, 4],
      sharing: 'model',
      initializer: { distribution: 'normal', standardDeviation: 0.125 },
    },
  ]);
  expect(encoding.options).toEqual({
    numHeads: 4,
    bidirectional: true,
    ...standard,
    scale: 1,
    standardDeviation: 0.125,
  });
  expect(encoding.costs(10)).toEqual({ parameters: 128, tableBytes: 400 });
  expect([encoding.attention, t5({ numHeads: 4, bidirectional: false }).attention]).toEqual(['any', 'causal']);
});
