/** How well links between the words of a text and its translation agree with given ones. Knows no task and no model. */

/** The index of a source token and that of a target token. */
export type Link = readonly [source: number, target: number];

/** The links of one pair of sentences. A link given twice counts once. */
export interface AlignedPair {
  readonly predicted: readonly Link[];
  /** Links that must be there. */
  readonly sure: readonly Link[];
  /** Links that may be there, beside the sure ones. Default none. */
  readonly possible?: readonly Link[];
}

/** All from 0 to 1. */
export interface AlignmentScores {
  /** 1 − (|A ∩ S| + |A ∩ P|) / (|A| + |S|) for links A, sure ones S and possible ones P ⊇ S. */
  readonly errorRate: number;
  /** |A ∩ P| / |A|; 0 if nothing is linked. */
  readonly precision: number;
  /** |A ∩ S| / |S|. */
  readonly recall: number;
}

/**
 * Alignment error rate, precision and recall over a corpus, counts summed over its pairs (Och & Ney 2003, "A systematic
 * comparison of various statistical alignment models", section 5). Equal to nltk 3.10.4's `alignment_error_rate`.
 * @throws {RangeError} if no pair has a sure link
 */
export function alignmentScores(pairs: readonly AlignedPair[]): AlignmentScores {
  let [predictedCount, sureCount, sureHits, possibleHits] = [0, 0, 0, 0];
  for (const pair of pairs) {
    const predicted = linkSet(pair.predicted);
    const sure = linkSet(pair.sure);
    const possible = linkSet([...pair.sure, ...(pair.possible ?? [])]);
    predictedCount += predicted.size;
    sureCount += sure.size;
    for (const link of predicted) {
      if (sure.has(link)) sureHits++;
      if (possible.has(link)) possibleHits++;
    }
  }
  if (sureCount === 0) {
    throw new RangeError(`alignmentScores: expected at least one sure link, got none in ${pairs.length} pairs`);
  }
  return {
    errorRate: 1 - (sureHits + possibleHits) / (predictedCount + sureCount),
    precision: predictedCount > 0 ? possibleHits / predictedCount : 0,
    recall: sureHits / sureCount,
  };
}

function linkSet(links: readonly Link[]): Set<string> {
  return new Set(links.map(([source, target]) => `${source} ${target}`));
}
