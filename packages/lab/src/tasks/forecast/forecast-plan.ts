/**
 * What is trained on and what is forecast: the parts of series in time, the same dates for all, and the times at which
 * forecasts are made. No window reaches into another series and no training target lies in a later part. Knows no values.
 */
import type { Series, SeriesData } from '../../data/series.ts';
import { type LengthBucket, TaskError } from '../task.ts';

/** Where a forecast is made: index `at` of a series is the last value it may see. */
export interface Origin {
  readonly series: number;
  readonly at: number;
}

/** Indices at which the training part and the validation part of one series end. */
export interface Parts {
  readonly trainEnd: number;
  readonly validationEnd: number;
}

/** The times at which training and validation end: the first ones that do not belong to them. */
export interface Dates {
  readonly trainEnd: number;
  readonly validationEnd: number;
}

export interface ForecastPlan {
  readonly dates: Dates;
  /** Of each series. */
  readonly parts: readonly Parts[];
  readonly origins: Readonly<Record<'train' | 'validation' | 'test', readonly Origin[]>>;
  /** Context lengths, the trained one first. */
  readonly buckets: readonly [LengthBucket, ...LengthBucket[]];
  readonly leftOut: {
    /** Contexts that too few forecasts have behind them. */
    readonly contexts: readonly number[];
    /** Test forecasts that have not the longest context behind them. */
    readonly forecasts: number;
  };
}

export interface PlanRequest {
  readonly context: number;
  readonly horizon: number;
  /** Test forecasts at most. */
  readonly testForecasts: number;
}

/** Evaluated contexts, as multiples of the trained one. */
const CONTEXT_MULTIPLES = [1, 1.5, 2, 4];
/** Shares of the rows, in order of time; the rest, at the end, is for test. */
const SHARES = { train: 0.7, validation: 0.1 };
const VALIDATION_FORECASTS = 256;
/** The fewest training windows and test forecasts worth a comparison. */
const FEWEST = 16;
/** The share of test forecasts that must have a context behind them for it to be evaluated. */
const REACHED = 0.9;

/** The dates that divide all rows of all series. */
export function datesOf(series: readonly Series[]): Dates {
  const rows = series.reduce((sum, { times }) => sum + times.length, 0);
  const times = new Float64Array(rows);
  let end = 0;
  for (const one of series) {
    times.set(one.times, end);
    end += one.times.length;
  }
  times.sort();
  const { trainEnd, validationEnd } = partsOf(rows);
  const at = (index: number): number => times[Math.min(index, rows - 1)] as number;
  return { trainEnd: at(trainEnd), validationEnd: at(validationEnd) };
}

/**
 * Series that have not one training window: they cannot be scaled.
 * @param dates of all series
 */
export function isTooShort({ times }: Series, dates: Dates, { context, horizon }: PlanRequest): boolean {
  return firstFrom(times, dates.trainEnd) - horizon <= context;
}

/**
 * @param dates from which the parts begin; every series has a training window before them
 * @throws {TaskError} if there are too few rows
 */
export function planForecasts({ series }: SeriesData, dates: Dates, request: PlanRequest): ForecastPlan {
  const { context, horizon } = request;
  const parts = series.map(({ times }): Parts => {
    return { trainEnd: firstFrom(times, dates.trainEnd), validationEnd: firstFrom(times, dates.validationEnd) };
  });
  const originsIn = (from: (parts: Parts) => number, to: (parts: Parts, rows: number) => number): Origin[] =>
    series.flatMap(({ times }, index) => {
      const own = parts[index] as Parts;
      return range(Math.max(from(own), context), to(own, times.length) - horizon).map((at) => ({ series: index, at }));
    });
  const train = originsIn(
    () => context,
    ({ trainEnd }) => trainEnd,
  );
  const validation = originsIn(
    ({ trainEnd }) => trainEnd - 1,
    ({ validationEnd }) => validationEnd,
  );
  const test = originsIn(
    ({ validationEnd }) => validationEnd - 1,
    (_, rows) => rows,
  );
  checkCounts(series, request, [train.length, validation.length, test.length]);

  const lengths = CONTEXT_MULTIPLES.map((multiple) => Math.round(context * multiple));
  const reached = (length: number): Origin[] => test.filter(({ at }) => at >= length);
  const kept = lengths.filter((length) => reached(length).length >= REACHED * test.length);
  const tested = reached(kept.at(-1) as number);
  const buckets = kept.map((length, index): LengthBucket => {
    return { label: `${length}`, minimum: length, maximum: length, trained: index === 0 };
  });
  return {
    dates,
    parts,
    origins: {
      train,
      validation: spread(validation, VALIDATION_FORECASTS),
      test: spread(tested, request.testForecasts),
    },
    buckets: buckets as [LengthBucket, ...LengthBucket[]],
    leftOut: { contexts: lengths.slice(kept.length), forecasts: test.length - tested.length },
  };
}

/** At most `count` of the items, evenly spread. */
export function spread<Item>(items: readonly Item[], count: number): Item[] {
  const taken = Math.min(count, items.length);
  return Array.from({ length: taken }, (_, index) => items[Math.floor((index * items.length) / taken)] as Item);
}

/** Integers from `from` up to, not including, `to`. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

function checkCounts(
  series: SeriesData['series'],
  { context, horizon }: PlanRequest,
  [train, validation, test]: readonly [number, number, number],
): void {
  if (train >= FEWEST && validation >= 1 && test >= FEWEST) return;
  const [first, ...others] = series;
  const advice = 'give more rows, or a smaller context or horizon';
  if (others.length === 0) {
    throw new TaskError(
      `forecast: ${first.name}: expected at least ${rowsNeeded(context, horizon)} rows for a context of ${context} ` +
        `and a horizon of ${horizon}, got ${first.times.length}; ${advice}`,
    );
  }
  throw new TaskError(
    `forecast: expected at least ${FEWEST} training windows, 1 validation forecast and ${FEWEST} test forecasts in ` +
      `${series.length} series, got ${train}, ${validation} and ${test} with a context of ${context} and a horizon of ` +
      `${horizon}; ${advice}`,
  );
}

/** The fewest rows of one series that leave enough training windows and forecasts. */
function rowsNeeded(context: number, horizon: number): number {
  const enough = (rows: number): boolean => {
    const { trainEnd, validationEnd } = partsOf(rows);
    return (
      trainEnd - horizon - context >= FEWEST &&
      validationEnd - trainEnd >= horizon &&
      rows - validationEnd - horizon + 1 >= FEWEST
    );
  };
  let rows = Math.ceil((context + horizon + FEWEST) / SHARES.train);
  while (!enough(rows)) rows++;
  return rows;
}

function partsOf(rows: number): Parts {
  const trainEnd = Math.floor(rows * SHARES.train);
  return { trainEnd, validationEnd: trainEnd + Math.floor(rows * SHARES.validation) };
}

/** The first index whose time is not before `time`. */
function firstFrom(times: Float64Array, time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
