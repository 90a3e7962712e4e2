import * as fc from 'fast-check';
import {
  axialRotary,
  dynamicNtkScaling,
  type Encoding,
  lieRotary,
  longRopeScaling,
  multimodalRotary,
  type RotaryOptions,
  resonanceScaling,
  rotary,
  yarnScaling,
} from 'posenc';
import { attentionPattern } from 'posenc/analysis';
import { positionList, positionRange } from 'posenc/positions';
import { float64Operations, type PlainTensor, tensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../support/close.ts';
import { fromStored, golden, largestDifference } from '../support/encoding-golden.ts';
import { createTestRandom } from '../support/random.ts';

const pairings = ['half', 'interleaved'] as const;

function turn(options: RotaryOptions, positions: readonly number[], x: PlainTensor): PlainTensor {
  const encoding = rotary(options);
  const signals = encoding.signals(positionList(positions), 'query');
  return encoding.transform({ operations: float64Operations, parameters: {}, signals }, x, 'query');
}

/** One vector at one position. */
function turnVector(options: RotaryOptions, position: number, x: readonly number[]): readonly number[] {
  return [...turn(options, [position], tensor([1, 1, 1, x.length], x)).data];
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}

describe('published vectors', () => {
  test.each([
    ['interleaved', [-1.272233, -1.838865, 1.683929, 4.707907, 4.817777, 6.147278, 6.975969, 8.020964]],
    ['half', [-1.695593, 0.137552, 2.788682, 3.975982, -4.808842, 6.323059, 7.086837, 8.011964]],
  ] as const)('%s: 1 … 8 at position 3', (pairing, expected) => {
    const turned = turnVector({ headDim: 8, pairing }, 3, [1, 2, 3, 4, 5, 6, 7, 8]);
    expect(largestDifference(turned, expected)).toBeLessThanOrEqual(5.1e-7);
  });
});

describe('queries and keys are turned as in transformers', () => {
  test.each(golden.rotations)('$model in $bits bits, $options, positions $positions', (one) => {
    const { bits, options, positions } = one;
    // float32 angles are wrong by half a unit of the frequency times the position; numbers here are below 4.
    const unit = bits === 32 ? 2 ** -23 : 2 ** -52;
    const tolerance = 8 * unit * Math.max(1, ...positions);
    expectClose(turn(options, positions, fromStored(one.queries)), fromStored(one.turnedQueries), tolerance, 'queries');
    expectClose(turn(options, positions, fromStored(one.keys)), fromStored(one.turnedKeys), tolerance, 'keys');
  });
});

describe('cosines and sines are exact up to positions of 2^28 and at 2^40 + 1', () => {
  const cases = golden.exactTables.filter(({ exponent }) => exponent === 'paper');
  test.each(cases)('base $base, $dim channels', ({ base, dim, positions, inverseFrequencies, ...expected }) => {
    const encoding = rotary({ headDim: dim, base });
    const vectors = encoding.vectors(positionList(positions));
    const signals = encoding.signals(positionList(positions), 'key');
    expect(vectors.cos?.shape).toEqual([positions.length, dim / 2]);
    expect(signals.cos?.shape).toEqual([1, 1, positions.length, dim / 2]);
    for (const [k, frequency] of inverseFrequencies.entries()) {
      expect(Math.abs((vectors.inverseFrequencies?.data[k] as number) / frequency - 1)).toBeLessThanOrEqual(2 ** -52);
    }
    for (const name of ['cos', 'sin'] as const) {
      const { data } = vectors[name] as PlainTensor;
      expect(signals[name]?.data).toEqual(data);
      // 50-digit values rounded to float64: half a unit of the golden itself is 6e-17.
      expect(largestDifference(data, expected[name].flat()), name).toBeLessThanOrEqual(2.6e-16);
      expect(largestDifference(data.map(Math.fround), expected[name].flat()), name).toBeLessThanOrEqual(
        2 ** -25 + 1e-15,
      );
    }
  });
});

describe('laws', () => {
  const options = fc
    .record({
      pairs: fc.integer({ min: 1, max: 6 }),
      rest: fc.integer({ min: 0, max: 3 }),
      base: fc.constantFrom(10, 10000, 500000),
      pairing: fc.constantFrom(...pairings),
    })
    .map(({ pairs, rest, base, pairing }) => ({ headDim: 2 * pairs + rest, rotaryDim: 2 * pairs, base, pairing }));
  const vectors = options.chain((chosen) => {
    const vector = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), {
      minLength: chosen.headDim,
      maxLength: chosen.headDim,
    });
    return fc.record({ chosen: fc.constant(chosen), q: vector, k: vector });
  });
  const position = fc.integer({ min: 0, max: 1e6 });

  test('norms are kept', () => {
    fc.assert(
      fc.property(vectors, position, ({ chosen, q }, at) => {
        const turned = turnVector(chosen, at, q);
        expect(Math.abs(Math.hypot(...turned) - Math.hypot(...q))).toBeLessThanOrEqual(1e-14);
      }),
    );
  });

  test('scores depend on the difference of positions only', () => {
    fc.assert(
      fc.property(vectors, position, position, position, ({ chosen, q, k }, m, j, shift) => {
        const score = (a: number, b: number) => dot(turnVector(chosen, a, q), turnVector(chosen, b, k));
        expect(Math.abs(score(m, j) - score(m + shift, j + shift))).toBeLessThanOrEqual(1e-13);
      }),
    );
  });

  test('position 0 is the identity', () => {
    fc.assert(
      fc.property(vectors, ({ chosen, q }) => {
        expect(largestDifference(turnVector(chosen, 0, q), q)).toBe(0);
      }),
    );
  });

  test('equal positions leave the score alone', () => {
    fc.assert(
      fc.property(vectors, position, ({ chosen, q, k }, at) => {
        const score = dot(turnVector(chosen, at, q), turnVector(chosen, at, k));
        expect(Math.abs(score - dot(q, k))).toBeLessThanOrEqual(1e-13);
      }),
    );
  });

  test('turning by a and then by b is turning by a + b', () => {
    fc.assert(
      fc.property(vectors, position, position, ({ chosen, q }, a, b) => {
        const twice = turnVector(chosen, b, turnVector(chosen, a, q));
        expect(largestDifference(twice, turnVector(chosen, a + b, q))).toBeLessThanOrEqual(1e-14);
      }),
    );
  });

  test('a turn by −m undoes a turn by m', () => {
    fc.assert(
      fc.property(vectors, position, ({ chosen, q }, at) => {
        const back = turnVector(chosen, -at, turnVector(chosen, at, q));
        expect(largestDifference(back, q)).toBeLessThanOrEqual(1e-14);
      }),
    );
  });

  test('channels from rotaryDim on are left alone, and at other positions the first two are not', () => {
    const x = [1, 2, 3, 4, 5, 6, 7];
    for (const pairing of pairings) {
      const turned = turnVector({ headDim: 7, rotaryDim: 4, pairing }, 2, x);
      expect(turned.slice(4)).toEqual([5, 6, 7]);
      expect(turned[0]).not.toBeCloseTo(1, 3);
    }
  });

  test('the pairings differ by a permutation of channels', () => {
    const x = [1, 2, 3, 4, 5, 6];
    const toInterleaved = (half: readonly number[]) => [0, 3, 1, 4, 2, 5].map((channel) => half[channel] as number);
    const half = turnVector({ headDim: 6, pairing: 'half' }, 9, x);
    expect(turnVector({ headDim: 6, pairing: 'interleaved' }, 9, toInterleaved(x))).toEqual(toInterleaved(half));
  });

  test('a single query row equals its row among all', () => {
    const x = tensor([1, 1, 3, 4], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const all = turn({ headDim: 4 }, [7, 8, 9], x).data;
    for (const row of [0, 1, 2]) {
      const alone = turnVector({ headDim: 4 }, 7 + row, [...x.data.slice(row * 4, row * 4 + 4)]);
      expect(alone).toEqual([...all.slice(row * 4, row * 4 + 4)]);
    }
  });
});

