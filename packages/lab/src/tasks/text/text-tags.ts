/**
 * From texts whose words carry tags to a task that tags every word (encoder). Texts longer than a window are read in
 * overlapping windows; every word is tagged where it stands nearest to the middle of one, and found again by its
 * characters. Knows no particular data, no model and no encoding.
 */
import { fingerprint } from '../../data/hash.ts';
import type { EncodedText } from '../../data/text-tokenizer.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import type { Sample } from '../../record/sample.ts';
import { checkPredictionCount, drawIndices, padRows, tokenSequences, UNSCORED } from '../shared/batches.ts';
import { checkReached } from '../shared/length-checks.ts';
import { counted } from '../shared/wording.ts';
import type { Batch, LengthBucket, Predictions, PreparedTask, Scores } from '../task.ts';
import { holdOutTexts, type TextRequest, trainedIndices } from './held-out-texts.ts';
import { numberWindows } from './numbered-windows.ts';
import { planTexts } from './planned-texts.ts';
import { type TaggedText, type TaggedWord, type TagWindow, tagWindows, windowStarts } from './tagged-text.ts';

/** What is said of each word of a text. */
export interface WordAnswers {
  readonly tags: readonly string[];
  /**
   * Where the meaning reads them: by how many nats any tag but the first is more probable than the first, −∞ for a word
   * that was not read.
   */
  readonly odds?: Float64Array;
}

/** What the tags mean: how answers are scored and shown. */
export interface TagMeaning<Text extends TaggedText> {
  /** The first is that of words which are nothing. */
  readonly tags: readonly [string, ...string[]];
  /** Whether answers are chosen by their odds. */
  readonly readsOdds?: boolean;
  score(texts: readonly Text[], answers: readonly WordAnswers[]): Scores;
  /** Answers that need no model. @param train - the texts within the trained lengths */
  baselines(train: readonly Text[]): readonly TagBaseline<Text>[];
  sample(text: Text, answers: WordAnswers, bucket: string): Sample;
  /** A text and its tags on one line. */
  shown(text: Text): string;
  /** How often each kind is there, where tags have kinds. */
  readonly classes?: NonNullable<DataSummary['classes']>;
  readonly notes: readonly string[];
}

/** Answers for a text that need no model. */
export interface TagBaseline<Text> {
  readonly name: string;
  readonly title: string;
  readonly orderBlind?: boolean;
  answer(text: Text): WordAnswers;
}

/** What a task says of itself. */
export interface TagRequest<Text extends TaggedText> extends TextRequest<Text> {
  readonly meaning: TagMeaning<Text>;
}

interface Example<Text> {
  readonly text: Text;
  readonly tokens: EncodedText;
  /** Its length in tokens; of windowed texts that of a window. */
  readonly length: number;
  readonly windows: readonly TagWindow[];
}

const PORTRAIT_LENGTH = 32;

