/**
 * Proper nouns in the Brown Corpus of American English, as spans of tokens. Boundaries are those of the corpus's own tags,
 * so they are gold; kinds of names are not marked. Knows nothing of splits or models.
 */
import { readBrown } from './brown.ts';

/** Tokens from `start` up to, not including, `end`. */
export interface ProperNoun {
  readonly start: number;
  readonly end: number;
  /** A `name` has a proper noun in it (`Fulton County Grand Jury`); a `title` has none (`United States`). */
  readonly kind: 'name' | 'title';
}

/** A sentence and the proper nouns in it. */
export interface NamedSentence {
  /** Its text in the corpus: `ca01`. */
  readonly document: string;
  readonly tokens: readonly string[];
  readonly spans: readonly ProperNoun[];
}

/**
 * All sentences of the installed package, in its order.
 * @throws {DataError} if the package is missing or a text is not as expected
 */
export function readProperNouns(): NamedSentence[] {
  return readBrown().flatMap(({ name, sentences }) =>
    sentences.map(({ tokens, tags }) => ({ document: name, tokens, spans: properNouns(tags) })),
  );
}

/** NP, NP$, NPS, NPS$, also in headlines (`-hl`) and contractions (`np+bez`); not foreign words (`fw-np`). */
const PROPER = /^nps?\$?(?:$|[-+])/;
/** Parts of titles: `County/nn-tl`, `of/in-tl`; not foreign words. */
const TITLE = /^(?!fw-).*-tl/;

/** Neighbouring proper nouns and parts of titles are one span. @param tags - of the corpus, one for each token */
export function properNouns(tags: readonly string[]): ProperNoun[] {
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
