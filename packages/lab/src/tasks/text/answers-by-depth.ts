/** Scores of answers, of all and by how deep in its context an answer begins. Knows no tokens and no model. */

import { corpusAnswerScores } from '../metrics/answers.ts';
import type { Metric, Scores } from '../task.ts';
import { type AskedText, textAt } from './asked-text.ts';

export const EXACT_MATCH: Metric = { name: 'exact-match', title: 'exact match', better: 'higher', format: 'fraction' };
export const ANSWER_F1: Metric = { name: 'f1', title: 'F1 of words', better: 'higher', format: 'fraction' };
/** Stretches of a context by where an answer begins. */
export const DEPTHS = 5;

/** Exact match by the fifth of the context in which the answer begins. */
export const DEPTH_METRICS: readonly Metric[] = Array.from({ length: DEPTHS }, (_, depth) => {
  const label = `${(100 * depth) / DEPTHS}–${(100 * (depth + 1)) / DEPTHS} %`;
  return {
    name: `exact-match-at-depth-${depth + 1}`,
    title: `exact match, answer at ${label} of the context`,
    better: 'higher',
    format: 'fraction',
    along: { axis: 'depth of the answer in its context', label },
  };
});

/** Every text that is right. */
export function acceptedOf(asked: AskedText): string[] {
  return asked.answers.map((place) => textAt(asked, place));
}

/**
 * Scores of answers.
 *
 * @param everyDepth - whether to score each depth by itself too, which needs examples of each
 */
export function scoresByDepth(
  examples: readonly { readonly asked: AskedText; readonly depth: number }[],
  answers: readonly string[],
  everyDepth: boolean,
): Scores {
  const accepted = examples.map(({ asked }) => acceptedOf(asked));
  const { exactMatch, f1 } = corpusAnswerScores(answers, accepted);
  const atDepth = (depth: number): number => {
    const inside = Array.from(examples.keys()).filter((index) => examples[index]?.depth === depth);
    return corpusAnswerScores(
      inside.map((index) => answers[index] as string),
      inside.map((index) => accepted[index] as string[]),
    ).exactMatch;
  };
  return {
    'exact-match': exactMatch,
    f1,
    ...(everyDepth ? Object.fromEntries(DEPTH_METRICS.map(({ name }, depth) => [name, atDepth(depth)])) : {}),
  };
}
