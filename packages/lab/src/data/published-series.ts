/**
 * Series that packages of R publish: yields of US Treasury notes (`tseries`), quotes of the US dollar in Swiss francs
 * (`timeSeries`), demand for electricity in England and Wales (`forecast`), from the unpacked Debian packages. Knows
 * nothing of forecasts.
 */
import { DataError } from './data-error.ts';
import { type RValue, readLazyLoaded, readRda } from './rdata.ts';

/** One or several columns of numbers at the same times. */
export interface PublishedSeries {
  readonly title: string;
  readonly unit: string;
  readonly columns: readonly { readonly name: string; readonly values: Float64Array }[];
  /** Milliseconds since 1970-01-01T00:00Z, rising. */
  readonly times: Float64Array;
  /** Where the times come from, and what they mean. */
  readonly timesNote: string;
  /** Whether the file states when each value was; if not, only the order and the step are sure. */
  readonly timesExact: boolean;
  /** Steps in each season, the shortest first; none if it has none. */
  readonly seasons: readonly number[];
}

const LIBRARY = 'usr/lib/R/site-library';
const HALF_HOUR = 1_800_000;

/**
 * Yields at constant maturity of 1, 3, 5 and 10 years on 9,574 business days from January 1962 on, in per cent a year
 * (`tcmd`). The file has no dates: it counts 248 business days a year, and `times` follow that count.
 * @throws {DataError} if the file is missing or is not as expected
 */
export function readYields(folder: string): PublishedSeries {
  const path = `${folder}/${LIBRARY}/tseries/data/tcmd.rda`;
  const value = found(readRda(path).get('tcmd'), 'tcmd', path);
  const { rows, columns } = matrixOf(value, path);
  const [start = Number.NaN, , frequency = Number.NaN] = numbers(value.attributes.tsp, 'tsp', path, 3);
  const names: Readonly<Record<string, string>> = {
    tcm1yd: '1 year',
    tcm3yd: '3 years',
    tcm5yd: '5 years',
    tcm10yd: '10 years',
  };
  return {
    title: 'yields of US Treasury notes at constant maturity',
    unit: '% a year',
    columns: columns.map(({ name, values }) => ({ name: names[name] ?? name, values })),
    times: Float64Array.from({ length: rows }, (_, index) => timeOf(start + index / frequency)),
    timesNote: `business days without holidays, counted as ${frequency} a year from ${start} on; the file has no dates`,
    timesExact: false,
    seasons: [5],
  };
}

/**
 * The US dollar in Swiss francs, 62,496 quotes from April 1996 to March 2001, every half hour but for weekends (`USDCHF`).
 * @throws {DataError} if the file is missing or is not as expected
 */
export function readExchange(folder: string): PublishedSeries {
  const base = `${folder}/${LIBRARY}/timeSeries/data/Rdata`;
  const value = readLazyLoaded(base, 'USDCHF');
  const { rows, columns } = matrixOf(value, `${base}.rdb`);
  const seconds = numbers(value.attributes.positions, 'positions', `${base}.rdb`, rows);
  const times = seconds.map((second) => second * 1000);
  const unsorted = times.findIndex((time, index) => index > 0 && !(time > (times[index - 1] as number)));
  if (unsorted >= 0) {
    throw new DataError(
      `${base}.rdb: expected rising times, got ${times[unsorted]} at quote ${unsorted}; fetch it again`,
    );
  }
  return {
    title: 'the US dollar in Swiss francs',
    unit: 'CHF',
    columns,
    times,
    timesNote: 'as stored, in UTC; every half hour, with gaps at weekends and holidays',
    timesExact: true,
    seasons: [],
  };
}

/**
 * Demand for electricity in England and Wales in 4,032 half hours, Monday 5 June to Sunday 27 August 2000 (`taylor`;
 * Taylor 2003, "Short-term electricity demand forecasting using double seasonal exponential smoothing"). The file has no
 * dates; those of the package's manual are used, in local time.
 * @throws {DataError} if the file is missing or is not as expected
 */
export function readElectricity(folder: string): PublishedSeries {
  const base = `${folder}/${LIBRARY}/forecast/data/Rdata`;
  const value = readLazyLoaded(base, 'taylor');
  const values = numbers(value, 'taylor', `${base}.rdb`);
  const seasons = numbers(value.attributes.msts, 'msts', `${base}.rdb`, 2);
  return {
    title: 'demand for electricity in England and Wales',
    unit: 'MW',
    columns: [{ name: 'demand', values }],
    times: Float64Array.from({ length: values.length }, (_, index) => Date.UTC(2000, 5, 5) + index * HALF_HOUR),
    timesNote: 'half hours from Monday 5 June 2000 on, local time, by the manual of the package',
    timesExact: true,
    seasons: [...seasons],
  };
}

/** The time of a year and its fraction. */
function timeOf(years: number): number {
  const year = Math.floor(years);
  const start = Date.UTC(year, 0);
  return Math.round(start + (years - year) * (Date.UTC(year + 1, 0) - start));
}

function found<Value>(value: Value | undefined, name: string, path: string): Value {
  if (value !== undefined) return value;
  throw new DataError(`${path}: expected an object ${name}, got none; fetch the data set again`);
}

/** The numbers of a vector, all known, `length` of them if given. */
function numbers(value: RValue | undefined, name: string, path: string, length?: number): Float64Array {
  const vector = found(value, name, path);
  if (vector.type !== 'double' && vector.type !== 'integer') {
    throw new DataError(`${path}: ${name}: expected numbers, got ${vector.type}; fetch the data set again`);
  }
  if (length !== undefined && vector.values.length !== length) {
    throw new DataError(`${path}: ${name}: expected ${length} numbers, got ${vector.values.length}`);
  }
  const missing = vector.values.findIndex((number) => !Number.isFinite(number));
  if (missing < 0) return vector.values;
  throw new DataError(`${path}: ${name}: expected a number in each place, got ${vector.values[missing]} at ${missing}`);
}

/** The columns of a matrix; R stores it column after column. */
function matrixOf(
  value: RValue,
  path: string,
): { readonly rows: number; readonly columns: readonly { readonly name: string; readonly values: Float64Array }[] } {
  const [rows = 0, count = 0] = numbers(value.attributes.dim, 'dim', path, 2);
  const values = numbers(value, 'the matrix', path, rows * count);
  const dimnames = value.attributes.dimnames;
  const names = dimnames?.type === 'list' ? dimnames.values[1] : undefined;
  if (names?.type !== 'character' || names.values.length !== count) {
    throw new DataError(`${path}: expected ${count} names of columns, got another number; fetch the data set again`);
  }
  const columns = names.values.map((name, index) => ({
    name: name ?? `column ${index + 1}`,
    values: values.subarray(index * rows, (index + 1) * rows),
  }));
  return { rows, columns };
}
