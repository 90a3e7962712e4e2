import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/data/hash.ts';
import { readSeries, type Series } from '../../src/data/series.ts';
import { causalWindow, forecastFrom, type SeriesKind, targetAt } from '../../src/tasks/causal-window.ts';
import { forecast, prepareSeries } from '../../src/tasks/forecast.ts';
import { type EvaluationSet, type PreparedTask, TaskError } from '../../src/tasks/task.ts';

const folder = mkdtempSync(join(tmpdir(), 'posenc-forecast-'));
afterAll(() => rmSync(folder, { recursive: true }));

function csv(rows: number, value: (index: number) => number | string): string {
  const path = join(folder, 'series.csv');
  const lines = Array.from({ length: rows }, (_, index) => {
    return `${new Date(Date.UTC(2000, 0, 1 + index)).toISOString().slice(0, 10)},${value(index)}`;
  });
  writeFileSync(path, `date,price\n${lines.join('\n')}\n`);
  return path;
}

const defaults = { kind: 'level', horizon: 5, context: 64, testForecasts: 512 } as const;
const wave = (index: number): number => 100 + 10 * Math.sin(index / 5) + Math.cos(index * index);

let sp500: Series;
beforeAll(async () => {
  sp500 = await readSeries(undefined);
});

/** The series with every value from index `from` on replaced. */
function changedFrom(series: Series, from: number): Series {
  return { ...series, values: series.values.map((value, index) => (index < from ? value : 1e4 + 17 * index)) };
}

/** Inputs of the evaluation batches, example by example, without the examples that fill the last batch. */
function inputsOf(prepared: PreparedTask, split: 'validation' | 'test'): Float32Array[][] {
  return prepared.evaluation(split, 32).map(({ batches, examples }) =>
    batches
      .flatMap(({ size, target }) => {
        const width = (target?.data.length ?? 0) / size;
        return Array.from(
          { length: size },
          (_, row) => target?.data.slice(row * width, (row + 1) * width) as Float32Array,
        );
      })
      .slice(0, examples),
  );
}

describe('no look-ahead', () => {
  const kinds: SeriesKind[] = ['level', 'returns'];

  test.each(kinds)('%s: inputs and scales up to a position do not change with any later value', (kind) => {
    const { values } = sp500;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4000 }),
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

  test.each(kinds)('%s: every input of a forecast stays when all values after its origin change', (kind) => {
    const options = { ...defaults, kind, testForecasts: 40 };
    const prepared = prepareSeries(sp500, options);
    const tested = sp500.values.length - Math.floor(5105 * 0.7) - Math.floor(5105 * 0.1);
    const validationEnd = sp500.values.length - tested;
    const origins = evenly(validationEnd - 1, sp500.values.length - 5, 40);
    const inputs = inputsOf(prepared, 'test');
    for (const [index, origin] of origins.entries()) {
      const other = inputsOf(prepareSeries(changedFrom(sp500, origin + 1), options), 'test');
      for (const [bucket, examples] of inputs.entries()) {
        for (let earlier = 0; earlier <= index; earlier++) {
          expect(other[bucket]?.[earlier]).toEqual(examples[earlier]);
        }
        // The next forecast sees at least one changed value: the law is not kept by inputs that never change.
        if (index + 1 < examples.length) expect(other[bucket]?.[index + 1]).not.toEqual(examples[index + 1]);
      }
      if (index === 6) break;
    }
  });

  test.each(kinds)('%s: what a forecast means, and the forecast of the baselines, stay too', (kind) => {
    const options = { ...defaults, kind, testForecasts: 1 };
    // With one test forecast, its origin is the last value before the test part.
    const origin = Math.floor(5105 * 0.7) + Math.floor(5105 * 0.1) - 1;
    const changed = prepareSeries(changedFrom(sp500, origin + 1), options);
    const same = prepareSeries(sp500, options);
    const answers = Float64Array.of(0.5, -1, 2, 0, 1);
    for (const { bucket } of same.evaluation('test', 1)) {
      // Errors against known actual values give the forecasts back: all changed values lie above them.
      const total = (prepared: PreparedTask): number =>
        prepared.score('test', bucket, { kind: 'values', values: answers }).mae as number;
      const later = [1, 2, 3, 4, 5].map((step) => 1e4 + 17 * (origin + step));
      const forecasts = 5 * (later.reduce((sum, value) => sum + value, 0) / 5 - total(changed));
      const window = causalWindow(kind, sp500.values, origin - bucket.maximum + 1, bucket.maximum, priorOf(kind));
      const expected = forecastFrom(kind, sp500.values[origin] as number, window.scales.at(-1) as number, answers);
      expect(forecasts).toBeCloseTo(
        expected.reduce((sum, value) => sum + value, 0),
        4,
      );
      expect(total(same)).not.toBe(total(changed));
    }
  });

  test.each(kinds)('%s: training batches do not change with any validation or test value', (kind) => {
    const trainEnd = Math.floor(5105 * 0.7);
    const [a, b, c] = [sp500, changedFrom(sp500, trainEnd), changedFrom(sp500, trainEnd - 1)].map((series) => {
      const prepared = prepareSeries(series, { ...defaults, kind });
      const { train } = prepared.sizes;
      let draw = 0;
      const { target, labels } = prepared.trainingBatch(train, () => (draw++ + 0.5) / train);
      // A hash, because a difference of arrays this large takes minutes to print.
      return fingerprint([target?.data as Float32Array, labels]);
    });
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });

  test('validation forecasts do not change with any test value', () => {
    const validationEnd = Math.floor(5105 * 0.7) + Math.floor(5105 * 0.1);
    const [a, b] = [sp500, changedFrom(sp500, validationEnd)].map((series) =>
      prepareSeries(series, defaults).evaluation('validation', 32),
    );
    expect(b).toEqual(a);
  });
});

