import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type PublishedSeries, readElectricity, readExchange, readYields } from '../../src/data/published-series.ts';
import { fromPublished } from '../../src/data/series.ts';
import { type ForecastRequest, forecast, prepareForecast } from '../../src/tasks/forecast/forecast.ts';
import { type PreparedTask, TaskError } from '../../src/tasks/task.ts';
import { realData } from '../data/real-data.ts';
import { dataOf, day, defaults, evenly, inputsOf, seriesOf, temporary, wave } from './forecast-help.ts';

const file = temporary();
const csv = (rows: number, value: (index: number) => number | string): string => {
  const lines = Array.from({ length: rows }, (_, index) => `${day(index)},${value(index)}`);
  return file('series.csv', `date,price\n${lines.join('\n')}\n`);
};

describe('a series of the user', () => {
  test('has baselines that are those written again for its last forecasts', async () => {
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
    await expect(forecast.prepare({ data: csv(1, wave) })).rejects.toThrow('expected at least');
  });

  test('that never changes, or has no logarithm, is refused', async () => {
    await expect(forecast.prepare({ data: csv(200, () => 5) })).rejects.toThrow(
      'forecast: price: expected a series that changes, got 5 in each of the 140 training rows',
    );
    const negative = csv(200, (index) => (index === 150 ? -1 : wave(index)));
    await expect(forecast.prepare({ data: negative, series: 'returns' })).rejects.toThrow(
      'forecast: price: --series returns: expected values above 0, got -1 at 2000-05-30; use --series level',
    );
  });

  test('that cannot be read is refused by a TaskError with the reason', async () => {
    const text = csv(200, (index) => (index === 3 ? 'closed' : wave(index)));
    const none = join(dirname(text), 'none.csv');
    await expect(forecast.prepare({ data: none })).rejects.toThrow(new TaskError(`forecast: ${none}: no such file`));
    await expect(forecast.prepare({ data: text })).rejects.toThrow(
      new TaskError(
        `forecast: ${text}: line 5: column price: expected a number such as 1234.5, got "closed"; mend it, or leave ` +
          'such rows out as gaps in time with --allow-refused 0.01',
      ),
    );
    await expect(forecast.prepare({ data: text, target: 'close' })).rejects.toThrow(
      new TaskError(`forecast: ${text}: --target: expected a column of the file (date, price), got close`),
    );
    await expect(forecast.prepare({ data: '' })).rejects.toThrow('forecast: --data: expected a text that is not empty');
  });

  test('with rows that cannot be used is read where they are allowed: they are gaps, told and counted', async () => {
    const text = csv(300, (index) => (index === 299 - 7 ? '' : wave(index)));
    const prepared = await forecast.prepare({ data: text, allowRefused: '0.01' });
    expect(prepared.data).toMatchObject({
      rows: 300,
      refused: {
        count: 1,
        unit: 'line',
        first: [{ line: 294, reason: 'column price: expected a number, got an empty cell' }],
      },
      time: { gaps: 1 },
    });
    expect(prepared.notes).toContain('1 of 300 rows could not be used: they are gaps in time.');
    expect(prepared.notes).toContain(
      'Positions are counted, so values on both sides of a gap are neighbours; --positions time shows gaps.',
    );
    // Origins up to five rows before the gap: those of the 10 last, all but the four after it.
    expect(prepared.notes.find((note) => note.startsWith('Steps ahead'))).toBe(
      `Steps ahead are counted in values: 5 of ${prepared.sizes.test} test forecasts have a step that is not the usual ` +
        'one before their last value.',
    );
    const timed = await forecast.prepare({ data: text, allowRefused: 0.01, positions: 'time' });
    expect(timed.notes.some((note) => note.startsWith('Positions are counted'))).toBe(false);
    expect(timed.maximumLength).toBe(prepared.maximumLength + 1);
    await expect(forecast.prepare({ data: text, allowRefused: 2 })).rejects.toThrow(
      'forecast: --allow-refused: expected a share from 0 to 1',
    );
  });

  test('may be of any scale: inputs and labels stay finite and of moderate size', async () => {
    for (const factor of [1e-9, 1e9]) {
      const prepared = await forecast.prepare({ data: csv(300, (index) => factor * wave(index)) });
      const { target, labels } = prepared.trainingBatch(32, () => 0.5);
      expect(Math.max(...(target?.data ?? []).map(Math.abs))).toBeLessThan(10);
      expect(labels.every((label) => Math.abs(label) < 100)).toBe(true);
    }
  });

  test('has the same data from CSV, JSON lines and gzip of a file with spaces in its name', async () => {
    const plain = csv(200, (index) => wave(index));
    const lines = Array.from({ length: 200 }, (_, at) => `${JSON.stringify({ date: day(at), price: wave(at) })}\n`);
    const zipped = join(dirname(plain), 'mis precios – año 1.jsonl.gz');
    writeFileSync(zipped, gzipSync(lines.join('')));
    const [a, b] = await Promise.all([plain, zipped].map((data) => forecast.prepare({ data, context: 16 })));
    expect(b?.fingerprint).toBe(a?.fingerprint);
    expect(b?.data).toMatchObject({ source: zipped, format: 'jsonl', rows: 200 });
  });
});

