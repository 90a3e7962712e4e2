import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { prepareForecast } from '../../src/tasks/forecast/forecast.ts';
import { quantileOf } from '../../src/tasks/forecast/forecast-baselines.ts';
import type { PreparedTask } from '../../src/tasks/task.ts';
import { DAY, dataOf, defaults, seriesOf, wave } from './forecast-help.ts';

/** By sktime, scikit-learn and numpy: reference/forecasts.py. */
type GoldenScores = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
const golden = JSON.parse(readFileSync(new URL('../fixtures/forecasts.golden.json', import.meta.url), 'utf8')) as {
  readonly columns: Readonly<Record<string, readonly number[]>>;
  readonly context: number;
  readonly horizon: number;
  readonly seasons: readonly number[];
  readonly testForecasts: number;
  readonly quantiles: readonly number[];
  readonly point: GoldenScores;
  readonly spread: GoldenScores;
};

const { context, horizon, testForecasts, quantiles, seasons } = golden;
const HALF_HOUR = 1_800_000;
const halfHours = Float64Array.from({ length: 400 }, (_, index) => Date.UTC(2000, 0, 1) + index * HALF_HOUR);
const data = dataOf([seriesOf('both', golden.columns, { times: halfHours })], seasons);
const request = { ...defaults, context, horizon, testForecasts };

function scoresOf({ baselines }: PreparedTask): GoldenScores {
  return Object.fromEntries(baselines.map(({ name, scores }) => [name, scores]));
}

function expectClose(found: GoldenScores, expected: GoldenScores): void {
  const close = (scores: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      Object.entries(scores).map(([name, value]) => [name, expect.closeTo(value, value > 100 ? 8 : 10)]),
    );
  const byLength = (lengths: GoldenScores[string]) =>
    Object.fromEntries(Object.entries(lengths).map(([length, scores]) => [length, close(scores)]));
  expect(found).toEqual(
    Object.fromEntries(Object.entries(expected).map(([name, lengths]) => [name, byLength(lengths)])),
  );
}

describe('of two columns with two seasons', () => {
  test('baselines and all their scores are those of sktime and scikit-learn', () => {
    expectClose(scoresOf(prepareForecast(data, request)), golden.point);
  });

  test('with quantiles, too, spread by their training errors', () => {
    expectClose(scoresOf(prepareForecast(data, { ...request, quantiles })), golden.spread);
  });

  test('only the mean is blind to order, and scores the same for any order of the context', () => {
    const { baselines } = prepareForecast(data, request);
    expect(baselines.filter(({ orderBlind }) => orderBlind).map(({ name }) => name)).toEqual(['mean']);
    // One test forecast from index 319: its 24 values of context in the opposite order.
    const turned = Object.fromEntries(
      Object.entries(golden.columns).map(([name, values]) => [
        name,
        values.map((value, at) => (at > 295 && at <= 319 ? (values[295 + 320 - at] as number) : value)),
      ]),
    );
    const one = (columns: Readonly<Record<string, readonly number[]>>): GoldenScores =>
      scoresOf(
        prepareForecast(dataOf([seriesOf('both', columns, { times: halfHours })], seasons), {
          ...request,
          testForecasts: 1,
        }),
      );
    const [before, after] = [one(golden.columns), one(turned)];
    expect(after.mean?.['24']?.mae).toBeCloseTo(before.mean?.['24']?.mae as number, 9);
    expect(after.naive?.['24']?.mae).not.toBeCloseTo(before.naive?.['24']?.mae as number, 3);
  });

  test('a season longer than what lies behind the first forecast is left out and named', () => {
    const prepared = prepareForecast({ ...data, seasons: [12, 321] }, request);
    expect(prepared.baselines.map(({ name }) => name)).toEqual(['naive', 'seasonal-naive-12', 'mean']);
    expect(prepared.notes).toContain(
      'Too few rows for a seasonal naive forecast (period 321, 30 minutes): it is left out.',
    );
    expect(prepareForecast({ ...data, seasons: [12, 320] }, request).baselines).toHaveLength(4);
  });
});

test('where a series has a gap, a season before is meant in time, not in rows', () => {
  // Days of a week; the Saturday before the last week is missing, so that seven rows before are eight days before.
  const days = Array.from({ length: 300 }, (_, index) => index).filter((index) => index !== 237);
  const times = Float64Array.from(days, (index) => Date.UTC(2000, 0, 1) + index * DAY);
  const values = days.map((index) => [5, 1, 4, 2, 8, 3, 9][index % 7] as number);
  const prepared = prepareForecast(dataOf([seriesOf('week', { x: values }, { times })], [7]), {
    ...defaults,
    context: 14,
    horizon: 1,
    testForecasts: 1,
  });
  // The first test forecast is made after row 238, day 239; row 239 is day 240. Seven rows before it is day 232.
  const seasonal = prepared.baselines.find(({ name }) => name === 'seasonal-naive');
  expect(days[239]).toBe(240);
  expect(days[232]).toBe(232);
  expect(seasonal?.scores['14']?.mae).toBe(0);
});

test('quantiles of a few numbers are worked by hand', () => {
  const sorted = Float64Array.of(1, 2, 4, 8, 16);
  expect([0, 0.1, 0.5, 0.9, 1].map((quantile) => quantileOf(sorted, quantile))).toEqual([
    1,
    expect.closeTo(1.4, 12),
    4,
    expect.closeTo(12.8, 12),
    16,
  ]);
});

test('series of one panel are each scaled by its own training part', () => {
  const rows = 200;
  const make = (size: number) => Float64Array.from({ length: rows }, (_, index) => size * wave(index));
  const panel = dataOf([seriesOf('large', { x: make(1000) }), seriesOf('small', { x: make(1) })]);
  const alone = dataOf([seriesOf('small', { x: make(1) })]);
  const small = { ...defaults, context: 16 };
  const [both, one] = [panel, alone].map((each) => prepareForecast(each, small).baselines[0]?.scores['16']);
  expect(both?.mase).toBeCloseTo(one?.mase as number, 9);
  expect(both?.mae).toBeCloseTo(500.5 * (one?.mae as number), 6);
});
