/**
 * From texts with labels to a task that names the class of a text (encoder). Knows no particular data, no model and no
 * encoding.
 */
import { fingerprint, type Split } from '../data/hash.ts';
import type { EncodedText, TextTokenizer } from '../data/text-tokenizer.ts';
import type { DataSummary } from '../record/data-summary.ts';
import type { Sample } from '../record/sample.ts';
import { checkPredictionCount, drawExamples, evaluationSet, tokenSequences } from './batches.ts';
import { classScores } from './metrics/class-scores.ts';
import { classify, trainNaiveBayes } from './naive-bayes.ts';
import { type Batch, type LengthBucket, type Predictions, type PreparedTask, type Scores, TaskError } from './task.ts';
import {
  bucketIndex,
  checkReached,
  fittingBatchSize,
  type LengthRequest,
  largest,
  planLengths,
  summarizeLengths,
} from './text-lengths.ts';
import { firstTokens } from './tokenizers.ts';

/** A text and its class. */
export interface LabelledText {
  /** The same in every run; distinguishes examples. */
  readonly id: string;
  readonly text: string;
  readonly label: string;
}

/** What a task says of itself. */
export interface TextClassesRequest {
  readonly task: string;
  readonly splits: Readonly<Record<Split, readonly LabelledText[]>>;
  readonly tokenizer: TextTokenizer;
  readonly lengths: LengthRequest;
  readonly validationExamples: number;
  readonly testExamples: number;
  readonly summary: Pick<DataSummary, 'source' | 'format' | 'rows' | 'refused' | 'columns' | 'splitBy'>;
  readonly notes: readonly string[];
  /** Whether the text of examples may be shown in reports. */
  readonly showTexts: boolean;
}

interface Example {
  readonly text: LabelledText;
  readonly tokens: EncodedText;
  readonly label: number;
}

/** Examples of each bucket that a report shows: of the trained one, and of every other. */
const SHOWN = { trained: 6, beyond: 2 };
const PORTRAIT_LENGTH = 32;

/** @throws {TaskError} when a class has no training example, a text is too long and none may be cut, or one class is all there is */
export function prepareTextClasses(request: TextClassesRequest): PreparedTask {
  const { task, tokenizer, splits } = request;
  const classes = [...new Set(splits.train.map(({ label }) => label))].sort();
  checkClasses(task, splits, classes);
  const numbers = new Map(classes.map((label, index) => [label, index]));
  const encode = (text: LabelledText): Example => ({
    text,
    tokens: tokenizer.encode(text.text),
    label: numbers.get(text.label) as number,
  });
  const all = {
    train: splits.train.map(encode),
    validation: splits.validation.map(encode),
    test: splits.test.map(encode),
  };
  const everything = [...all.train, ...all.validation, ...all.test];
  const plan = planLengths(task, { train: all.train.map(lengthOf), test: all.test.map(lengthOf) }, request.lengths);
  const long = everything.filter((example) => lengthOf(example) > plan.limit);
  if (long.length > 0 && request.lengths.tooLong !== 'cut') {
    throw new TaskError(
      `${task}: expected texts of at most ${plan.limit} tokens, got ${long.length} longer ones, the first is ` +
        `${(long[0] as Example).text.id}; give --too-long cut to keep their starts, or --longest ` +
        `${largest(long.map(lengthOf))}`,
    );
  }
  const cut = (example: Example): Example => ({ ...example, tokens: firstTokens(example.tokens, plan.limit) });
  const train = all.train.filter((example) => lengthOf(example) <= plan.trained);
  const test = plan.buckets.map((): Example[] => []);
  for (const example of all.test.map(cut)) {
    const bucket = test[bucketIndex(plan.buckets, lengthOf(example))] as Example[];
    if (bucket.length < request.testExamples) bucket.push(example);
  }
  const validation = all.validation
    .filter((example) => lengthOf(example) <= plan.trained)
    .slice(0, request.validationExamples);
  const counts = { train: train.length, validation: validation.length, test: test[0]?.length ?? 0 };
  checkReached(task, plan.trained, 'tokens', counts);
  checkTrained(task, plan.trained, classes, train);
  const evaluated = { validation: [validation], test };
  const examplesOf = (split: 'validation' | 'test', bucket: LengthBucket): readonly Example[] => {
    const found = evaluated[split][plan.buckets.findIndex(({ label }) => label === bucket.label)];
    if (found === undefined) throw new RangeError(`${task}: ${split} has no bucket ${bucket.label}`);
    return found;
  };
  const classesOf = (split: 'validation' | 'test', bucket: LengthBucket, predictions: Predictions): Int32Array => {
    if (predictions.kind !== 'classes')
      throw new TypeError(`${task}: score: expected classes, got ${predictions.kind}`);
    checkPredictionCount(predictions.classes.length, examplesOf(split, bucket).length);
    return predictions.classes;
  };
  const portrait = test[0]?.find((example) => lengthOf(example) <= PORTRAIT_LENGTH);

  return {
    fingerprint: fingerprint(
      [train, ...evaluated.validation, ...test].flatMap((list) =>
        list.flatMap(({ text, tokens, label }) => [`${text.id} ${label}`, tokens.ids]),
      ),
    ),
    sizes: {
      train: train.length,
      validation: validation.length,
      test: test.reduce((sum, list) => sum + list.length, 0),
    },
    architecture: 'encoder',
    input: { kind: 'tokens', vocabulary: tokenizer.vocabulary },
    output: { kind: 'class', classes: classes.length },
    question: { kind: 'classify' },
    maximumLength: plan.limit,
    trainingBatch: (size, uniform) => collate(drawExamples(train, size, uniform), plan.trained),
    evaluation: (split, batchSize) =>
      evaluated[split].map((list, index) => {
        const bucket = plan.buckets[index] as LengthBucket;
        const fitting = fittingBatchSize(batchSize, plan.trained, bucket.maximum);
        return evaluationSet(bucket, list, Math.min(list.length, fitting), (rows) => collate(rows, bucket.maximum));
      }),
    score: (split, bucket, predictions) => scoresOf(classesOf(split, bucket, predictions), examplesOf(split, bucket)),
    baselines: baselinesOf(train, classes.length, tokenizer.vocabulary, (guess) =>
      Object.fromEntries(
        plan.buckets.map((bucket) => {
          const list = examplesOf('test', bucket);
          return [bucket.label, scoresOf(Int32Array.from(list, guess), list)];
        }),
      ),
    ),
    data: {
      ...request.summary,
      lengths: summarizeLengths('tokens', everything.map(lengthOf)),
      trainedLength: { maximum: plan.trained, limit: plan.limit, chosenBy: plan.chosenBy },
      ...(long.length === 0 ? {} : { tooLong: { count: long.length, action: 'cut' } }),
      classes: classes.map((label, index) => ({
        label,
        count: everything.filter((example) => example.label === index).length,
      })),
      examples: request.showTexts ? train.slice(0, 3).map(({ text }) => `${text.label}: ${text.text}`) : [],
    },
    files: { 'tokenizer.json': tokenizer.toJson() },
    samples: (bucket, predictions) =>
      Array.from(classesOf('test', bucket, predictions))
        .slice(0, bucket.trained ? SHOWN.trained : SHOWN.beyond)
        .map((found, index): Sample => {
          const { text, label } = examplesOf('test', bucket)[index] as Example;
          return {
            kind: 'text',
            id: text.id,
            bucket: bucket.label,
            source: request.showTexts ? text.text : '(a text that is not shown)',
            expected: text.label,
            answer: classes[found] as string,
            right: found === label,
          };
        }),
    ...(portrait === undefined || !request.showTexts
      ? {}
      : {
          portrait: {
            batch: collate([portrait], lengthOf(portrait)),
            source: Array.from(portrait.tokens.ids, (id) => tokenizer.text(id)),
          },
        }),
    notes: [
      ...request.notes,
      'With `none` the encoder sees a bag of tokens: what it reaches, words alone tell.',
      'Lengths are in tokens. Validation is within the trained lengths only.',
    ],
  };
}

