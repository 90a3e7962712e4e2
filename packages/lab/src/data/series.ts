/**
 * Series of numbers in time: the S&P 500 from npm `vega-datasets`, series that packages of R publish, or columns of a
 * person's own file. Sorts the rows, detects how often they come and says in words what is irregular. Knows nothing of
 * splits, windows or models.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DataError } from './data-error.ts';
import type { PublishedSeries } from './published-series.ts';
import type { Refusal } from './refusals.ts';
import { namesIn, type RowsOfSeries, readSeriesRows, type SeriesColumns, type SeriesRows } from './series-rows.ts';
import { DAY, detectFrequency, type Frequency, formatTime } from './time.ts';

/** A column of numbers. */
export interface SeriesColumn {
  readonly name: string;
  readonly values: Float64Array;
}

/** One series in ascending time, with a number in every column at each time. */
export interface Series {
  /** What tells it from others of the same data; of a series alone what it is a series of. */
  readonly name: string;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly times: Float64Array;
  /** What is forecast; the same columns in every series of the data. */
  readonly targets: readonly [SeriesColumn, ...SeriesColumn[]];
  /** What else is read. */
  readonly features: readonly SeriesColumn[];
  readonly frequency: Frequency;
}

/** One series or several of one kind. */
export interface SeriesData {
  /** Ordered by name. */
  readonly series: readonly [Series, ...Series[]];
  /** Of all targets, where it is known. */
  readonly unit?: string;
  /** Steps in each usual season, the shortest first; none if there is none. */
  readonly seasons: readonly number[];
  /** Whether the source states when each value was; if not, only the order and the step are sure. */
  readonly timesExact: boolean;
  /** Where it comes from, and what of it is used. */
  readonly table: {
    readonly source: string;
    readonly format: string;
    readonly rows: number;
    readonly refused: { readonly count: number; readonly unit: string; readonly first: readonly Refusal[] };
    readonly columns: readonly { readonly name: string; readonly use: string }[];
  };
  /** What was found, in plain words. */
  readonly notes: readonly string[];
}

/**
 * Reads the series of a person's file.
 * @throws {DataError} if the file or a cell cannot be used, or two rows of one series have one time
 */
export async function readSeries(path: string, columns: SeriesColumns = {}): Promise<SeriesData> {
  const rows = await readSeriesRows(path, columns);
  const name = rows.targets.join(', ');
  const data = fromRows(rows, (group) => group ?? name);
  return { ...data, notes: [...data.notes, 'Times are in UTC; those written without a zone are taken as UTC.'] };
}

/**
 * The S&P 500 on 5,105 trading days, 2000 to 2020.
 * @param columns `targets` is `close` unless others are asked for: open, high, low, close, adjclose, volume
 * @throws {DataError} if there is no such column
 */
export async function readStockIndex(columns: Pick<SeriesColumns, 'targets' | 'features'> = {}): Promise<SeriesData> {
  const require = createRequire(import.meta.url);
  const file = join(dirname(require.resolve('vega-datasets')), '../data/sp500-2000.csv');
  const rows = await readSeriesRows(file, {
    time: 'date',
    targets: columns.targets ?? 'close',
    features: columns.features,
  });
  const data = fromRows(rows, () => `S&P 500 ${rows.targets.join(', ')}`);
  return { ...data, table: { ...data.table, source: 'S&P 500, npm vega-datasets', format: 'installed package' } };
}

/**
 * A published series. Columns that are not forecast are read as features unless others are asked for.
 * @param columns `targets` are all columns unless some are asked for
 * @throws {DataError} if there is no such column
 */
export function fromPublished(
  published: PublishedSeries,
  columns: Pick<SeriesColumns, 'targets' | 'features'> = {},
): SeriesData {
  const { title, unit, times, timesNote, timesExact, seasons } = published;
  const names = published.columns.map((column) => column.name);
  const find = (name: string): SeriesColumn => {
    const column = published.columns.find((one) => one.name === name);
    if (column !== undefined) return column;
    throw new DataError(`${title}: expected a column of ${names.join(', ')}, got ${name}`);
  };
  const targets = columns.targets === undefined ? [...published.columns] : namesIn(columns.targets, names).map(find);
  const features =
    columns.features === undefined
      ? published.columns.filter((column) => !targets.includes(column))
      : namesIn(columns.features, names).map(find);
  const [first, ...others] = targets;
  if (first === undefined) throw new DataError(`${title}: expected at least one column to forecast, got none`);
  const twice = [...targets, ...features].find((column, at, all) => all.includes(column, at + 1));
  if (twice !== undefined) throw new DataError(`${title}: column ${twice.name} is used twice; name it once`);
  const frequency = timesExact
    ? detectFrequency(times)
    : { name: 'business days', season: seasons[0] ?? 1, irregular: [] };
  const series: Series = { name: title, times, targets: [first, ...others], features, frequency };
  return {
    series: [series],
    unit,
    seasons,
    timesExact,
    table: {
      source: title,
      format: 'fetched package',
      rows: times.length,
      refused: { count: 0, unit: 'row', first: [] },
      columns: names.map((name) => ({ name, use: useOf(name, targets, features) })),
    },
    notes: [`${describeTimes([series], timesExact)}.`, `Times: ${timesNote}.`],
  };
}

/** A time as text; of counted ones the day alone. */
export function timeText({ timesExact }: Pick<SeriesData, 'timesExact'>, time: number): string {
  return timesExact ? formatTime(time) : new Date(time).toISOString().slice(0, 10);
}

