/** Means, intervals and paired differences over seeds. Knows nothing of records. */
import cumulative from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** A variance and the degrees of freedom it was estimated with. */
export interface Spread {
  readonly variance: number;
  readonly freedom: number;
}

/** A mean over seeds with its 95 % confidence interval by Student's t. */
export interface Estimate {
  readonly mean: number;
  readonly count: number;
  /** Half the width of the interval; absent where nothing is known of the spread. */
  readonly margin?: number;
}

/** How much of the time an interval covers the truth. */
export const CONFIDENCE = 0.95;

/**
 * The variance within groups, pooled: few seeds say little of one encoding's spread, but all encodings together say
 * more. Assumes that encodings vary alike from seed to seed. `undefined` when no group has two values.
 */
export function pooledVariance(groups: readonly (readonly number[])[]): Spread | undefined {
  const freedom = groups.reduce((sum, group) => sum + Math.max(0, group.length - 1), 0);
  if (freedom === 0) return undefined;
  return { variance: groups.reduce((sum, group) => sum + squaredDeviations(group), 0) / freedom, freedom };
}

/**
 * The residual variance of a randomised block design: values of each encoding (row) on the same seeds (columns), after
 * taking out the mean of each encoding and of each seed. `undefined` with fewer than two rows or columns.
 *
 * @throws {RangeError} when rows differ in length
 */
export function blockVariance(rows: readonly (readonly number[])[]): Spread | undefined {
  const seeds = rows[0]?.length ?? 0;
  if (rows.some((row) => row.length !== seeds)) throw new RangeError('blockVariance: expected rows of equal length');
  const freedom = (rows.length - 1) * (seeds - 1);
  if (freedom <= 0) return undefined;
  const columns = Array.from({ length: seeds }, (_, seed) => meanOf(rows.map((row) => row[seed] as number)));
  const grand = meanOf(columns);
  let sum = 0;
  for (const row of rows) {
    const mean = meanOf(row);
    row.forEach((value, seed) => {
      sum += (value - mean - (columns[seed] as number) + grand) ** 2;
    });
  }
  return { variance: sum / freedom, freedom };
}

/**
 * @param values - one per seed
 * @param spread - of single values
 * @throws {RangeError} when there is no value
 */
export function estimate(values: readonly number[], spread?: Spread): Estimate {
  if (values.length === 0) throw new RangeError('estimate: expected at least one value, got none');
  const count = values.length;
  const mean = meanOf(values);
  return spread === undefined ? { mean, count } : { mean, count, margin: margin(spread, 1 / count) };
}

/** The difference of two encodings over the seeds both have. */
export interface PairedDifference extends Estimate {
  /** Seeds on which the first is smaller, and larger. */
  readonly smaller: number;
  readonly larger: number;
  /** Two-sided p-value; absent where nothing is known of the spread. */
  readonly p?: number;
}

/**
 * first − second, seed by seed.
 *
 * @param spread - the residual variance of the block design the two belong to
 * @throws {RangeError} when the lists differ in length or are empty
 */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  spread?: Spread,
): PairedDifference {
  if (first.length !== second.length) {
    throw new RangeError(`pairedDifference: expected lists of equal length, got ${first.length} and ${second.length}`);
  }
  const differences = first.map((value, index) => value - (second[index] as number));
  const result = {
    ...estimate(differences),
    smaller: differences.filter((difference) => difference < 0).length,
    larger: differences.filter((difference) => difference > 0).length,
  };
  if (spread === undefined) return result;
  const error = Math.sqrt((2 * spread.variance) / differences.length);
  const t = result.mean === 0 ? 0 : -Math.abs(result.mean) / error;
  return { ...result, margin: margin(spread, 2 / differences.length), p: 2 * cumulative(t, spread.freedom) };
}

/**
 * Which of several p-values are below `level` together, by the method of Holm 1979: the smallest is compared with
 * level/n, the next with level/(n − 1), and so on until one fails.
 */
export function holm(ps: readonly number[], level: number = 1 - CONFIDENCE): readonly boolean[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const rejected = new Array<boolean>(ps.length).fill(false);
  for (const [rank, { p, index }] of order.entries()) {
    if (!(p <= level / (ps.length - rank))) break;
    rejected[index] = true;
  }
  return rejected;
}

function margin({ variance, freedom }: Spread, share: number): number {
  return quantile((1 + CONFIDENCE) / 2, freedom) * Math.sqrt(variance * share);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function squaredDeviations(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
