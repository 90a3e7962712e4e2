/**
 * From sentences as words to the task of telling their order from a shuffled one (encoder). Knows no particular
 * sentences, no model and no encoding.
 */
import { fingerprint, hashFraction, type Split } from '../../data/hash.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import type { Sample } from '../../record/sample.ts';
import { drawIndices, evaluationSet, tokenSequences } from '../shared/batches.ts';
import { classAccuracy } from '../shared/class-accuracy.ts';
import { everyLength, indicesWithin } from '../shared/length-checks.ts';
import { classify, trainNaiveBayes } from '../shared/naive-bayes.ts';
import { everySequence, type PackedTokens, selectTokens } from '../shared/packed-tokens.ts';
import { summarizeLengths } from '../shared/text-lengths.ts';
import { type Batch, type LengthBucket, type PreparedTask, TaskError, type Uniform } from '../task.ts';
import { FIRST_WORD, FREQUENT_WORDS, frequentWords, UNKNOWN_WORD, usableSentences } from './usable-sentences.ts';

/** Stands for rarer words where people read. */
const RARE = '?';

/** The classes. */
const IN_ORDER = 0;
const SHUFFLED = 1;
const CLASSES = ['in order', 'shuffled'] as const;

/** What a task on sentences says of itself. */
export interface OrderRequest {
  /** Sentences of any length, in any order: words with spaces between them. */
  readonly sentences: Readonly<Record<Split, readonly string[]>>;
  /** The trained stretch first; the last ends at the longest length that is used. */
  readonly buckets: readonly [LengthBucket, ...LengthBucket[]];
  readonly validationExamples: number;
  /** Of each length, an even number. */
  readonly testExamples: number;
  readonly data: Omit<DataSummary, 'lengths' | 'trainedLength' | 'classes' | 'examples'>;
  /** What decided the trained length. */
  readonly chosenBy: string;
  readonly notes: readonly string[];
}

/** A sentence as asked about. */
interface Example {
  readonly tokens: Int32Array;
  readonly label: typeof IN_ORDER | typeof SHUFFLED;
}

/** Examples of each bucket that a report shows: of the trained one, and of every other. */
const SHOWN = { trained: 6, beyond: 4 };

/** @throws {TaskError} if a split has no sentence of the trained lengths that can be asked about */
export function prepareOrder(request: OrderRequest): PreparedTask {
  const { buckets, testExamples } = request;
  const [trained] = buckets;
  const longest = (buckets.at(-1) as LengthBucket).maximum;
  const vocabulary = frequentWords(request.sentences.train, FREQUENT_WORDS);
  const { usable, repeated, unvaried } = usableSentences(request.sentences, vocabulary, trained.minimum, longest);
  const fitting = (split: Split, { minimum, maximum }: LengthBucket): Uint32Array =>
    indicesWithin(usable[split].lengths, minimum, maximum);
  const train = selectTokens(usable.train, fitting('train', trained));
  const pairs = (split: 'validation' | 'test', bucket: LengthBucket, examples: number): readonly Example[] =>
    Array.from(fitting(split, bucket).subarray(0, examples / 2)).flatMap((index) =>
      withItsShuffle(usable[split].at(index)),
    );
  const test = buckets.map((bucket) => ({ bucket, examples: pairs('test', bucket, testExamples) }));
  const asked = {
    validation: [{ bucket: trained, examples: pairs('validation', trained, request.validationExamples) }],
    // A stretch may lose all its sentences to those that are asked about already.
    test: test.filter(({ bucket, examples }) => bucket.trained || examples.length > 0),
  };
  for (const [split, count] of [
    ['train', train.lengths.length],
    ['validation', asked.validation[0]?.examples.length ?? 0],
    ['test', asked.test[0]?.examples.length ?? 0],
  ] as const) {
    if (count > 0) continue;
    throw new TaskError(
      `order: expected sentences of ${trained.label} words for ${split}, each different and of at least two different ` +
        'words, got none; give more text',
    );
  }
  const examplesOf = (split: 'validation' | 'test', bucket: LengthBucket): readonly Example[] => {
    const found = asked[split].find((set) => set.bucket.label === bucket.label);
    if (found === undefined) throw new RangeError(`order: ${split} has no bucket ${bucket.label}`);
    return found.examples;
  };
  const sizeOf = (split: 'validation' | 'test'): number =>
    asked[split].reduce((sum, { examples }) => sum + examples.length, 0);
  const textOf = (tokens: Int32Array): string => readable(tokens, vocabulary).join(' ');
  const lengths = everyLength({
    train: usable.train.lengths,
    validation: usable.validation.lengths,
    test: usable.test.lengths,
  });

  return {
    fingerprint: fingerprint(described(vocabulary, train, [asked.validation, asked.test])),
    sizes: { train: train.lengths.length, validation: sizeOf('validation'), test: sizeOf('test') },
    architecture: 'encoder',
    input: { kind: 'tokens', vocabulary: FIRST_WORD + vocabulary.length },
    output: { kind: 'class', classes: CLASSES.length },
    question: { kind: 'classify' },
    maximumLength: longest,
    trainingBatch: (size, uniform) => collate(drawTrainingExamples(train, size, uniform), trained.maximum),
    evaluation: (split, batchSize) =>
      asked[split].map(({ bucket, examples }) =>
        evaluationSet(bucket, examples, batchSize, (rows) => collate(rows, longest)),
      ),
    score: (split, bucket, predictions) => {
      return { accuracy: classAccuracy('order', examplesOf(split, bucket), predictions) };
    },
    baselines: [bagBaseline(train, asked.test, FIRST_WORD + vocabulary.length)],
    data: {
      ...request.data,
      lengths: summarizeLengths('words', lengths),
      trainedLength: { maximum: trained.maximum, limit: longest, chosenBy: request.chosenBy },
      classes: CLASSES.map((label) => ({ label, count: lengths.length })),
      examples: request.sentences.train.slice(0, 3),
    },
    samples: (bucket, predictions) => {
      const examples = examplesOf('test', bucket);
      // Of answers that cannot be used, the score says so.
      classAccuracy('order', examples, predictions);
      const classes = predictions.kind === 'classes' ? predictions.classes : new Int32Array();
      return examples.slice(0, bucket.trained ? SHOWN.trained : SHOWN.beyond).map(
        ({ tokens, label }, index): Sample => ({
          kind: 'text',
          id: `no. ${index + 1} of ${bucket.label}`,
          bucket: bucket.label,
          source: textOf(tokens),
          expected: CLASSES[label],
          answer: CLASSES[classes[index] as number] as string,
          right: classes[index] === label,
        }),
      );
    },
    ...portraitOf(examplesOf('test', trained), vocabulary),
    notes: [
      'Every held-out sentence is asked about twice, in its own order and shuffled, so whatever looks only at which ' +
        'words there are is right exactly half of the time.',
      'An encoder without positions is such a model: `none` must be at chance, 50 %.',
      ...request.notes,
      `In training each drawn sentence is shuffled afresh or left as it is, half and half. Validation is on sentences ` +
        `of ${trained.label} words only.`,
      `Sentences that occur again (${repeated}) are used once, and those that are one word again and again ` +
        `(${unvaried}) not at all, rarer words all being one; in examples that is “${RARE}”.`,
    ],
  };
}