/** When there are values and which steps are not the usual ones, in words without a full stop. */
function describeTimes(series: readonly [Series, ...Series[]], timesExact: boolean): string {
  const [first] = series;
  const rows = series.reduce((sum, { times }) => sum + times.length, 0);
  const { first: from, last: to } = timeSpan(series);
  const span = `from ${timeText({ timesExact }, from)} to ${timeText({ timesExact }, to)}`;
  const names = [...new Set(series.map(({ frequency }) => frequency.name))];
  const what = series.length === 1 ? first.name : `${series.length} series of ${columnNames(first)}`;
  const text = `${what}: ${rows} values ${span}, frequency: ${names.join(', ')}`;
  const unusual = series.flatMap(({ times, frequency }) =>
    frequency.irregular.map((at) => [times[at - 1] as number, times[at] as number] as const),
  );
  const [start] = unusual;
  if (start === undefined) return text;
  const longest = unusual.reduce((best, step) => (step[1] - step[0] > best[1] - best[0] ? step : best), start);
  return (
    `${text}; ${unusual.length} of ${rows - series.length} steps are not the usual one (the longest goes from ` +
    `${formatTime(longest[0])} to ${formatTime(longest[1])})`
  );
}

/** The first and the last time of any series. */
export function timeSpan(series: readonly Series[]): { readonly first: number; readonly last: number } {
  return series.reduce(
    ({ first, last }, { times }) => ({
      first: Math.min(first, times[0] as number),
      last: Math.max(last, times.at(-1) as number),
    }),
    { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY },
  );
}

function columnNames({ targets }: Series): string {
  return targets.map(({ name }) => name).join(', ');
}

function fromRows(rows: SeriesRows, nameOf: (group: string | undefined) => string): SeriesData {
  const sorted = rows.series.map((one) => toSeries(rows, one, nameOf(one.group)));
  const list = sorted.map(({ series }) => series).sort((a, b) => (a.name < b.name ? -1 : 1)) as [Series, ...Series[]];
  const { season } = list.reduce((best, one) => (one.times.length > best.times.length ? one : best)).frequency;
  const misplaced = sorted.filter(({ order }) => order !== 'ascending');
  const descending = misplaced.every(({ order }) => order === 'descending');
  const { count } = rows.refused;
  return {
    series: list,
    seasons: season > 1 ? [season] : [],
    timesExact: true,
    table: {
      source: rows.source,
      format: rows.format,
      rows: rows.rows,
      refused: rows.refused,
      columns: rows.columns.map((name) => ({ name, use: useOfRow(name, rows) })),
    },
    notes: [
      `${describeTimes(list, true)}.`,
      ...(misplaced.length === 0
        ? []
        : [`The rows were ${descending ? 'in descending order' : 'not in order of time'} and were sorted.`]),
      ...(count === 0 ? [] : [`${count} of ${rows.rows} rows could not be used: they are gaps in time.`]),
    ],
  };
}

function useOfRow(name: string, { time, targets, features, group }: SeriesRows): string {
  if (name === time) return 'time';
  if (name === group) return 'group';
  const named = (list: readonly string[]): { readonly name: string }[] => list.map((one) => ({ name: one }));
  return useOf(name, named(targets), named(features));
}

function useOf(name: string, targets: readonly { name: string }[], features: readonly { name: string }[]): string {
  if (targets.some((column) => column.name === name)) return 'target';
  return features.some((column) => column.name === name) ? 'feature' : 'not used';
}

function toSeries(
  table: SeriesRows,
  { group, times, values, lines }: RowsOfSeries,
  name: string,
): { readonly series: Series; readonly order: 'ascending' | 'descending' | 'mixed' } {
  const order = Array.from(times.keys()).sort((a, b) => (times[a] as number) - (times[b] as number));
  for (let index = 1; index < order.length; index++) {
    const [before, row] = [order[index - 1] as number, order[index] as number];
    if (times[before] === times[row]) throw sameTime(table, group, [before, row], times, lines);
  }
  const sorted = Float64Array.from(order, (row) => times[row] as number);
  const columns = [...table.targets, ...table.features].map((column, index): SeriesColumn => {
    const unsorted = values[index] as Float64Array;
    return { name: column, values: Float64Array.from(order, (row) => unsorted[row] as number) };
  });
  const [first, ...others] = columns.slice(0, table.targets.length) as [SeriesColumn, ...SeriesColumn[]];
  const series: Series = {
    name,
    times: sorted,
    targets: [first, ...others],
    features: columns.slice(table.targets.length),
    frequency: detectFrequency(sorted),
  };
  if (order.every((row, index) => row === index)) return { series, order: 'ascending' };
  return { series, order: order.every((row, index) => row === order.length - 1 - index) ? 'descending' : 'mixed' };
}

function sameTime(
  { source, refused: { unit }, columns, group: column }: SeriesRows,
  group: string | undefined,
  [before, row]: readonly [number, number],
  times: Float64Array,
  lines: Int32Array,
): DataError {
  const time = times[row] as number;
  const clocks = time % DAY === 0 ? '' : '; local times come twice when clocks go back: write their distance from UTC';
  const several = columns.length > 2 && column === undefined;
  return new DataError(
    `${source}: ${unit}s ${lines[before]} and ${lines[row]}${group === undefined ? '' : ` of ${group}`} have the same ` +
      `time ${formatTime(time)}: expected one row for each time; keep one of them` +
      `${several ? ', or give --group with the column that tells several series apart' : ''}${clocks}`,
  );
}
