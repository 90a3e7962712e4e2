/** ROUGE-1, ROUGE-2 and ROUGE-L, equal to those of Google's rouge-score. Knows no task and no model. */
import { type FScore, fScore, meanFScore } from './f-score.ts';
import { countMatches, countNgrams } from './ngrams.ts';
import { checkPairs } from './pairs.ts';

/** The measures of Lin 2004, "ROUGE: a package for automatic evaluation of summaries". */
export interface RougeScores {
  /** Of single words (section 2). */
  readonly rouge1: FScore;
  /** Of pairs of neighbouring words (section 2). */
  readonly rouge2: FScore;
  /** Of the longest common subsequence of words, the whole text as one sentence (section 3.1). */
  readonly rougeL: FScore;
}

/**
 * ROUGE of one prediction, equal to rouge-score 0.1.2 with `use_stemmer=False`.
 *
 * Its tokenizer knows `a`–`z` and `0`–`9` only: everything else parts words. Text in other alphabets has no words and
 * scores 0 even if it is right, and an accented letter cuts its word in two. Don't use ROUGE for such text.
 */
export function rouge(prediction: string, reference: string): RougeScores {
  const [found, expected] = [wordsOf(prediction), wordsOf(reference)];
  const ofOrder = (order: number): FScore =>
    fScore(
      countMatches(countNgrams(found, order), countNgrams(expected, order)),
      Math.max(found.length - order + 1, 0),
      Math.max(expected.length - order + 1, 0),
    );
  const common = longestCommonSubsequence(found, expected);
  return { rouge1: ofOrder(1), rouge2: ofOrder(2), rougeL: fScore(common, found.length, expected.length) };
}

/**
 * The means over a corpus of the scores of each prediction.
 * @throws {RangeError} unless there are as many predictions as references, and at least one
 */
export function corpusRouge(predictions: readonly string[], references: readonly string[]): RougeScores {
  checkPairs('corpusRouge', predictions, references);
  const scores = predictions.map((prediction, index) => rouge(prediction, references[index] as string));
  return {
    rouge1: meanFScore(scores.map(({ rouge1 }) => rouge1)),
    rouge2: meanFScore(scores.map(({ rouge2 }) => rouge2)),
    rougeL: meanFScore(scores.map(({ rougeL }) => rougeL)),
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** The length of it, by dynamic programming over one row. */
function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  const lengths = new Int32Array(b.length + 1);
  for (const word of a) {
    let diagonal = 0;
    for (let at = 1; at <= b.length; at++) {
      const above = lengths[at] as number;
      lengths[at] = word === b[at - 1] ? diagonal + 1 : Math.max(above, lengths[at - 1] as number);
      diagonal = above;
    }
  }
  return lengths[b.length] as number;
}
