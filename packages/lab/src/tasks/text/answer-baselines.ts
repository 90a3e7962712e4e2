/** Answers that need no model. Knows no tokens and no particular data. */
import { type AskedText, textAt } from './asked-text.ts';

/** An answer to each question by itself. */
export interface AnswerBaseline {
  readonly name: string;
  readonly title: string;
  readonly orderBlind?: boolean;
  answer(asked: AskedText): string;
}

/**
 * The start of the context, and what is known of the question without reading the context in order.
 *
 * @param tested - the texts that will be asked about: answers to other questions are not kept
 */
export function answerBaselines(train: readonly AskedText[], tested: readonly AskedText[]): AnswerBaseline[] {
  const counts = new Map(tested.map(({ question }) => [question, new Map<string, number>()]));
  for (const asked of train) {
    const answers = counts.get(asked.question);
    if (answers === undefined) continue;
    const answer = textAt(asked, asked.answers[0]);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  return [
    {
      name: 'first-words',
      title: 'the first three words of the context',
      answer: ({ context }) => context.split(/\s+/).slice(0, 3).join(' '),
    },
    {
      name: 'commonest-answer',
      title: 'the commonest answer to the same question, if its words are there',
      orderBlind: true,
      answer: ({ question, context }) => {
        const known = [...(counts.get(question) ?? [])].filter(([answer]) => context.includes(answer));
        return known.reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0] as [string, number])[0];
      },
    },
  ];
}
