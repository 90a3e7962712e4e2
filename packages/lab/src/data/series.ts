/**
 * A series of numbers in time: the S&P 500 from npm `vega-datasets`, or a column of the user's own CSV. Sorts the rows,
 * detects how often they come and says in words what is irregular. Knows nothing of splits, windows or models.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readTimedColumn, type TimedColumn } from './csv.ts';
import { DataError } from './data-error.ts';
import { detectFrequency, type Frequency, formatTime } from './time.ts';

/** A series in ascending time, one value at each time. */
export interface Series {
  readonly name: string;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly frequency: Frequency;
  /** What was found in the file, in plain words. */
  readonly notes: readonly string[];
}

/**
 * Reads a series from a CSV with a header line.
 * @param path the file; without it the daily S&P 500, 2000–2020, column `close` unless another is asked for
 * @throws {DataError} if the file or a cell cannot be used or two rows have one time
 */
export async function readSeries(
  path: string | undefined,
  columns: { readonly time?: string | undefined; readonly value?: string | undefined } = {},
): Promise<Series> {
  if (path !== undefined) {
    const table = await readTimedColumn(path, columns);
    return toSeries(table.valueColumn, path, table);
  }
  const require = createRequire(import.meta.url);
  const file = join(dirname(require.resolve('vega-datasets')), '../data/sp500-2000.csv');
  const table = await readTimedColumn(file, { time: columns.time ?? 'date', value: columns.value ?? 'close' });
  return toSeries(`S&P 500 ${table.valueColumn}`, file, table);
}

function toSeries(name: string, path: string, table: TimedColumn): Series {
  const { times, values, lines } = table;
  const order = Array.from(times.keys()).sort((a, b) => (times[a] as number) - (times[b] as number));
  const misplaced = order.some((row, index) => row !== index);
  const descending = misplaced && order.every((row, index) => row === order.length - 1 - index);
  for (let index = 1; index < order.length; index++) {
    const [before, row] = [order[index - 1] as number, order[index] as number];
    if (times[before] === times[row]) {
      throw new DataError(
        `${path}: lines ${lines[before]} and ${lines[row]} have the same time ${formatTime(times[row] as number)}: ` +
          'expected one row for each time; keep one of them, or give a file with one series only',
      );
    }
  }
  const sorted = Float64Array.from(order, (row) => times[row] as number);
  const frequency = detectFrequency(sorted);
  const notes = [describeFrequency(name, sorted, frequency)];
  if (misplaced)
    notes.push(`The rows were ${descending ? 'in descending order' : 'not in order of time'} and were sorted.`);
  return { name, times: sorted, values: Float64Array.from(order, (row) => values[row] as number), frequency, notes };
}

function describeFrequency(name: string, times: Float64Array, frequency: Frequency): string {
  const at = (index: number): string => formatTime(times[index] as number);
  const text = `${name}: ${times.length} values from ${at(0)} to ${at(times.length - 1)}, frequency: ${frequency.name}`;
  const { irregular } = frequency;
  if (irregular.length === 0) return `${text}.`;
  const gap = (index: number): number => (times[index] as number) - (times[index - 1] as number);
  const longest = irregular.reduce((best, index) => (gap(index) > gap(best) ? index : best));
  return (
    `${text}; ${irregular.length} of ${times.length - 1} steps are not the usual one ` +
    `(the longest goes from ${at(longest - 1)} to ${at(longest)}) and are treated as if they were.`
  );
}
