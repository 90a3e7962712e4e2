/**
 * Edits between token sequences, and the error rates made of them: of words, of phonemes. Knows no task and no model.
 */
import { distance } from 'fastest-levenshtein';

/** An edit count over a reference length; sums of both over a corpus give its error rate. */
export interface EditCount {
  /** Substitutions, insertions and deletions that turn the hypothesis into the reference (Levenshtein 1966). */
  readonly edits: number;
  readonly referenceLength: number;
}

/** The edit distance of two token sequences: tokens are compared whole, each as one UTF-16 code unit. */
export function editDistance(hypothesis: readonly number[], reference: readonly number[]): number {
  return distance(asText(hypothesis), asText(reference));
}

/**
 * The edits against the nearest of several accepted references, as grapheme-to-phoneme results are scored where a word
 * has several pronunciations (Yao & Zweig 2015, "Sequence-to-sequence neural net models for grapheme-to-phoneme
 * conversion", section 4.1). Of equally near references the first counts.
 */
export function nearestReference(
  hypothesis: readonly number[],
  references: readonly (readonly number[])[],
): EditCount & { readonly exact: boolean } {
  let best: EditCount | undefined;
  for (const reference of references) {
    const edits = editDistance(hypothesis, reference);
    if (best === undefined || edits < best.edits) best = { edits, referenceLength: reference.length };
  }
  if (best === undefined) throw new RangeError('nearestReference: expected at least one reference, got none');
  return { ...best, exact: best.edits === 0 };
}

/** Σ edits / Σ reference lengths: the word error rate's formula, over phonemes the phoneme error rate. May exceed 1. */
export function errorRate(counts: readonly EditCount[]): number {
  let edits = 0;
  let length = 0;
  for (const count of counts) {
    edits += count.edits;
    length += count.referenceLength;
  }
  return edits / length;
}

function asText(tokens: readonly number[]): string {
  return String.fromCharCode(...tokens);
}
