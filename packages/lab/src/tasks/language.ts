/**
 * The task `language`: the next character, or byte-pair token, of State of the Union addresses. The same held-out
 * tokens are predicted from one, two, four and eight times the context a model was trained on.
 * Knows no model and no encoding.
 */
import { type Address, readAddresses } from '../data/addresses.ts';
import { bytePairTokenizer, trainBytePairs } from '../data/byte-pair.ts';
import { fingerprint, orderByHash, splitOf } from '../data/hash.ts';
import { occurIn } from '../data/passages.ts';
import { characterTokenizer, frequentCharacters, type Tokenizer, UNKNOWN_TOKEN } from '../data/tokenizer.ts';
import { batchSizeAtLength, checkPredictionCount, drawIndices, evaluationSet, UNSCORED } from './batches.ts';
import { bitsPerCharacter } from './metrics.ts';
import { checkOptionNames, choiceOption, integerOption } from './options.ts';
import type { Batch, LengthBucket, Predictions, PreparedTask, Scores, Task, TaskOptions } from './task.ts';

const TRAINED_LENGTH = 64;
/** At evaluation only the last tokens of a window are scored, so every one of them has at least 32 before it. */
const SCORED = TRAINED_LENGTH / 2;
const BUCKETS: readonly [LengthBucket, ...LengthBucket[]] = [
  bucketOf(1, '64 (sliding window)'),
  bucketOf(2),
  bucketOf(4),
  bucketOf(8),
];
const LONGEST = TRAINED_LENGTH * 8;
const SHARES = { validation: 0.05, test: 0.1 };
const VALIDATION_WINDOWS = 128;
const TEST_WINDOWS = 256;
/** Characters rarer than this in the training addresses are unknown. */
const RAREST_CHARACTER = 100;
/** Tokens of the byte-pair vocabulary, padding and unknown not counted. */
const BYTE_PAIR_TOKENS = 500;

/** An address as tokens. */
interface Document {
  readonly name: string;
  readonly tokens: Uint16Array;
}

/** The tokens that end before `end` in a document; at length L the inputs are the L tokens before the last one. */
interface Window {
  readonly document: Document;
  readonly end: number;
}

/** Next-token prediction on State of the Union addresses. */
export const language: Task = {
  name: 'language',
  title: 'Next character of a speech',
  description:
    'The next character (or byte-pair token: tokens=bpe) of State of the Union addresses, 1790–2021 (decoder). ' +
    'Trained on windows of 64 tokens; the same held-out text is then predicted from 64, 128, 256 and 512.',
  metrics: [
    {
      name: 'bits-per-character',
      title: 'bits per character',
      better: 'lower',
      format: 'number',
      unit: 'bits per character',
    },
  ],
  lengthUnit: 'tokens',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 256,
    encoderLayers: 0,
    decoderLayers: 2,
    steps: 600,
    batchSize: 16,
    learningRate: 3e-3,
    warmupSteps: 100,
    encodings: ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 't5', 't5:scale=1'],
  },
  options: [
    { name: 'tokens', description: 'what a token is: characters or bpe', default: 'characters' },
    { name: 'testExamples', description: 'test windows, at most', default: TEST_WINDOWS },
  ],
  prepare: async (options) => prepare(options),
};

function prepare(options: TaskOptions): PreparedTask {
  checkOptionNames('language', options, ['tokens', 'testExamples']);
  const kind = choiceOption('language', options, 'tokens', ['characters', 'bpe']);
  const testWindows = integerOption('language', options, 'testExamples', TEST_WINDOWS, 1);

  const splits = splitAddresses(readAddresses());
  const tokenizer = makeTokenizer(kind, splits.train);
  const encode = ({ year, president, text }: Address): Document => ({
    name: `${year} ${president}`,
    tokens: tokenizer.encode(text.toLowerCase()),
  });
  const train = splits.train.map(encode);
  const windows = {
    validation: chooseWindows(train, splits.validation.map(encode), VALIDATION_WINDOWS),
    test: chooseWindows(train, splits.test.map(encode), testWindows),
  };
  const bucketsOf = { validation: BUCKETS.slice(0, 1), test: BUCKETS };
  const starts = train.map(({ tokens }) => tokens.length - TRAINED_LENGTH);
  const totalStarts = starts.reduce((sum, count) => sum + count, 0);

  return {
    fingerprint: fingerprint([
      ...train.flatMap(({ name, tokens }) => [name, Int32Array.from(tokens)]),
      ...[...windows.validation, ...windows.test].flatMap(({ document, end }) => [
        `${document.name} ${end}`,
        Int32Array.from(document.tokens.subarray(end - LONGEST - 1, end)),
      ]),
    ]),
    sizes: { train: totalStarts, validation: windows.validation.length, test: windows.test.length },
    architecture: 'decoder',
    input: { kind: 'tokens', vocabulary: tokenizer.vocabulary },
    output: { kind: 'tokens', vocabulary: tokenizer.vocabulary },
    question: { kind: 'likelihood' },
    maximumLength: LONGEST,
    trainingBatch: (size, uniform) => {
      const chosen = drawIndices(totalStarts, size, uniform).map((drawn): Window => {
        let start = drawn;
        let index = 0;
        while (start >= (starts[index] as number)) start -= starts[index++] as number;
        return { document: train[index] as Document, end: start + TRAINED_LENGTH + 1 };
      });
      return collate(chosen, TRAINED_LENGTH, TRAINED_LENGTH);
    },
    evaluation: (split, batchSize) =>
      bucketsOf[split].map((bucket) =>
        evaluationSet(
          bucket,
          windows[split],
          batchSizeAtLength(batchSize, TRAINED_LENGTH, bucket.maximum),
          (examples) => collate(examples, bucket.maximum, SCORED),
        ),
      ),
    score: (split, _bucket, predictions) => score(windows[split], tokenizer, predictions),
    baselines: [unigramBaseline(train, windows.test, tokenizer)],
    notes: [
      'Every length predicts the same held-out tokens: the last 32 of each window, whatever came before them.',
      'The length 64 is therefore the sliding-window baseline: what the same model scores if it only ever sees the ' +
        'last 33–64 tokens (stride 32). A score below it at a longer length is a gain from more context, a score above ' +
        'it a failure to extrapolate.',
      `Texts are in lower case; addresses are split by year, ${splits.test.length} for test: ` +
        `${splits.test.map(({ year }) => year).join(', ')}.`,
      'Held-out windows whose last 64 tokens also occur in a training address (a quotation) are left out.',
      'Validation is at the trained length only. Characters rarer than 100 in the training addresses are unknown ' +
        'and not scored.',
    ],
  };
}

