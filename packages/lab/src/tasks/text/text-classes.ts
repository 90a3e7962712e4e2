/**
 * From texts with labels to a task that names the class of a text (encoder). Knows no particular data, no model and no
 * encoding.
 */
import { fingerprint } from '../../data/hash.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import type { Sample } from '../../record/sample.ts';
import { classScores } from '../metrics/class-scores.ts';
import { checkPredictionCount, drawIndices, tokenSequences } from '../shared/batches.ts';
import { checkReached } from '../shared/length-checks.ts';
import { classify, trainNaiveBayes } from '../shared/naive-bayes.ts';
import { packTokens } from '../shared/packed-tokens.ts';
import { counted } from '../shared/wording.ts';
import { type Batch, type LengthBucket, type Predictions, type PreparedTask, type Scores, TaskError } from '../task.ts';
import { holdOutTexts, type TextRequest, trainedIndices } from './held-out-texts.ts';
import { planTexts } from './planned-texts.ts';
import { countLabels, documentsOf, type TrainedText, type TrainedTexts, trainedExample } from './trained-texts.ts';

/** A text and its class. */
export interface LabelledText {
  /** The same in every run; distinguishes examples. */
  readonly id: string;
  readonly text: string;
  readonly label: string;
}

/** What a task says of itself. */
export interface TextClassesRequest extends TextRequest<LabelledText> {
  /** Whether the text of examples may be shown in reports. */
  readonly showTexts: boolean;
}

interface Example extends TrainedText {
  readonly text: LabelledText;
}

const PORTRAIT_LENGTH = 32;

/** @throws {TaskError} when a class has no training example, a text is too long and none may be cut, or one class is all there is */
export function prepareTextClasses(request: TextClassesRequest): PreparedTask {
  // Closures below hold no split and no request: texts are free once they are encoded.
  const { task, tokenizer, splits, showTexts } = request;
  const classes = [...new Set(splits.train.map(({ label }) => label))].sort();
  checkClasses(task, splits, classes);
  const numbers = new Map(classes.map((label, index) => [label, index]));
  const numberOf = ({ label }: LabelledText): number => numbers.get(label) as number;
  const encode = ({ text }: LabelledText): Int32Array => tokenizer.encode(text).ids;
  const tokens = packTokens(splits.train, tokenizer.vocabulary, encode);
  const lengths = {
    train: tokens.lengths,
    validation: Int32Array.from(splits.validation, (text) => encode(text).length),
    test: Int32Array.from(splits.test, (text) => encode(text).length),
  };
  const { plan, data } = planTexts(request, lengths, {
    what: 'texts',
    unit: 'tokens',
    instead: 'cut',
    classes: countClasses(splits, classes),
    ...(showTexts ? { shown } : {}),
  });
  const { limit } = plan;
  const inside = trainedIndices(lengths, plan);
  const trained: TrainedTexts = { tokens, labels: Int32Array.from(splits.train, numberOf), inside, limit };
  const toExample = (text: LabelledText): Example => {
    return { text, ids: encode(text).slice(0, limit), label: numberOf(text) };
  };
  const heldOut = holdOutTexts(request, lengths, plan, toExample);
  const { validation, test, trainedTest, examplesOf } = heldOut;
  const counts = { train: inside.length, validation: validation.length, test: trainedTest.length };
  const few = checkReached(task, counted(plan.trained, 'tokens'), counts);
  const perClass = countLabels(trained, classes.length);
  checkTrained(task, plan.trained, classes, perClass);
  const classesOf = (split: 'validation' | 'test', bucket: LengthBucket, predictions: Predictions): Int32Array => {
    if (predictions.kind !== 'classes')
      throw new TypeError(`${task}: score: expected classes, got ${predictions.kind}`);
    checkPredictionCount(predictions.classes.length, examplesOf(split, bucket).length);
    return predictions.classes;
  };
  const portrait = trainedTest.find((example) => lengthOf(example) <= PORTRAIT_LENGTH);

  return {
    fingerprint: fingerprint(described(splits.train, trained, [validation, ...test])),
    sizes: { train: inside.length, ...heldOut.sizes },
    architecture: 'encoder',
    input: { kind: 'tokens', vocabulary: tokenizer.vocabulary },
    output: { kind: 'class', classes: classes.length },
    question: { kind: 'classify' },
    maximumLength: plan.limit,
    trainingBatch: (size, uniform) =>
      collate(
        drawIndices(inside.length, size, uniform).map((at) => trainedExample(trained, at)),
        plan.trained,
      ),
    evaluation: (split, batchSize) => heldOut.evaluation(split, batchSize, (list) => list, collate),
    score: (split, bucket, predictions) => scoresOf(classesOf(split, bucket, predictions), examplesOf(split, bucket)),
    baselines: baselinesOf(trained, perClass, tokenizer.vocabulary, (guess) =>
      heldOut.scoreTest((list) => scoresOf(Int32Array.from(list, guess), list)),
    ),
    data: {
      ...data,
      examples: showTexts ? Array.from(inside.subarray(0, 3), (at) => shown(splits.train[at] as LabelledText)) : [],
    },
    files: { 'tokenizer.json': tokenizer.toJson() },
    samples: (bucket, predictions) => {
      const answers = classesOf('test', bucket, predictions);
      return heldOut.shownOf(bucket).map(({ text, label }, index): Sample => {
        const found = answers[index] as number;
        return {
          kind: 'text',
          id: text.id,
          bucket: bucket.label,
          source: showTexts ? text.text : '(a text that is not shown)',
          expected: text.label,
          answer: classes[found] as string,
          right: found === label,
        };
      });
    },
    ...(portrait === undefined || !showTexts
      ? {}
      : {
          portrait: {
            batch: collate([portrait], lengthOf(portrait)),
            source: Array.from(portrait.ids, (id) => tokenizer.text(id)),
          },
        }),
    notes: [
      ...request.notes,
      ...few,
      ...rareNote(classes, perClass),
      'With `none` the encoder sees a bag of tokens: what it reaches, words alone tell.',
      'Lengths are in tokens. Validation is within the trained lengths only.',
    ],
  };
}

