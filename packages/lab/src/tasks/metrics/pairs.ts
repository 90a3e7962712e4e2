/** What every metric over a corpus asks of its two sides. Knows no metric. */

/**
 * @throws {RangeError} unless there are as many predictions as references, and at least one
 */
export function checkPairs(metric: string, predictions: ArrayLike<unknown>, references: ArrayLike<unknown>): void {
  if (predictions.length !== references.length || references.length === 0) {
    throw new RangeError(
      `${metric}: expected as many predictions as references, at least one of each, got ${predictions.length} ` +
        `predictions and ${references.length} references`,
    );
  }
}
