import { describe, expect, test } from 'vitest';
import { blockVariance, estimate, holm, pairedDifference, pooledVariance } from '../../src/report/statistics.ts';
import golden from '../fixtures/statistics.golden.json' with { type: 'json' };

describe('statistics equal scipy and statsmodels', () => {
  test.each(golden.means)('a mean and its interval ($values.length values)', ({ values, mean, variance, margin }) => {
    const spread = pooledVariance([values]);
    expect(spread?.variance).toBeCloseTo(variance, 12);
    expect(estimate(values, spread).mean).toBeCloseTo(mean, 12);
    expect(estimate(values, spread).margin).toBeCloseTo(margin, 10);
  });

  test.each(golden.pairs)('the paired t-test is the block design of two rows', ({ first, second, mean, margin, p }) => {
    const difference = pairedDifference(first, second, blockVariance([first, second]));
    expect(difference.mean).toBeCloseTo(mean, 12);
    expect(difference.margin).toBeCloseTo(margin, 10);
    expect(difference.p).toBeCloseTo(p, 10);
  });

  test.each(golden.designs)('pooled and residual variances and all pairs ($rows.length rows)', (design) => {
    const { rows, pooled, residual, differences } = design;
    expect(pooledVariance(rows)?.variance).toBeCloseTo(pooled.variance, 12);
    expect(pooledVariance(rows)?.freedom).toBe(pooled.freedom);
    const spread = blockVariance(rows);
    expect(spread?.variance).toBeCloseTo(residual.variance, 12);
    expect(spread?.freedom).toBe(residual.freedom);
    const tested = differences.map(({ first, second }) =>
      pairedDifference(rows[first] as number[], rows[second] as number[], spread),
    );
    tested.forEach(({ mean, margin, p }, index) => {
      expect(mean).toBeCloseTo(differences[index]?.mean as number, 12);
      expect(margin).toBeCloseTo(differences[index]?.margin as number, 10);
      expect(p).toBeCloseTo(differences[index]?.p as number, 10);
    });
    expect(holm(tested.map(({ p }) => p as number))).toEqual(differences.map(({ distinct }) => distinct));
  });

  test.each(golden.holm)('which of $ps Holm rejects', ({ ps, rejected }) => {
    expect(holm(ps)).toEqual(rejected);
  });
});

test('nothing is known of the spread from one value each', () => {
  expect(pooledVariance([[1], [2]])).toBeUndefined();
  expect(blockVariance([[1], [2]])).toBeUndefined();
  expect(blockVariance([[1, 2]])).toBeUndefined();
  expect(estimate([3])).toEqual({ mean: 3, count: 1 });
  expect(pairedDifference([3], [1]).p).toBeUndefined();
  expect(() => estimate([])).toThrow(RangeError);
});
