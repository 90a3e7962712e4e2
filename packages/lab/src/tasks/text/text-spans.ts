/**
 * From questions about texts to a task that points at the answer in the text (encoder). Contexts longer than a window are
 * read in overlapping windows, and the best answer of all wins; answers are found again by their characters. Knows no
 * particular data, no model and no encoding.
 */
import { fingerprint } from '../../data/hash.ts';
import type { EncodedText } from '../../data/text-tokenizer.ts';
import type { Sample } from '../../record/sample.ts';
import { answerScores } from '../metrics/answers.ts';
import { checkPredictionCount, drawIndices, tokenSequences } from '../shared/batches.ts';
import { checkReached } from '../shared/length-checks.ts';
import { counted } from '../shared/wording.ts';
import {
  type Batch,
  type LengthBucket,
  type Metric,
  type Predictions,
  type PreparedTask,
  type Scores,
  TaskError,
} from '../task.ts';
import { answerBaselines } from './answer-baselines.ts';
import { ANSWER_F1, acceptedOf, DEPTH_METRICS, DEPTHS, EXACT_MATCH, scoresByDepth } from './answers-by-depth.ts';
import {
  type AnswerPlace,
  type AnswerWindow,
  type AskedText,
  answerTokens,
  answerWindows,
  FRAME,
  textAt,
} from './asked-text.ts';
import { holdOutTexts, type TextRequest, trainedIndices } from './held-out-texts.ts';
import { numberWindows } from './numbered-windows.ts';
import { planTexts } from './planned-texts.ts';

interface Example {
  readonly asked: AskedText;
  readonly context: EncodedText;
  /** First and last token of the answer in the context. */
  readonly place: readonly [number, number];
  readonly windows: readonly [AnswerWindow, ...AnswerWindow[]];
  readonly length: number;
  /** Which fifth of the context the answer begins in, from 0. */
  readonly depth: number;
}

/** Longer examples would be unreadable as a picture of attention. */
const PORTRAIT_LENGTH = 96;