function lengthOf({ ids }: Example): number {
  return ids.length;
}

function shown({ label, text }: LabelledText): string {
  return `${label}: ${text}`;
}

function countClasses(
  splits: TextClassesRequest['splits'],
  classes: readonly string[],
): NonNullable<DataSummary['classes']> {
  const counts = new Map<string, number>();
  for (const split of [splits.train, splits.validation, splits.test]) {
    for (const { label } of split) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return classes.map((label) => ({ label, count: counts.get(label) ?? 0 }));
}

/** What a fingerprint is made of, one after the other. */
function* described(
  texts: readonly LabelledText[],
  trained: TrainedTexts,
  lists: readonly (readonly Example[])[],
): Generator<string | Int32Array> {
  for (const [at, index] of trained.inside.entries()) {
    const { ids, label } = trainedExample(trained, at);
    yield `${(texts[index] as LabelledText).id} ${label}`;
    yield ids;
  }
  for (const { text, ids, label } of lists.flat()) {
    yield `${text.id} ${label}`;
    yield ids;
  }
}

/** So many classes are named in a note. */
const NAMED = 5;

function rareNote(classes: readonly string[], counts: Int32Array): string[] {
  const rare = classes.filter((_, label) => counts[label] === 1);
  if (rare.length === 0) return [];
  const names = rare.slice(0, NAMED).map((label) => `“${label}”`);
  const more = rare.length > NAMED ? ` and ${rare.length - NAMED} more` : '';
  return [
    `${counted(rare.length, 'classes')} of ${classes.length} ${rare.length === 1 ? 'has' : 'have'} a single training example ` +
      `(${names.join(', ')}${more}): too few to be learned.`,
  ];
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
function checkTrained(task: string, trained: number, classes: readonly string[], counts: Int32Array): void {
  const missing = classes.find((_, label) => counts[label] === 0);
  if (missing === undefined) return;
  throw new TaskError(
    `${task}: label: all training texts of “${missing}” have more than ${counted(trained, 'tokens')}, so it would never be ` +
      'trained; give a larger --trained-length or --trained-percentile, or remove its rows',
  );
}

function collate(examples: readonly TrainedText[], length: number): Batch {
  return {
    size: examples.length,
    source: tokenSequences(
      examples.map(({ ids }) => ids),
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
  trained: TrainedTexts,
  perClass: Int32Array,
  vocabulary: number,
  scored: (guess: (example: Example) => number) => Readonly<Record<string, Scores>>,
): PreparedTask['baselines'] {
  const majority = perClass.indexOf(perClass.reduce((most, count) => Math.max(most, count)));
  const { labels, inside } = trained;
  const bayes = trainNaiveBayes(
    documentsOf(trained),
    inside.map((index) => labels[index] as number),
    { vocabulary, classes: perClass.length },
  );
  return [
    { name: 'majority', title: 'the most frequent class', scores: scored(() => majority) },
    {
      name: 'naive-bayes',
      title: 'bag of tokens (naive Bayes)',
      orderBlind: true,
      scores: scored(({ ids }) => classify(bayes, ids)),
    },
  ];
}
