/** What the tests of forecasts share: series made by hand, files of them, inputs of batches. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Series, SeriesColumn, SeriesData } from '../../src/data/series.ts';
import { detectFrequency } from '../../src/data/time.ts';
import type { ForecastRequest } from '../../src/tasks/forecast/forecast.ts';
import type { PreparedTask } from '../../src/tasks/task.ts';

export const DAY = 86_400_000;
export const defaults: ForecastRequest = {
  kind: 'level',
  positions: 'index',
  horizon: 5,
  context: 64,
  testForecasts: 512,
};
/** A series that is easy to write again. */
export const wave = (index: number): number => 100 + 10 * Math.sin(index / 5) + Math.cos(index * index);

/** A folder that goes away with the tests of a file. */
export function temporary(): (name: string, text: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'posenc-forecast-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
}

/** The day `index` days after the first of 2000. */
export function day(index: number): string {
  return new Date(Date.UTC(2000, 0, 1 + index)).toISOString().slice(0, 10);
}

/** One series; times are days unless given. */
export function seriesOf(
  name: string,
  targets: Readonly<Record<string, ArrayLike<number>>>,
  more: { readonly features?: Readonly<Record<string, ArrayLike<number>>>; readonly times?: Float64Array } = {},
): Series {
  const columns = (list: Readonly<Record<string, ArrayLike<number>>>): SeriesColumn[] =>
    Object.entries(list).map(([column, values]) => ({ name: column, values: Float64Array.from(values) }));
  const [first, ...others] = columns(targets) as [SeriesColumn, ...SeriesColumn[]];
  const times = more.times ?? Float64Array.from(first.values, (_, index) => Date.UTC(2000, 0, 1) + index * DAY);
  return {
    name,
    times,
    targets: [first, ...others],
    features: columns(more.features ?? {}),
    frequency: detectFrequency(times),
  };
}

export function dataOf(series: readonly [Series, ...Series[]], seasons: readonly number[] = []): SeriesData {
  const rows = series.reduce((sum, { times }) => sum + times.length, 0);
  return {
    series,
    seasons,
    timesExact: true,
    table: { source: 'test', format: 'test', rows, refused: { count: 0, unit: 'row', first: [] }, columns: [] },
    notes: [],
  };
}

/** The data with every number in every column after a time replaced. */
export function changedAfter(data: SeriesData, time: number): SeriesData {
  return changed(data, (old, at, when) => (when > time ? 1e4 + 17 * at + old / 1e3 : old));
}

export function changed(
  data: SeriesData,
  change: (old: number, index: number, time: number, series: number) => number,
): SeriesData {
  const series = data.series.map((one, which): Series => {
    const columns = (list: readonly SeriesColumn[]): SeriesColumn[] =>
      list.map(({ name, values }) => ({
        name,
        values: values.map((value, at) => change(value, at, one.times[at] as number, which)),
      }));
    return { ...one, targets: columns(one.targets) as [SeriesColumn], features: columns(one.features) };
  });
  return { ...data, series: series as [Series, ...Series[]] };
}

/** Inputs of the evaluation batches, example by example, without the examples that fill the last batch. */
export function inputsOf(prepared: PreparedTask, split: 'validation' | 'test'): Float32Array[][] {
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

/** `count` integers from `from` to below `to`, evenly spread. */
export function evenly(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + Math.floor((index * (to - from)) / count));
}

/** Answers with which forecasts are the values that come, for the last positions of a bucket's labels. */
export function lastLabels(set: ReturnType<PreparedTask['evaluation']>[number], width: number): Float64Array {
  const values = set.batches.flatMap(({ size, labels }) => {
    const all = labels.length / size;
    return Array.from({ length: size }, (_, row) => [...labels.slice((row + 1) * all - width, (row + 1) * all)]).flat();
  });
  return Float64Array.from(values.slice(0, set.examples * width));
}
