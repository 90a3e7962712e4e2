/**
 * Words as letters and phonemes in numbers. Knows no dictionary file, no lengths and no model.
 */
import { PHONEMES, type Pronunciation } from '../../data/pronunciations.ts';
import { collate } from '../shared/token-pairs.ts';
import type { Batch } from '../task.ts';

/** Source tokens: 0 padding, 1–26 letters. Target tokens: 0 padding, 1 begin, 2 end, 3–41 phonemes. */
export const SOURCE_VOCABULARY = 27;
export const BEGIN = 1;
export const END = 2;
const FIRST_PHONEME = 3;
export const TARGET_VOCABULARY = FIRST_PHONEME + PHONEMES.length;
export const PHONEME_TOKENS: ReadonlyMap<string, number> = new Map(
  PHONEMES.map((name, index) => [name, FIRST_PHONEME + index]),
);

/** A word as it is asked about. */
export interface PronouncedWord {
  readonly word: string;
  readonly letters: readonly number[];
  /** The first is trained on, all are accepted. */
  readonly variants: readonly (readonly number[])[];
}

/** @throws {RangeError} if a phoneme is none of the dictionary */
export function encodeWord({ word, variants }: Pronunciation): PronouncedWord {
  return {
    word,
    letters: Array.from(word, (letter) => letter.charCodeAt(0) - 'a'.charCodeAt(0) + 1),
    variants: variants.map((variant) =>
      variant.map((phoneme) => {
        const token = PHONEME_TOKENS.get(phoneme);
        if (token === undefined)
          throw new RangeError(`pronounce: expected a phoneme of the dictionary, got ${phoneme}`);
        return token;
      }),
    ),
  };
}

/** @param shape - letters and phonemes of every row, the end token among them */
export function collateWords(
  words: readonly PronouncedWord[],
  shape: { readonly source: number; readonly target: number },
): Batch {
  const pairs = words.map(({ letters, variants }) => ({ source: letters, target: firstOf(variants) }));
  return collate(pairs, { begin: BEGIN, end: END }, shape);
}

/** Phonemes with spaces between them; a token that is none is a question mark. */
export function namesOf(tokens: readonly number[]): string {
  return tokens.map((token) => PHONEMES[token - FIRST_PHONEME] ?? '?').join(' ');
}

/** The pronunciation that is trained on. */
export function firstOf(variants: readonly (readonly number[])[]): readonly number[];
export function firstOf(variants: readonly (readonly string[])[]): readonly string[];
export function firstOf<Token>(variants: readonly (readonly Token[])[]): readonly Token[] {
  return variants[0] as readonly Token[];
}
