/**
 * Sentences of the Brown Corpus of American English, as lower-case words without punctuation. Knows nothing of splits,
 * tokens or models.
 */
import { readBrown } from './brown.ts';

/** A text of the corpus. */
export interface SentenceDocument {
  /** Its name in the corpus: `ca01`. */
  readonly name: string;
  readonly sentences: readonly (readonly string[])[];
}

/**
 * All documents of the installed package, by name.
 * @throws {DataError} if the package is missing or a text is not as expected
 */
export function readSentenceDocuments(): SentenceDocument[] {
  return readBrown().map(({ name, sentences }) => ({
    name,
    sentences: sentences.map(({ tokens }) => wordsOf(tokens)).filter((words) => words.length > 0),
  }));
}

/** Tokens without a letter or a digit are punctuation and left out. */
export function wordsOf(tokens: readonly string[]): string[] {
  return tokens.map((token) => token.toLowerCase()).filter((word) => /[\p{L}\p{N}]/u.test(word));
}
