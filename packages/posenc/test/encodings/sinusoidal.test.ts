import * as fc from 'fast-check';
import { sinusoidal } from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { float64Operations, type PlainTensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../support/close.ts';
import { type ExactTable, fromStored, golden, largestDifference } from '../support/encoding-golden.ts';
import { createTestRandom, randomTensor } from '../support/random.ts';

const layouts = ['interleaved', 'halves'] as const;
const exponents = ['paper', 'tensor2tensor'] as const;

function tableOf(options: Parameters<typeof sinusoidal>[0], positions: readonly number[]): PlainTensor {
  return sinusoidal(options).vectors(positionList(positions)).table as PlainTensor;
}

describe('published rows', () => {
  const [sin1, cos1] = [0.841471, 0.540302];
  test.each([
    ['interleaved', 'paper', [sin1, cos1, 0.099833, 0.995004, 0.01, 0.99995, 0.001, 1]],
    ['halves', 'paper', [sin1, 0.099833, 0.01, 0.001, cos1, 0.995004, 0.99995, 1]],
    ['halves', 'tensor2tensor', [sin1, 0.046399, 0.002154, 0.0001, cos1, 0.998923, 0.999998, 1]],
  ] as const)('%s, %s exponent, width 8, position 1', (layout, exponent, row) => {
    const { data } = tableOf({ dim: 8, layout, exponent }, [1]);
    expect(largestDifference(data, row)).toBeLessThanOrEqual(5.1e-7);
  });

  test('without options the table is that of the paper', () => {
    expect(sinusoidal({ dim: 8 }).options).toEqual({ dim: 8, layout: 'interleaved', exponent: 'paper', base: 10000 });
  });
});

describe('tables are those of transformers', () => {
  // XLM, Marian and RoFormer store their table in float32: half a unit in the last place of 1 is 3e-8. Whisper's is in
  // float64 here, from frequencies that went through exp and log: 1e-15 relative, times positions up to 39.
  test.each(golden.sinusoidalTables)('$model, width $options.dim', ({ model, options, table }) => {
    const expected = fromStored(table);
    const positions = positionRange(expected.shape[0] as number);
    const actual = sinusoidal(options).vectors(positions).table as PlainTensor;
    expectClose(actual, expected, model === 'Whisper' ? 1e-13 : 3.1e-8);
  });
});

describe('tables are exact up to positions of 2^28 and at 2^40 + 1', () => {
  const cases = golden.exactTables.flatMap((exact) => layouts.map((layout) => ({ ...exact, layout })));
  test.each(cases)('base $base, width $dim, $exponent exponent, $layout', ({ layout, ...exact }) => {
    const { base, dim, exponent, positions } = exact;
    const { data } = tableOf({ base, dim, exponent, layout }, positions);
    const expected = arranged(exact, layout);
    // 50-digit values rounded to float64: half a unit of the golden itself is 6e-17.
    expect(largestDifference(data, expected)).toBeLessThanOrEqual(2.6e-16);
    // Rounded once to float32: half a unit in the last place of 1, and never more than the unit 2^-23.
    expect(largestDifference(data.map(Math.fround), expected)).toBeLessThanOrEqual(2 ** -25 + 1e-15);
  });

  function arranged({ cos, sin }: ExactTable, layout: 'interleaved' | 'halves'): number[] {
    return sin.flatMap((sines, row) => {
      const cosines = cos[row] as readonly number[];
      return layout === 'halves' ? [...sines, ...cosines] : sines.flatMap((value, k) => [value, cosines[k] as number]);
    });
  }
});

describe('laws', () => {
  const even = fc.integer({ min: 1, max: 20 }).map((pairs) => 2 * pairs);
  const position = fc.integer({ min: -1e6, max: 1e6 });

  test('each pair of channels lies on the unit circle', () => {
    fc.assert(
      fc.property(even, position, fc.constantFrom(...exponents), (dim, at, exponent) => {
        const { data } = tableOf({ dim, exponent }, [at]);
        for (let k = 0; k < dim; k += 2) {
          expect(Math.hypot(data[k] as number, data[k + 1] as number)).toBeCloseTo(1, 14);
        }
      }),
    );
  });

  test('halves and interleaved hold the same numbers in another order', () => {
    fc.assert(
      fc.property(even, position, fc.constantFrom(...exponents), (dim, at, exponent) => {
        const interleaved = tableOf({ dim, exponent, layout: 'interleaved' }, [at]).data;
        const halves = tableOf({ dim, exponent, layout: 'halves' }, [at]).data;
        const sines = interleaved.filter((_, channel) => channel % 2 === 0);
        const cosines = interleaved.filter((_, channel) => channel % 2 === 1);
        expect([...halves]).toEqual([...sines, ...cosines]);
      }),
    );
  });

  test('the inner product of two rows depends on their distance only', () => {
    fc.assert(
      fc.property(even, position, position, fc.integer({ min: 0, max: 1e6 }), (dim, a, b, shift) => {
        const inner = (p: number, q: number): number => {
          const { data } = tableOf({ dim }, [p, q]);
          return data.slice(0, dim).reduce((sum, value, channel) => sum + value * (data[dim + channel] as number), 0);
        };
        expect(Math.abs(inner(a, b) - inner(a + shift, b + shift))).toBeLessThanOrEqual(1e-13);
      }),
    );
  });

  test('the last frequency is exactly 1/base under the tensor2tensor exponent', () => {
    fc.assert(
      fc.property(
        even.filter((dim) => dim > 2),
        fc.integer({ min: 2, max: 1e6 }),
        (dim, base) => {
          const { data } = tableOf({ dim, base, exponent: 'tensor2tensor', layout: 'halves' }, [1]);
          expect(Math.abs((data[dim / 2 - 1] as number) - Math.sin(1 / base))).toBeLessThanOrEqual(2 ** -52);
        },
      ),
    );
  });

  test('what is added does not depend on content', () => {
    const encoding = sinusoidal({ dim: 6 });
    const signals = encoding.signals(positionList([0, 9, 4]));
    const random = createTestRandom(1);
    const added = () => {
      const x = randomTensor([2, 3, 6], random);
      const context = { operations: float64Operations, parameters: {}, signals };
      return float64Operations.subtract(encoding.encode(context, x), x);
    };
    expectClose(added(), added(), 1e-15);
    const table = signals.table as PlainTensor;
    expectClose(added(), { ...table, shape: [2, 3, 6], data: Float64Array.of(...table.data, ...table.data) }, 1e-15);
  });

  test('a single row equals its row of the full table', () => {
    const full = tableOf({ dim: 6 }, [0, 1, 2, 3, 4, 5]).data;
    for (let at = 0; at < 6; at += 1) {
      expect(tableOf({ dim: 6 }, [at]).data).toEqual(full.slice(at * 6, (at + 1) * 6));
    }
  });
});

describe('hazards', () => {
  test('width 2 has the one frequency 1 under both exponents', () => {
    for (const exponent of exponents) {
      const { data } = tableOf({ dim: 2, exponent }, [0.5]);
      expect(largestDifference(data, [Math.sin(0.5), Math.cos(0.5)])).toBeLessThanOrEqual(2e-16);
    }
  });

  test.each([0, 1])('length %i has that many rows', (length) => {
    const encoding = sinusoidal({ dim: 4 });
    expect(encoding.signals(positionRange(length)).table?.shape).toEqual([1, length, 4]);
    expect(encoding.vectors(positionRange(length)).table?.shape).toEqual([length, 4]);
  });

  test('position 0 is sine 0 and cosine 1', () => {
    expect([...tableOf({ dim: 4 }, [0]).data]).toEqual([0, 1, 0, 1]);
  });

  test('a batch of positions has a table for each sequence', () => {
    const batch = { values: Float64Array.of(0, 1, 5, 6), batch: 2, length: 2, axes: 1 };
    const { table } = sinusoidal({ dim: 4 }).signals(batch);
    expect(table?.shape).toEqual([2, 2, 4]);
    expect(table?.data.slice(8)).toEqual(tableOf({ dim: 4 }, [5, 6]).data);
    expect(sinusoidal({ dim: 4 }).vectors(batch).table?.shape).toEqual([2, 2, 4]);
  });
});

describe('errors', () => {
  test.each([
    [
      { dim: 7, exponent: 'tensor2tensor' as const },
      /sinusoidal: dim: expected an even number, got 7.*the layout halves/,
    ],
    [{ dim: 0 }, /sinusoidal: dim: expected an integer of at least 2, got 0/],
    [{ dim: 2.5 }, /got 2.5/],
    [{ dim: 4, base: 0 }, /sinusoidal: base: expected a finite number above 0, got 0/],
    [{ dim: 4, base: Number.NaN }, /got NaN/],
    [{ dim: 4, layout: 'stacked' as 'halves' }, /layout: expected one of interleaved, halves, got stacked/],
    [{ dim: 4, exponent: 'fairseq' as 'paper' }, /exponent: expected one of paper, tensor2tensor, got fairseq/],
  ])('%o is refused', (options, message) => {
    expect(() => sinusoidal(options)).toThrow(RangeError);
    expect(() => sinusoidal(options)).toThrow(message);
  });

  test('positions of several axes are refused', () => {
    const grid = { values: Float64Array.of(0, 1), batch: 1, length: 1, axes: 2 };
    expect(() => sinusoidal({ dim: 4 }).signals(grid)).toThrow(
      /sinusoidal: positions: expected one number.*got 2 axes/,
    );
  });
});

test('costs are four bytes for each number of the table', () => {
  const encoding = sinusoidal({ dim: 12 });
  expect(encoding.costs(50)).toEqual({ parameters: 0, tableBytes: 4 * 50 * 12 });
  expect(encoding).toMatchObject({ site: 'input', place: 'embedding', parameters: [], relative: false });
  expect(encoding.largestPosition).toBe(Number.POSITIVE_INFINITY);
});
