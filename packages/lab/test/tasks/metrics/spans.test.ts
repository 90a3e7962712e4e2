/** Span F-scores against seqeval, and laws they obey. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SpanMode, spanScores, spansOf } from '../../../src/tasks/metrics/spans.ts';
import { expectEqualNumbers, type GoldenModeScores, golden } from './golden.ts';

const { sentences, corpus } = golden.spans;

function expectScores(
  predicted: readonly (readonly string[])[],
  expected: readonly (readonly string[])[],
  mode: SpanMode,
  { micro, macro, types }: GoldenModeScores,
): void {
  const found = spanScores(predicted, expected, mode);
  const none = { precision: 0, recall: 0, f1: 0 };
  expectEqualNumbers([...found.types.values()], types, 'types');
  // seqeval has no averages where there is no span.
  expectEqualNumbers(found.micro, micro ?? none, 'micro');
  expectEqualNumbers(found.macro, macro ?? none, 'macro');
}

describe.each(['lenient', 'strict'] as const)('%s F-scores are those of seqeval 1.2.2', (mode) => {
  test.each(sentences)('for $predicted and $expected', ({ predicted, expected, ...scores }) => {
    expectScores([predicted], [expected], mode, scores[mode]);
  });

  test('over all sentences', () => {
    const [predicted, expected] = [sentences.map((some) => some.predicted), sentences.map((some) => some.expected)];
    expectScores(predicted, expected, mode, corpus[mode]);
  });
});

test('spans know their type, start and end, and an I- without its B- begins one unless strict', () => {
  const tags = ['B-PER', 'I-PER', 'O', 'I-LOC', 'I-LOC', 'I-PER', 'B-A-B', 'B'];
  expect(spansOf(tags)).toEqual([
    { type: 'PER', start: 0, end: 2 },
    { type: 'LOC', start: 3, end: 5 },
    { type: 'PER', start: 5, end: 6 },
    { type: 'A-B', start: 6, end: 7 },
    { type: '_', start: 7, end: 8 },
  ]);
  expect(spansOf(tags, 'strict').map(({ type }) => type)).toEqual(['PER', 'A-B', '_']);
});

test('a span does not go on in the next sentence', () => {
  expect(spanScores([['B-X'], ['I-X']], [['B-X'], ['O']]).micro.precision).toBe(1 / 2);
});

test('laws: right tags have 1, scores are 0 to 1, sentences have no order, sides swap precision and recall', () => {
  const tag = fc.constantFrom('O', 'B-X', 'I-X', 'B-Y', 'I-Y');
  const sentence = fc.tuple(
    fc.array(tag, { minLength: 6, maxLength: 6 }),
    fc.array(tag, { minLength: 6, maxLength: 6 }),
  );
  fc.assert(
    fc.property(
      fc.array(sentence, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('lenient', 'strict'),
      (some, mode) => {
        const [a, b] = [some.map(([first]) => first), some.map(([, second]) => second)];
        const scores = spanScores(a, b, mode);
        if (spansOf(a.flat(), mode).length > 0) expect(spanScores(a, a, mode).macro.f1).toBe(1);
        for (const { precision, recall, f1 } of [scores.micro, scores.macro]) {
          for (const value of [precision, recall, f1]) expect(value >= 0 && value <= 1).toBe(true);
        }
        expectEqualNumbers(spanScores(a.toReversed(), b.toReversed(), mode).macro, scores.macro);
        expect(spanScores(b, a, mode).micro.recall).toBe(scores.micro.precision);
      },
    ),
  );
});

test('other tags and sentences of unequal length are refused', () => {
  expect(() => spansOf(['O', 'S-PER'])).toThrow('spansOf: expected tags O, B-X or I-X, got "S-PER" at index 1');
  expect(() => spansOf(['BPER'])).toThrow('got "BPER" at index 0');
  expect(() => spanScores([['O'], ['O']], [['O'], ['O', 'O']])).toThrow(
    'spanScores: sentence 1: expected 2 predicted tags, got 1',
  );
});