describe('scalings that depend on the length give queries and keys one table', () => {
  const scalings = {
    'dynamic NTK': dynamicNtkScaling({ factor: 2, originalLength: 16 }),
    LongRoPE: longRopeScaling({
      factor: 4,
      originalLength: 16,
      shortFactors: [1, 1, 1.5, 2],
      longFactors: [1, 2, 4, 4],
    }),
  };

  test.each(Object.entries(scalings))('%s: a query row among longer keys is that row of the whole', (_, scaling) => {
    const encoding = rotary({ headDim: 8, scaling });
    const all = encoding.signals(positionRange(40), 'query');
    for (const row of [3, 20, 39]) {
      const alone = encoding.signals(positionList([row]), 'query', 39);
      for (const name of ['cos', 'sin']) {
        expect([...(alone[name]?.data ?? [])]).toEqual([...(all[name]?.data.slice(4 * row, 4 * row + 4) ?? [])]);
      }
    }
    expect(encoding.signals(positionList([3]), 'query').sin).not.toEqual(
      encoding.signals(positionList([3]), 'query', 39).sin,
    );
    // A number below the positions' own changes nothing.
    expect(encoding.signals(positionRange(40), 'key', 5)).toEqual(all);
  });

  test.each(Object.entries(scalings))('%s: patterns do so, too', (_, scaling) => {
    const pattern = (queries: readonly number[]) =>
      attentionPattern(
        rotary({ headDim: 8, scaling }),
        positionList(queries),
        positionRange(40),
        { modelDim: 8, numHeads: 1, headDim: 8 },
        createTestRandom(1),
      ).values;
    const whole = pattern(Array.from({ length: 40 }, (__, row) => row));
    expect(largestDifference(pattern([3]), [...whole.slice(120, 160)])).toBe(0);
  });
});