/** The root mean square of changes in the training part, written again. */
function priorOf(kind: SeriesKind): number {
  const train = [...sp500.values].slice(0, Math.floor(5105 * 0.7));
  const changes = train.slice(1).map((value, index) => {
    const before = train[index] as number;
    return kind === 'level' ? value - before : Math.log(value / before);
  });
  return Math.sqrt(changes.reduce((sum, change) => sum + change ** 2, 0) / changes.length);
}

/** `count` integers from `from` to below `to`, evenly spread. */
function evenly(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + Math.floor((index * (to - from)) / count));
}

test('a window is worked by hand', () => {
  const values = Float64Array.of(10, 12, 11, 15);
  const { inputs, scales } = causalWindow('level', values, 1, 3, 2);
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

test('answers that equal the targets are forecasts that equal the values', () => {
  for (const kind of ['level', 'returns'] as const) {
    const answers = [1, 2, 3, 4, 5].map((step) => targetAt(kind, sp500.values, 1000, step, 0.37));
    const forecasts = forecastFrom(kind, sp500.values[1000] as number, 0.37, answers);
    expect([...forecasts]).toEqual([...sp500.values.slice(1001, 1006)].map((value) => expect.closeTo(value, 6)));
  }
});

describe('scores', () => {
  const predictions = (set: EvaluationSet): Float64Array => {
    const values = set.batches.flatMap(({ size, labels }) => {
      const width = labels.length / size;
      return Array.from({ length: size }, (_, row) => [
        ...labels.slice((row + 1) * width - 5, (row + 1) * width),
      ]).flat();
    });
    return Float64Array.from(values.slice(0, set.examples * 5));
  };

  test.each(['level', 'returns'] as const)('%s: of the labels themselves are 0 up to float32 rounding', (kind) => {
    const prepared = prepareSeries(sp500, { ...defaults, kind });
    for (const set of prepared.evaluation('test', 64)) {
      const scores = prepared.score('test', set.bucket, { kind: 'values', values: predictions(set) });
      for (const name of ['mae', 'rmse', 'mase']) expect(scores[name]).toBeLessThan(1e-3);
    }
  });

  test.each(['level', 'returns'] as const)('%s: of no change at all are those of the naive forecast', (kind) => {
    const prepared = prepareSeries(sp500, { ...defaults, kind });
    const naive = prepared.baselines.find(({ name }) => name === 'naive');
    for (const { bucket, examples } of prepared.evaluation('test', 64)) {
      const scores = prepared.score('test', bucket, { kind: 'values', values: new Float64Array(examples * 5) });
      for (const [name, value] of Object.entries(naive?.scores[bucket.label] ?? {})) {
        expect(scores[name]).toBeCloseTo(value, 9);
      }
    }
  });

  test('baselines are those written again for the last forecasts of a known series', async () => {
    const prepared = await forecast.prepare({ data: csv(400, wave), horizon: 10 });
    const origins = evenly(320 - 1, 400 - 10, 71);
    const mean = (lag: (step: number) => number): number => {
      const errors = origins.flatMap((origin) =>
        Array.from({ length: 10 }, (_, step) =>
          Math.abs(wave(origin + step + 1) - wave(origin + step + 1 - lag(step + 1))),
        ),
      );
      return errors.reduce((sum, error) => sum + error, 0) / errors.length;
    };
    const [naive, seasonal] = prepared.baselines;
    expect(prepared.sizes.test).toBe(71);
    expect(naive?.scores['64']?.mae).toBeCloseTo(
      mean((step) => step),
      10,
    );
    const train = Array.from({ length: 280 }, (_, index) => wave(index));
    const scale =
      train.slice(1).reduce((sum, value, index) => sum + Math.abs(value - (train[index] as number)), 0) / 279;
    expect(naive?.scores['64']?.mase).toBeCloseTo(mean((step) => step) / scale, 10);
    expect(seasonal?.title).toBe('seasonal naive (period 7, days)');
    expect(seasonal?.scores['64']?.mae).toBeCloseTo(
      mean((step) => (step <= 7 ? 7 : 14)),
      10,
    );
  });
});

describe('a series of the user', () => {
  test('too short for long contexts leaves those out and says so', async () => {
    const prepared = await forecast.prepare({ data: csv(140, wave) });
    expect(prepared.evaluation('test', 8).map(({ bucket }) => bucket.label)).toEqual(['64', '96']);
    expect(prepared.maximumLength).toBe(96);
    expect(prepared.notes).toContain('Too few rows for contexts of 128, 256: they are left out.');
  });

  test('too short at all is refused with the number of rows needed, which is enough', async () => {
    const message = await forecast.prepare({ data: csv(100, wave) }).catch((error: unknown) => {
      expect(error).toBeInstanceOf(TaskError);
      return (error as TaskError).message;
    });
    const needed = Number(/expected at least (\d+) rows/.exec(message as string)?.[1]);
    expect(message).toContain('for a context of 64 and a horizon of 5, got 100; give more rows, or a smaller context');
    await expect(forecast.prepare({ data: csv(needed, wave) })).resolves.toBeDefined();
    await expect(forecast.prepare({ data: csv(needed - 1, wave) })).rejects.toThrow(TaskError);
  });

  test('that never changes, or has no logarithm, is refused', async () => {
    await expect(forecast.prepare({ data: csv(200, () => 5) })).rejects.toThrow(
      'forecast: price: expected a series that changes, got 5 in each of the 140 training rows',
    );
    const negative = csv(200, (index) => (index === 150 ? -1 : wave(index)));
    await expect(forecast.prepare({ data: negative, series: 'returns' })).rejects.toThrow(
      'forecast: price: series=returns: expected values above 0, got -1 at 2000-05-30; use series=level',
    );
  });

  test('that cannot be read is refused by a TaskError with the reason', async () => {
    const none = join(folder, 'none.csv');
    await expect(forecast.prepare({ data: none })).rejects.toThrow(new TaskError(`forecast: ${none}: no such file`));
    const text = csv(200, (index) => (index === 3 ? 'closed' : wave(index)));
    await expect(forecast.prepare({ data: text })).rejects.toThrow(
      new TaskError(`forecast: ${text}: line 5: column price: expected a number such as 1234.5, got "closed"`),
    );
    await expect(forecast.prepare({ data: text, target: 'close' })).rejects.toThrow(
      new TaskError(`forecast: ${text}: expected a column of the file (date, price), got close`),
    );
    await expect(forecast.prepare({ data: '' })).rejects.toThrow('forecast: data: expected a text that is not empty');
  });

  test('may be of any scale: inputs and labels stay finite and of moderate size', async () => {
    for (const factor of [1e-9, 1e9]) {
      const prepared = await forecast.prepare({ data: csv(300, (index) => factor * wave(index)) });
      const { target, labels } = prepared.trainingBatch(32, () => 0.5);
      expect(Math.max(...(target?.data ?? []).map(Math.abs))).toBeLessThan(10);
      expect(labels.every((label) => Math.abs(label) < 100)).toBe(true);
    }
  });
});

describe('positions', () => {
  test('are the index by default, and with positions=time the days since the first of each context', () => {
    const target = (positions: 'index' | 'time') =>
      prepareSeries(sp500, { ...defaults, positions }).evaluation('test', 4)[0]?.batches[0]?.target;
    expect(target('index')?.positions).toBeUndefined();
    const { values, batch, length } = target('time')?.positions ?? { values: [], batch: 0, length: 0 };
    expect([batch, length]).toEqual([4, 64]);
    for (let row = 0; row < 4; row += 1) {
      const days = Array.from(values.slice(row * length, (row + 1) * length));
      const steps = days.slice(1).map((day, at) => day - (days[at] as number));
      expect(days[0]).toBe(0);
      // Trading days: mostly 1, over weekends 3, over holidays up to 5.
      expect(steps.every((step) => Number.isInteger(step) && step >= 1 && step <= 5)).toBe(true);
      expect(steps.filter((step) => step === 3).length).toBeGreaterThan(5);
      expect(steps.filter((step) => step === 1).length).toBeGreaterThan(40);
    }
  });

  test('reach as far as the longest context lasts, which tables of rows must know', () => {
    const [index, time] = (['index', 'time'] as const).map((positions) =>
      prepareSeries(sp500, { ...defaults, positions }),
    ) as [PreparedTask, PreparedTask];
    expect(index.maximumLength).toBe(256);
    const largest = Math.max(
      ...time
        .evaluation('test', 32)
        .flatMap(({ batches }) =>
          batches.map(({ target }) => target?.positions?.values.reduce((most, value) => Math.max(most, value), 0) ?? 0),
        ),
    );
    expect(time.maximumLength).toBeGreaterThan(largest);
    expect(time.maximumLength).toBeLessThan(256 * 1.6);
  });
});