/** @throws {TaskError} when a context is too long and none may be windowed, or a split has nothing of a trained length */
export function prepareTextSpans(request: TextRequest<AskedText>): PreparedTask {
  const { task, tokenizer, splits } = request;
  const lengthOf = ({ question, context }: AskedText): number =>
    tokenizer.encode(question).ids.length + tokenizer.encode(context).ids.length + FRAME;
  const lengths = {
    train: Int32Array.from(splits.train, lengthOf),
    validation: Int32Array.from(splits.validation, lengthOf),
    test: Int32Array.from(splits.test, lengthOf),
  };
  const { plan, data } = planTexts(request, lengths, {
    what: 'questions with contexts',
    unit: 'tokens',
    measured: 'tokens of question and context',
    instead: 'window',
    shown,
  });
  const used = (length: number): number => Math.min(length, plan.limit);
  const toExample = (asked: AskedText): Example => {
    const [question, context] = [tokenizer.encode(asked.question), tokenizer.encode(asked.context)];
    const room = plan.limit - FRAME - question.ids.length;
    if (room < 2) {
      throw new TaskError(
        `${task}: ${asked.id}: its question has ${counted(question.ids.length, 'tokens')}, which leaves no room for a ` +
          `context within ${plan.limit}; give a larger --longest`,
      );
    }
    if (context.ids.length === 0) {
      throw new TaskError(`${task}: ${asked.id}: expected a context of at least one token, got none`);
    }
    const place = answerTokens(context, asked.answers[0]);
    return {
      asked,
      context,
      length: used(question.ids.length + context.ids.length + FRAME),
      place,
      windows: answerWindows(question, context, room, place, tokenizer),
      depth: Math.min(DEPTHS - 1, Math.floor((DEPTHS * place[0]) / context.ids.length)),
    };
  };
  // Training texts are read anew whenever they are drawn: the tokens of a million would not fit.
  const trained = Array.from(trainedIndices(lengths, plan), (index) => splits.train[index] as AskedText);
  const windowCounts = new Uint32Array(trained.length);
  let maximumAnswer = 0;
  trained.forEach((asked, at) => {
    const { place, windows } = toExample(asked);
    windowCounts[at] = windows.length;
    maximumAnswer = Math.max(maximumAnswer, place[1] - place[0] + 1);
  });
  const heldOut = holdOutTexts(request, lengths, plan, toExample);
  const { validation, test, trainedTest, examplesOf } = heldOut;
  const counts = { train: trained.length, validation: validation.length, test: trainedTest.length };
  const few = checkReached(task, counted(plan.trained, 'tokens'), counts);
  // Of windows, not of questions, so that batches have one size also where training contexts are windowed.
  const drawn = numberWindows(windowCounts);
  const trainingWindow = (at: number): AnswerWindow => {
    const { windows } = toExample(trained[drawn.texts[at] as number] as AskedText);
    return windows[drawn.windows[at] as number] as AnswerWindow;
  };
  const everyDepth = [validation, ...test].every((list) => new Set(list.map(({ depth }) => depth)).size === DEPTHS);
  const metrics: readonly [Metric, ...Metric[]] = [EXACT_MATCH, ANSWER_F1, ...(everyDepth ? DEPTH_METRICS : [])];
  const answersOf = (split: 'validation' | 'test', bucket: LengthBucket, predictions: Predictions): AnswerPlace[] => {
    if (predictions.kind !== 'spans') throw new TypeError(`${task}: score: expected spans, got ${predictions.kind}`);
    checkPredictionCount(predictions.starts.length, windowsOf(examplesOf(split, bucket)).length);
    return bestAnswers(examplesOf(split, bucket), predictions);
  };
  const scored = (list: readonly Example[], texts: readonly string[]): Scores => scoresByDepth(list, texts, everyDepth);
  const shortest = trainedTest.reduce((a, b) => (b.length < a.length ? b : a));
  const portrait = shortest.length <= PORTRAIT_LENGTH ? shortest : undefined;

  return {
    fingerprint: fingerprint(described(trained, [validation, ...test].flat(), toExample)),
    sizes: { train: trained.length, ...heldOut.sizes },
    architecture: 'encoder',
    input: { kind: 'tokens', vocabulary: tokenizer.vocabulary },
    output: { kind: 'span' },
    question: { kind: 'span', maximumAnswer },
    maximumLength: plan.limit,
    metrics,
    trainingBatch: (size, uniform) =>
      collate(drawIndices(drawn.texts.length, size, uniform).map(trainingWindow), plan.trained),
    evaluation: (split, batchSize) => heldOut.evaluation(split, batchSize, windowsOf, collate),
    score: (split, bucket, predictions) => {
      const list = examplesOf(split, bucket);
      return scored(list, textsOf(list, answersOf(split, bucket, predictions)));
    },
    baselines: answerBaselines(
      trained,
      test.flat().map(({ asked }) => asked),
    ).map(({ answer, ...baseline }) => ({
      ...baseline,
      scores: heldOut.scoreTest((list) =>
        scored(
          list,
          list.map(({ asked }) => answer(asked)),
        ),
      ),
    })),
    data: { ...data, examples: trained.slice(0, 3).map(shown) },
    files: { 'tokenizer.json': tokenizer.toJson() },
    samples: (bucket, predictions) => {
      const answers = answersOf('test', bucket, predictions);
      return heldOut.shownOf(bucket).map(({ asked }, index): Sample => {
        const answer = answers[index] as AnswerPlace;
        const expected = asked.answers[0];
        return {
          kind: 'spans',
          id: asked.id,
          bucket: bucket.label,
          question: asked.question,
          text: asked.context,
          expected: [{ ...expected, label: 'answer' }],
          answer: [{ ...answer, label: 'answer' }],
          right: answerScores(textAt(asked, answer), acceptedOf(asked)).exactMatch === 1,
        };
      });
    },
    ...(portrait === undefined
      ? {}
      : {
          portrait: {
            batch: collate([portrait.windows[0]], portrait.windows[0].ids.length),
            source: Array.from(portrait.windows[0].ids, (id) => tokenizer.text(id)),
          },
        }),
    notes: [
      ...request.notes,
      ...few,
      ...unreachableNote(test.flat(), maximumAnswer),
      'Answers are compared as SQuAD does: without case, punctuation and articles.',
      'Lengths are in tokens of question and context. Validation is within the trained lengths only.',
    ],
  };
}

