import { beforeAll, describe, expect, test } from 'vitest';
import { fingerprint } from '../../src/data/hash.ts';
import { readStockIndex, type SeriesData } from '../../src/data/series.ts';
import { causalWindow, forecastFrom, type SeriesKind } from '../../src/tasks/forecast/causal-window.ts';
import { type ForecastRequest, forecast, prepareForecast } from '../../src/tasks/forecast/forecast.ts';
import type { PreparedTask } from '../../src/tasks/task.ts';
import {
  changed,
  changedAfter,
  DAY,
  dataOf,
  defaults,
  evenly,
  inputsOf,
  lastLabels,
  seriesOf,
  wave,
} from './forecast-help.ts';

const kinds: SeriesKind[] = ['level', 'returns'];
/** Of the 5,105 rows of the S&P 500. */
const TRAIN_END = Math.floor(5105 * 0.7);
const VALIDATION_END = TRAIN_END + Math.floor(5105 * 0.1);

let sp500: SeriesData;
beforeAll(async () => {
  sp500 = await readStockIndex();
});
const closes = (): Float64Array => sp500.series[0].targets[0].values;
const changedFrom = (from: number): SeriesData => changed(sp500, (old, at) => (at < from ? old : 1e4 + 17 * at));

describe('no look-ahead', () => {
  test.each(kinds)('%s: every input of a forecast stays when all values after its origin change', (kind) => {
    const options = { ...defaults, kind, testForecasts: 40 };
    const origins = evenly(VALIDATION_END - 1, 5105 - 5, 40);
    const inputs = inputsOf(prepareForecast(sp500, options), 'test');
    for (const [index, origin] of origins.slice(0, 7).entries()) {
      const other = inputsOf(prepareForecast(changedFrom(origin + 1), options), 'test');
      for (const [bucket, examples] of inputs.entries()) {
        for (let earlier = 0; earlier <= index; earlier++) {
          expect(other[bucket]?.[earlier]).toEqual(examples[earlier]);
        }
        // The next forecast sees at least one changed value: the law is not kept by inputs that never change.
        expect(other[bucket]?.[index + 1]).not.toEqual(examples[index + 1]);
      }
    }
  });

  test.each(kinds)('%s: what a forecast means, and the forecast of the baselines, stay too', (kind) => {
    const options = { ...defaults, kind, testForecasts: 1 };
    // With one test forecast, its origin is the last value before the test part.
    const origin = VALIDATION_END - 1;
    const other = prepareForecast(changedFrom(origin + 1), options);
    const same = prepareForecast(sp500, options);
    const answers = Float64Array.of(0.5, -1, 2, 0, 1);
    // Errors against known actual values give the forecasts back: all changed values lie above them.
    const later = [1, 2, 3, 4, 5].reduce((sum, step) => sum + 1e4 + 17 * (origin + step), 0);
    const total = (mae: number | undefined): number => later - 5 * (mae as number);
    for (const { bucket } of same.evaluation('test', 1)) {
      const mae = (prepared: PreparedTask): number | undefined =>
        prepared.score('test', bucket, { kind: 'values', values: answers }).mae;
      const { scales } = causalWindow(kind, closes(), origin - bucket.maximum + 1, bucket.maximum, priorOf(kind));
      const expected = [...answers].map((answer, step) =>
        forecastFrom(kind, closes()[origin] as number, (scales.at(-1) as number) * Math.sqrt(step + 1), answer),
      );
      expect(total(mae(other))).toBeCloseTo(sum(expected), 4);
      expect(mae(same)).not.toBe(mae(other));
      const baseline = (name: string): number =>
        total(other.baselines.find((one) => one.name === name)?.scores[bucket.label]?.mae);
      expect(baseline('naive')).toBeCloseTo(5 * (closes()[origin] as number), 4);
      expect(baseline('seasonal-naive')).toBeCloseTo(sum([...closes().subarray(origin - 4, origin + 1)]), 4);
      const context = [...closes().subarray(origin + 1 - bucket.maximum, origin + 1)];
      expect(baseline('mean')).toBeCloseTo((5 * sum(context)) / context.length, 4);
    }
  });

  test.each(kinds)('%s: training batches do not change with any validation or test value', (kind) => {
    const [a, b, c] = [sp500, changedFrom(TRAIN_END), changedFrom(TRAIN_END - 1)].map((data) =>
      trainingFingerprint(prepareForecast(data, { ...defaults, kind })),
    );
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });

  test('validation forecasts do not change with any test value', () => {
    const [a, b] = [sp500, changedFrom(VALIDATION_END)].map((data) =>
      prepareForecast(data, defaults).evaluation('validation', 32),
    );
    expect(b).toEqual(a);
  });
});

