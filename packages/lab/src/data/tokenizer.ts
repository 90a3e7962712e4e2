/**
 * What a tokenizer is, and the simplest one: a character is a token. Knows nothing of documents, splits or models.
 */

/** Texts to token numbers and back. Token 0 is padding and token 1 an unknown character; neither is ever in a text. */
export interface Tokenizer {
  /** Number of tokens, padding and unknown included. */
  readonly vocabulary: number;
  /** The tokens of a text; unknown characters become `UNKNOWN_TOKEN`. */
  encode(text: string): Uint16Array;
  /** The text of one token; empty for padding and unknown. */
  textOf(token: number): string;
}

/** The token of characters that are not in the vocabulary. */
export const UNKNOWN_TOKEN = 1;

/** The first token that has a text. */
export const FIRST_TOKEN = 2;

/** The characters (UTF-16 code units) that occur at least `minimumCount` times in `texts`, in code order. */
export function frequentCharacters(texts: Iterable<string>, minimumCount: number): string[] {
  const counts = new Uint32Array(0x10000);
  for (const text of texts) {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      counts[code] = (counts[code] as number) + 1;
    }
  }
  return Array.from(counts, (count, code) => ({ count, code }))
    .filter(({ count }) => count >= Math.max(1, minimumCount))
    .map(({ code }) => String.fromCharCode(code));
}

/** A tokenizer with one token for each of `characters` (single UTF-16 code units), numbered from 2 on. */
export function characterTokenizer(characters: readonly string[]): Tokenizer {
  const tokens = new Uint16Array(0x10000).fill(UNKNOWN_TOKEN);
  characters.forEach((character, index) => {
    tokens[character.charCodeAt(0)] = FIRST_TOKEN + index;
  });
  return {
    vocabulary: FIRST_TOKEN + characters.length,
    encode: (text) => {
      const encoded = new Uint16Array(text.length);
      for (let index = 0; index < text.length; index++) encoded[index] = tokens[text.charCodeAt(index)] as number;
      return encoded;
    },
    textOf: (token) => characters[token - FIRST_TOKEN] ?? '',
  };
}
