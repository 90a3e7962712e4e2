/** Multinomial naive Bayes against scikit-learn, and a textbook's example. */
import { describe, expect, test } from 'vitest';
import { classify, logJoint, trainNaiveBayes } from '../../src/tasks/shared/naive-bayes.ts';
import { expectEqualNumbers, golden } from './metrics/golden.ts';

const { vocabulary, documents, labels, queries, models } = golden.naiveBayes;

describe.each(models)('with a smoothing of $smoothing, scikit-learn 1.9.1 has the same', (expected) => {
  const model = trainNaiveBayes(documents, labels, { vocabulary, classes: 3, smoothing: expected.smoothing });

  test('probabilities', () => {
    expectEqualNumbers([...model.logPriors], expected.logPriors);
    expectEqualNumbers([...model.logLikelihoods], expected.logLikelihoods.flat());
  });

  test('scores and classes of ten documents', () => {
    expectEqualNumbers(
      queries.map((query) => [...logJoint(model, query)]),
      expected.joint,
    );
    expect(queries.map((query) => classify(model, query))).toEqual(expected.predicted);
  });
});

test('the example of Manning, Raghavan & Schütze 2008, table 13.1, is classified as they do', () => {
  // Chinese Beijing Shanghai Macao Tokyo Japan; China is class 0.
  const documents = [
    [0, 1, 0],
    [0, 0, 2],
    [0, 3],
    [4, 5, 0],
  ];
  const model = trainNaiveBayes(documents, [0, 0, 0, 1], { vocabulary: 6, classes: 2 });
  const scores = logJoint(model, [0, 0, 0, 4, 5]);
  expect(Math.exp(scores[0] as number)).toBeCloseTo((3 / 4) * (3 / 7) ** 3 * (1 / 14) ** 2, 14);
  expect(Math.exp(scores[1] as number)).toBeCloseTo((1 / 4) * (2 / 9) ** 3 * (2 / 9) ** 2, 14);
  expect(classify(model, [0, 0, 0, 4, 5])).toBe(0);
});

test('a class without documents is never predicted, ties go to the first class, order does not matter', () => {
  const model = trainNaiveBayes(
    [
      [0, 1],
      [1, 2],
    ],
    [1, 2],
    { vocabulary: 4, classes: 3 },
  );
  expect(model.logPriors[0]).toBe(Number.NEGATIVE_INFINITY);
  expect(classify(model, [3])).toBe(1);
  expect(classify(model, [])).toBe(1);
  expect(classify(model, [2, 3, 2, 0])).toBe(2);
  expectEqualNumbers([...logJoint(model, [2, 0, 1])].slice(1), [...logJoint(model, [0, 1, 2])].slice(1));
});

test('tokens, labels, their number and the smoothing are checked', () => {
  const options = { vocabulary: 2, classes: 2 };
  expect(() => trainNaiveBayes([[0]], [], options)).toThrow(
    'expected one label for each document, at least one, got 0',
  );
  expect(() => trainNaiveBayes([[2]], [0], options)).toThrow('token: expected a whole number from 0 up to 1, got 2');
  expect(() => trainNaiveBayes([[0]], [2], options)).toThrow('label: expected a whole number from 0 up to 1, got 2');
  expect(() => trainNaiveBayes([[0]], [0], { ...options, smoothing: 0 })).toThrow(
    'expected a smoothing above 0, got 0',
  );
  expect(() => classify(trainNaiveBayes([[0]], [0], options), [5])).toThrow('from 0 up to 1, got 5');
});
