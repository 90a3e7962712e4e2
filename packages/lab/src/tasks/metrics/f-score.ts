/** Precision, recall and their harmonic mean. Knows nothing of what is counted. */

/** All from 0 to 1. */
export interface FScore {
  readonly precision: number;
  readonly recall: number;
  /** 2 · precision · recall / (precision + recall) (van Rijsbergen 1979, "Information Retrieval", chapter 7). */
  readonly f1: number;
}

/** Of `predicted` things and `expected` ones, `matches` are in both. What would be divided by 0 is 0. */
export function fScore(matches: number, predicted: number, expected: number): FScore {
  return {
    precision: predicted > 0 ? matches / predicted : 0,
    recall: expected > 0 ? matches / expected : 0,
    f1: matches > 0 ? (2 * matches) / (predicted + expected) : 0,
  };
}

/** The mean of each number, so that `f1` is the mean of the F-scores and not that of the mean precision and recall. */
export function meanFScore(scores: readonly FScore[]): FScore {
  const mean = (number: (score: FScore) => number): number =>
    scores.reduce((sum, score) => sum + number(score), 0) / Math.max(scores.length, 1);
  return {
    precision: mean(({ precision }) => precision),
    recall: mean(({ recall }) => recall),
    f1: mean(({ f1 }) => f1),
  };
}
