/**
 * Links of words that translate each other, from numbers both carry, and what a model's cross-attention says of them.
 * Knows no task, no data and no model.
 */
import type { AlignedPair, Link } from '../metrics/alignment.ts';
import type { Alignment } from '../task.ts';

/** A word of a text, in UTF-16 code units, with the numbers of what it means. */
export interface NumberedWord {
  readonly start: number;
  readonly end: number;
  readonly strongs: readonly string[];
}

/** Where tokens stand in a text. */
export interface TokenPlaces {
  readonly starts: ArrayLike<number>;
  readonly ends: ArrayLike<number>;
}

/** Links of source and target words, by index. */
export interface WordLinks {
  /** A number that one word of each text carries. */
  readonly sure: readonly Link[];
  /** Any number in common. */
  readonly possible: readonly Link[];
}

/** Words that carry a number in common. */
export function wordLinks(source: readonly NumberedWord[], target: readonly NumberedWord[]): WordLinks {
  const carriers = (words: readonly NumberedWord[]): Map<string, number[]> => {
    const found = new Map<string, number[]>();
    words.forEach(({ strongs }, index) => {
      for (const number of new Set(strongs)) found.set(number, [...(found.get(number) ?? []), index]);
    });
    return found;
  };
  const [sources, targets] = [carriers(source), carriers(target)];
  const sure: Link[] = [];
  const possible: Link[] = [];
  for (const [number, left] of sources) {
    const right = targets.get(number) ?? [];
    for (const from of left) for (const to of right) possible.push([from, to]);
    if (left.length === 1 && right.length === 1) sure.push([left[0] as number, right[0] as number]);
  }
  return { sure, possible };
}

/** The words that stand in what is left of a text that was cut: nothing can attend to the others. */
export function wordsWithin<Word extends NumberedWord>(words: readonly Word[], { ends }: TokenPlaces): readonly Word[] {
  const end = ends.length === 0 ? 0 : (ends[ends.length - 1] as number);
  return words.filter((word) => word.end <= end);
}

/**
 * For every target word that has a link, the source word its tokens attended to most: attention summed over the tokens
 * of both words, among source words that have a link.
 */
export function attendedLinks(
  { columns, weights }: Alignment,
  source: { readonly words: readonly NumberedWord[]; readonly tokens: TokenPlaces },
  target: { readonly words: readonly NumberedWord[]; readonly tokens: TokenPlaces },
  links: WordLinks,
): AlignedPair {
  const linkedSources = [...new Set(links.possible.map(([from]) => from))];
  const linkedTargets = [...new Set(links.possible.map(([, to]) => to))];
  const places = (words: readonly NumberedWord[], tokens: TokenPlaces): number[][] =>
    words.map((word) => tokensOf(word, tokens));
  const columnsOf = places(source.words, source.tokens);
  const rowsOf = places(target.words, target.tokens);
  const weightOf = (from: number, to: number): number =>
    (rowsOf[to] as number[]).reduce(
      (sum, row) =>
        (columnsOf[from] as number[]).reduce((part, column) => part + (weights[row * columns + column] as number), sum),
      0,
    );
  const predicted = linkedTargets.map((to): Link => {
    const best = linkedSources.reduce((a, b) => (weightOf(b, to) > weightOf(a, to) ? b : a));
    return [best, to];
  });
  return { predicted, ...links };
}

/** Links of target and source tokens, of words whose link is sure. */
export function tokenLinks(
  source: { readonly words: readonly NumberedWord[]; readonly tokens: TokenPlaces },
  target: { readonly words: readonly NumberedWord[]; readonly tokens: TokenPlaces },
): [number, number][] {
  return wordLinks(source.words, target.words).sure.flatMap(([from, to]) =>
    tokensOf(target.words[to] as NumberedWord, target.tokens).flatMap((row) =>
      tokensOf(source.words[from] as NumberedWord, source.tokens).map((column): [number, number] => [row, column]),
    ),
  );
}

/** Indices of the tokens that stand, at least in part, in a word. */
function tokensOf({ start, end }: NumberedWord, { starts, ends }: TokenPlaces): number[] {
  return Array.from({ length: starts.length }, (_, index) => index).filter(
    (index) => (starts[index] as number) < end && (ends[index] as number) > start,
  );
}
