/**
 * From texts whose words carry tags to a task that tags every word (encoder). Texts longer than a window are read in
 * overlapping windows; every word is tagged where it stands nearest to the middle of one, and found again by its
 * characters. Knows no particular data, no model and no encoding.
 */
import { fingerprint } from '../../data/hash.ts';
import type { EncodedText } from '../../data/text-tokenizer.ts';
import type { Sample, Span } from '../../record/sample.ts';
import { spanScores, spansOf } from '../metrics/spans.ts';
import { checkPredictionCount, drawExamples, padRows, tokenSequences, UNSCORED } from '../shared/batches.ts';
import { checkReached, countTooLong, everyLength, trainedLengthOf } from '../shared/length-checks.ts';
import { planLengths, summarizeLengths } from '../shared/text-lengths.ts';
import { counted } from '../shared/wording.ts';
import { type Batch, type LengthBucket, type Predictions, type PreparedTask, type Scores, TaskError } from '../task.ts';
import { holdOutTexts, type TextRequest, trainedIndices } from './held-out-texts.ts';
import { tagBaselines } from './tag-baselines.ts';
import { type TaggedText, type TaggedWord, type TagWindow, tagWindows } from './tagged-text.ts';

interface Example {
  readonly text: TaggedText;
  readonly tokens: EncodedText;
  /** Its length in tokens; of windowed texts that of a window. */
  readonly length: number;
  readonly windows: readonly TagWindow[];
}

const OUTSIDE = 'O';
const PORTRAIT_LENGTH = 32;

/** @throws {TaskError} when a text is too long and none may be windowed, or nothing but `O` is tagged in training */
export function prepareTextTags(request: TextRequest<TaggedText>): PreparedTask {
  const { task, tokenizer, splits } = request;
  const tags = tagsOf(task, splits);
  const lengthOf = ({ text }: TaggedText): number => tokenizer.encode(text).ids.length;
  const lengths = {
    train: Int32Array.from(splits.train, lengthOf),
    validation: Int32Array.from(splits.validation, lengthOf),
    test: Int32Array.from(splits.test, lengthOf),
  };
  const plan = planLengths(task, lengths, request.lengths);
  const told = {
    ...request.summary,
    lengths: summarizeLengths('tokens', everyLength(lengths)),
    classes: countTypes([splits.train, splits.validation, splits.test].flat()),
  };
  const tooLong = countTooLong({
    task,
    what: 'texts',
    unit: 'tokens',
    lengths,
    plan,
    tooLong: request.lengths.tooLong,
    instead: { tooLong: 'window', to: 'read them in windows' },
    nameOf: (split, index) => (splits[split][index] as TaggedText).id,
    data: { ...told, examples: splits.train.slice(0, 3).map(marked) },
  });
  const used = (length: number): number => Math.min(length, plan.limit);
  const toExample = (text: TaggedText): Example => {
    const tokens = tokenizer.encode(text.text);
    const length = used(tokens.ids.length);
    return { text, tokens, length, windows: tagWindows(text, tokens, length) };
  };
  const train = Array.from(trainedIndices(lengths, plan), (index) => toExample(splits.train[index] as TaggedText));
  const heldOut = holdOutTexts(request, lengths, plan, toExample);
  const { validation, test, trainedTest, examplesOf } = heldOut;
  const counts = { train: train.length, validation: validation.length, test: trainedTest.length };
  const few = checkReached(task, counted(plan.trained, 'tokens'), counts);
  // Of windows, not of texts, so that batches have one size also where training texts are windowed.
  const trainingWindows = placed(train);
  const numbers = new Map(tags.map((tag, index) => [tag, index]));
  const collate = (windows: readonly Placed[], length: number): Batch => collateWindows(windows, length, numbers);
  const answersOf = (split: 'validation' | 'test', bucket: LengthBucket, predictions: Predictions): string[][] => {
    if (predictions.kind !== 'tags') throw new TypeError(`${task}: score: expected tags, got ${predictions.kind}`);
    const examples = examplesOf(split, bucket);
    checkPredictionCount(predictions.tags.length, placed(examples).length);
    return wordTags(examples, predictions.tags, tags);
  };
  const [shown] = placed(trainedTest.filter(({ length }) => length <= PORTRAIT_LENGTH).slice(0, 1));

  return {
    fingerprint: fingerprint(
      [train, validation, ...test].flatMap((list) =>
        list.flatMap(({ text, tokens }) => [
          `${text.id} ${text.words.map(({ tag, scored }) => `${tag}${scored ? '' : '?'}`).join(' ')}`,
          tokens.ids,
        ]),
      ),
    ),
    sizes: { train: train.length, ...heldOut.sizes },
    architecture: 'encoder',
    input: { kind: 'tokens', vocabulary: tokenizer.vocabulary },
    output: { kind: 'tokens', vocabulary: tags.length },
    question: { kind: 'tag' },
    maximumLength: plan.limit,
    trainingBatch: (size, uniform) => collate(drawExamples(trainingWindows, size, uniform), plan.trained),
    evaluation: (split, batchSize) => heldOut.evaluation(split, batchSize, placed, collate),
    score: (split, bucket, predictions) => scoresOf(examplesOf(split, bucket), answersOf(split, bucket, predictions)),
    baselines: tagBaselines(train.map(({ text }) => text)).map(({ tagOf, ...baseline }) => ({
      ...baseline,
      scores: heldOut.scoreTest((list) =>
        scoresOf(
          list,
          list.map(({ text }) => text.words.map(({ start, end }) => tagOf(text.text.slice(start, end)))),
        ),
      ),
    })),
    data: {
      ...told,
      trainedLength: trainedLengthOf(plan),
      ...(tooLong === 0 ? {} : { tooLong: { count: tooLong, action: 'windowed' } }),
      examples: train.slice(0, 3).map(({ text }) => marked(text)),
    },
    files: { 'tokenizer.json': tokenizer.toJson() },
    samples: (bucket, predictions) => {
      const answers = answersOf('test', bucket, predictions);
      return heldOut.shownOf(bucket).map((example, index): Sample => {
        const { text } = example;
        const [expected, answer] = [text.words.map(({ tag }) => tag), answers[index] as string[]];
        const spans = (tags: readonly string[]): Span[] => characterSpans(text, tags);
        return {
          kind: 'spans',
          id: text.id,
          bucket: bucket.label,
          text: text.text,
          expected: spans(expected),
          answer: spans(answer),
          // As it is scored.
          right:
            JSON.stringify(spans(asScored(expected, example))) === JSON.stringify(spans(asScored(answer, example))),
        };
      });
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
      'A word is tagged at its first token; a name is right when its type, its first and its last word are.',
      'Lengths are in tokens. Validation is within the trained lengths only.',
    ],
  };
}