/** What a fingerprint is made of, one after the other. */
function* described(
  vocabulary: readonly string[],
  train: PackedTokens,
  asked: readonly (readonly { readonly examples: readonly Example[] }[])[],
): Generator<string> {
  yield vocabulary.join('\n');
  yield Array.from(everySequence(train), (tokens) => tokens.join(' ')).join('\n');
  for (const sets of asked) {
    yield sets
      .flatMap(({ examples }) => examples.map(({ tokens, label }) => `${label} ${tokens.join(' ')}`))
      .join('\n');
  }
}

function readable(tokens: Int32Array, vocabulary: readonly string[]): string[] {
  return Array.from(tokens, (token) => (token === UNKNOWN_WORD ? RARE : (vocabulary[token - FIRST_WORD] as string)));
}
/** The sentence and a shuffle decided by its hash, in an order decided by its hash. */
function withItsShuffle(tokens: Int32Array): Example[] {
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
function drawTrainingExamples(sentences: PackedTokens, size: number, uniform: Uniform): Example[] {
  return drawIndices(sentences.lengths.length, size, uniform).map((drawn, index) => {
    const tokens = sentences.at(drawn);
    return index % 2 === 0 ? { tokens, label: IN_ORDER } : { tokens: shuffle(tokens, uniform), label: SHUFFLED };
  });
}

/** A uniformly drawn order of `tokens` that differs from the given one; at least two tokens must differ. */
function shuffle(tokens: Int32Array, uniform: Uniform): Int32Array {
  for (;;) {
    const shuffled = tokens.slice();
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = Math.floor(uniform() * (last + 1));
      [shuffled[last], shuffled[other]] = [shuffled[other] as number, shuffled[last] as number];
    }
    if (shuffled.some((token, index) => token !== tokens[index])) return shuffled;
  }
}

/** Naive Bayes, taught each training sentence in both classes as the models are: it cannot but be at chance. */
function bagBaseline(
  train: PackedTokens,
  test: readonly { readonly bucket: LengthBucket; readonly examples: readonly Example[] }[],
  vocabulary: number,
): PreparedTask['baselines'][number] {
  const inBothOrders = function* (): Generator<Int32Array> {
    for (const tokens of everySequence(train)) yield* [tokens, tokens];
  };
  const labels = Uint8Array.from({ length: 2 * train.lengths.length }, (_, index) =>
    index % 2 === 0 ? IN_ORDER : SHUFFLED,
  );
  const bayes = trainNaiveBayes(inBothOrders(), labels, { vocabulary, classes: CLASSES.length });
  return {
    name: 'bag-of-words',
    title: 'any bag of words',
    orderBlind: true,
    scores: Object.fromEntries(
      test.map(({ bucket, examples }) => {
        const classes = Int32Array.from(examples, ({ tokens }) => classify(bayes, tokens));
        return [bucket.label, { accuracy: classAccuracy('order', examples, { kind: 'classes', classes }) }];
      }),
    ),
  };
}

function portraitOf(examples: readonly Example[], vocabulary: readonly string[]): Pick<PreparedTask, 'portrait'> {
  const example = examples.find(({ label }) => label === IN_ORDER);
  if (example === undefined) return {};
  const source = readable(example.tokens, vocabulary);
  return { portrait: { batch: collate([example], source.length), source } };
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
