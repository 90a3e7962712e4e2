/** Spans in sequences of tags, and the F-scores of spans, equal to seqeval's. Knows no task and no model. */
import { type FScore, fScore, meanFScore } from './f-score.ts';
import { checkPairs } from './pairs.ts';

/** A typed stretch of tokens. */
export interface Span {
  /** `_` for tags without a type. */
  readonly type: string;
  readonly start: number;
  /** The index after the last token. */
  readonly end: number;
}

/**
 * What an `I-X` does that continues no span of type X: it begins one (`lenient`, as conlleval and seqeval's default
 * mode have it), or it belongs to none (`strict`, as seqeval's `mode='strict', scheme=IOB2` has it).
 */
export type SpanMode = 'lenient' | 'strict';

/** F-scores of spans; a span is right if its type, its start and its end are. */
export interface SpanScores {
  /** Over all spans. */
  readonly micro: FScore;
  /** The mean over the types that are predicted or expected; 0 where there are none. */
  readonly macro: FScore;
  /** By type, in the order of their code points. */
  readonly types: ReadonlyMap<string, FScore & { readonly support: number }>;
}

const TAG = /^(?:O|([BI])(?:-(.*))?)$/su;

/**
 * The spans of a sequence of IOB2 tags (`O`, `B-X`, `I-X`; Tjong Kim Sang & Veenstra 1999, "Representing text chunks").
 * @throws {RangeError} on any other tag
 */
export function spansOf(tags: readonly string[], mode: SpanMode = 'lenient'): Span[] {
  const spans: Span[] = [];
  let open: { type: string; start: number } | undefined;
  const close = (end: number): void => {
    if (open !== undefined) spans.push({ ...open, end });
    open = undefined;
  };
  tags.forEach((tag, at) => {
    const match = TAG.exec(tag);
    if (match === null) {
      throw new RangeError(`spansOf: expected tags O, B-X or I-X, got ${JSON.stringify(tag)} at index ${at}`);
    }
    const [, prefix, type] = match;
    const name = type || '_';
    if (prefix === 'I' && open?.type === name) return;
    close(at);
    if (prefix === 'B' || (prefix === 'I' && mode === 'lenient')) open = { type: name, start: at };
  });
  close(tags.length);
  return spans;
}

/**
 * The F-scores of predicted tags over sentences (Tjong Kim Sang & De Meulder 2003, "Introduction to the CoNLL-2003
 * shared task"), equal to seqeval 1.2.2 with `zero_division=0`.
 * @throws {RangeError} unless every predicted sentence has as many tags as its reference
 */
export function spanScores(
  predicted: readonly (readonly string[])[],
  expected: readonly (readonly string[])[],
  mode: SpanMode = 'lenient',
): SpanScores {
  checkPairs('spanScores', predicted, expected);
  const counts = new Map<string, { matches: number; predicted: number; expected: number }>();
  const countsOf = (type: string): { matches: number; predicted: number; expected: number } => {
    const known = counts.get(type) ?? { matches: 0, predicted: 0, expected: 0 };
    counts.set(type, known);
    return known;
  };
  const keyOf = ({ type, start, end }: Span): string => `${start} ${end} ${type}`;
  predicted.forEach((tags, index) => {
    const expectedTags = expected[index] as readonly string[];
    if (tags.length !== expectedTags.length) {
      throw new RangeError(
        `spanScores: sentence ${index}: expected ${expectedTags.length} predicted tags, got ${tags.length}`,
      );
    }
    const expectedSpans = spansOf(expectedTags, mode);
    const keys = new Set(expectedSpans.map(keyOf));
    for (const { type } of expectedSpans) countsOf(type).expected++;
    for (const span of spansOf(tags, mode)) {
      countsOf(span.type).predicted++;
      if (keys.has(keyOf(span))) countsOf(span.type).matches++;
    }
  });
  const all = { matches: 0, predicted: 0, expected: 0 };
  for (const some of counts.values()) {
    all.matches += some.matches;
    all.predicted += some.predicted;
    all.expected += some.expected;
  }
  const types = new Map(
    [...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, some]) => [
        type,
        { ...fScore(some.matches, some.predicted, some.expected), support: some.expected },
      ]),
  );
  return {
    micro: fScore(all.matches, all.predicted, all.expected),
    macro: meanFScore([...types.values()]),
    types,
  };
}