/** A window and the text it is of. */
interface Placed {
  readonly example: Example;
  readonly window: TagWindow;
}

function placed(examples: readonly Example[]): Placed[] {
  return examples.flatMap((example) => example.windows.map((window) => ({ example, window })));
}

function collateWindows(windows: readonly Placed[], length: number, numbers: ReadonlyMap<string, number>): Batch {
  const labels = windows.map(({ example, window }) => {
    const row = new Int32Array(window.ids.length).fill(UNSCORED);
    for (const { token, word } of window.words) {
      const { tag, scored } = example.text.words[word] as TaggedWord;
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

/** The predicted tag of each word of each text. */
function wordTags(examples: readonly Example[], predicted: readonly Int32Array[], tags: readonly string[]): string[][] {
  let at = 0;
  return examples.map(({ text, windows }) => {
    const found = text.words.map(() => OUTSIDE);
    for (const { words } of windows) {
      const answers = predicted[at++] as Int32Array;
      for (const { token, word } of words) found[word] = tags[answers[token] as number] as string;
    }
    return found;
  });
}

/** Tags of a text's words; of those that do not count, as outside. */
function asScored(list: readonly string[], { text }: Example): string[] {
  return list.map((tag, index) => ((text.words[index] as TaggedWord).scored ? tag : OUTSIDE));
}

function scoresOf(examples: readonly Example[], answers: readonly (readonly string[])[]): Scores {
  const { micro, macro } = spanScores(
    answers.map((list, index) => asScored(list, examples[index] as Example)),
    examples.map((example) =>
      asScored(
        example.text.words.map(({ tag }) => tag),
        example,
      ),
    ),
  );
  return { 'span-f1': micro.f1, 'macro-span-f1': macro.f1 };
}

function tagsOf(task: string, splits: TextRequest<TaggedText>['splits']): readonly string[] {
  const used = new Set(splits.train.flatMap(({ words }) => words.map(({ tag }) => tag)));
  used.delete(OUTSIDE);
  if (used.size === 0) throw new TaskError(`${task}: expected tagged names in the training texts, got none but O`);
  const types = [...new Set([...used].map((tag) => tag.slice(2)))].sort();
  return [OUTSIDE, ...types.flatMap((type) => [`B-${type}`, `I-${type}`])];
}

/** Named stretches in UTF-16 code units. */
function characterSpans({ words }: TaggedText, tags: readonly string[]): Span[] {
  return spansOf(tags).map(({ type, start, end }) => ({
    start: (words[start] as TaggedWord).start,
    end: (words[end - 1] as TaggedWord).end,
    label: type,
  }));
}

/** The text with its names in brackets. */
function marked(text: TaggedText): string {
  const spans = characterSpans(
    text,
    text.words.map(({ tag }) => tag),
  );
  return spans.reduceRight(
    (shown, { start, end, label }) =>
      `${shown.slice(0, start)}[${shown.slice(start, end)} ${label}]${shown.slice(end)}`,
    text.text,
  );
}

function countTypes(texts: readonly TaggedText[]): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { words } of texts) {
    for (const { type } of spansOf(words.map(({ tag }) => tag))) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, count]) => ({ label, count }));
}
