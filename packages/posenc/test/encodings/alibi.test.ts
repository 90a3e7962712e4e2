import * as fc from 'fast-check';
import { alibi, alibiSlopes } from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { float64Operations, MASKED, type PlainTensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../support/close.ts';
import { golden, largestDifference } from '../support/encoding-golden.ts';

const directions = ['causal', 'symmetric', 'left-right'] as const;

/** [1, heads, queries, keys] */
function biasOf(options: Parameters<typeof alibi>[0], queries: readonly number[], keys: readonly number[]) {
  const encoding = alibi(options);
  const signals = encoding.signals(positionList(queries), positionList(keys));
  return encoding.bias({ operations: float64Operations, parameters: {}, signals });
}

describe('slopes', () => {
  test('8 heads: 2^-1 … 2^-8', () => {
    expect(alibiSlopes(8)).toEqual([0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625]);
  });

  test('12 heads: those of 8, then every second one of 16', () => {
    expect(alibiSlopes(12).slice(0, 8)).toEqual(alibiSlopes(8));
    expect(largestDifference(alibiSlopes(12).slice(8), [2 ** -0.5, 0.353553, 0.176777, 0.088388])).toBeLessThan(5.1e-7);
  });

  test.each(golden.alibiSlopes)('$numHeads heads are exact', ({ numHeads, slopes }) => {
    expect(largestDifference(alibiSlopes(numHeads), slopes)).toBeLessThanOrEqual(2 ** -53);
    const signals = alibi({ numHeads }).vectors(positionRange(2));
    expect(signals.slopes).toEqual({ shape: [numHeads], data: Float64Array.from(alibiSlopes(numHeads)), type: 'real' });
  });

  test('every number of heads has that many slopes between 0 and 1, all different', () => {
    for (let numHeads = 1; numHeads <= 130; numHeads += 1) {
      const slopes = alibiSlopes(numHeads);
      expect(new Set(slopes).size).toBe(numHeads);
      expect(slopes.every((slope) => slope > 0 && slope < 1)).toBe(true);
    }
  });
});

describe('biases are those of BLOOM up to a constant for each query', () => {
  // BLOOM raises a slope that was rounded to float32 to powers up to 64.
  const relative = 64 * 2 ** -24;
  test.each(golden.alibiBiases)('$numHeads heads', ({ numHeads, bias: bloom }) => {
    const keys = bloom.shape[2] as number;
    const query = keys - 1; // every key is at or before it
    const ours = biasOf({ numHeads }, [query], [...positionRange(keys).values]).data;
    for (let head = 0; head < numHeads; head += 1) {
      const atQuery = bloom.data[head * keys + query] as number;
      for (let key = 0; key < keys; key += 1) {
        const theirs = (bloom.data[head * keys + key] as number) - atQuery;
        const difference = Math.abs((ours[head * keys + key] as number) - theirs);
        expect(difference).toBeLessThanOrEqual(relative * Math.abs(theirs));
      }
    }
  });
});

test('the bias of 2 heads, written out', () => {
  const [a, b] = [2 ** -4, 2 ** -8];
  const row = (slope: number) => [0, -slope, -3 * slope, -slope, 0, -2 * slope, -3 * slope, -2 * slope, 0];
  const expected = [...row(a), ...row(b)];
  for (const direction of ['causal', 'symmetric'] as const) {
    const bias = biasOf({ numHeads: 2, direction }, [4, 5, 7], [4, 5, 7]);
    expect(bias.shape).toEqual([1, 2, 3, 3]);
    expect([...bias.data]).toEqual(expected);
  }
});

test('left-right with 4 heads, written out: two slopes, each for the past and for what follows', () => {
  const { data } = biasOf({ numHeads: 4, direction: 'left-right' }, [5], [3, 5, 6]);
  const [a, b] = [2 ** -4, 2 ** -8];
  const past = (slope: number) => [-2 * slope, 0, MASKED];
  const future = (slope: number) => [MASKED, 0, -slope];
  expect([...data]).toEqual([...past(a), ...past(b), ...future(a), ...future(b)]);
});

describe('laws', () => {
  const heads = fc.integer({ min: 1, max: 12 });
  const position = fc.integer({ min: 0, max: 1e6 });

  test('the bias is linear in the distance', () => {
    fc.assert(
      fc.property(
        heads,
        position,
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 1, max: 50 }),
        (numHeads, at, distance, times) => {
          const keys = [at - distance, at - times * distance];
          const { data } = biasOf({ numHeads }, [at], keys);
          alibiSlopes(numHeads).forEach((slope, head) => {
            expect(data[2 * head]).toBe(-slope * distance);
            expect(data[2 * head + 1]).toBeCloseTo(times * (data[2 * head] as number), 8);
          });
        },
      ),
    );
  });

  test('the bias depends on the difference of positions only', () => {
    fc.assert(
      fc.property(
        heads,
        fc.constantFrom(...directions),
        position,
        position,
        position,
        (half, direction, i, j, shift) => {
          const options = { numHeads: 2 * half, direction };
          expect(biasOf(options, [i + shift], [j + shift])).toEqual(biasOf(options, [i], [j]));
        },
      ),
    );
  });

  test('distance 0 adds nothing', () => {
    for (const direction of directions) {
      expect([...biasOf({ numHeads: 4, direction }, [9], [9]).data].every((value) => Object.is(value, 0))).toBe(true);
    }
  });

  test('reversing the sequence leaves symmetric biases alone and exchanges the halves of left-right', () => {
    const forwards = [0, 1, 2, 3];
    const reversed = (direction: 'symmetric' | 'left-right') =>
      biasOf({ numHeads: 4, direction }, [3, 2, 1, 0], [3, 2, 1, 0]);
    expect(reversed('symmetric')).toEqual(biasOf({ numHeads: 4, direction: 'symmetric' }, forwards, forwards));
    const straight = biasOf({ numHeads: 4, direction: 'left-right' }, forwards, forwards);
    const size = straight.data.length / 2;
    expect(reversed('left-right').data).not.toEqual(straight.data);
    expect([...reversed('left-right').data]).toEqual([...straight.data.slice(size), ...straight.data.slice(0, size)]);
  });

  test('a forgotten causal mask never rewards the future', () => {
    fc.assert(
      fc.property(heads, position, fc.integer({ min: 1, max: 1000 }), (numHeads, at, ahead) => {
        const { data } = biasOf({ numHeads, direction: 'causal' }, [at], [at + ahead]);
        expect(data.every((value) => value < 0)).toBe(true);
      }),
    );
  });

  test('a single query row equals its row of the full bias', () => {
    const keys = [0, 1, 2, 3, 4];
    for (const direction of directions) {
      const full = biasOf({ numHeads: 2, direction }, keys, keys).data;
      for (const query of keys) {
        const expected = [0, 1].flatMap((head) => [...full.slice((head * 5 + query) * 5, (head * 5 + query + 1) * 5)]);
        expect([...biasOf({ numHeads: 2, direction }, [query], keys).data]).toEqual(expected);
      }
    }
  });
});

