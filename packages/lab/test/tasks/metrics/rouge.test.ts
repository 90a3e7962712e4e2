/** ROUGE against rouge-score, and laws it obeys. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { corpusRouge, rouge } from '../../../src/tasks/metrics/rouge.ts';
import { expectEqualNumbers, golden } from './golden.ts';

const { pairs, corpora } = golden.texts;

test.each(pairs)('ROUGE of $hypothesis is that of rouge-score 0.1.2', ({ hypothesis, reference, rouge: expected }) => {
  expectEqualNumbers(rouge(hypothesis, reference), expected);
});

test.each(corpora)('ROUGE over pairs $start to $end is the mean of rouge-score', ({ start, end, rouge: expected }) => {
  const some = pairs.slice(start, end);
  const found = corpusRouge(
    some.map(({ hypothesis }) => hypothesis),
    some.map(({ reference }) => reference),
  );
  expectEqualNumbers(found, expected);
});

test('the example of Lin 2004, section 3.1, has 3/4 and 2/4 for ROUGE-L where ROUGE-2 sees no difference', () => {
  const reference = 'police killed the gunman';
  expect(rouge('police kill the gunman', reference).rougeL.f1).toBe(3 / 4);
  expect(rouge('the gunman kill police', reference).rougeL.f1).toBe(2 / 4);
  expect(rouge('police kill the gunman', reference).rouge2).toEqual(rouge('the gunman kill police', reference).rouge2);
});

test('text without Latin letters or digits scores 0 even if it is right', () => {
  expect(rouge('Привет, мир!', 'Привет, мир!').rouge1.f1).toBe(0);
});

test('laws: right text has 1, scores are from 0 to 1, sides swap precision and recall, pairs have no order', () => {
  const sentence = fc
    .array(fc.constantFrom('png', 'library', 'for', 'the', 'c++', '2'), { minLength: 2, maxLength: 10 })
    .map((words) => words.join(' '));
  fc.assert(
    fc.property(sentence, sentence, (a, b) => {
      for (const { f1 } of Object.values(rouge(a, a))) expect(f1).toBe(1);
      const [found, swapped] = [rouge(a, b), rouge(b, a)];
      for (const name of ['rouge1', 'rouge2', 'rougeL'] as const) {
        expect(found[name].precision).toBe(swapped[name].recall);
        expect(found[name].f1).toBe(swapped[name].f1);
        expect(found[name].f1).toBeGreaterThanOrEqual(0);
        expect(found[name].f1).toBeLessThanOrEqual(1);
      }
      expect(found.rougeL.f1).toBeLessThanOrEqual(found.rouge1.f1);
      expectEqualNumbers(corpusRouge([a, b, a], [b, a, a]), corpusRouge([a, a, b], [a, b, a]));
    }),
  );
});

test('there must be a reference for each prediction', () => {
  expect(() => corpusRouge(['a'], [])).toThrow('corpusRouge: expected as many predictions as references');
});
