import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectFrequency, formatTime, parseTime } from '../../src/data/time.ts';

test.each([
  ['2024', '2024-01-01T00:00:00.000Z'],
  ['2024-02', '2024-02-01T00:00:00.000Z'],
  ['2024-2-3', '2024-02-03T00:00:00.000Z'],
  ['2024/02/29', '2024-02-29T00:00:00.000Z'],
  ['2024-02-29 23:59', '2024-02-29T23:59:00.000Z'],
  ['2024-02-29T23:59:58.25Z', '2024-02-29T23:59:58.250Z'],
  ['2024-01-01T00:30+01:00', '2023-12-31T23:30:00.000Z'],
  ['2024-01-01T00:30-0530', '2024-01-01T06:00:00.000Z'],
  ['0050-01-01', '0050-01-01T00:00:00.000Z'],
  ['1700000000', '2023-11-14T22:13:20.000Z'],
  ['1700000000123', '2023-11-14T22:13:20.123Z'],
])('%s is %s', (text, expected) => {
  expect(new Date(parseTime(text) as number).toISOString()).toBe(expected);
});

test.each([
  '',
  'yesterday',
  '01/02/2024',
  '2023-02-29',
  '2024-13',
  '2024-00-01',
  '2024-01-01T24:00',
  '20240101',
  '12',
  '2024-01-01T00:00+25:00',
  '2024-01-0x',
])('%j is no time', (text) => {
  expect(parseTime(text)).toBeUndefined();
});

test('a time written in ISO 8601 is read as JavaScript reads it', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      expect(parseTime(date.toISOString())).toBe(date.getTime());
      expect(parseTime(formatTime(date.getTime()))).toBe(date.getTime());
    }),
  );
});

describe('the frequency of', () => {
  const series = (count: number, at: (index: number) => number): number[] =>
    Array.from({ length: count }, (_, i) => at(i));
  const start = Date.UTC(2024, 0, 1); // a Monday
  const [hour, day] = [3_600_000, 86_400_000];

  test.each([
    ['days', 7, series(30, (i) => start + i * day)],
    ['business days', 5, series(30, (i) => start + (Math.floor(i / 5) * 7 + (i % 5)) * day)],
    ['weeks', 52, series(30, (i) => start + i * 7 * day)],
    ['months', 12, series(30, (i) => Date.UTC(2024, i, 1))],
    ['months', 12, series(30, (i) => Date.UTC(2024, i + 1, 0))],
    ['quarters', 4, series(30, (i) => Date.UTC(2024, 3 * i, 1))],
    ['years', 1, series(30, (i) => Date.UTC(1990 + i, 6, 1))],
    ['hours', 24, series(100, (i) => start + i * hour)],
    ['30 minutes', 48, series(300, (i) => start + (i * hour) / 2)],
    ['15 minutes', 26, series(300, (i) => start + Math.floor(i / 26) * day + 9 * hour + ((i % 26) * hour) / 4)],
    ['10 days', 1, series(30, (i) => start + i * 10 * day)],
    ['seconds', 1, series(30, (i) => start + i * 1000)],
  ])('%s has season %i', (name, season, times) => {
    const found = detectFrequency(times);
    expect([found.name, found.season]).toEqual([name, season]);
    if (name !== '15 minutes') expect(found.irregular).toEqual([]);
  });

  test('a series with a missing day names the step that is not the usual one', () => {
    const times = series(30, (i) => start + (i < 10 ? i : i + 1) * day);
    expect(detectFrequency(times)).toEqual({ name: 'days', season: 7, irregular: [10] });
  });

  test('times without a usual step is irregular', () => {
    const times = series(30, (i) => start + i * i * 1_234_567 + i);
    expect(detectFrequency(times)).toEqual({ name: 'irregular', season: 1, irregular: [] });
  });
});
