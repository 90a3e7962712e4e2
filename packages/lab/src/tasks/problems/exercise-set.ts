/**
 * From exercises with one right answer to a task for a decoder that is scored by exact match. Knows no particular
 * problem, no model and no encoding.
 */
import { fingerprint } from '../../data/hash.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import { fractionRight } from '../metrics/accuracy.ts';
import { checkPredictionCount, drawIndices, evaluationSet, padRows, UNSCORED } from '../shared/batches.ts';
import { fittingBatchSize } from '../shared/text-lengths.ts';
import type { Batch, LengthBucket, Predictions, PreparedTask } from '../task.ts';
import { ascending, type Exercise } from './problem.ts';

/** Training exercises looked at for baselines that remember answers. */
const COUNTED_EXERCISES = 4000;
const SAMPLES = 4;
/** Tokens before the symbols: padding, the end of the question, the end of the answer. */
const QUESTION_END = 1;
const ANSWER_END = 2;
const FIRST_SYMBOL = 3;

/** Exercises to train on and to ask about, wherever they come from. */
export interface ExerciseSet {
  readonly symbols: number;
  readonly trainingCount: number;
  training(index: number): Exercise;
  /** Whether training exercises are those of a file, rather than drawn by rules from their numbers. */
  readonly stored: boolean;
  readonly validation: readonly Exercise[];
  /** One list for each bucket. */
  readonly test: readonly (readonly Exercise[])[];
  readonly buckets: readonly LengthBucket[];
  /** Tokens of the longest question and answer together, in training and at all. */
  readonly trainedLength: number;
  readonly longest: number;
  blind?(symbols: readonly number[]): readonly number[];
  textOf(symbols: readonly number[]): string;
  /** What sizes count, where that is not what the task says. */
  readonly lengthUnit?: string;
  readonly data: DataSummary;
  readonly notes: readonly string[];
}

/** A task on these exercises. */
export function prepareExercises(set: ExerciseSet): PreparedTask {
  const { buckets, test, textOf } = set;
  const evaluated = { validation: [set.validation], test };
  // One more for the end of the question; the end of the answer is only ever predicted.
  const trainedLength = set.trainedLength + 1;
  const longest = set.longest + 1;
  const examplesOf = (split: 'validation' | 'test', bucket: LengthBucket): readonly Exercise[] => {
    const examples = evaluated[split][buckets.findIndex(({ label }) => label === bucket.label)];
    if (examples === undefined) throw new RangeError(`algorithmic: ${split} has no bucket ${bucket.label}`);
    return examples;
  };
  return {
    ...(set.lengthUnit === undefined ? {} : { lengthUnit: set.lengthUnit }),
    fingerprint: fingerprint(described(set)),
    sizes: {
      train: set.trainingCount,
      validation: set.validation.length,
      test: test.reduce((sum, examples) => sum + examples.length, 0),
    },
    architecture: 'decoder',
    input: { kind: 'tokens', vocabulary: FIRST_SYMBOL + set.symbols },
    output: { kind: 'tokens', vocabulary: FIRST_SYMBOL + set.symbols },
    question: { kind: 'exact' },
    maximumLength: longest,
    trainingBatch: (size, uniform) =>
      collate(drawIndices(set.trainingCount, size, uniform).map(set.training), trainedLength),
    evaluation: (split, batchSize) =>
      evaluated[split].map((examples, index) =>
        evaluationSet(
          buckets[index] as LengthBucket,
          examples,
          fittingBatchSize(batchSize, trainedLength, index === 0 ? trainedLength : longest),
          (rows) => collate(rows, index === 0 ? trainedLength : longest),
        ),
      ),
    score: (split, bucket, predictions) => {
      const right = rightOf(predictions);
      checkPredictionCount(right.length, examplesOf(split, bucket).length);
      return { 'exact-match': right.reduce((sum, one) => sum + one, 0) / right.length };
    },
    baselines: baselinesOf(set),
    data: set.data,
    samples: (bucket, predictions) => {
      const right = rightOf(predictions);
      return examplesOf('test', bucket)
        .slice(0, SAMPLES)
        .map(({ question, answer }, index) => ({
          kind: 'text' as const,
          id: `${bucket.label} ${index}`,
          bucket: bucket.label,
          source: textOf(question),
          expected: textOf(answer),
          answer: right[index] === 1 ? textOf(answer) : '(another answer)',
          right: right[index] === 1,
        }));
    },
    notes: [
      ...set.notes,
      'An answer is scored with the right tokens before each, which finds the same answers right as writing them ' +
        'greedily does.',
    ],
  };
}

/** What a fingerprint is made of, one after the other. */
function* described(set: ExerciseSet): Generator<string> {
  const training = set.stored ? [trainingExercises(set, set.trainingCount)] : [];
  for (const exercises of [...training, set.validation, ...set.test]) {
    for (const { question, answer } of exercises) yield `${question.join(' ')} → ${answer.join(' ')}`;
  }
}

function rightOf(predictions: Predictions): Int32Array {
  if (predictions.kind === 'exact') return predictions.right;
  throw new TypeError(`algorithmic: score: expected exact matches, got ${predictions.kind}`);
}

/** Exercises as people read them. */
export function showExercises(exercises: readonly Exercise[], textOf: ExerciseSet['textOf']): string[] {
  return exercises.map(({ question, answer }) => `${textOf(question)} → ${textOf(answer)}`);
}

/** The most frequent answer in training, and the best that can be said of the same symbols without their order. */
function baselinesOf(set: ExerciseSet): PreparedTask['baselines'] {
  const { test, buckets, blind } = set;
  const counted = [...trainingExercises(set, COUNTED_EXERCISES)];
  const commonest = commonestOf(counted);
  const scoresOf = (answer: (question: readonly number[]) => string) =>
    Object.fromEntries(
      test.map((examples, at) => {
        const right = fractionRight(examples, (one) => answer(one.question) === one.answer.join(' '));
        return [(buckets[at] as LengthBucket).label, { 'exact-match': right }];
      }),
    );
  return [
    { name: 'commonest', title: 'the most frequent answer', scores: scoresOf(() => commonest) },
    blind === undefined
      ? {
          name: 'same-symbols',
          title: 'the most frequent training answer to the same symbols in any order',
          orderBlind: true,
          scores: scoresOf(answerToSameSymbols(counted, commonest)),
        }
      : {
          name: 'unordered',
          title: 'the same symbols without their order',
          orderBlind: true,
          scores: scoresOf((question) => blind(ascending(question)).join(' ')),
        },
  ];
}

function* trainingExercises({ training, trainingCount }: ExerciseSet, count: number): Generator<Exercise> {
  for (let index = 0; index < Math.min(count, trainingCount); index += 1) yield training(index);
}

function commonestOf(exercises: readonly Exercise[]): string {
  const counts = new Map<string, number>();
  for (const { answer } of exercises) counts.set(answer.join(' '), (counts.get(answer.join(' ')) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0] as [string, number])[0];
}

/** What memory can say of a bag of symbols, where no rule tells the best answer. */
function answerToSameSymbols(
  exercises: readonly Exercise[],
  otherwise: string,
): (question: readonly number[]) => string {
  const bags = Map.groupBy(exercises, ({ question }) => ascending(question).join(' '));
  const answers = new Map([...bags].map(([bag, same]) => [bag, commonestOf(same)]));
  return (question) => answers.get(ascending(question).join(' ')) ?? otherwise;
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
