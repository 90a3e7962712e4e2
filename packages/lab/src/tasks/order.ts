/**
 * The task `order`: are the words of this sentence in their own order, or shuffled? The first question of all about
 * positions: the words are the same, so a model that cannot see order is at chance. Every sentence is asked about
 * twice, once in each order, which makes that exact. Knows no model and no encoding.
 */
import { fingerprint, hashFraction, orderByHash, type Split, splitOf } from '../data/hash.ts';
import { readSentenceDocuments, type SentenceDocument } from '../data/sentences.ts';
import { drawExamples, evaluationSet, tokenSequences } from './batches.ts';
import { classAccuracy } from './metrics.ts';
import { checkOptionNames, integerOption } from './options.ts';
import {
  type Batch,
  type LengthBucket,
  type PreparedTask,
  type Task,
  TaskError,
  type TaskOptions,
  type Uniform,
} from './task.ts';

const BUCKETS: readonly [LengthBucket, ...LengthBucket[]] = [
  { label: '5–12', minimum: 5, maximum: 12, trained: true },
  { label: '13–16', minimum: 13, maximum: 16, trained: false },
  { label: '17–24', minimum: 17, maximum: 24, trained: false },
  { label: '25–40', minimum: 25, maximum: 40, trained: false },
];
const TRAINED_LENGTH = BUCKETS[0].maximum;
const LONGEST = 40;
const SHARES = { validation: 0.1, test: 0.2 };
const VALIDATION_EXAMPLES = 256;
const TEST_EXAMPLES = 512;

/** Source tokens: 0 padding, 1 any rarer word, then the most frequent words of the training documents. */
const UNKNOWN_WORD = 1;
const FIRST_WORD = 2;
const FREQUENT_WORDS = 2000;

/** The classes. */
const IN_ORDER = 0;
const SHUFFLED = 1;

/** A sentence as asked about. */
interface Example {
  readonly tokens: readonly number[];
  readonly label: typeof IN_ORDER | typeof SHUFFLED;
}

/** Shuffled or not, on the Brown corpus. */
export const order: Task = {
  name: 'order',
  title: 'Is the word order shuffled?',
  description:
    'Whether the words of a sentence are in order or shuffled (Brown corpus, encoder). A bag of words is at chance by ' +
    'construction. Trained on sentences of 5–12 words, tested on up to 40.',
  metrics: [{ name: 'accuracy', title: 'accuracy', better: 'higher', format: 'fraction', chance: 0.5 }],
  lengthUnit: 'words',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 128,
    encoderLayers: 2,
    decoderLayers: 0,
    steps: 600,
    batchSize: 64,
    learningRate: 2e-3,
    warmupSteps: 100,
    encodings: ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 'alibi:direction=symmetric', 't5', 't5:scale=1'],
  },
  options: [
    {
      name: 'testExamples',
      description: 'test examples of each length, at most: an even number, half of them shuffled',
      default: TEST_EXAMPLES,
    },
  ],
  prepare: async (options) => prepare(options),
};

function prepare(options: TaskOptions): PreparedTask {
  checkOptionNames('order', options, ['testExamples']);
  const testExamples = integerOption('order', options, 'testExamples', TEST_EXAMPLES, 2);
  if (testExamples % 2 !== 0) {
    throw new TaskError(`order: testExamples: expected an even number, half of them shuffled, got ${testExamples}`);
  }
  const documents = splitDocuments(readSentenceDocuments());
  const vocabulary = frequentWords(documents.train, FREQUENT_WORDS);
  const sentences = usableSentences(documents, vocabulary);

  const train = sentences.train.filter((tokens) => fits(tokens, BUCKETS[0]));
  const pairs = (split: 'validation' | 'test', bucket: LengthBucket, examples: number): readonly Example[] =>
    sentences[split]
      .filter((tokens) => fits(tokens, bucket))
      .slice(0, examples / 2)
      .flatMap(withItsShuffle);
  const evaluated = {
    validation: [pairs('validation', BUCKETS[0], VALIDATION_EXAMPLES)],
    test: BUCKETS.map((bucket) => pairs('test', bucket, testExamples)),
  };
  const examplesOf = (split: 'validation' | 'test', bucket: LengthBucket): readonly Example[] => {
    const examples = evaluated[split][BUCKETS.findIndex(({ label }) => label === bucket.label)];
    if (examples === undefined) throw new RangeError(`order: ${split} has no bucket ${bucket.label}`);
    return examples;
  };
  const sizeOf = (split: 'validation' | 'test'): number =>
    evaluated[split].reduce((sum, examples) => sum + examples.length, 0);

  return {
    fingerprint: fingerprint([
      vocabulary.join('\n'),
      train.map((tokens) => tokens.join(' ')).join('\n'),
      ...[...evaluated.validation, evaluated.test.flat()].map((examples) =>
        examples.map(({ tokens, label }) => `${label} ${tokens.join(' ')}`).join('\n'),
      ),
    ]),
    sizes: { train: train.length, validation: sizeOf('validation'), test: sizeOf('test') },
    architecture: 'encoder',
    input: { kind: 'tokens', vocabulary: FIRST_WORD + vocabulary.length },
    output: { kind: 'class', classes: 2 },
    question: { kind: 'classify' },
    maximumLength: LONGEST,
    trainingBatch: (size, uniform) => collate(drawTrainingExamples(train, size, uniform), TRAINED_LENGTH),
    evaluation: (split, batchSize) =>
      evaluated[split].map((examples, index) =>
        evaluationSet(BUCKETS[index] as LengthBucket, examples, batchSize, (rows) => collate(rows, LONGEST)),
      ),
    score: (split, bucket, predictions) => {
      return { accuracy: classAccuracy('order', examplesOf(split, bucket), predictions) };
    },
    baselines: [
      {
        name: 'bag-of-words',
        title: 'any bag of words',
        scores: Object.fromEntries(BUCKETS.map(({ label }) => [label, { accuracy: 0.5 }])),
      },
    ],
    notes: [
      'Every held-out sentence is asked about twice, in its own order and shuffled, so whatever looks only at which ' +
        'words there are is right exactly half of the time.',
      'An encoder without positions is such a model: `none` must be at chance, 50 %.',
      `Words are in lower case without punctuation; all but the ${FREQUENT_WORDS} most frequent of the training documents ` +
        'are one unknown word. Sentences are split by document, and held-out ones that also occur in training are left out.',
      'In training each drawn sentence is shuffled afresh or left as it is, half and half. Validation is on sentences ' +
        'of 5–12 words only.',
    ],
  };
}