/** @throws {TaskError} when a text is too long and none may be windowed, or a split has none of a trained length */
export function prepareTextTags<Text extends TaggedText>(request: TagRequest<Text>): PreparedTask {
  const { task, tokenizer, splits, meaning } = request;
  const { tags } = meaning;
  const lengthOf = ({ text }: Text): number => tokenizer.encode(text).ids.length;
  const lengths = {
    train: Int32Array.from(splits.train, lengthOf),
    validation: Int32Array.from(splits.validation, lengthOf),
    test: Int32Array.from(splits.test, lengthOf),
  };
  const { plan, data } = planTexts(request, lengths, {
    what: 'texts',
    unit: 'tokens',
    instead: 'window',
    shown: meaning.shown,
    ...(meaning.classes === undefined ? {} : { classes: meaning.classes }),
  });
  const used = (length: number): number => Math.min(length, plan.limit);
  const toExample = (text: Text): Example<Text> => {
    const tokens = tokenizer.encode(text.text);
    const length = used(tokens.ids.length);
    return { text, tokens, length, windows: tagWindows(text, tokens, length) };
  };
  // Training texts are read anew whenever they are drawn: the tokens and words of a million would not fit.
  const inside = trainedIndices(lengths, plan);
  const trained = Array.from(inside, (index) => splits.train[index] as Text);
  const heldOut = holdOutTexts(request, lengths, plan, toExample);
  const { validation, test, trainedTest, examplesOf } = heldOut;
  const counts = { train: inside.length, validation: validation.length, test: trainedTest.length };
  const few = checkReached(task, counted(plan.trained, 'tokens'), counts);
  // Of windows, not of texts, so that batches have one size also where training texts are windowed.
  const drawn = numberWindows(inside.map((index) => windowStarts(lengths.train[index] as number, plan.limit).length));
  const trainingWindow = (at: number): Placed => {
    const { text, windows } = toExample(trained[drawn.texts[at] as number] as Text);
    return { text, window: windows[drawn.windows[at] as number] as TagWindow };
  };
  const numbers = new Map(tags.map((tag, index) => [tag, index]));
  const collate = (windows: readonly Placed[], length: number): Batch => collateWindows(windows, length, numbers);
  const answersOf = (
    split: 'validation' | 'test',
    bucket: LengthBucket,
    predictions: Predictions,
  ): readonly WordAnswers[] => {
    if (predictions.kind !== 'tags') throw new TypeError(`${task}: score: expected tags, got ${predictions.kind}`);
    const examples = examplesOf(split, bucket);
    checkPredictionCount(predictions.tags.length, placed(examples).length);
    return wordAnswers(examples, predictions, tags);
  };
  const score = (examples: readonly Example<Text>[], answers: readonly WordAnswers[]): Scores =>
    meaning.score(
      examples.map(({ text }) => text),
      answers,
    );
  const [shown] = placed(trainedTest.filter(({ length }) => length <= PORTRAIT_LENGTH).slice(0, 1));

  return {
    fingerprint: fingerprint(
      described(
        [...trained, ...[validation, ...test].flatMap((list) => list.map(({ text }) => text))],
        ({ text }) => tokenizer.encode(text).ids,
      ),
    ),
    sizes: { train: inside.length, ...heldOut.sizes },
    architecture: 'encoder',
    input: { kind: 'tokens', vocabulary: tokenizer.vocabulary },
    output: { kind: 'tokens', vocabulary: tags.length },
    question: { kind: 'tag', ...(meaning.readsOdds ? { odds: true } : {}) },
    maximumLength: plan.limit,
    trainingBatch: (size, uniform) =>
      collate(drawIndices(drawn.texts.length, size, uniform).map(trainingWindow), plan.trained),
    evaluation: (split, batchSize) => heldOut.evaluation(split, batchSize, placed, collate),
    score: (split, bucket, predictions) => score(examplesOf(split, bucket), answersOf(split, bucket, predictions)),
    baselines: meaning.baselines(trained).map(({ answer, ...baseline }) => ({
      ...baseline,
      scores: heldOut.scoreTest((list) =>
        score(
          list,
          list.map(({ text }) => answer(text)),
        ),
      ),
    })),
    data: { ...data, examples: trained.slice(0, 3).map(meaning.shown) },
    files: { 'tokenizer.json': tokenizer.toJson() },
    samples: (bucket, predictions) => {
      const answers = answersOf('test', bucket, predictions);
      return heldOut
        .shownOf(bucket)
        .map(({ text }, index) => meaning.sample(text, answers[index] as WordAnswers, bucket.label));
    },
    ...(shown === undefined
      ? {}
      : {
          portrait: {
            batch: collate([shown], shown.window.ids.length),
            source: Array.from(shown.window.ids, (id) => tokenizer.text(id)),
          },
        }),
    notes: [
      ...request.notes,
      ...few,
      'A word is tagged at its first token.',
      ...meaning.notes,
      'Lengths are in tokens. Validation is within the trained lengths only.',
    ],
  };
}

/** What a fingerprint is made of, one after the other. */
function* described(
  texts: Iterable<TaggedText>,
  idsOf: (text: TaggedText) => Int32Array,
): Generator<string | Int32Array> {
  for (const text of texts) {
    yield `${text.id} ${text.words.map(({ tag, scored }) => `${tag}${scored ? '' : '?'}`).join(' ')}`;
    yield idsOf(text);
  }
}

/** A window and the text it is of. */
interface Placed {
  readonly text: TaggedText;
  readonly window: TagWindow;
}

function placed(examples: readonly Example<TaggedText>[]): Placed[] {
  return examples.flatMap(({ text, windows }) => windows.map((window) => ({ text, window })));
}

function collateWindows(windows: readonly Placed[], length: number, numbers: ReadonlyMap<string, number>): Batch {
  const labels = windows.map(({ text, window }) => {
    const row = new Int32Array(window.ids.length).fill(UNSCORED);
    const { words } = text;
    for (const { token, word } of window.words) {
      const { tag, scored } = words[word] as TaggedWord;
      if (scored) row[token] = numbers.get(tag) ?? 0;
    }
    return row;
  });
  return {
    size: windows.length,
    source: tokenSequences(
      windows.map(({ window }) => window.ids),
      length,
    ),
    labels: padRows(labels, length, UNSCORED),
  };
}

/** What is predicted for each word of each text. */
function wordAnswers(
  examples: readonly Example<TaggedText>[],
  predictions: Extract<Predictions, { kind: 'tags' }>,
  tags: readonly [string, ...string[]],
): WordAnswers[] {
  let at = 0;
  return examples.map(({ text, windows }) => {
    const found = text.words.map(() => tags[0]);
    const odds = new Float64Array(text.words.length).fill(Number.NEGATIVE_INFINITY);
    for (const { words } of windows) {
      const [numbers, nats] = [predictions.tags[at] as Int32Array, predictions.odds?.[at]];
      at += 1;
      for (const { token, word } of words) {
        found[word] = tags[numbers[token] as number] as string;
        if (nats !== undefined) odds[word] = nats[token] as number;
      }
    }
    return { tags: found, odds };
  });
}
