/**
 * Words and their phonemes from the CMU Pronouncing Dictionary (npm `cmu-pronouncing-dictionary`; 39 phonemes of
 * ARPAbet once stress is dropped). Only entries spelled in a–z are kept; comments after ` #` and stress digits are cut.
 * Knows nothing of splits, tokens or models.
 */

/** A word and how it may be said. */
export interface Pronunciation {
  readonly word: string;
  /** The dictionary's entry without a number first, then those marked (2), (3), …; at least one, no two alike. */
  readonly variants: readonly (readonly string[])[];
}

/** The phonemes of the dictionary without stress, in alphabetical order. */
export const PHONEMES: readonly string[] =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(' ');

/**
 * Reads the dictionary of the installed package.
 * @param minimumLetters shorter words are left out; so are longer ones than `maximumLetters`
 */
export async function readPronunciations(minimumLetters: number, maximumLetters: number): Promise<Pronunciation[]> {
  const { dictionary } = await import('cmu-pronouncing-dictionary');
  return collectPronunciations(Object.entries(dictionary), minimumLetters, maximumLetters);
}

/** The entries spelled in a–z, alternate pronunciations (`read(2)`) gathered under their word. */
export function collectPronunciations(
  entries: Iterable<readonly [string, string]>,
  minimumLetters: number,
  maximumLetters: number,
): Pronunciation[] {
  const found = new Map<string, string[]>();
  for (const [entry, value] of entries) {
    const [, word, alternate] = /^([a-z]+)(\(\d+\))?$/.exec(entry) ?? [];
    if (word === undefined || word.length < minimumLetters || word.length > maximumLetters) continue;
    const phonemes = (value.split(' #')[0] as string).replaceAll(/\d/g, '').trim();
    const variants = found.get(word);
    if (variants === undefined) found.set(word, [phonemes]);
    else if (variants.includes(phonemes)) continue;
    else if (alternate === undefined) variants.unshift(phonemes);
    else variants.push(phonemes);
  }
  return [...found].map(([word, variants]) => ({ word, variants: variants.map((variant) => variant.split(' ')) }));
}