function lengthOf({ tokens }: Example): number {
  return tokens.ids.length;
}

function checkClasses(task: string, splits: TextClassesRequest['splits'], classes: readonly string[]): void {
  if (classes.length < 2) {
    throw new TaskError(
      `${task}: label: expected at least two classes, got ${classes.map((label) => `“${label}”`).join(', ')} only`,
    );
  }
  for (const { label, id } of [...splits.validation, ...splits.test]) {
    if (classes.includes(label)) continue;
    throw new TaskError(
      `${task}: label: expected several examples of every class, but all of “${label}” (such as ${id}) are held out; ` +
        'remove its rows, or join it with another class',
    );
  }
}

/** Classes are those of all training texts, but only the shorter ones are trained on. */
function checkTrained(task: string, trained: number, classes: readonly string[], train: readonly Example[]): void {
  const there = new Set(train.map(({ label }) => label));
  const missing = classes.find((_, index) => !there.has(index));
  if (missing === undefined) return;
  throw new TaskError(
    `${task}: label: all training texts of “${missing}” have more than ${trained} tokens, so it would never be trained; ` +
      'give a larger --trained-length or --trained-percentile, or remove its rows',
  );
}

function collate(examples: readonly Example[], length: number): Batch {
  return {
    size: examples.length,
    source: tokenSequences(
      examples.map(({ tokens }) => tokens.ids),
      length,
    ),
    labels: Int32Array.from(examples, ({ label }) => label),
  };
}

function scoresOf(found: ArrayLike<number>, examples: readonly Example[]): Scores {
  const { accuracy, macroF1 } = classScores(
    found,
    examples.map(({ label }) => label),
  );
  return { accuracy, 'macro-f1': macroF1 };
}

function baselinesOf(
  train: readonly Example[],
  classes: number,
  vocabulary: number,
  scored: (guess: (example: Example) => number) => Readonly<Record<string, Scores>>,
): PreparedTask['baselines'] {
  const counts = Array.from({ length: classes }, (_, label) => train.filter((one) => one.label === label).length);
  const majority = counts.indexOf(Math.max(...counts));
  const bayes = trainNaiveBayes(
    train.map(({ tokens }) => tokens.ids),
    train.map(({ label }) => label),
    { vocabulary, classes },
  );
  return [
    { name: 'majority', title: 'the most frequent class', scores: scored(() => majority) },
    {
      name: 'naive-bayes',
      title: 'bag of tokens (naive Bayes)',
      orderBlind: true,
      scores: scored(({ tokens }) => classify(bayes, tokens.ids)),
    },
  ];
}
