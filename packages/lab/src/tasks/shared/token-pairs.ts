/** Pairs of texts as tokens: in batches, and as a fingerprint reads them. Knows no particular task, and no model. */
import type { TextTokenizer } from '../../data/text-tokenizer.ts';
import type { Batch } from '../task.ts';
import { padRows, tokenSequences, UNSCORED } from './batches.ts';

/** A source text and what should be written for it. */
export interface TextPair {
  /** The same in every run; distinguishes examples. */
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

/** A pair as tokens. */
export interface TokenPair<Pair extends TextPair = TextPair> {
  readonly pair: Pair;
  readonly source: Encoded;
  readonly target: Encoded;
}

/** Tokens of a text and the stretches of it that they stand for, in UTF-16 code units. */
export type Encoded = ReturnType<TextTokenizer['encode']>;

type Sequence = Int32Array | readonly number[];

/** Token numbers of a pair. */
export interface TokenIds {
  readonly source: Int32Array;
  readonly target: Int32Array;
}

export function idsOf({ source, target }: TokenPair): TokenIds {
  return { source: source.ids, target: target.ids };
}

/** What a fingerprint is made of, one after the other. */
export function* described(
  pairs: readonly TextPair[],
  inside: Uint32Array,
  trainedPair: (index: number) => TokenIds,
  lists: readonly (readonly TokenPair[])[],
): Generator<string | Int32Array> {
  for (const index of inside) {
    const { source, target } = trainedPair(index);
    yield (pairs[index] as TextPair).id;
    yield source;
    yield target;
  }
  for (const { pair, source, target } of lists.flat()) {
    yield pair.id;
    yield source.ids;
    yield target.ids;
  }
}

/** Batches of pairs: targets after a begin token, labels before an end token. */
export function collate(
  examples: readonly { readonly source: Sequence; readonly target: Sequence }[],
  { begin, end }: Pick<TextTokenizer, 'begin' | 'end'>,
  shape: { readonly source: number; readonly target: number },
): Batch {
  return {
    size: examples.length,
    source: tokenSequences(
      examples.map(({ source }) => source),
      shape.source,
    ),
    target: tokenSequences(
      examples.map(({ target }) => [begin, ...target]),
      shape.target,
    ),
    labels: padRows(
      examples.map(({ target }) => [...target, end]),
      shape.target,
      UNSCORED,
    ),
  };
}
