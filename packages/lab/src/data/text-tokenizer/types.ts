/** What a tokenizer of text is. Knows no model of tokens, no file and no task. */

/** The tokens of a text with the part of the text that each stands for. */
export interface EncodedText {
  /** Token numbers, never one of the special four. */
  readonly ids: Int32Array;
  /**
   * Where each token begins and ends (exclusive) in the text as it was given, before any normalization, in UTF-16 code
   * units: `text.slice(starts[i], ends[i])`. A token that is part of a character has the range of the whole character,
   * so neighbouring ranges may overlap; neither starts nor ends ever decrease. A space that a user's own tokenizer put
   * before a word has the range of the character after it.
   */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * Texts to token numbers and back. The special tokens have the same numbers in every tokenizer and are never made from
 * text: a text that says `<pad>` is text.
 */
export interface TextTokenizer {
  /** Number of tokens, special ones included. */
  readonly vocabulary: number;
  readonly padding: typeof PADDING;
  readonly begin: typeof BEGIN;
  readonly end: typeof END;
  readonly separator: typeof SEPARATOR;
  /** Stands for whatever the vocabulary has no tokens for; absent where it has tokens for every text. */
  readonly unknown?: number;
  /** The tokens of a text; no special token is put around them. */
  encode(text: string): EncodedText;
  /**
   * The text of tokens, special ones left out; bytes that are no UTF-8 become U+FFFD.
   * @throws {RangeError} if a number is none of the vocabulary's
   */
  decode(ids: Iterable<number>): string;
  /** A token as people read it in a table: its text, its bytes (`\xE2\x82`) where they are no text, or its name. */
  text(id: number): string;
  /** The tokenizer as a `tokenizer.json` of Hugging Face `tokenizers`. */
  toJson(): string;
}

export const PADDING = 0;
export const BEGIN = 1;
export const END = 2;
export const SEPARATOR = 3;

/** The special numbers, as a tokenizer has them. */
export const SPECIAL_IDS = { padding: PADDING, begin: BEGIN, end: END, separator: SEPARATOR } as const;

/** The first number that is not special. */
export const FIRST_TEXT_ID = 4;