describe('hazards', () => {
  test.each([0, 1])('length %i keeps its shape', (length) => {
    for (const pairing of pairings) {
      const encoding = rotary({ headDim: 6, rotaryDim: 4, pairing });
      const signals = encoding.signals(positionRange(length), 'query');
      expect(signals.sin?.shape).toEqual([1, 1, length, 2]);
      expect(encoding.vectors(positionRange(length)).sin?.shape).toEqual([length, 2]);
      const x = tensor([2, 3, length, 6], new Float64Array(36 * length).fill(1));
      const context = { operations: float64Operations, parameters: {}, signals };
      expect(encoding.transform(context, x, 'query').shape).toEqual([2, 3, length, 6]);
    }
  });

  test('each sequence of a batch is turned by its own positions', () => {
    const positions = { values: Float64Array.of(3, 8), batch: 2, length: 1, axes: 1 };
    const encoding = rotary({ headDim: 2 });
    const signals = encoding.signals(positions, 'key');
    expect(signals.cos?.shape).toEqual([2, 1, 1, 1]);
    const context = { operations: float64Operations, parameters: {}, signals };
    const turned = encoding.transform(context, tensor([2, 1, 1, 2], [1, 0, 1, 0]), 'key');
    const expected = [Math.cos(3), Math.sin(3), Math.cos(8), Math.sin(8)];
    expect(largestDifference(turned.data, expected)).toBeLessThanOrEqual(2e-16);
    expect(encoding.vectors(positions).cos?.shape).toEqual([2, 1, 1]);
  });

  test('scores at positions near 2^28 are those near 0', () => {
    const [q, k] = [
      [1, 2, 3, 4],
      [4, -3, 2, 1],
    ] as const;
    const score = (m: number, j: number) => dot(turnVector({ headDim: 4 }, m, q), turnVector({ headDim: 4 }, j, k));
    expect(Math.abs(score(2 ** 28, 2 ** 28 - 5) - score(5, 0))).toBeLessThanOrEqual(2e-14);
  });
});

describe('errors', () => {
  test.each([
    [{ headDim: 7 }, /rotary: rotaryDim: expected an even number of at most headDim = 7, got 7/],
    [{ headDim: 8, rotaryDim: 10 }, /rotary: rotaryDim: .*headDim = 8, got 10/],
    [{ headDim: 8, rotaryDim: 5 }, /rotary: rotaryDim: .*got 5/],
    [{ headDim: 8, rotaryDim: 0 }, /rotary: rotaryDim: expected an integer of at least 2, got 0/],
    [{ headDim: 1 }, /rotary: headDim: expected an integer of at least 2, got 1/],
    [{ headDim: 8, base: -1 }, /rotary: base: expected a finite number above 0, got -1/],
    [{ headDim: 8, base: Number.POSITIVE_INFINITY }, /rotary: base: .*got Infinity/],
    [{ headDim: 8, pairing: 'split' as 'half' }, /rotary: pairing: expected one of half, interleaved, got split/],
  ])('%o is refused', (options, message) => {
    expect(() => rotary(options)).toThrow(RangeError);
    expect(() => rotary(options)).toThrow(message);
  });

  test('positions of several axes are refused', () => {
    const grid = { values: Float64Array.of(0, 1), batch: 1, length: 1, axes: 2 };
    expect(() => rotary({ headDim: 4 }).signals(grid, 'query')).toThrow(/rotary: positions: .*got 2 axes/);
  });
});

