/** Accuracy and F-scores of predicted classes, equal to scikit-learn's. Knows no task and no model. */
import { type FScore, fScore, meanFScore } from './f-score.ts';
import { checkPairs } from './pairs.ts';

/** How well classes are predicted. */
export interface ClassScores {
  /** From 0 to 1. */
  readonly accuracy: number;
  /**
   * The mean F-score over the classes that are predicted or expected at least once, however frequent: the "averaged F1"
   * of Opitz & Burst 2019, "Macro F1 and macro F1".
   */
  readonly macroF1: number;
  /** By class, in ascending order. */
  readonly classes: ReadonlyMap<number, FScore & { readonly support: number }>;
}

/**
 * Scores of predicted classes; equal to scikit-learn 1.9.1's `accuracy_score` and
 * `f1_score(average='macro', zero_division=0)`.
 * @param predicted class numbers [N]
 * @param expected class numbers [N]
 * @throws {RangeError} unless there are as many predictions as labels, and at least one
 */
export function classScores(predicted: ArrayLike<number>, expected: ArrayLike<number>): ClassScores {
  checkPairs('classScores', predicted, expected);
  const counts = new Map<number, { matches: number; predicted: number; expected: number }>();
  const countsOf = (label: number): { matches: number; predicted: number; expected: number } => {
    const known = counts.get(label) ?? { matches: 0, predicted: 0, expected: 0 };
    counts.set(label, known);
    return known;
  };
  let right = 0;
  for (let index = 0; index < expected.length; index++) {
    const [found, label] = [predicted[index] as number, expected[index] as number];
    countsOf(found).predicted++;
    countsOf(label).expected++;
    if (found === label) {
      countsOf(label).matches++;
      right++;
    }
  }
  const classes = new Map(
    [...counts]
      .toSorted(([a], [b]) => a - b)
      .map(([label, some]) => [
        label,
        { ...fScore(some.matches, some.predicted, some.expected), support: some.expected },
      ]),
  );
  return { accuracy: right / expected.length, macroF1: meanFScore([...classes.values()]).f1, classes };
}