describe('several series of the user', () => {
  const panel = (sizes: Readonly<Record<string, readonly [from: number, to: number]>>): string => {
    const rows = Object.entries(sizes).flatMap(([name, [from, to]]) =>
      Array.from({ length: to - from }, (_, at) => `${day(from + at)},${name},${wave(at * name.length)},${at % 5}`),
    );
    return file('panel.csv', `date,shop,sold,staff\n${rows.join('\n')}\n`);
  };
  const options = { target: 'sold', features: 'staff', group: 'shop', context: 16 } as const;

  test('are divided at the same dates, each scaled by itself, and told', async () => {
    const prepared = await forecast.prepare({ data: panel({ north: [0, 300], east: [100, 300] }), ...options });
    // Of 500 rows, sorted by date, row 350 is on day 225 and row 400 on day 250: 100 + 2 · 125 and 100 + 2 · 150.
    expect(prepared.data?.splitBy).toBe(
      `by time: training before ${day(225)}, test from ${day(250)} on, the same for all series`,
    );
    expect(prepared.sizes).toEqual({
      train: 225 - 5 - 16 + (125 - 5 - 16),
      validation: 2 * (25 - 4),
      test: 2 * (50 - 4),
    });
    expect(prepared.notes).toContain(
      'Series: east, north. No window reaches from one into another; all are divided at the same dates, and each is ' +
        'scaled by its own training part.',
    );
    expect(prepared.data?.lengths).toMatchObject({ unit: 'rows of a series', minimum: 200, maximum: 300 });
    expect(prepared.input).toEqual({ kind: 'values', features: 4 });
  });

  test('some of which cannot be trained on stop the run, or are left out and counted as refused', async () => {
    const sizes = { north: [0, 300], east: [100, 300], new: [280, 300] } as const;
    const data = panel(sizes);
    await expect(forecast.prepare({ data, ...options })).rejects.toThrow(
      /^forecast: 1 of 3 series cannot be used: new: expected more than 21 rows before 2000-08-\d\d, got 0\. Mend them, or leave their rows out with --allow-refused 0\.04$/,
    );
    const prepared = await forecast.prepare({ data, ...options, allowRefused: 0.04 });
    expect(prepared.data?.refused.count).toBe(20);
    expect(prepared.notes.some((note) => note.startsWith('1 series are left out: new: expected more than'))).toBe(true);
    const still = file(
      'still.csv',
      `date,shop,sold\n${Array.from(
        { length: 400 },
        (_, at) => `${day(at >> 1)},${at % 2 === 0 ? 'a,' : 'b,'}${at % 2 === 0 ? 3 : wave(at)}`,
      ).join('\n')}\n`,
    );
    await expect(forecast.prepare({ data: still, target: 'sold', group: 'shop', context: 16 })).rejects.toThrow(
      'a: expected a series that changes, got 3 in each of the 140 training rows',
    );
  });

  test('that begin too late for long contexts make fewer forecasts, and the others are counted', async () => {
    // Of 1,780 rows, row 1424 is on day 328, when east has 108 values: its forecasts after 108 to 128 have not 128 behind.
    const data = panel({ north: [0, 400], northeast: [0, 400], west: [0, 400], south: [0, 400], east: [220, 400] });
    const prepared = await forecast.prepare({ data, ...options, context: 32, testExamples: 1000 });
    const sets = prepared.evaluation('test', 64);
    expect(sets.map(({ bucket }) => bucket.label)).toEqual(['32', '48', '64', '128']);
    expect(new Set(sets.map(({ examples }) => examples)).size).toBe(1);
    expect(prepared.notes).toContain('21 test forecasts are left out: they have not the longest context behind them.');
    expect(prepared.sizes.test).toBe(5 * (400 - 328 - 4) - 21);
    expect(inputsOf(prepared, 'test').every((examples) => examples.length === prepared.sizes.test)).toBe(true);
  });
});

