/** Exact match and token F1 against torchmetrics' SQuAD v1.1, and rules for questions without an answer. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerScores, corpusAnswerScores, normalizeAnswer } from '../../../src/tasks/metrics/answers.ts';
import { expectEqualNumbers, golden } from './golden.ts';

const { items, corpus } = golden.answers;

test.each(items)('$prediction scores as torchmetrics 1.9.0 has it', ({ prediction, accepted, exactMatch, f1 }) => {
  expectEqualNumbers(answerScores(prediction, accepted), { exactMatch, f1 });
});

test('the scores of all of them are those of torchmetrics', () => {
  const found = corpusAnswerScores(
    items.map(({ prediction }) => prediction),
    items.map(({ accepted }) => accepted),
  );
  expectEqualNumbers(found, corpus);
});

test('normalisation drops case, ASCII punctuation, English articles and superfluous white space', () => {
  expect(normalizeAnswer(' The  "United States", a.k.a. the U.S.!\n')).toBe('united states aka us');
  expect(normalizeAnswer('¿Año a año?')).toBe('¿año año');
});

test.each([
  // Right to give no answer where there is none; an article alone is none.
  { prediction: '', accepted: [], exactMatch: 1, f1: 1 },
  { prediction: 'the', accepted: [], exactMatch: 1, f1: 1 },
  { prediction: '', accepted: ['a'], exactMatch: 1, f1: 1 },
  // Wrong to give one, or none where there is one.
  { prediction: 'Paris', accepted: [], exactMatch: 0, f1: 0 },
  { prediction: '', accepted: ['Paris'], exactMatch: 0, f1: 0 },
  { prediction: 'the', accepted: ['a', 'Paris'], exactMatch: 0, f1: 0 },
])('$prediction against $accepted has exact match $exactMatch', ({ prediction, accepted, exactMatch, f1 }) => {
  expect(answerScores(prediction, accepted)).toEqual({ exactMatch, f1 });
});

test('laws: an accepted answer has 1, another accepted answer never harms, F1 is from exact match to 1', () => {
  const answer = fc
    .array(fc.constantFrom('the', 'coal', 'iron', 'ore', '42%'), { maxLength: 5 })
    .map((words) => words.join(' '));
  fc.assert(
    fc.property(answer, answer, answer, (a, b, c) => {
      expect(answerScores(a, [a])).toEqual({ exactMatch: 1, f1: 1 });
      const [one, two] = [answerScores(a, [`${b} x`]), answerScores(a, [`${b} x`, `${c} x`])];
      expect(two.f1).toBeGreaterThanOrEqual(one.f1);
      expect(two.f1).toBeGreaterThanOrEqual(two.exactMatch);
      expect(two.f1).toBeLessThanOrEqual(1);
    }),
  );
});

test('there must be accepted answers for each prediction', () => {
  expect(() => corpusAnswerScores(['a'], [])).toThrow('corpusAnswerScores: expected as many predictions as references');
});