/** Documents by split. */
export function splitDocuments(documents: readonly SentenceDocument[]): Readonly<Record<Split, SentenceDocument[]>> {
  const splits: Record<Split, SentenceDocument[]> = { train: [], validation: [], test: [] };
  for (const document of documents) splits[splitOf(`document ${document.name}`, SHARES)].push(document);
  return splits;
}

/** The `count` most frequent words, equally frequent ones in alphabetical order. */
function frequentWords(documents: readonly SentenceDocument[], count: number): string[] {
  const counts = new Map<string, number>();
  for (const { sentences } of documents) {
    for (const words of sentences) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, count)
    .map(([word]) => word);
}

/**
 * Sentences as tokens, in an order decided by their hashes: those of a length that is asked about, each once, with at
 * least two different tokens, and not in training if they are held out.
 */
function usableSentences(
  documents: Readonly<Record<Split, readonly SentenceDocument[]>>,
  vocabulary: readonly string[],
): Readonly<Record<Split, readonly number[][]>> {
  const tokens = new Map(vocabulary.map((word, index) => [word, FIRST_WORD + index]));
  const seen = new Set<string>();
  const collect = (split: Split): number[][] => {
    const found: { readonly key: string; readonly sentence: number[] }[] = [];
    for (const { sentences } of documents[split]) {
      for (const words of sentences) {
        if (words.length < BUCKETS[0].minimum || words.length > LONGEST) continue;
        const sentence = words.map((word) => tokens.get(word) ?? UNKNOWN_WORD);
        const key = sentence.join(' ');
        if (seen.has(key) || sentence.every((token) => token === sentence[0])) continue;
        seen.add(key);
        found.push({ key, sentence });
      }
    }
    return orderByHash(found, ({ key }) => key).map(({ sentence }) => sentence);
  };
  return { train: collect('train'), validation: collect('validation'), test: collect('test') };
}

function fits(tokens: readonly number[], bucket: LengthBucket): boolean {
  return tokens.length >= bucket.minimum && tokens.length <= bucket.maximum;
}

/** The sentence and a shuffle decided by its hash, in an order decided by its hash. */
function withItsShuffle(tokens: readonly number[]): Example[] {
  const key = tokens.join(' ');
  let draws = 0;
  const uniform = (): number => hashFraction(`${key} draw ${draws++}`);
  const examples: Example[] = [
    { tokens, label: IN_ORDER },
    { tokens: shuffle(tokens, uniform), label: SHUFFLED },
  ];
  return uniform() < 0.5 ? examples : examples.reverse();
}

/** Sentences drawn with replacement, every second one shuffled. */
function drawTrainingExamples(sentences: readonly number[][], size: number, uniform: Uniform): Example[] {
  return drawExamples(sentences, size, uniform).map((tokens, index) =>
    index % 2 === 0 ? { tokens, label: IN_ORDER } : { tokens: shuffle(tokens, uniform), label: SHUFFLED },
  );
}

/** A uniformly drawn order of `tokens` that differs from the given one; at least two tokens must differ. */
function shuffle(tokens: readonly number[], uniform: Uniform): number[] {
  for (;;) {
    const shuffled = [...tokens];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = Math.floor(uniform() * (last + 1));
      [shuffled[last], shuffled[other]] = [shuffled[other] as number, shuffled[last] as number];
    }
    if (shuffled.some((token, index) => token !== tokens[index])) return shuffled;
  }
}

function collate(examples: readonly Example[], length: number): Batch {
  return {
    size: examples.length,
    source: tokenSequences(
      examples.map(({ tokens }) => tokens),
      length,
    ),
    labels: Int32Array.from(examples, ({ label }) => label),
  };
}
