/**
 * Tokens of a person's own texts for the task `language`: their frequent characters, or byte pairs. Counts how many
 * characters each token stands for. Knows no files, no windows and no model.
 */
import type { TextTokenizer } from '../../data/text-tokenizer.ts';
import { FIRST_TOKEN, UNKNOWN_TOKEN } from '../../data/tokenizer.ts';

/** What a text is cut into. Token 1 is what is not known, a character or more; it is never scored. */
export interface OwnTokens {
  readonly vocabulary: number;
  /** Tokens of a text, and how many characters (code points) each stands for. */
  encode(text: string): { readonly tokens: Uint16Array; readonly characters: Uint16Array };
  decode(tokens: Uint16Array): string;
  textOf(token: number): string;
}

/** Stands for unknown characters where people read. */
const UNKNOWN_CHARACTER = '\uFFFD';
/** Token numbers fit in 16 bits. */
export const LARGEST_VOCABULARY = 0x10000;

/**
 * A token for each character (code point) that occurs at least `minimumCount` times in the training texts, of these the
 * most frequent that a vocabulary of so many tokens has room for.
 */
export function characterTokens(
  training: Iterable<string>,
  { minimumCount, vocabulary }: { readonly minimumCount: number; readonly vocabulary: number },
): OwnTokens {
  const counts = new Map<string, number>();
  for (const text of training) for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const characters = [...counts]
    .filter(([, count]) => count >= minimumCount)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, vocabulary - FIRST_TOKEN)
    .map(([character]) => character);
  const numbers = new Map(characters.map((character, index) => [character, FIRST_TOKEN + index]));
  const textOf = (token: number): string => characters[token - FIRST_TOKEN] ?? UNKNOWN_CHARACTER;
  return {
    vocabulary: FIRST_TOKEN + characters.length,
    encode: (text) => {
      const units = new Uint16Array(text.length);
      let count = 0;
      for (const character of text) units[count++] = numbers.get(character) ?? UNKNOWN_TOKEN;
      const tokens = count === units.length ? units : units.slice(0, count);
      return { tokens, characters: new Uint16Array(count).fill(1) };
    },
    decode: (tokens) => Array.from(tokens, textOf).join(''),
    textOf,
  };
}

/** The tokens of a tokenizer of at most 65,536; a character that is several tokens counts with the first of them. */
export function bytePairTokens(tokenizer: TextTokenizer): OwnTokens {
  const { unknown } = tokenizer;
  return {
    vocabulary: tokenizer.vocabulary,
    encode: (text) => {
      const { ids, ends } = tokenizer.encode(text);
      // From the end of the token before, so that spaces which a tokenizer leaves out count, and shared characters once.
      const characters = Uint16Array.from(ids, (_, index) =>
        countCharacters(text, ends[index - 1] ?? 0, ends[index] as number),
      );
      return { tokens: Uint16Array.from(ids, (id) => (id === unknown ? UNKNOWN_TOKEN : id)), characters };
    },
    decode: (tokens) =>
      tokenizer.decode(Array.from(tokens, (token) => (token === UNKNOWN_TOKEN ? (unknown ?? token) : token))),
    textOf: (token) => (token === UNKNOWN_TOKEN ? UNKNOWN_CHARACTER : tokenizer.text(token)),
  };
}

/** Code points from `start` to `end`. */
function countCharacters(text: string, start: number, end: number): number {
  let count = 0;
  for (let place = start; place < end; place += 1) {
    const code = text.charCodeAt(place);
    // The second half of a pair of surrogates is no character of its own.
    if (place === start || code < 0xdc00 || code > 0xdfff) count += 1;
  }
  return count;
}
