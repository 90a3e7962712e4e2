/**
 * From pairs of texts to a task that writes the second from the first, token by token (encoder–decoder): what
 * translation and summarisation share. Knows no particular data, no metric, no model and no encoding.
 */
import { fingerprint } from '../../data/hash.ts';
import type { Sample } from '../../record/sample.ts';
import { checkPredictionCount, drawIndices } from '../shared/batches.ts';
import { checkReached } from '../shared/length-checks.ts';
import { packTokens } from '../shared/packed-tokens.ts';
import { largest } from '../shared/text-lengths.ts';
import {
  collate,
  described,
  type Encoded,
  idsOf,
  type TextPair,
  type TokenIds,
  type TokenPair,
} from '../shared/token-pairs.ts';
import { firstTokens } from '../shared/tokenizers.ts';
import { counted } from '../shared/wording.ts';
import type { Alignment, LengthBucket, Portrait, PreparedTask, Scores } from '../task.ts';
import { holdOutTexts, type TextRequest, trainedIndices } from './held-out-texts.ts';
import { planTexts } from './planned-texts.ts';

/** A written text and, where asked for, what each step attended to. */
export interface Written {
  readonly text: string;
  readonly alignment?: Alignment;
}

/** What a task says of itself. */
export interface TextToTextRequest<Pair extends TextPair> extends TextRequest<Pair> {
  /** The unit of source lengths; `source tokens` unless given. */
  readonly unit?: string;
  /** Whether sources may be cut, if asked for. */
  readonly mayCut: boolean;
  /** Training targets have at most this many times the tokens of the longest trained source. */
  readonly targetRatio: number;
  readonly beams: number;
  readonly alignments: boolean;
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
}

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
  const { plan, data } = planTexts(request, lengths, {
    what: 'sources',
    unit: unit.replace(/^source /, ''),
    measured: unit,
    ...(request.mayCut ? { instead: 'cut' as const } : {}),
    shown,
  });
  const { limit } = plan;
  const maximumTarget = Math.ceil(plan.trained * request.targetRatio);

  const encode = (pair: Pair): TokenPair<Pair> => ({
    pair,
    source: firstTokens(tokenizer.encode(pair.source), limit),
    target: tokenizer.encode(pair.target),
  });
  const inside = trainedIndices(lengths, plan).filter(
    (index) => (packed.target.lengths[index] as number) <= maximumTarget,
  );
  const trainedPair = (index: number): TokenIds => ({
    source: packed.source.at(index, limit),
    target: packed.target.at(index),
  });
  const heldOut = holdOutTexts(request, lengths, plan, encode, ({ target }) => target.ids.length <= maximumTarget);
  const { validation, test, trainedTest, examplesOf } = heldOut;
  const counts = { train: inside.length, validation: validation.length, test: trainedTest.length };
  const few = checkReached(
    task,
    `${counted(plan.trained, unit)} and ${counted(maximumTarget, 'target tokens')}`,
    counts,
  );
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
  const portrait = portraitOf(request, trainedTest);

  return {
    fingerprint: fingerprint(described(splits.train, inside, trainedPair, [validation, ...test])),
    sizes: { train: inside.length, ...heldOut.sizes },
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
      heldOut.evaluation(
        split,
        batchSize,
        (list) => list,
        (rows, source) => collate(rows.map(idsOf), tokenizer, { source, target: longestTarget }),
      ),
    score: (split, bucket, predictions) => score(examplesOf(split, bucket), writtenOf(split, bucket, predictions)),
    baselines: request.baselines.map(({ name, title, orderBlind, write }) => ({
      name,
      title,
      ...(orderBlind === undefined ? {} : { orderBlind }),
      scores: heldOut.scoreTest((list) =>
        score(
          list,
          list.map((example) => ({ text: write(example) })),
        ),
      ),
    })),
    data: {
      ...data,
      examples: Array.from(inside.subarray(0, 3), (index) => shown(splits.train[index] as Pair)),
    },
    files: { 'tokenizer.json': tokenizer.toJson() },
    samples: (bucket, predictions) => {
      const written = writtenOf('test', bucket, predictions);
      return heldOut.shownOf(bucket).map((example, index): Sample => {
        const { text } = written[index] as Written;
        return {
          kind: 'text',
          id: example.pair.id,
          bucket: bucket.label,
          source: example.pair.source,
          expected: example.pair.target,
          answer: text,
          score: { metric: scoreOne.metric, value: scoreOne.of(example, text) },
        };
      });
    },
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
