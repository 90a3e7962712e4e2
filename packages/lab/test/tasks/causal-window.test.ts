import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causalWindow, forecastFrom, type SeriesKind, targetAt } from '../../src/tasks/forecast/causal-window.ts';
import { wave } from './forecast-help.ts';

const values = Float64Array.from({ length: 3000 }, (_, index) => wave(index));

describe.each<SeriesKind>(['level', 'returns'])('%s', (kind) => {
  test('inputs and scales up to a position do not change with any later value', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2700 }),
        fc.integer({ min: 2, max: 256 }),
        fc.nat(),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (start, length, draw, later) => {
          const position = draw % length;
          const changed = values.map((value, index) => (index > start + position ? later + index : value));
          const [before, after] = [values, changed].map((one) => causalWindow(kind, one, start, length, 10));
          const end = (position + 1) * (kind === 'level' ? 2 : 1);
          expect(after?.inputs.subarray(0, end)).toEqual(before?.inputs.subarray(0, end));
          expect(after?.scales.subarray(0, position + 1)).toEqual(before?.scales.subarray(0, position + 1));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('answers that equal the targets are forecasts that equal the values', () => {
    const forecasts = [1, 2, 3, 4, 5].map((step) =>
      forecastFrom(kind, values[1000] as number, 0.37, targetAt(kind, values, 1000, step, 0.37)),
    );
    expect(forecasts).toEqual([...values.slice(1001, 1006)].map((value) => expect.closeTo(value, 9)));
  });
});

test('a window is worked by hand', () => {
  const { inputs, scales } = causalWindow('level', Float64Array.of(10, 12, 11, 15), 1, 3, 2);
  // Changes 2, −1, 4 with the prior 2: √(8/2), √(9/3), √(25/4). Means 12, 11.5, 38/3.
  expect([...scales].map((scale) => scale ** 2)).toEqual([4, 3, 6.25].map((square) => expect.closeTo(square, 12)));
  const deviation = Math.sqrt(((12 - 38 / 3) ** 2 + (11 - 38 / 3) ** 2 + (15 - 38 / 3) ** 2) / 3);
  const expected = [
    2 / 2,
    0,
    -1 / Math.sqrt(3),
    -0.5 / Math.sqrt(3),
    4 / 2.5,
    (15 - 38 / 3) / Math.max(deviation, 2.5),
  ];
  expect([...inputs]).toEqual(expected.map((value) => expect.closeTo(value, 12)));
});

test('targets are worked by hand: a change, and for returns the logarithm of all that is earned until then', () => {
  const prices = Float64Array.of(100, 110, 99, 200);
  expect([1, 2, 3].map((step) => targetAt('level', prices, 0, step, 4))).toEqual([2.5, -0.25, 25]);
  const returns = [1, 2, 3].map((step) => targetAt('returns', prices, 0, step, 0.5));
  expect(returns).toEqual([Math.log(1.1), Math.log(0.99), Math.log(2)].map((one) => expect.closeTo(2 * one, 12)));
  expect(forecastFrom('returns', 100, 0.5, 2 * Math.log(0.99))).toBeCloseTo(99, 10);
});
