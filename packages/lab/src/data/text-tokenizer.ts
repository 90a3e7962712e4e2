/**
 * Tokenizers of text in any language: a small byte-pair one trained on given texts, or the user's own file. Knows
 * nothing of splits, tasks or models.
 */
import {
  byteLevelTokenizer,
  LARGEST_VOCABULARY,
  learnByteMerges,
  SMALLEST_VOCABULARY,
  type TextRules,
} from './text-tokenizer/byte-level.ts';
import type { TextTokenizer } from './text-tokenizer/types.ts';

export { loadTextTokenizer } from './text-tokenizer/file.ts';
export type { Normalization } from './text-tokenizer/normalization.ts';
export type { EncodedText, TextTokenizer } from './text-tokenizer/types.ts';

const DEFAULT_VOCABULARY = 2000;

/** What a trained tokenizer may differ in. */
export interface TextTokenizerOptions extends Partial<TextRules> {
  /** Tokens at most, special ones included; 2,000 if not given. Texts with few repeated pairs give fewer. */
  readonly vocabulary?: number;
}

/**
 * A byte-level byte-pair tokenizer trained on `texts` (Sennrich, Haddow & Birch 2016; Radford et al. 2019, section 2.2).
 * Texts are composed (`NFC`) and keep their case unless asked otherwise. Which merges are learned depends on the counts
 * of pieces alone, not on the order of texts. Takes about a second for 2 MB.
 * @throws {RangeError} if the vocabulary has no room for the 4 special tokens and 256 bytes, or more than 65,536 tokens
 */
export function trainTextTokenizer(texts: Iterable<string>, options: TextTokenizerOptions = {}): TextTokenizer {
  const { vocabulary = DEFAULT_VOCABULARY, normalization = 'NFC', lowercase = false } = options;
  if (!Number.isInteger(vocabulary) || vocabulary < SMALLEST_VOCABULARY || vocabulary > LARGEST_VOCABULARY) {
    throw new RangeError(
      `trainTextTokenizer: vocabulary: expected a whole number from ${SMALLEST_VOCABULARY} (4 special tokens and ` +
        `256 bytes) to ${LARGEST_VOCABULARY}, got ${vocabulary}`,
    );
  }
  const rules = { normalization, lowercase };
  return byteLevelTokenizer(rules, learnByteMerges(texts, rules, vocabulary));
}
