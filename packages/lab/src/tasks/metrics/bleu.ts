/** BLEU, equal to sacreBLEU's. Knows no task and no model. */
import { countMatches, countNgrams, trimTextEnd } from './ngrams.ts';
import { checkPairs } from './pairs.ts';
import { tokenize13a } from './tokenizer-13a.ts';

const ORDERS = [1, 2, 3, 4] as const;

/** BLEU and what it is made of. */
export interface Bleu {
  /** From 0 to 100. */
  readonly score: number;
  /** Of n-grams of 1 to 4 words, from 0 to 100, smoothed. */
  readonly precisions: readonly number[];
  /** From 0 to 1: 1 unless the hypotheses are shorter than the references. */
  readonly brevityPenalty: number;
  /** In tokens. */
  readonly hypothesisLength: number;
  readonly referenceLength: number;
}

/** Counts that add up over the sentences of a corpus. */
interface Counts {
  readonly matches: number[];
  readonly totals: number[];
  hypothesisLength: number;
  referenceLength: number;
}

/**
 * BLEU over a corpus with one reference for each hypothesis (Papineni et al. 2002, "BLEU: a method for automatic
 * evaluation of machine translation", section 2): the geometric mean of the precisions of n-grams of 1 to 4 words over
 * all sentences, times the brevity penalty. It is 0 if no sentence has four words.
 *
 * sacreBLEU's signature: `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0`.
 *
 * @throws {RangeError} unless there are as many hypotheses as references, and at least one
 */
export function corpusBleu(hypotheses: readonly string[], references: readonly string[]): Bleu {
  checkPairs('corpusBleu', hypotheses, references);
  const counts: Counts = { matches: [0, 0, 0, 0], totals: [0, 0, 0, 0], hypothesisLength: 0, referenceLength: 0 };
  hypotheses.forEach((hypothesis, index) => {
    addCounts(counts, hypothesis, references[index] as string);
  });
  return bleuOf(counts, false);
}

/**
 * BLEU of one sentence, over the orders of n-grams that the hypothesis has: a sentence of two words has no 3-grams.
 *
 * sacreBLEU's signature: `nrefs:1|case:mixed|eff:yes|tok:13a|smooth:exp|version:2.6.0`.
 */
export function sentenceBleu(hypothesis: string, reference: string): Bleu {
  const counts: Counts = { matches: [0, 0, 0, 0], totals: [0, 0, 0, 0], hypothesisLength: 0, referenceLength: 0 };
  addCounts(counts, hypothesis, reference);
  return bleuOf(counts, true);
}

function addCounts(counts: Counts, hypothesis: string, reference: string): void {
  const [found, expected] = [tokenize13a(trimTextEnd(hypothesis)), tokenize13a(trimTextEnd(reference))];
  counts.hypothesisLength += found.length;
  counts.referenceLength += expected.length;
  ORDERS.forEach((order, at) => {
    (counts.matches[at] as number) += countMatches(countNgrams(found, order), countNgrams(expected, order));
    (counts.totals[at] as number) += Math.max(found.length - order + 1, 0);
  });
}

/** @param effectiveOrder whether orders without any n-gram in the hypotheses are left out of the mean, or make it 0 */
function bleuOf({ matches, totals, hypothesisLength, referenceLength }: Counts, effectiveOrder: boolean): Bleu {
  const brevityPenalty = penaltyOf(hypothesisLength, referenceLength);
  const lengths = { brevityPenalty, hypothesisLength, referenceLength };
  if (matches.every((count) => count === 0)) return { score: 0, precisions: ORDERS.map(() => 0), ...lengths };
  const precisions = smoothedPrecisions(matches, totals);
  const averaged = effectiveOrder ? precisions.filter((_, at) => (totals[at] as number) > 0) : precisions;
  const meanLogarithm = averaged.reduce((sum, precision) => sum + Math.log(precision), 0) / averaged.length;
  return { score: brevityPenalty * Math.exp(meanLogarithm), precisions, ...lengths };
}

/** Papineni et al. 2002, section 2.2.2. */
function penaltyOf(hypothesisLength: number, referenceLength: number): number {
  if (hypothesisLength >= referenceLength) return 1;
  return hypothesisLength === 0 ? 0 : Math.exp(1 - referenceLength / hypothesisLength);
}

/**
 * In per cent. The k-th order without a match counts as 1 / 2^k matches (Chen & Cherry 2014, "A systematic comparison
 * of smoothing techniques for sentence-level BLEU", section 3, technique 3). An order without n-grams has 0.
 */
function smoothedPrecisions(matches: readonly number[], totals: readonly number[]): number[] {
  let smoothed = 1;
  return matches.map((count, at) => {
    const total = totals[at] as number;
    if (total === 0) return 0;
    if (count > 0) return (100 * count) / total;
    smoothed *= 2;
    return 100 / (smoothed * total);
  });
}