/** Test answers that no choice of tokens gives. */
function unreachableNote(test: readonly Example[], maximumAnswer: number): string[] {
  const reached = test.filter(({ asked, context, place: [first, last], windows }) => {
    const [start, end] = [context.starts[first] as number, context.ends[last] as number];
    const exact = answerScores(textAt(asked, { start, end }), [textAt(asked, asked.answers[0])]).exactMatch === 1;
    return exact && last - first < maximumAnswer && windows.some(({ answer }) => answer[0] > 0);
  });
  const missed = test.length - reached.length;
  if (missed === 0) return [];
  return [
    `${missed} of ${test.length} test answers cannot be found: they begin or end inside of a token, have more than the ` +
      `${maximumAnswer} tokens of the longest training answer, or lie in no window whole.`,
  ];
}

function shown(asked: AskedText): string {
  return `${asked.question} → ${textAt(asked, asked.answers[0])}`;
}

/** What a fingerprint is made of, one after the other. */
function* described(
  trained: readonly AskedText[],
  heldOut: readonly Example[],
  toExample: (asked: AskedText) => Example,
): Generator<string | Int32Array> {
  for (const asked of trained) yield* describedExample(toExample(asked));
  for (const example of heldOut) yield* describedExample(example);
}

function* describedExample({ asked, windows }: Example): Generator<string | Int32Array> {
  yield asked.id;
  for (const { ids, answer } of windows) {
    yield ids;
    yield Int32Array.from(answer);
  }
}

/** The windows of examples, one after the other. */
function windowsOf(examples: readonly Example[]): AnswerWindow[] {
  return examples.flatMap(({ windows }) => windows);
}

function collate(windows: readonly AnswerWindow[], length: number): Batch {
  return {
    size: windows.length,
    source: tokenSequences(
      windows.map(({ ids }) => ids),
      length,
    ),
    labels: Int32Array.from(windows.flatMap(({ answer }) => answer)),
    answerFrom: Int32Array.from(windows, ({ contextFrom }) => contextFrom),
  };
}

/** Of each example the answer of the window that is surest to have it. */
function bestAnswers(
  examples: readonly Example[],
  { starts, ends, scores }: Extract<Predictions, { kind: 'spans' }>,
): AnswerPlace[] {
  let next = 0;
  return examples.map(({ asked, context, windows }) => {
    let best = { score: Number.NEGATIVE_INFINITY, first: 0, last: 0 };
    for (const { contextFrom, firstToken } of windows) {
      const at = next++;
      const score = scores[at] as number;
      if (score <= best.score) continue;
      const offset = firstToken - contextFrom;
      best = { score, first: (starts[at] as number) + offset, last: (ends[at] as number) + offset };
    }
    const [start, end] = [context.starts[best.first] as number, context.ends[best.last] as number];
    // A token often begins with the space before its word.
    const text = asked.context.slice(start, end);
    return { start: start + text.length - text.trimStart().length, end: start + text.trimEnd().length };
  });
}

function textsOf(examples: readonly Example[], answers: readonly AnswerPlace[]): string[] {
  return examples.map(({ asked }, index) => textAt(asked, answers[index] as AnswerPlace));
}
