/**
 * From texts as tokens to the task of predicting the next one (decoder). Knows no particular texts, no model and no
 * encoding.
 */
import { fingerprint } from '../../data/hash.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import type { Sample } from '../../record/sample.ts';
import { bitsPerCharacter } from '../metrics/bits-per-character.ts';
import { batchSizeAtLength, checkPredictionCount, drawIndices, evaluationSet } from '../shared/batches.ts';
import type { LengthBucket, Predictions, PreparedTask, Scores } from '../task.ts';
import { bagNats, fitStrength, frequencyNats, tokenFrequencies } from './language-baselines.ts';
import {
  type ChosenWindows,
  collate,
  type Document,
  type HeldOutDocument,
  scoredCharacters,
  trainingWindows,
  type Window,
  type WindowLengths,
} from './language-windows.ts';

/** What a task on texts says of itself. */
export interface LanguageRequest {
  readonly vocabulary: number;
  decode(tokens: Uint16Array): string;
  /** One token as people read it. */
  textOf(token: number): string;
  readonly train: readonly Document[];
  readonly validation: ChosenWindows;
  readonly test: ChosenWindows;
  readonly lengths: WindowLengths;
  readonly data: DataSummary;
  readonly files?: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** Test windows of each bucket that a report shows, and how much of their context. */
const SAMPLES = { trained: 4, beyond: 2, contextTokens: 96 };
const PORTRAIT_TOKENS = 48;

export function prepareLanguage(request: LanguageRequest): PreparedTask {
  const { train, vocabulary, lengths } = request;
  const { trained, scored, longest, buckets } = lengths;
  const windows = { validation: request.validation.windows, test: request.test.windows };
  const bucketsOf = { validation: buckets.slice(0, 1), test: buckets };
  const training = trainingWindows(train, trained);

  return {
    fingerprint: fingerprint(described(train, [...windows.validation, ...windows.test], longest)),
    sizes: { train: training.count, validation: windows.validation.length, test: windows.test.length },
    architecture: 'decoder',
    input: { kind: 'tokens', vocabulary },
    output: { kind: 'tokens', vocabulary },
    question: { kind: 'likelihood' },
    maximumLength: longest,
    trainingBatch: (size, uniform) =>
      collate(drawIndices(training.count, size, uniform).map(training.window), trained, trained),
    evaluation: (split, batchSize) =>
      bucketsOf[split].map((bucket) =>
        evaluationSet(bucket, windows[split], batchSizeAtLength(batchSize, trained, bucket.maximum), (examples) =>
          collate(examples, bucket.maximum, scored),
        ),
      ),
    score: (split, _bucket, predictions) => {
      const nats = natsOf(predictions, windows[split].length);
      return score(
        nats.reduce((sum, value) => sum + value, 0),
        windows[split],
        scored,
      );
    },
    baselines: baselinesOf(request, windows),
    data: request.data,
    ...(request.files === undefined ? {} : { files: request.files }),
    samples: (bucket, predictions) => samplesOf(request, bucket, predictions),
    ...portraitOf(request),
    notes: [
      ...request.notes,
      `Every length predicts the same held-out tokens: the last ${scored} of each window, whatever came before them.`,
      `The length ${trained} is therefore the sliding-window baseline: what the same model scores if it only ever sees ` +
        `the last ${trained - scored + 1}–${trained} tokens (stride ${scored}). A score below it at a longer length is a ` +
        'gain from more context, a score above it a failure to extrapolate.',
      `Held-out windows whose last ${trained} tokens also occur in a training text (a quotation) are left out: ` +
        `${request.validation.quoted + request.test.quoted} were.`,
      'The order-blind baseline knows how often each token came before, not where. A decoder without positions knows more ' +
        'than that: which token came last and, by its causal mask, something of what came before what.',
      'Validation is at the trained length only.',
    ],
  };
}

/** What a fingerprint is made of, one after the other. */
function* described(
  train: readonly Document[],
  windows: readonly Window[],
  longest: number,
): Generator<string | Int32Array> {
  for (const { name, tokens } of train) {
    yield name;
    yield Int32Array.from(tokens);
  }
  for (const { document, end } of windows) {
    yield `${document.name} ${end}`;
    yield Int32Array.from(document.tokens.subarray(Math.max(0, end - longest - 1), end));
  }
}

function natsOf(predictions: Predictions, count: number): Float64Array {
  if (predictions.kind !== 'losses') throw new TypeError(`language: score: expected losses, got ${predictions.kind}`);
  checkPredictionCount(predictions.nats.length, count);
  return predictions.nats;
}

function score(nats: number, windows: readonly Window<HeldOutDocument>[], scored: number): Scores {
  const characters = windows.reduce((sum, window) => sum + scoredCharacters(window, scored), 0);
  return { 'bits-per-character': bitsPerCharacter(nats, characters) };
}

function baselinesOf(
  { train, vocabulary, lengths: { trained, scored, buckets } }: LanguageRequest,
  windows: { readonly validation: ChosenWindows['windows']; readonly test: ChosenWindows['windows'] },
): PreparedTask['baselines'] {
  const frequencies = tokenFrequencies(train, vocabulary);
  const strength = fitStrength(windows.validation, { scored, length: trained }, frequencies);
  const scoresOf = (nats: (length: number) => number) =>
    Object.fromEntries(buckets.map(({ label, maximum }) => [label, score(nats(maximum), windows.test, scored)]));
  return [
    {
      name: 'unigram',
      title: 'token frequencies',
      scores: scoresOf(() => frequencyNats(windows.test, scored, frequencies)),
    },
    {
      name: 'bag',
      title: 'bag of the tokens before',
      orderBlind: true,
      scores: scoresOf((length) => bagNats(windows.test, { scored, length }, frequencies, strength)),
    },
  ];
}

/** Nothing is written in answer to the question of this task, so a sample tells what the passage cost. */
function samplesOf(
  { test, lengths, decode }: LanguageRequest,
  bucket: LengthBucket,
  predictions: Predictions,
): Sample[] {
  const { scored } = lengths;
  const nats = natsOf(predictions, test.windows.length);
  const context = Math.min(SAMPLES.contextTokens, bucket.maximum - scored + 1);
  return test.windows.slice(0, bucket.trained ? SAMPLES.trained : SAMPLES.beyond).map((window, index): Sample => {
    const { document, end } = window;
    const characters = scoredCharacters(window, scored);
    const bits = (nats[index] as number) / Math.LN2;
    return {
      kind: 'text',
      id: `${document.name}, token ${end}, after ${bucket.maximum}`,
      bucket: bucket.label,
      source: `…${decode(document.tokens.subarray(end - scored - context, end - scored))}`,
      expected: decode(document.tokens.subarray(end - scored, end)),
      answer: `${bits.toFixed(1)} bits ÷ ${characters} characters`,
      score: { metric: 'bits-per-character', value: bits / characters },
    };
  });
}

function portraitOf({ test, lengths, textOf }: LanguageRequest): Pick<PreparedTask, 'portrait'> {
  const [window] = test.windows;
  if (window === undefined) return {};
  const length = Math.min(PORTRAIT_TOKENS, lengths.longest);
  const batch = collate([window], length, Math.min(lengths.scored, length));
  const tokens = window.document.tokens.subarray(window.end - length - 1, window.end - 1);
  return { portrait: { batch, target: Array.from(tokens, (token) => visible(textOf(token))) } };
}

/** White space as signs, so that a token that is nothing else can be seen. */
function visible(text: string): string {
  return text.replaceAll('\n', '⏎').replaceAll('\t', '⇥').replaceAll(/\s/g, '␣');
}