describe('hazards', () => {
  test.each([0, 1])('length %i keeps its shape', (length) => {
    const encoding = alibi({ numHeads: 3 });
    expect(encoding.signals(positionRange(length), positionRange(length)).bias?.shape).toEqual([1, 3, length, length]);
    expect(encoding.vectors(positionRange(length)).bias?.shape).toEqual([3, length, length]);
  });

  test('position 2^28 is exact', () => {
    expect(biasOf({ numHeads: 1 }, [2 ** 28], [0]).data[0]).toBe(-(2 ** 20));
    expect(biasOf({ numHeads: 1 }, [2 ** 28], [2 ** 28 - 1]).data[0]).toBe(-(2 ** -8));
  });

  test('fractional positions have fractional distances', () => {
    expect(biasOf({ numHeads: 1 }, [2.5], [1]).data[0]).toBe(-1.5 * 2 ** -8);
  });

  test('a batch of keys meets shared queries; unequal batches are refused', () => {
    const keys = { values: Float64Array.of(0, 1, 5, 6), batch: 2, length: 2, axes: 1 };
    const encoding = alibi({ numHeads: 1 });
    const bias = encoding.signals(positionList([6]), keys).bias as PlainTensor;
    const slope = 2 ** -8;
    expectClose(
      bias,
      { shape: [2, 1, 1, 2], data: Float64Array.of(-6, -5, -1, 0).map((x) => x * slope), type: 'real' },
      0,
    );
    expect(encoding.vectors(keys).bias?.shape).toEqual([2, 1, 2, 2]);
    const three = { values: new Float64Array(3), batch: 3, length: 1, axes: 1 };
    expect(() => encoding.signals(three, keys)).toThrow(/alibi: positions: expected equal batches, got 3 and 2/);
  });
});

describe('errors', () => {
  test.each([
    [{ numHeads: 0 }, /alibi: numHeads: expected an integer of at least 1, got 0/],
    [{ numHeads: 1.5 }, /got 1.5/],
    [
      { numHeads: 3, direction: 'left-right' as const },
      /alibi: numHeads: expected an even number for direction left-right, got 3/,
    ],
    [
      { numHeads: 2, direction: 'both' as 'causal' },
      /alibi: direction: expected one of causal, symmetric, left-right, got both/,
    ],
  ])('%o is refused', (options, message) => {
    expect(() => alibi(options)).toThrow(RangeError);
    expect(() => alibi(options)).toThrow(message);
  });

  test('slopes of no heads are refused', () => expect(() => alibiSlopes(0)).toThrow(RangeError));
});

test('facts: causal by default, nothing learned, four bytes for each bias', () => {
  expect(alibi({ numHeads: 4 }).options).toEqual({ numHeads: 4, direction: 'causal', axes: 1, distance: 'manhattan' });
  expect(alibi({ numHeads: 4 }).costs(10)).toEqual({ parameters: 0, tableBytes: 4 * 4 * 100 });
  expect(directions.map((direction) => alibi({ numHeads: 4, direction }).attention)).toEqual([
    'causal',
    'bidirectional',
    'bidirectional',
  ]);
});
