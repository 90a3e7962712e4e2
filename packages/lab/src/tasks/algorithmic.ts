/**
 * The task `algorithmic`: problems with one right answer, trained at small sizes and asked at larger ones (decoder). An
 * answer is right when every token of it is. Knows no model and no encoding.
 */
import { fingerprint, hashFraction } from '../data/hash.ts';
import { checkPredictionCount, drawIndices, evaluationSet, padRows, UNSCORED } from './batches.ts';
import { checkOptionNames, choiceOption, integerOption } from './options.ts';
import { type Exercise, findProblem, PROBLEM_NAMES, type Problem, type Sizes } from './problems.ts';
import type { Batch, LengthBucket, PreparedTask, Task, TaskOptions } from './task.ts';

const TEST_EXAMPLES = 256;
const VALIDATION_EXAMPLES = 128;
/** Exercises that training draws from; their sizes are spread evenly. */
const TRAINING_EXERCISES = 100_000;
/** Tokens before the symbols: padding, the end of the question, the end of the answer. */
const QUESTION_END = 1;
const ANSWER_END = 2;
const FIRST_SYMBOL = 3;

/** Generated problems, scored by exact match. */
export const algorithmic: Task = {
  name: 'algorithmic',
  title: 'Generated problems',
  description:
    'Problems with one right answer (decoder): problem=copy, repeat, reverse, selective-copy or scan. Trained at small ' +
    'sizes, asked at larger ones; an answer is right when every token is.',
  metrics: [{ name: 'exact-match', title: 'exact match', better: 'higher', format: 'fraction' }],
  lengthUnit: 'letters, blanks or actions',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 256,
    encoderLayers: 0,
    decoderLayers: 2,
    steps: 1000,
    batchSize: 32,
    learningRate: 1e-3,
    warmupSteps: 100,
    encodings: ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 't5'],
  },
  options: [
    { name: 'problem', description: PROBLEM_NAMES.join(', '), default: 'copy' },
    { name: 'testExamples', description: 'test exercises at each size, at most', default: TEST_EXAMPLES },
  ],
  prepare: async (options) => prepare(options),
};

function prepare(options: TaskOptions): PreparedTask {
  checkOptionNames('algorithmic', options, ['problem', 'testExamples']);
  const problem = findProblem(choiceOption('algorithmic', options, 'problem', PROBLEM_NAMES));
  const testExamples = integerOption('algorithmic', options, 'testExamples', TEST_EXAMPLES, 1);
  const [trained] = problem.sizes;
  const buckets = problem.sizes.map((sizes, index): LengthBucket => ({ ...sizes, trained: index === 0 }));
  const evaluated = {
    validation: [heldOut(problem, trained, VALIDATION_EXAMPLES, 'validation')],
    test: problem.sizes.map((sizes) => heldOut(problem, sizes, testExamples, 'test')),
  };
  // One more for the end of the question; the end of the answer is only ever predicted.
  const trainedLength = problem.longest.trained + 1;
  const longest = problem.longest.all + 1;
  const all = [...evaluated.validation, ...evaluated.test];

  return {
    fingerprint: fingerprint(
      all.flatMap((examples) => examples.map(({ question, answer }) => `${question.join(' ')} → ${answer.join(' ')}`)),
    ),
    sizes: {
      train: TRAINING_EXERCISES,
      validation: VALIDATION_EXAMPLES,
      test: evaluated.test.reduce((sum, examples) => sum + examples.length, 0),
    },
    architecture: 'decoder',
    input: { kind: 'tokens', vocabulary: FIRST_SYMBOL + problem.symbols },
    output: { kind: 'tokens', vocabulary: FIRST_SYMBOL + problem.symbols },
    question: { kind: 'exact' },
    maximumLength: longest,
    trainingBatch: (size, uniform) =>
      collate(
        drawIndices(TRAINING_EXERCISES, size, uniform).map((index) =>
          exercise(problem, trained, 'training', `train ${index}`),
        ),
        trainedLength,
      ),
    evaluation: (split, batchSize) =>
      evaluated[split].map((examples, index) =>
        evaluationSet(buckets[index] as LengthBucket, examples, batchSize, (rows) =>
          collate(rows, index === 0 ? trainedLength : longest),
        ),
      ),
    score: (split, bucket, predictions) => {
      if (predictions.kind !== 'exact') {
        throw new TypeError(`algorithmic: score: expected exact matches, got ${predictions.kind}`);
      }
      const examples = evaluated[split][buckets.findIndex(({ label }) => label === bucket.label)];
      if (examples === undefined) throw new RangeError(`algorithmic: ${split} has no bucket ${bucket.label}`);
      checkPredictionCount(predictions.right.length, examples.length);
      return { 'exact-match': predictions.right.reduce((sum, right) => sum + right, 0) / examples.length };
    },
    baselines: [],
    notes: [
      problem.description,
      `Sizes are in ${problem.sizeUnit}. An answer is scored with the right tokens ` +
        'before each, which finds the same answers right as writing them greedily does.',
    ],
  };
}

function heldOut(problem: Problem, sizes: Sizes, count: number, split: string): readonly Exercise[] {
  return Array.from({ length: count }, (_, index) =>
    exercise(problem, sizes, 'held-out', `${split} ${sizes.label} ${index}`),
  );
}

/** The exercise of that name. */
function exercise(problem: Problem, sizes: Sizes, use: 'training' | 'held-out', name: string): Exercise {
  let draws = 0;
  return problem.draw(sizes, use, () => hashFraction(`${problem.name} ${name} draw ${draws++}`));
}

/** Questions and answers as one sequence; the labels are the answers and their ends. */
function collate(exercises: readonly Exercise[], length: number): Batch {
  const rows = exercises.map(({ question, answer }) => {
    const tokens = [...question.map(tokenOf), QUESTION_END, ...answer.map(tokenOf)];
    const labels = [...question.map(() => UNSCORED), ...answer.map(tokenOf), ANSWER_END];
    return { tokens, labels };
  });
  return {
    size: exercises.length,
    target: {
      data: padRows(
        rows.map(({ tokens }) => tokens),
        length,
        0,
      ),
      length,
      lengths: Int32Array.from(rows, ({ tokens }) => tokens.length),
    },
    labels: padRows(
      rows.map(({ labels }) => labels),
      length,
      UNSCORED,
    ),
  };
}

function tokenOf(symbol: number): number {
  return FIRST_SYMBOL + symbol;
}
