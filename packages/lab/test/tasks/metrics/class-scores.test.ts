/** Accuracy and F-scores of classes against scikit-learn, and laws they obey. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classScores } from '../../../src/tasks/metrics/class-scores.ts';
import { expectEqualNumbers, golden } from './golden.ts';

test.each(golden.classes)('scores of $predicted for $expected are those of scikit-learn 1.9.1', (some) => {
  const found = classScores(some.predicted, some.expected);
  expectEqualNumbers(found.accuracy, some.accuracy);
  expectEqualNumbers(found.macroF1, some.macroF1);
  const classes = [...found.classes].map(([label, scores]) => ({ label, ...scores }));
  expectEqualNumbers(classes, some.classes);
});

test('laws: right classes have 1, scores are from 0 to 1, order of examples and names of classes do not matter', () => {
  const example = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }));
  fc.assert(
    fc.property(fc.array(example, { minLength: 1, maxLength: 30 }), (examples) => {
      const [a, b] = [examples.map(([first]) => first), Int32Array.from(examples, ([, second]) => second)];
      const { accuracy, macroF1 } = classScores(a, b);
      expect(classScores(a, a)).toMatchObject({ accuracy: 1, macroF1: 1 });
      expectEqualNumbers(classScores(a.toReversed(), b.toReversed()).macroF1, macroF1);
      expectEqualNumbers(
        classScores(
          a.map((label) => 9 - label),
          b.map((label) => 9 - label),
        ).macroF1,
        macroF1,
      );
      expect(accuracy >= 0 && accuracy <= 1 && macroF1 >= 0 && macroF1 <= 1).toBe(true);
    }),
  );
});

test('there must be a label for each prediction', () => {
  expect(() => classScores([1], [1, 2])).toThrow('classScores: expected as many predictions as references');
});
