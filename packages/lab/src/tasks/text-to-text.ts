/**
 * From pairs of texts to a task that writes the second from the first, token by token (encoder–decoder): what
 * translation and summarisation share. Knows no particular data, no metric, no model and no encoding.
 */
import { fingerprint, type Split } from '../data/hash.ts';
import type { TextTokenizer } from '../data/text-tokenizer.ts';
import type { DataSummary } from '../record/data-summary.ts';
import type { Sample } from '../record/sample.ts';
import { checkPredictionCount, drawIndices, evaluationSet } from './batches.ts';
import { checkReached, countTooLong, everyLength, trainedLengthOf } from './length-checks.ts';
import { packTokens } from './packed-tokens.ts';
import type { Alignment, LengthBucket, Portrait, PreparedTask, Scores } from './task.ts';
import {
  bucketIndex,
  fittingBatchSize,
  type LengthRequest,
  largest,
  planLengths,
  summarizeLengths,
} from './text-lengths.ts';
import {
  collate,
  described,
  type Encoded,
  idsOf,
  type TextPair,
  type TokenIds,
  type TokenPair,
} from './token-pairs.ts';
import { firstTokens } from './tokenizers.ts';
import { counted } from './wording.ts';

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
  /** The unit of source lengths; `source tokens` unless given. */
  readonly unit?: string;
  readonly lengths: LengthRequest;
  /** Whether sources may be cut, if asked for. */
  readonly mayCut: boolean;
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
  // Closures below hold no split and no whole request: training texts are free once they are encoded.
  const { task, tokenizer, splits, unit = 'source tokens', score, scoreOne } = request;
  const packed = {
    source: packTokens(splits.train, tokenizer.vocabulary, ({ source }) => tokenizer.encode(source).ids),
    target: packTokens(splits.train, tokenizer.vocabulary, ({ target }) => tokenizer.encode(target).ids),
  };
  const sourceLength = ({ source }: Pair): number => tokenizer.encode(source).ids.length;
  const lengths = {
    train: packed.source.lengths,
    validation: Int32Array.from(splits.validation, sourceLength),
    test: Int32Array.from(splits.test, sourceLength),
  };
  const plan = planLengths(task, lengths, request.lengths);
  const { limit } = plan;
  const maximumTarget = Math.ceil(plan.trained * request.targetRatio);
  const told = { ...request.summary, lengths: summarizeLengths(unit, everyLength(lengths)) };
  const tooLong = countTooLong({
    task,
    what: 'sources',
    unit: unit.replace(/^source /, ''),
    lengths,
    plan,
    tooLong: request.lengths.tooLong,
    ...(request.mayCut ? { instead: { tooLong: 'cut', to: 'keep their starts' } } : {}),
    nameOf: (split, index) => (splits[split][index] as Pair).id,
    data: { ...told, examples: splits.train.slice(0, 3).map(shown) },
  });

  const used = (length: number): number => Math.min(length, limit);
  const encode = (pair: Pair): TokenPair<Pair> => ({
    pair,
    source: firstTokens(tokenizer.encode(pair.source), limit),
    target: tokenizer.encode(pair.target),
  });
  const inside = Uint32Array.from(splits.train.keys()).filter(
    (index) =>
      used(lengths.train[index] as number) <= plan.trained && (packed.target.lengths[index] as number) <= maximumTarget,
  );
  const trainedPair = (index: number): TokenIds => ({
    source: packed.source.at(index, limit),
    target: packed.target.at(index),
  });
  const test = plan.buckets.map((): TokenPair<Pair>[] => []);
  splits.test.forEach((pair, index) => {
    const bucket = test[bucketIndex(plan.buckets, used(lengths.test[index] as number))] as TokenPair<Pair>[];
    if (bucket.length < request.testExamples) bucket.push(encode(pair));
  });
  const validation: TokenPair<Pair>[] = [];
  for (const [index, pair] of splits.validation.entries()) {
    if (validation.length === request.validationExamples) break;
    if (used(lengths.validation[index] as number) > plan.trained) continue;
    const example = encode(pair);
    if (example.target.ids.length <= maximumTarget) validation.push(example);
  }
  const counts = { train: inside.length, validation: validation.length, test: test[0]?.length ?? 0 };
  const few = checkReached(
    task,
    `${counted(plan.trained, unit)} and ${counted(maximumTarget, 'target tokens')}`,
    counts,
  );
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
    fingerprint: fingerprint(described(splits.train, inside, trainedPair, [validation, ...test])),
    sizes: {
      train: inside.length,
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
    trainingBatch: (size, uniform) =>
      collate(
        drawIndices(inside.length, size, uniform).map((at) => trainedPair(inside[at] as number)),
        tokenizer,
        trainedShape,
      ),
    evaluation: (split, batchSize) =>
      evaluated[split].map((list, index) => {
        const bucket = plan.buckets[index] as LengthBucket;
        const fitting = fittingBatchSize(batchSize, plan.trained, bucket.maximum);
        return evaluationSet(bucket, list, Math.min(list.length, fitting), (rows) =>
          collate(rows.map(idsOf), tokenizer, { source: bucket.maximum, target: longestTarget }),
        );
      }),
    score: (split, bucket, predictions) => score(examplesOf(split, bucket), writtenOf(split, bucket, predictions)),
    baselines: request.baselines.map(({ name, title, orderBlind, write }) => ({
      name,
      title,
      ...(orderBlind === undefined ? {} : { orderBlind }),
      scores: Object.fromEntries(
        plan.buckets.map((bucket) => {
          const list = examplesOf('test', bucket);
          return [
            bucket.label,
            score(
              list,
              list.map((example) => ({ text: write(example) })),
            ),
          ];
        }),
      ),
    })),
    data: {
      ...told,
      trainedLength: trainedLengthOf(plan),
      ...(tooLong === 0 ? {} : { tooLong: { count: tooLong, action: 'cut' } }),
      examples: Array.from(inside.subarray(0, 3), (index) => shown(splits.train[index] as Pair)),
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
            score: { metric: scoreOne.metric, value: scoreOne.of(example, text) },
          };
        }),
    ...(portrait === undefined ? {} : { portrait }),
    notes: [
      ...request.notes,
      ...few,
      `Training targets have at most ${counted(maximumTarget, 'tokens')}; of ${splits.train.length} training examples, ` +
        `${inside.length} are within the trained lengths.`,
      `Lengths are in ${unit === 'source tokens' ? 'tokens of the source' : unit}. Validation is within the trained lengths only.`,
    ],
  };
}

function shown({ source, target }: TextPair): string {
  return `${source} → ${target}`;
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
    batch: collate([idsOf(example)], tokenizer, {
      source: example.source.ids.length,
      target: example.target.ids.length + 1,
    }),
    source: names(example.source),
    // The step that writes a token stands for it.
    target: [...names(example.target), '(end)'],
    ...(linksOf === undefined ? {} : { links: linksOf(example) }),
  };
}
