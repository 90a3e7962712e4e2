/**
 * From pairs of texts to a task that writes the second from the first, token by token (encoder–decoder): what
 * translation and summarisation share. Knows no particular data, no metric, no model and no encoding.
 */
import { fingerprint, type Split } from '../data/hash.ts';
import type { TextTokenizer } from '../data/text-tokenizer.ts';
import type { DataSummary } from '../record/data-summary.ts';
import type { Sample } from '../record/sample.ts';
import { checkPredictionCount, drawExamples, evaluationSet, padRows, tokenSequences, UNSCORED } from './batches.ts';
import {
  type Alignment,
  type Batch,
  type LengthBucket,
  type Portrait,
  type PreparedTask,
  type Scores,
  TaskError,
} from './task.ts';
import {
  bucketIndex,
  checkReached,
  fittingBatchSize,
  type LengthPlan,
  type LengthRequest,
  largest,
  planLengths,
  summarizeLengths,
} from './text-lengths.ts';
import { firstTokens } from './tokenizers.ts';

/** A source text and what should be written for it. */
export interface TextPair {
  /** The same in every run; distinguishes examples. */
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

/** A pair as tokens. */
export interface TokenPair<Pair extends TextPair = TextPair> {
  readonly pair: Pair;
  readonly source: Encoded;
  readonly target: Encoded;
}

/** Tokens of a text and the stretches of it that they stand for, in UTF-16 code units. */
export type Encoded = ReturnType<TextTokenizer['encode']>;

/** A written text and, where asked for, what each step attended to. */
export interface Written {
  readonly text: string;
  readonly alignment?: Alignment;
}

/** What a task says of itself. */
export interface TextToTextRequest<Pair extends TextPair> {
  readonly task: string;
  readonly splits: Readonly<Record<Split, readonly Pair[]>>;
  readonly tokenizer: TextTokenizer;
  readonly lengths: LengthRequest;
  /** Training targets have at most this many times the tokens of the longest trained source. */
  readonly targetRatio: number;
  readonly beams: number;
  readonly alignments: boolean;
  readonly validationExamples: number;
  readonly testExamples: number;
  /** Scores of a bucket: what was written for each of its examples. */
  readonly score: (examples: readonly TokenPair<Pair>[], written: readonly Written[]) => Scores;
  /** An example's own score, for the report. */
  readonly scoreOne: { readonly metric: string; of(example: TokenPair<Pair>, text: string): number };
  /** Texts that need no model. */
  readonly baselines: readonly {
    readonly name: string;
    readonly title: string;
    readonly orderBlind?: boolean;
    write(example: TokenPair<Pair>): string;
  }[];
  /** Known links from target to source tokens of the example whose attention is drawn. */
  readonly linksOf?: (example: TokenPair<Pair>) => readonly (readonly [number, number])[];
  readonly summary: Pick<DataSummary, 'source' | 'format' | 'rows' | 'refused' | 'columns' | 'splitBy'>;
  readonly notes: readonly string[];
}

/** Examples of each bucket that a report shows: of the trained one, and of every other. */
const SHOWN = { trained: 6, beyond: 2 };
/** The portrait is the first test example with at most so many tokens on either side. */
const PORTRAIT_LENGTH = 32;

/** @throws {TaskError} when a split has no examples of a trained length, or one is too long and none may be cut */
export function prepareTextToText<Pair extends TextPair>(request: TextToTextRequest<Pair>): PreparedTask {
  const { task, tokenizer, splits } = request;
  const encode = (pair: Pair): TokenPair<Pair> => ({
    pair,
    source: tokenizer.encode(pair.source),
    target: tokenizer.encode(pair.target),
  });
  const all = {
    train: splits.train.map(encode),
    validation: splits.validation.map(encode),
    test: splits.test.map(encode),
  };
  const lengthsOf = (examples: readonly TokenPair<Pair>[]): number[] => examples.map(({ source }) => source.ids.length);
  const plan = planLengths(task, { train: lengthsOf(all.train), test: lengthsOf(all.test) }, request.lengths);
  const maximumTarget = Math.ceil(plan.trained * request.targetRatio);
  const { examples, tooLong } = withinLimit(task, all, plan, request.lengths);

  const fits = ({ source, target }: TokenPair<Pair>): boolean =>
    source.ids.length <= plan.trained && target.ids.length <= maximumTarget;
  const train = examples.train.filter(fits);
  const test = plan.buckets.map((): TokenPair<Pair>[] => []);
  for (const example of examples.test) {
    const bucket = test[bucketIndex(plan.buckets, example.source.ids.length)] as TokenPair<Pair>[];
    if (bucket.length < request.testExamples) bucket.push(example);
  }
  const validation = examples.validation.filter(fits).slice(0, request.validationExamples);
  const counts = { train: train.length, validation: validation.length, test: test[0]?.length ?? 0 };
  checkReached(task, plan.trained, `source tokens and ${maximumTarget} target tokens`, counts);
  const evaluated = { validation: [validation], test };
  const examplesOf = (split: 'validation' | 'test', bucket: LengthBucket): readonly TokenPair<Pair>[] => {
    const found = evaluated[split][plan.buckets.findIndex(({ label }) => label === bucket.label)];
    if (found === undefined) throw new RangeError(`${task}: ${split} has no bucket ${bucket.label}`);
    return found;
  };
  const longestTarget = Math.max(largest(test.flat().map(({ target }) => target.ids.length)), maximumTarget) + 1;
  const trainedShape = { source: plan.trained, target: maximumTarget + 1 };
  const writtenOf = (
    split: 'validation' | 'test',
    bucket: LengthBucket,
    predictions: Parameters<PreparedTask['score']>[2],
  ) => {
    if (predictions.kind !== 'sequences') {
      throw new TypeError(`${task}: score: expected sequences, got ${predictions.kind}`);
    }
    checkPredictionCount(predictions.sequences.length, examplesOf(split, bucket).length);
    return predictions.sequences.map((tokens, index): Written => {
      const alignment = predictions.alignments?.[index];
      return { text: tokenizer.decode(tokens), ...(alignment === undefined ? {} : { alignment }) };
    });
  };
  const portrait = portraitOf(request, examplesOf('test', plan.buckets[0]));

  return {
    fingerprint: fingerprint(
      [train, validation, ...test].flatMap((list) =>
        list.flatMap(({ pair, source, target }) => [pair.id, source.ids, target.ids]),
      ),
    ),
    sizes: {
      train: train.length,
      validation: validation.length,
      test: test.reduce((sum, list) => sum + list.length, 0),
    },
    architecture: 'encoder-decoder',
    input: { kind: 'tokens', vocabulary: tokenizer.vocabulary },
    output: { kind: 'tokens', vocabulary: tokenizer.vocabulary },
    question: {
      kind: 'generate',
      startToken: tokenizer.begin,
      endToken: tokenizer.end,
      maximumLength: longestTarget,
      ...(request.beams === 1 ? {} : { beams: request.beams }),
      ...(request.alignments ? { alignments: true } : {}),
    },
    maximumLength: Math.max(plan.limit, longestTarget),
    trainingBatch: (size, uniform) => collate(drawExamples(train, size, uniform), tokenizer, trainedShape),
    evaluation: (split, batchSize) =>
      evaluated[split].map((list, index) => {
        const bucket = plan.buckets[index] as LengthBucket;
        const fitting = fittingBatchSize(batchSize, plan.trained, bucket.maximum);
        return evaluationSet(bucket, list, Math.min(list.length, fitting), (rows) =>
          collate(rows, tokenizer, { source: bucket.maximum, target: longestTarget }),
        );
      }),
    score: (split, bucket, predictions) =>
      request.score(examplesOf(split, bucket), writtenOf(split, bucket, predictions)),
    baselines: request.baselines.map(({ name, title, orderBlind, write }) => ({
      name,
      title,
      ...(orderBlind === undefined ? {} : { orderBlind }),
      scores: Object.fromEntries(
        plan.buckets.map((bucket) => {
          const list = examplesOf('test', bucket);
          return [
            bucket.label,
            request.score(
              list,
              list.map((example) => ({ text: write(example) })),
            ),
          ];
        }),
      ),
    })),
    data: {
      ...request.summary,
      lengths: summarizeLengths('source tokens', lengthsOf([...all.train, ...all.validation, ...all.test])),
      trainedLength: { maximum: plan.trained, limit: plan.limit, chosenBy: plan.chosenBy },
      ...(tooLong === undefined ? {} : { tooLong }),
      examples: train.slice(0, 3).map(({ pair }) => `${pair.source} → ${pair.target}`),
    },
    files: { 'tokenizer.json': tokenizer.toJson() },
    samples: (bucket, predictions) =>
      writtenOf('test', bucket, predictions)
        .slice(0, bucket.trained ? SHOWN.trained : SHOWN.beyond)
        .map(({ text }, index): Sample => {
          const example = examplesOf('test', bucket)[index] as TokenPair<Pair>;
          return {
            kind: 'text',
            id: example.pair.id,
            bucket: bucket.label,
            source: example.pair.source,
            expected: example.pair.target,
            answer: text,
            score: { metric: request.scoreOne.metric, value: request.scoreOne.of(example, text) },
          };
        }),
    ...(portrait === undefined ? {} : { portrait }),
    notes: [
      ...request.notes,
      `Training targets have at most ${maximumTarget} tokens; of ${examples.train.length} training examples, ` +
        `${train.length} are within the trained lengths.`,
      'Lengths are in tokens of the source. Validation is within the trained lengths only.',
    ],
  };
}

/** Examples no longer than the limit: others are cut if asked for, else an error. */
function withinLimit<Pair extends TextPair>(
  task: string,
  all: Readonly<Record<Split, readonly TokenPair<Pair>[]>>,
  { limit }: LengthPlan,
  { tooLong }: LengthRequest,
): { readonly examples: typeof all; readonly tooLong?: NonNullable<DataSummary['tooLong']> } {
  const long = [...all.train, ...all.validation, ...all.test].filter(({ source }) => source.ids.length > limit);
  if (long.length === 0) return { examples: all };
  if (tooLong !== 'cut') {
    const longest = largest(long.map(({ source }) => source.ids.length));
    throw new TaskError(
      `${task}: expected sources of at most ${limit} tokens, got ${long.length} longer ones, such as ` +
        `${JSON.stringify((long[0] as TokenPair).pair.source.slice(0, 60))}; give --too-long cut to keep their starts, ` +
        `or --longest ${longest}`,
    );
  }
  const cut = (example: TokenPair<Pair>): TokenPair<Pair> => ({
    ...example,
    source: firstTokens(example.source, limit),
  });
  return {
    examples: { train: all.train.map(cut), validation: all.validation.map(cut), test: all.test.map(cut) },
    tooLong: { count: long.length, action: 'cut' },
  };
}

function collate(
  examples: readonly TokenPair[],
  { begin, end }: TextTokenizer,
  shape: { readonly source: number; readonly target: number },
): Batch {
  return {
    size: examples.length,
    source: tokenSequences(
      examples.map(({ source }) => source.ids),
      shape.source,
    ),
    target: tokenSequences(
      examples.map(({ target }) => [begin, ...target.ids]),
      shape.target,
    ),
    labels: padRows(
      examples.map(({ target }) => [...target.ids, end]),
      shape.target,
      UNSCORED,
    ),
  };
}

/** The example whose attention is drawn: short enough to read, and the same in every run. */
function portraitOf<Pair extends TextPair>(
  { tokenizer, linksOf }: TextToTextRequest<Pair>,
  test: readonly TokenPair<Pair>[],
): Portrait | undefined {
  const short = test.filter(({ source, target }) => Math.max(source.ids.length, target.ids.length) <= PORTRAIT_LENGTH);
  const example = short.find(({ source }) => source.ids.length >= 6) ?? short[0];
  if (example === undefined) return undefined;
  const names = (tokens: Encoded): string[] => Array.from(tokens.ids, (id) => tokenizer.text(id));
  return {
    batch: collate([example], tokenizer, {
      source: example.source.ids.length,
      target: example.target.ids.length + 1,
    }),
    source: names(example.source),
    // The step that writes a token stands for it.
    target: [...names(example.target), '(end)'],
    ...(linksOf === undefined ? {} : { links: linksOf(example) }),
  };
}