/** Every training window once. A hash, because a difference of arrays this large takes minutes to print. */
function trainingFingerprint(prepared: PreparedTask): string {
  const { train } = prepared.sizes;
  let draw = 0;
  const { target, labels } = prepared.trainingBatch(train, () => (draw++ + 0.5) / train);
  return fingerprint([target?.data as Float32Array, labels]);
}

/** The root mean square of changes in the training part, written again. */
function priorOf(kind: SeriesKind): number {
  const train = [...closes()].slice(0, TRAIN_END);
  const changes = train.slice(1).map((value, index) => {
    const before = train[index] as number;
    return kind === 'level' ? value - before : Math.log(value / before);
  });
  return Math.sqrt(sum(changes.map((change) => change ** 2)) / changes.length);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('no look-ahead with several columns and series, at times', () => {
  const rows = 240;
  const make = (phase: number, from: number) => ({
    x: Float64Array.from({ length: rows - from }, (_, at) => wave(at + phase)),
    y: Float64Array.from({ length: rows - from }, (_, at) => 1e-3 * wave(2 * at + phase)),
  });
  // The second series begins later and has a gap; both are divided at the same dates.
  const times = (from: number): Float64Array =>
    Float64Array.from({ length: rows - from }, (_, at) => Date.UTC(2000, 0, 1) + (at + from + (at > 90 ? 3 : 0)) * DAY);
  const one = (name: string, phase: number, from: number) =>
    seriesOf(name, make(phase, from), { features: { z: make(phase + 7, from).x }, times: times(from) });
  const panel = dataOf([one('a', 0, 0), one('b', 31, 40)], [7]);
  const request: ForecastRequest = {
    ...defaults,
    positions: 'time',
    context: 12,
    horizon: 3,
    testForecasts: 1000,
    quantiles: [0.1, 0.5, 0.9],
  };
  const prepared = prepareForecast(panel, request);
  const all = panel.series.flatMap(({ times: own }) => [...own]).toSorted((a, b) => a - b);
  const trainTime = all[Math.floor(all.length * 0.7)] as number;
  const testTime = all[Math.floor(all.length * 0.7) + Math.floor(all.length * 0.1)] as number;

  test('inputs of a forecast stay when everything in any series after its time changes', () => {
    const inputs = inputsOf(prepared, 'test');
    // Origins in the order of forecasts: series after series, the last value before each one's test part first.
    const origins = panel.series.flatMap(({ times: own }) => {
      const first = own.findIndex((time) => time >= testTime) - 1;
      return [...own.subarray(first, own.length - 3)];
    });
    expect(inputs[0]).toHaveLength(origins.length);
    for (const time of [testTime, testTime + 5 * DAY, testTime + 20 * DAY]) {
      const other = inputsOf(prepareForecast(changedAfter(panel, time), request), 'test');
      for (const [bucket, examples] of inputs.entries()) {
        for (const [index, origin] of origins.entries()) {
          // Compared as text: a changed value is in every context that ends after it.
          expect(String(other[bucket]?.[index]) === String(examples[index])).toBe(origin <= time);
        }
      }
    }
  });

  test('training and its scales stay when everything from its last date on changes', () => {
    const before = changedAfter(panel, trainTime - 1);
    expect(trainingFingerprint(prepareForecast(before, request))).toBe(trainingFingerprint(prepared));
    const within = changedAfter(panel, trainTime - 2 * DAY);
    expect(trainingFingerprint(prepareForecast(within, request))).not.toBe(trainingFingerprint(prepared));
  });

  test('errors that spread the baselines’ quantiles are those of training', () => {
    // Answers with known meaning: the naive forecast spread by training errors does not know the test part.
    const spreadOf = (data: SeriesData): number => {
      const scores = prepareForecast(data, { ...request, quantiles: [0.1, 0.5, 0.9] }).baselines[0]?.scores['12'];
      return scores?.pinball as number;
    };
    // A test part that repeats one value has the pinball loss of the spread alone, whatever validation holds.
    const still = (validation: number): SeriesData =>
      changed(panel, (old, at, time) => {
        if (time < trainTime) return old;
        return time < testTime - 3 * DAY ? old + validation * at : 100;
      });
    expect(spreadOf(still(5))).toBe(spreadOf(still(0)));
  });

  test('no window reaches from one series into another', () => {
    const inputs = inputsOf(prepared, 'test');
    const other = changed(panel, (old, at, _, which) => (which === 0 ? old : 3 * old + at));
    const after = inputsOf(prepareForecast(other, request), 'test');
    const [first] = panel.series;
    const own = [...first.times].filter((time) => time >= testTime).length - 3 + 1;
    for (const [bucket, examples] of inputs.entries()) {
      expect(after[bucket]?.slice(0, own)).toEqual(examples.slice(0, own));
      for (const [at, input] of examples.slice(own).entries()) expect(after[bucket]?.[own + at]).not.toEqual(input);
    }
  });

  test('positions are the times of each window’s own values', () => {
    const [{ batches }] = prepared.evaluation('test', 1000) as [ReturnType<PreparedTask['evaluation']>[number]];
    const { values, length } = batches[0]?.target?.positions ?? { values: [], length: 0 };
    const origin = panel.series[0].times.findIndex((time) => time >= testTime) - 1;
    const days = [...panel.series[0].times.subarray(origin - 11, origin + 1)].map((time) => time / DAY);
    expect([...values.slice(0, length)]).toEqual(days.map((each) => each - (days[0] as number)));
  });
});

describe('scores', () => {
  test.each(kinds)('%s: of the labels themselves are 0 up to float32 rounding', (kind) => {
    const prepared = prepareForecast(sp500, { ...defaults, kind });
    for (const set of prepared.evaluation('test', 64)) {
      const scores = prepared.score('test', set.bucket, { kind: 'values', values: lastLabels(set, 5) });
      for (const name of ['mae', 'rmse', 'mase']) expect(scores[name]).toBeLessThan(1e-3);
    }
  });

  test.each(kinds)('%s: of no change at all are those of the naive forecast', (kind) => {
    const prepared = prepareForecast(sp500, { ...defaults, kind });
    const naive = prepared.baselines.find(({ name }) => name === 'naive');
    for (const { bucket, examples } of prepared.evaluation('test', 64)) {
      const scores = prepared.score('test', bucket, { kind: 'values', values: new Float64Array(examples * 5) });
      for (const [name, value] of Object.entries(naive?.scores[bucket.label] ?? {})) {
        expect(scores[name]).toBeCloseTo(value, 9);
      }
    }
  });

  test('know which answer is which step, target and quantile', () => {
    // Both targets rise by their own amount a day, so scales are those amounts and answers are whole steps, two steps
    // ahead in units of √2.
    const rise = (size: number) => Float64Array.from({ length: 200 }, (_, at) => size * at);
    const data = dataOf([seriesOf('two', { slow: rise(1), fast: rise(50) })]);
    const quantiles = [0.25, 0.5, 0.75];
    const prepared = prepareForecast(data, { ...defaults, context: 8, horizon: 2, quantiles, testForecasts: 1 });
    expect(prepared.output).toEqual({ kind: 'values', horizon: 4, quantiles });
    const [set] = prepared.evaluation('test', 1) as [ReturnType<PreparedTask['evaluation']>[number]];
    expect([...lastLabels(set, 4)]).toEqual([1, 1, Math.SQRT2, Math.SQRT2].map((label) => expect.closeTo(label, 6)));
    // [step, target, quantile]: the first step right, the second one step short for slow and crossed for fast.
    const second = [1, 1, 3, 4, 2, 0].map((rows) => rows / Math.SQRT2);
    const values = Float64Array.of(0, 1, 2, 1, 1, 1, ...second);
    const scores = prepared.score('test', set.bucket, { kind: 'values', values });
    const [sample] = prepared.samples?.(set.bucket, { kind: 'values', values }) ?? [];
    // Errors of the medians: slow 0 and 1, fast 0 and 0.
    expect(scores.mae).toBeCloseTo(0.25, 9);
    expect(scores.mase).toBeCloseTo(0.25, 9);
    expect(scores.rmse).toBeCloseTo(Math.SQRT1_2 / 2, 9);
    // Slow: 0.25·1, 0, 0.25·1; then 0.25·1, 0.5·1, 0.25·1. Fast: none; then (0.75·2, 0, 0.75·2) · 50.
    expect(scores.pinball).toBeCloseTo((1.5 / 6 + 150 / 6) / 2, 9);
    // Inside: both first steps and slow's second; fast's interval is crossed.
    expect(scores['coverage-error']).toBeCloseTo(0.25, 9);
    expect(scores.crossing).toBeCloseTo(2 / 8, 9);
    expect(sample).toMatchObject({
      kind: 'series',
      title: 'two: slow',
      future: { values: [160, 161] },
      forecast: [expect.closeTo(160, 9), expect.closeTo(160, 9)],
      interval: {
        low: [expect.closeTo(159, 9), expect.closeTo(160, 9)],
        high: [expect.closeTo(161, 9), expect.closeTo(162, 9)],
        share: 0.5,
      },
    });
  });
});

describe('positions', () => {
  test('are the index by default, and with positions=time the days since the first of each context', () => {
    const target = (positions: 'index' | 'time') =>
      prepareForecast(sp500, { ...defaults, positions }).evaluation('test', 4)[0]?.batches[0]?.target;
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
      prepareForecast(sp500, { ...defaults, positions }),
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

describe('what people see', () => {
  const answersOf = (prepared: PreparedTask) => {
    const [set] = prepared.evaluation('test', 64) as [ReturnType<PreparedTask['evaluation']>[number]];
    return { bucket: set.bucket, predictions: { kind: 'values', values: lastLabels(set, 5) } as const };
  };

  test('six forecasts, evenly spread, are shown over what was known and what came', () => {
    const prepared = prepareForecast(sp500, defaults);
    const { bucket, predictions } = answersOf(prepared);
    const samples = prepared.samples?.(bucket, predictions) ?? [];
    const origins = evenly(VALIDATION_END - 1, 5100, 512);
    expect(samples.map(({ id }) => id)).toEqual(
      evenly(0, 512, 6).map((row) => {
        const time = new Date(sp500.series[0].times[origins[row] as number] as number).toISOString().slice(0, 10);
        return `close from ${time}, context 64`;
      }),
    );
    const [sample] = samples;
    if (sample?.kind !== 'series') throw new Error('expected a series');
    expect(sample.title).toBe('S&P 500 close');
    expect(sample.past.values).toEqual([...closes().subarray(VALIDATION_END - 64, VALIDATION_END)]);
    expect(sample.past.times.at(-1)).toBe('2016-03-28T00:00:00.000Z');
    expect(sample.future.values).toEqual([...closes().subarray(VALIDATION_END, VALIDATION_END + 5)]);
    expect(sample.forecast).toEqual(sample.future.values.map((value) => expect.closeTo(value, 3)));
    expect(sample.interval).toBeUndefined();
  });

  test('the window whose attention is drawn is the one before the first test forecast', () => {
    const { portrait, evaluation } = prepareForecast(sp500, defaults);
    const first = evaluation('test', 1)[0]?.batches[0];
    expect(portrait?.batch).toEqual(first);
    expect(portrait?.target).toHaveLength(64);
    expect(portrait?.target?.at(-1)).toBe('2016-03-28: 2037.1');
  });

  test('a summary says what was read and how it is divided', async () => {
    const { data } = await forecast.prepare({ features: 'volume' });
    expect(data).toMatchObject({
      source: 'S&P 500, npm vega-datasets',
      rows: 5105,
      refused: { count: 0 },
      time: { first: '2000-01-03', last: '2020-04-17', frequency: 'business days', gaps: 185 },
      splitBy: 'by time: training before 2014-03-19, test from 2016-03-29 on',
      trainedLength: { maximum: 64, limit: 256, chosenBy: 'the default' },
    });
    expect(data?.columns?.filter(({ use }) => use !== 'not used')).toEqual([
      { name: 'date', use: 'time' },
      { name: 'close', use: 'target' },
      { name: 'volume', use: 'feature' },
    ]);
    expect(data?.examples[0]).toBe('2000-01-03: close 1455.219971, volume 931800000');
  });
});
