import { describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import type { PublishedSeries } from '../../src/data/published-series.ts';
import { fromPublished, readSeries, readStockIndex } from '../../src/data/series.ts';
import { middleStep } from '../../src/data/time.ts';
import { file, folder } from './rows-help.ts';

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message.replace(folder, '');
}

const UTC = 'Times are in UTC; those written without a zone are taken as UTC.';

describe('a series of a file', () => {
  test('is sorted, and says so', async () => {
    const data = await readSeries(
      file('sorted.csv', 'time,x\n2024-01-02,2\n2024-01-01,1\n2024-01-04,4\n2024-01-03,3\n'),
    );
    expect([...data.series[0].targets[0].values]).toEqual([1, 2, 3, 4]);
    expect(data.notes).toEqual([
      'x: 4 values from 2024-01-01 to 2024-01-04, frequency: business days.',
      'The rows were not in order of time and were sorted.',
      UTC,
    ]);
    const descending = await readSeries(file('down.csv', 'time,x\n2024-01-03,2\n2024-01-02,1\n2024-01-01,4\n'));
    expect(descending.notes[1]).toBe('The rows were in descending order and were sorted.');
  });

  test('reports steps that are not the usual one, those of refused rows too', async () => {
    const rows = (days: readonly (number | string)[]): string =>
      days.map((day, at) => `2024-01-${`${at + 1}`.padStart(2, '0')},${day}\n`).join('');
    const path = file('gap.csv', `time,x\n${rows([1, 2, 3, 4, 5, 6, 7, 'none', 'none', 10, 11])}`);
    expect(await failure(readSeries(path))).toContain('line 9: column x: expected a number such as 1234.5, got "none"');
    const data = await readSeries(path, { allowedShare: 0.2 });
    expect(data.notes).toEqual([
      'x: 9 values from 2024-01-01 to 2024-01-11, frequency: days; 1 of 8 steps are not the usual one (the longest ' +
        'goes from 2024-01-07 to 2024-01-10).',
      '2 of 11 rows could not be used: they are gaps in time.',
      UTC,
    ]);
    expect(data.table).toMatchObject({ rows: 11, refused: { count: 2, first: [{ line: 9 }, { line: 10 }] } });
    expect(data.series[0].frequency.irregular).toEqual([7]);
  });

  test('with two values at one time is refused with both lines, and with what may be meant', async () => {
    expect(await failure(readSeries(file('twice.csv', 'time,x\n2024-01-01,1\n2024-01-02,2\n2024-01-01,3\n')))).toBe(
      '/twice.csv: lines 2 and 4 have the same time 2024-01-01: expected one row for each time; keep one of them',
    );
    const panel = file('panel.csv', 'time,x,shop\n2024-01-01T02:30,1,a\n2024-01-01T02:30,2,b\n');
    expect(await failure(readSeries(panel, { targets: 'x' }))).toBe(
      '/panel.csv: lines 2 and 3 have the same time 2024-01-01T02:30:00.000Z: expected one row for each time; keep one ' +
        'of them, or give --group with the column that tells several series apart; local times come twice when clocks ' +
        'go back: write their distance from UTC',
    );
    const again = file('again.csv', 'time,x,shop\n2024-01-01,1,a\n2024-01-01,2,b\n2024-01-01,3,b\n');
    expect(await failure(readSeries(again, { targets: 'x', group: 'shop' }))).toContain(
      'lines 3 and 4 of b have the same time 2024-01-01',
    );
  });

  test('may be several, told apart by a column and ordered by its name', async () => {
    const rows = [1, 2, 3, 4].flatMap((day) => [`2024-01-0${day},b,${day},9`, `2024-01-0${day + 1},a,${-day},8`]);
    const data = await readSeries(file('shops.csv', `time,shop,x,y\n${rows.join('\n')}\n`), {
      targets: 'x',
      group: 'shop',
    });
    expect(data.series.map(({ name, times, targets }) => [name, times[0], [...targets[0].values]])).toEqual([
      ['a', Date.UTC(2024, 0, 2), [-1, -2, -3, -4]],
      ['b', Date.UTC(2024, 0, 1), [1, 2, 3, 4]],
    ]);
    expect(data.notes[0]).toBe('2 series of x: 8 values from 2024-01-01 to 2024-01-05, frequency: business days.');
    expect(data.table.columns).toEqual([
      { name: 'time', use: 'time' },
      { name: 'shop', use: 'group' },
      { name: 'x', use: 'target' },
      { name: 'y', use: 'not used' },
    ]);
  });
});

test('the S&P 500 holds 5,105 days and the closes of its first and last', async () => {
  const { series, seasons } = await readStockIndex();
  const [{ times, targets, frequency }] = series;
  expect([times.length, targets.length]).toEqual([5105, 1]);
  expect([targets[0].values[0], targets[0].values.at(-1)]).toEqual([1455.219971, 2874.560059]);
  expect([frequency.name, seasons]).toEqual(['business days', [5]]);
  const more = await readStockIndex({ targets: 'high,low', features: 'volume' });
  const [first] = more.series;
  expect([...first.targets, ...first.features].map(({ name, values }) => [name, values[0]])).toEqual([
    ['high', 1478],
    ['low', 1438.359985],
    ['volume', 931800000],
  ]);
});

describe('a published series', () => {
  const published: PublishedSeries = {
    title: 'yields',
    unit: '%',
    columns: ['1 year', '10 years', 'spread'].map((name, at) => ({
      name,
      values: Float64Array.of(at, at + 1, at + 2),
    })),
    times: Float64Array.of(0, 1.3e8, 2.6e8),
    timesNote: 'counted',
    timesExact: false,
    seasons: [5],
  };
  const names = (columns: Parameters<typeof fromPublished>[1]): string[][] => {
    const [{ targets, features }] = fromPublished(published, columns).series;
    return [targets, features].map((list) => list.map(({ name }) => name));
  };

  test('is forecast as a whole, or some columns with the others read beside them', () => {
    expect(names({})).toEqual([['1 year', '10 years', 'spread'], []]);
    expect(names({ targets: '10 years' })).toEqual([['10 years'], ['1 year', 'spread']]);
    expect(names({ targets: 'spread,1 year', features: '' })).toEqual([['spread', '1 year'], []]);
    expect(() => names({ targets: '2 years' })).toThrow(
      'yields: expected a column of 1 year, 10 years, spread, got 2 years',
    );
    expect(() => names({ targets: 'spread', features: 'spread' })).toThrow('column spread is used twice; name it once');
  });

  test('whose times are counted has no gaps and shows days alone', () => {
    const data = fromPublished(published);
    expect(data.series[0].frequency).toEqual({ name: 'business days', season: 5, irregular: [] });
    expect(data.notes).toEqual([
      'yields: 3 values from 1970-01-01 to 1970-01-04, frequency: business days.',
      'Times: counted.',
    ]);
  });
});

test('the middle step is that of sorted steps', () => {
  expect(middleStep([0, 1, 3, 6, 106])).toBe(3);
  expect(middleStep([7])).toBe(86_400_000);
});
