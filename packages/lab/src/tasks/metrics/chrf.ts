/** chrF and chrF++, equal to sacreBLEU's. Knows no task and no model. */
import { countMatches, countNgrams, splitWords } from './ngrams.ts';
import { checkPairs } from './pairs.ts';

const CHARACTER_ORDERS = [1, 2, 3, 4, 5, 6] as const;
/** Recall counts β times as much as precision. */
const BETA = 2;
const PUNCTUATION = new Set('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~');

/** How chrF is measured. */
export interface ChrfOptions {
  /** The longest n-grams of words that count beside those of characters: 0 is chrF, 2 is chrF++. Default 0. */
  readonly wordOrder?: number;
}

/** Counts of one order of n-grams, that add up over the sentences of a corpus. */
interface OrderCounts {
  hypothesis: number;
  reference: number;
  matches: number;
}

/**
 * chrF over a corpus with one reference for each hypothesis, from 0 to 100 (Popović 2015, "chrF: character n-gram
 * F-score for automatic MT evaluation"; chrF++: Popović 2017, "chrF++: words helping character n-grams"): the F-score,
 * with β = 2, of the precision and the recall of n-grams, each the mean over the orders that occur. Characters are
 * Unicode code points without white space.
 *
 * sacreBLEU's signatures: `nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0` and, for `wordOrder: 2`,
 * `nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:2.6.0`.
 *
 * @throws {RangeError} unless there are as many hypotheses as references, and at least one
 */
export function corpusChrf(
  hypotheses: readonly string[],
  references: readonly string[],
  options: ChrfOptions = {},
): number {
  checkPairs('corpusChrf', hypotheses, references);
  const sums: OrderCounts[] = [];
  hypotheses.forEach((hypothesis, index) => {
    ngramCounts(hypothesis, references[index] as string, options).forEach((counts, at) => {
      sums[at] ??= { hypothesis: 0, reference: 0, matches: 0 };
      sums[at].hypothesis += counts.hypothesis;
      sums[at].reference += counts.reference;
      sums[at].matches += counts.matches;
    });
  });
  return scoreOf(sums);
}

/** chrF of one sentence, from 0 to 100. */
export function sentenceChrf(hypothesis: string, reference: string, options: ChrfOptions = {}): number {
  return scoreOf(ngramCounts(hypothesis, reference, options));
}

function ngramCounts(hypothesis: string, reference: string, { wordOrder = 0 }: ChrfOptions): OrderCounts[] {
  const characters = (text: string): string[] => Array.from(splitWords(text).join(''));
  const [foundCharacters, expectedCharacters] = [characters(hypothesis), characters(reference)];
  const [foundWords, expectedWords] = [splitPunctuation(hypothesis), splitPunctuation(reference)];
  return [
    ...CHARACTER_ORDERS.map((order) => countsOf(foundCharacters, expectedCharacters, order, '')),
    ...Array.from({ length: wordOrder }, (_, at) => countsOf(foundWords, expectedWords, at + 1, ' ')),
  ];
}

/** The hypothesis has no say in orders for which the reference is too short. */
function countsOf(
  found: readonly string[],
  expected: readonly string[],
  order: number,
  separator: '' | ' ',
): OrderCounts {
  const reference = Math.max(expected.length - order + 1, 0);
  return {
    hypothesis: reference === 0 ? 0 : Math.max(found.length - order + 1, 0),
    reference,
    matches: countMatches(countNgrams(found, order, separator), countNgrams(expected, order, separator)),
  };
}

/** Words without one punctuation mark at the end or, if there is none, at the beginning, which becomes a word. */
function splitPunctuation(text: string): string[] {
  return splitWords(text).flatMap((word) => {
    if (word.length === 1) return [word];
    if (PUNCTUATION.has(word.at(-1) as string)) return [word.slice(0, -1), word.slice(-1)];
    if (PUNCTUATION.has(word.charAt(0))) return [word.charAt(0), word.slice(1)];
    return [word];
  });
}

function scoreOf(counts: readonly OrderCounts[]): number {
  const present = counts.filter(({ hypothesis, reference }) => hypothesis > 0 && reference > 0);
  if (present.length === 0) return 0;
  const mean = (share: (counts: OrderCounts) => number): number =>
    present.reduce((sum, counts) => sum + share(counts), 0) / present.length;
  const precision = mean(({ matches, hypothesis }) => matches / hypothesis);
  const recall = mean(({ matches, reference }) => matches / reference);
  if (precision + recall === 0) return 0;
  return (100 * (1 + BETA ** 2) * precision * recall) / (BETA ** 2 * precision + recall);
}