describe('the relatives of rotary and its scalings refuse what they cannot use', () => {
  const signalsAt = (encoding: Encoding, ...values: number[]) => {
    if (encoding.site !== 'query-key') throw new TypeError('expected a query-key encoding');
    return encoding.signals({ values: Float64Array.from(values), batch: 1, length: 1, axes: values.length }, 'query');
  };
  const scaled = (base: number, scaling: RotaryOptions['scaling'] & {}) => rotary({ headDim: 8, base, scaling });
  const yarn = { factor: 4, originalLength: 64 };
  const sections = [16, 24, 24];

  test.each<readonly [string, () => unknown, RegExp]>([
    [
      'positions beyond three extents',
      () => signalsAt(lieRotary({ headDim: 8, extent: 4 }), 3, 12.5),
      /lie-rotary: position: expected at most 12, three times the extent, got 12.5; raise extent/,
    ],
    ['and before them', () => signalsAt(lieRotary({ headDim: 8, extent: 4 }), -13, 0), /expected at most 12.*got -13/],
    [
      'sections that do not fit in turn',
      () => multimodalRotary({ headDim: 128, sections, order: 'interleaved' }),
      /sections: expected rows and columns of at most a third .* got 16, 24, 24, which would turn 22, 21, 21/,
    ],
    [
      'sections of the whole head with fewer channels',
      () => multimodalRotary({ headDim: 128, rotaryDim: 64, sections }),
      /sections: expected three numbers of pairs with a sum of rotaryDim\/2 = 32, got 16, 24, 24/,
    ],
    [
      'more channels than the head has',
      () => multimodalRotary({ headDim: 8, rotaryDim: 10, sections }),
      /at most.*8, got 10/,
    ],
    ['an odd number of channels', () => multimodalRotary({ headDim: 8, rotaryDim: 5, sections }), /rotaryDim: .*got 5/],
    ['mscale 0', () => yarnScaling({ ...yarn, mscale: 0 }), /yarn: mscale: expected .* above 0, got 0; leave it out/],
    ['mscaleAllDim 0', () => yarnScaling({ ...yarn, mscale: 1, mscaleAllDim: 0 }), /yarn: mscaleAllDim: .*got 0/],
    [
      'an unknown ramp',
      () => yarnScaling({ ...yarn, ramp: 'turns' as 'index' }),
      /yarn: ramp: expected one of index, rot/,
    ],
    [
      'base 1 with a ramp by index',
      () => signalsAt(scaled(1, yarnScaling(yarn)), 1),
      /yarn: base: expected more than 1, got 1/,
    ],
    [
      'wavelengths that round to 0',
      () => signalsAt(scaled(0.001, resonanceScaling()), 1),
      /resonance: base: expected wavelengths of at least half a position, got 0.19869/,
    ],
    [
      'extents that are no counts',
      () => axialRotary({ headDim: 8, coordinates: 'centered', extents: [2.5, 3] }),
      /axial-rotary: extents: expected an integer of at least 1, got 2.5/,
    ],
    [
      'extents that are not used',
      () => axialRotary({ headDim: 8, extents: [2, 3] }),
      /extents: expected none for steps, got 2, 3/,
    ],
    [
      'a maximum frequency that is not used',
      () => axialRotary({ headDim: 8, maximumFrequency: 10 }),
      /axial-rotary: maximumFrequency: expected none for the spectrum own/,
    ],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(RangeError);
    expect(act).toThrow(message);
  });

  test('positions up to three extents are taken', () => {
    const encoding = lieRotary({ headDim: 8, extent: 4 });
    expect(encoding.largestPosition).toBe(12);
    expect(signalsAt(encoding, 12, -12).positions?.data).toEqual(Float64Array.of(3, -3));
  });

  test('a ramp by rotations needs no logarithm of the base', () => {
    const { cos } = signalsAt(scaled(1, yarnScaling({ ...yarn, ramp: 'rotations' })), 1) as Record<string, PlainTensor>;
    expect(cos?.data.every(Number.isFinite)).toBe(true);
  });
});

test('costs are four bytes for each cosine and sine', () => {
  const encoding = rotary({ headDim: 64, rotaryDim: 16 });
  expect(encoding.costs(10)).toEqual({ parameters: 0, tableBytes: 4 * 10 * 16 });
  expect(encoding.options).toEqual({ headDim: 64, rotaryDim: 16, base: 10000, pairing: 'half', scaling: 'none' });
  expect(encoding).toMatchObject({ site: 'query-key', relative: true, attention: 'any', parameters: [] });
});