describe('options', () => {
  test.each([
    [
      { quantiles: '0.1,0.9' },
      /quantiles: expected numbers between 0 and 1 in ascending order, 0\.5 among them.*got 0\.1,0\.9/,
    ],
    [{ quantiles: '0.5,0.1' }, /ascending order.*got 0\.5,0\.1/],
    [{ quantiles: '0.5,1' }, /between 0 and 1.*got 0\.5,1/],
    [{ quantiles: '0.1,,0.5' }, /got 0\.1,,0\.5/],
    [{ time: 'date' }, /time: expected a file of yours to go with it/],
    [{ group: 'x' }, /group: expected a file of yours to go with it/],
    [{ dataset: 'sp50' }, /dataset: expected one of sp500, yields, electricity, exchange, got sp50/],
    [{ dataset: 'sp500', data: 'x.csv' }, /expected --data or --dataset, got both; leave one out/],
    [{ target: 'shut' }, /--target: expected a column of the file \(date, open, .*\), got shut/],
    [{ horizon: 0 }, /horizon: expected an integer of at least 1, got 0/],
    [{ context: 1 }, /context: expected an integer of at least 2, got 1/],
    [{ positions: 'place' }, /positions: expected one of index, time, got place/],
  ])('%o are refused', async (options, message) => {
    const error: unknown = await forecast.prepare(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).message).toMatch(message);
  });

  test('with quantiles the metrics and every baseline’s scores are others', async () => {
    const prepared = await forecast.prepare({ quantiles: '0.1, 0.5,0.9', testExamples: 20 });
    const names = ['pinball', 'mase', 'mae', 'rmse', 'coverage-error', 'crossing'];
    expect(prepared.metrics?.map(({ name }) => name)).toEqual(names);
    for (const { scores } of prepared.baselines) expect(Object.keys(scores['64'] ?? {})).toEqual(names);
    const median = await forecast.prepare({ quantiles: 0.5, testExamples: 20 });
    expect(median.metrics?.map(({ name }) => name)).toEqual(['pinball', 'mase', 'mae', 'rmse']);
    // The pinball loss of a median is half the absolute error.
    for (const { scores } of median.baselines) {
      expect(scores['64']?.pinball).toBeCloseTo((scores['64']?.mae as number) / 2, 9);
    }
  });
});

/** Tests on real data, where they are. */
const real = (
  name: 'yields' | 'electricity' | 'exchange',
  read: (folder: string) => PublishedSeries,
  request: Partial<ForecastRequest>,
  check: (prepared: PreparedTask) => void,
): void => {
  const folder = realData(name);
  if (folder !== undefined) {
    test(`${name} is prepared`, () => {
      check(prepareForecast(fromPublished(read(folder)), { ...defaults, ...request }));
    });
  }
  test(`${name} says how to get it`, async () => {
    await expect(forecast.prepare({ dataset: name })).rejects.toThrow(
      /are not on this machine: run `posenc data fetch forecast`/,
    );
  });
};

describe('the data set', () => {
  real('yields', readYields, {}, (prepared) => {
    expect(prepared.input).toEqual({ kind: 'values', features: 8 });
    expect(prepared.output).toEqual({ kind: 'values', horizon: 20 });
    expect(prepared.data?.time).toEqual({
      first: '1962-01-01',
      last: '2000-08-07',
      frequency: 'business days, counted',
      gaps: 0,
    });
  });
  real('electricity', readElectricity, { context: 96, horizon: 48 }, (prepared) => {
    expect(prepared.baselines.map(({ name }) => name)).toEqual([
      'naive',
      'seasonal-naive-48',
      'seasonal-naive-336',
      'mean',
    ]);
    const mase = (name: string): number =>
      prepared.baselines.find((baseline) => baseline.name === name)?.scores['96']?.mase as number;
    // A week before is far nearer than a day before, which is nearer than the last value.
    expect(mase('seasonal-naive-336')).toBeLessThan(0.5 * mase('seasonal-naive-48'));
    expect(mase('seasonal-naive-48')).toBeLessThan(0.5 * mase('naive'));
  });
  real('exchange', readExchange, { positions: 'time' }, (prepared) => {
    const [set] = prepared.evaluation('test', 512) as [ReturnType<PreparedTask['evaluation']>[number]];
    const { values, length } = set.batches[0]?.target?.positions ?? { values: [], length: 0 };
    const steps = Array.from(values.slice(1), (value, at) => value - (values[at] as number)).filter(
      (_, at) => (at + 1) % length !== 0,
    );
    // Half hours, and weekends of 48 hours and a half on the quotes' clock.
    expect(new Set(steps)).toEqual(new Set([1, 95, 97, 99].filter((step) => steps.includes(step))));
    expect(steps.filter((step) => step === 97).length).toBeGreaterThan(100);
    expect(prepared.maximumLength).toBe(544);
  });

  test('that only counts days has no positions at times', () => {
    const series = seriesOf('x', { x: Array.from({ length: 300 }, (_, at) => wave(at)) });
    const counted = { ...dataOf([series]), timesExact: false };
    expect(() => prepareForecast(counted, { ...defaults, positions: 'time' })).toThrow(
      'forecast: --positions time: expected data that says when each value was, this only counts days',
    );
    expect(prepareForecast(counted, defaults).portrait?.target?.at(-1)).toBe(String(Number(wave(239).toPrecision(5))));
  });
});
