/** Means, intervals and paired differences over seeds. Knows nothing of records. */
import cumulative from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** A mean over seeds with its 95 % confidence interval by Student's t; no interval from one value. */
export interface Estimate {
  readonly mean: number;
  readonly count: number;
  /** Half the width of the interval. */
  readonly margin?: number;
}

/** How much of the time an interval covers the truth. */
export const CONFIDENCE = 0.95;

/**
 * @param values - one per seed
 * @throws {RangeError} when there is none
 */
export function estimate(values: readonly number[]): Estimate {
  if (values.length === 0) throw new RangeError('estimate: expected at least one value, got none');
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { mean, count };
  return { mean, count, margin: quantile((1 + CONFIDENCE) / 2, count - 1) * standardError(values, mean) };
}

/** The difference of two encodings over the seeds both have. */
export interface PairedDifference extends Estimate {
  /** Seeds on which the first is smaller, and larger. */
  readonly smaller: number;
  readonly larger: number;
  /** Two-sided p-value of the paired t-test; absent with one seed. */
  readonly p?: number;
}

/**
 * first − second, seed by seed.
 *
 * @throws {RangeError} when the lists differ in length or are empty
 */
export function pairedDifference(first: readonly number[], second: readonly number[]): PairedDifference {
  if (first.length !== second.length) {
    throw new RangeError(`pairedDifference: expected lists of equal length, got ${first.length} and ${second.length}`);
  }
  const differences = first.map((value, index) => value - (second[index] as number));
  const result = {
    ...estimate(differences),
    smaller: differences.filter((difference) => difference < 0).length,
    larger: differences.filter((difference) => difference > 0).length,
  };
  if (differences.length === 1) return result;
  const error = standardError(differences, result.mean);
  const p =
    error === 0 ? (result.mean === 0 ? 1 : 0) : 2 * cumulative(-Math.abs(result.mean / error), differences.length - 1);
  return { ...result, p };
}

/**
 * Which of several p-values are below `level` together, by the method of Holm 1979: the smallest is compared with
 * level/n, the next with level/(n − 1), and so on until one fails.
 */
export function holm(ps: readonly number[], level: number = 1 - CONFIDENCE): readonly boolean[] {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const rejected = new Array<boolean>(ps.length).fill(false);
  for (const [rank, { p, index }] of order.entries()) {
    if (p > level / (ps.length - rank)) break;
    rejected[index] = true;
  }
  return rejected;
}

function standardError(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
