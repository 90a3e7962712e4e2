/**
 * Sentences as the task `order` can ask about them: as numbers of words, each once. Knows no questions and no particular
 * sentences.
 */
import type { Split } from '../../data/hash.ts';
import { hashedOrder, keyNumber } from '../shared/hashed-keys.ts';
import { indicesWithin } from '../shared/length-checks.ts';
import { type PackedTokens, packTokens, selectTokens } from '../shared/packed-tokens.ts';

/** Source tokens: 0 padding, 1 any rarer word, then the most frequent words of the training sentences. */
export const UNKNOWN_WORD = 1;
export const FIRST_WORD = 2;
export const FREQUENT_WORDS = 2000;

/** How many words a sentence has. */
export function countWords(sentence: string): number {
  return sentence.split(' ').length;
}

/** The `count` most frequent words, equally frequent ones in alphabetical order. */
export function frequentWords(sentences: readonly string[], count: number): string[] {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    for (const word of sentence.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, count)
    .map(([word]) => word);
}

/**
 * Sentences as tokens, in an order decided by their hashes: those of a length that is asked about, each once, with at
 * least two different tokens, and not in training if they are held out.
 */
export function usableSentences(
  sentences: Readonly<Record<Split, readonly string[]>>,
  vocabulary: readonly string[],
  shortest: number,
  longest: number,
): {
  readonly usable: Readonly<Record<Split, PackedTokens>>;
  readonly repeated: number;
  readonly unvaried: number;
} {
  const numbers = new Map(vocabulary.map((word, index) => [word, FIRST_WORD + index]));
  const encode = (sentence: string): Int32Array =>
    Int32Array.from(sentence.split(' '), (word) => numbers.get(word) ?? UNKNOWN_WORD);
  const seen = new Set<number>();
  let [repeated, unvaried] = [0, 0];
  const collect = (split: Split): PackedTokens => {
    const packed = packTokens(sentences[split], FIRST_WORD + vocabulary.length, encode);
    const keyOf = (index: number): string => packed.at(index).join(' ');
    const kept = indicesWithin(packed.lengths, shortest, longest).filter((index) => {
      const tokens = packed.at(index);
      const key = keyNumber(keyOf(index));
      if (tokens.every((token) => token === tokens[0])) unvaried += 1;
      else if (seen.has(key)) repeated += 1;
      else {
        seen.add(key);
        return true;
      }
      return false;
    });
    return selectTokens(
      packed,
      hashedOrder(kept, keyOf).map((place) => kept[place] as number),
    );
  };
  // Training first: what it has is not held out.
  const usable = { train: collect('train'), validation: collect('validation'), test: collect('test') };
  return { usable, repeated, unvaried };
}
