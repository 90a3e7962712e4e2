/** Exact match and token F1 of short answers, by the rules of SQuAD. Knows no task and no model. */
import { fScore } from './f-score.ts';
import { countMatches, countNgrams, splitWords } from './ngrams.ts';
import { checkPairs } from './pairs.ts';

const PUNCTUATION = /[!-/:-@[-`{-~]/g;
/** Not `\b`: to JavaScript a letter with an accent bounds a word, to the reference scorer it does not. */
const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

/** How well answers agree with accepted ones; both from 0 to 1. */
export interface AnswerScores {
  readonly exactMatch: number;
  readonly f1: number;
}

/**
 * An answer as SQuAD v1.1 compares them (Rajpurkar et al. 2016, "SQuAD: 100,000+ questions for machine comprehension of
 * text", section 6.1): in lower case, without ASCII punctuation, without English articles, words parted by one space.
 */
export function normalizeAnswer(answer: string): string {
  return splitWords(answer.toLowerCase().replace(PUNCTUATION, '').replace(ARTICLES, ' ')).join(' ');
}

/**
 * The best exact match and the best token F1 against any of the accepted answers. `[]` means that the question has no
 * answer, and '' that none was given: then both are 1 if nothing remains of either after normalisation and 0 otherwise.
 * Accepted answers of which nothing remains count only if there is no other (Rajpurkar et al. 2018, "Know what you
 * don't know: unanswerable questions for SQuAD", and its evaluation script; v1.1 has no rule for them).
 */
export function answerScores(prediction: string, accepted: readonly string[]): AnswerScores {
  const found = normalizeAnswer(prediction);
  const nonEmpty = accepted.map(normalizeAnswer).filter((answer) => answer !== '');
  const scores = (nonEmpty.length > 0 ? nonEmpty : ['']).map((answer) => {
    const exactMatch = found === answer ? 1 : 0;
    return { exactMatch, f1: found === '' || answer === '' ? exactMatch : tokenF1(found, answer) };
  });
  return {
    exactMatch: Math.max(...scores.map(({ exactMatch }) => exactMatch)),
    f1: Math.max(...scores.map(({ f1 }) => f1)),
  };
}

/**
 * The means over a corpus of the scores of each answer.
 * @throws {RangeError} unless there are as many predictions as lists of accepted answers, and at least one
 */
export function corpusAnswerScores(
  predictions: readonly string[],
  accepted: readonly (readonly string[])[],
): AnswerScores {
  checkPairs('corpusAnswerScores', predictions, accepted);
  let [exactMatch, f1] = [0, 0];
  predictions.forEach((prediction, index) => {
    const scores = answerScores(prediction, accepted[index] as readonly string[]);
    exactMatch += scores.exactMatch;
    f1 += scores.f1;
  });
  return { exactMatch: exactMatch / predictions.length, f1: f1 / predictions.length };
}

/** Of normalised answers, as bags of words. */
function tokenF1(found: string, expected: string): number {
  const [foundWords, expectedWords] = [splitWords(found), splitWords(expected)];
  const matches = countMatches(countNgrams(foundWords, 1), countNgrams(expectedWords, 1));
  return fScore(matches, foundWords.length, expectedWords.length).f1;
}