/** Addresses by split; all addresses of one year are in one split. */
export function splitAddresses(
  addresses: readonly Address[],
): Readonly<Record<'train' | 'validation' | 'test', Address[]>> {
  const splits = { train: [] as Address[], validation: [] as Address[], test: [] as Address[] };
  for (const address of addresses) splits[splitOf(`year ${address.year}`, SHARES)].push(address);
  return splits;
}

function makeTokenizer(kind: 'characters' | 'bpe', train: readonly Address[]): Tokenizer {
  const texts = train.map(({ text }) => text.toLowerCase());
  const characters = frequentCharacters(texts, RAREST_CHARACTER);
  if (kind === 'characters') return characterTokenizer(characters);
  return bytePairTokenizer(characters, trainBytePairs(texts, characters, BYTE_PAIR_TOKENS));
}

/**
 * Windows whose scored tokens do not overlap, in an order decided by their hashes. Presidents quote earlier addresses:
 * a window whose last 64 tokens occur in a training address is left out.
 */
function chooseWindows(train: readonly Document[], documents: readonly Document[], count: number): Window[] {
  const all = documents.flatMap((document) => {
    const windows: Window[] = [];
    for (let end = LONGEST + 1; end <= document.tokens.length; end += SCORED) windows.push({ document, end });
    return windows;
  });
  const quoted = occurIn(
    train.map(({ tokens }) => tokens),
    all.map(({ document, end }) => document.tokens.subarray(end - TRAINED_LENGTH, end)),
  );
  const own = all.filter((_, index) => quoted[index] === false);
  return orderByHash(own, ({ document, end }) => `${document.name} ${end}`).slice(0, count);
}

function collate(windows: readonly Window[], length: number, scored: number): Batch {
  const inputs = new Int32Array(windows.length * length);
  const labels = new Int32Array(windows.length * length).fill(UNSCORED);
  windows.forEach(({ document, end }, row) => {
    inputs.set(document.tokens.subarray(end - length - 1, end - 1), row * length);
    labels.set(scoredTokens({ document, end }, scored), (row + 1) * length - scored);
  });
  return {
    size: windows.length,
    target: { data: inputs, length, lengths: new Int32Array(windows.length).fill(length) },
    labels,
  };
}

/** The last `scored` tokens of a window, unknown ones replaced by −1. */
function scoredTokens({ document, end }: Window, scored: number): Int32Array {
  return Int32Array.from(document.tokens.subarray(end - scored, end), (token) =>
    token === UNKNOWN_TOKEN ? UNSCORED : token,
  );
}

function score(windows: readonly Window[], tokenizer: Tokenizer, predictions: Predictions): Scores {
  if (predictions.kind !== 'losses') throw new TypeError(`language: score: expected losses, got ${predictions.kind}`);
  checkPredictionCount(predictions.nats.length, windows.length);
  const nats = predictions.nats.reduce((sum, value) => sum + value, 0);
  return { 'bits-per-character': bitsPerCharacter(nats, countCharacters(windows, tokenizer)) };
}

function countCharacters(windows: readonly Window[], tokenizer: Tokenizer): number {
  let characters = 0;
  for (const window of windows) {
    for (const token of scoredTokens(window, SCORED))
      if (token !== UNSCORED) characters += tokenizer.textOf(token).length;
  }
  return characters;
}

/** What the frequencies of tokens in the training addresses score, without any context. */
function unigramBaseline(
  train: readonly Document[],
  test: readonly Window[],
  tokenizer: Tokenizer,
): PreparedTask['baselines'][number] {
  const counts = new Float64Array(tokenizer.vocabulary).fill(1);
  for (const { tokens } of train) for (const token of tokens) counts[token] = (counts[token] as number) + 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  let nats = 0;
  for (const window of test) {
    for (const token of scoredTokens(window, SCORED)) {
      if (token !== UNSCORED) nats -= Math.log((counts[token] as number) / total);
    }
  }
  const scores = { 'bits-per-character': bitsPerCharacter(nats, countCharacters(test, tokenizer)) };
  return {
    name: 'unigram',
    title: 'token frequencies',
    scores: Object.fromEntries(BUCKETS.map(({ label }) => [label, scores])),
  };
}

function bucketOf(times: number, label?: string): LengthBucket {
  const length = TRAINED_LENGTH * times;
  return { label: label ?? `${length}`, minimum: length, maximum: length, trained: times === 1 };
}
