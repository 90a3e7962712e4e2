/**
 * From sentences as words to the task of telling their order from a shuffled one (encoder). Knows no particular
 * sentences, no model and no encoding.
 */
import { fingerprint, hashFraction, orderByHash, type Split } from '../../data/hash.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import type { Sample } from '../../record/sample.ts';
import { drawExamples, evaluationSet, tokenSequences } from '../shared/batches.ts';
import { classAccuracy } from '../shared/class-accuracy.ts';
import { classify, trainNaiveBayes } from '../shared/naive-bayes.ts';
import { summarizeLengths } from '../shared/text-lengths.ts';
import { type Batch, type LengthBucket, type PreparedTask, TaskError, type Uniform } from '../task.ts';

/** Source tokens: 0 padding, 1 any rarer word, then the most frequent words of the training sentences. */
const UNKNOWN_WORD = 1;
const FIRST_WORD = 2;
export const FREQUENT_WORDS = 2000;
/** Stands for rarer words where people read. */
const RARE = '?';

/** The classes. */
const IN_ORDER = 0;
const SHUFFLED = 1;
const CLASSES = ['in order', 'shuffled'] as const;

/** What a task on sentences says of itself. */
export interface OrderRequest {
  /** Sentences as words, of any length, in any order. */
  readonly sentences: Readonly<Record<Split, readonly (readonly string[])[]>>;
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
  readonly tokens: readonly number[];
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
  const train = usable.train.filter((tokens) => fits(tokens, trained));
  const pairs = (split: 'validation' | 'test', bucket: LengthBucket, examples: number): readonly Example[] =>
    usable[split]
      .filter((tokens) => fits(tokens, bucket))
      .slice(0, examples / 2)
      .flatMap(withItsShuffle);
  const test = buckets.map((bucket) => ({ bucket, examples: pairs('test', bucket, testExamples) }));
  const asked = {
    validation: [{ bucket: trained, examples: pairs('validation', trained, request.validationExamples) }],
    // A stretch may lose all its sentences to those that are asked about already.
    test: test.filter(({ bucket, examples }) => bucket.trained || examples.length > 0),
  };
  for (const [split, count] of [
    ['train', train.length],
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
  const textOf = (tokens: readonly number[]): string => tokens.map((token) => wordOf(vocabulary, token)).join(' ');
  const everything = Object.values(usable).flat();

  return {
    fingerprint: fingerprint([
      vocabulary.join('\n'),
      train.map((tokens) => tokens.join(' ')).join('\n'),
      ...[asked.validation, asked.test].map((sets) =>
        sets.flatMap(({ examples }) => examples.map(({ tokens, label }) => `${label} ${tokens.join(' ')}`)).join('\n'),
      ),
    ]),
    sizes: { train: train.length, validation: sizeOf('validation'), test: sizeOf('test') },
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
      lengths: summarizeLengths(
        'words',
        everything.map((tokens) => tokens.length),
      ),
      trainedLength: { maximum: trained.maximum, limit: longest, chosenBy: request.chosenBy },
      classes: CLASSES.map((label) => ({ label, count: everything.length })),
      examples: request.sentences.train.slice(0, 3).map((words) => words.join(' ')),
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

/** The `count` most frequent words, equally frequent ones in alphabetical order. */
function frequentWords(sentences: readonly (readonly string[])[], count: number): string[] {
  const counts = new Map<string, number>();
  for (const words of sentences) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
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
  sentences: OrderRequest['sentences'],
  vocabulary: readonly string[],
  shortest: number,
  longest: number,
): {
  readonly usable: Readonly<Record<Split, readonly number[][]>>;
  readonly repeated: number;
  readonly unvaried: number;
} {
  const tokens = new Map(vocabulary.map((word, index) => [word, FIRST_WORD + index]));
  const seen = new Set<string>();
  let [repeated, unvaried] = [0, 0];
  const collect = (split: Split): number[][] => {
    const found: { readonly key: string; readonly sentence: number[] }[] = [];
    for (const words of sentences[split]) {
      if (words.length < shortest || words.length > longest) continue;
      const sentence = words.map((word) => tokens.get(word) ?? UNKNOWN_WORD);
      const key = sentence.join(' ');
      if (sentence.every((token) => token === sentence[0])) unvaried += 1;
      else if (seen.has(key)) repeated += 1;
      else {
        seen.add(key);
        found.push({ key, sentence });
      }
    }
    return orderByHash(found, ({ key }) => key).map(({ sentence }) => sentence);
  };
  // Training first: what it has is not held out.
  const usable = { train: collect('train'), validation: collect('validation'), test: collect('test') };
  return { usable, repeated, unvaried };
}

function fits(tokens: readonly number[], bucket: LengthBucket): boolean {
  return tokens.length >= bucket.minimum && tokens.length <= bucket.maximum;
}

function wordOf(vocabulary: readonly string[], token: number): string {
  return token === UNKNOWN_WORD ? RARE : (vocabulary[token - FIRST_WORD] as string);
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

/** Naive Bayes, taught each training sentence in both classes as the models are: it cannot but be at chance. */
function bagBaseline(
  train: readonly (readonly number[])[],
  test: readonly { readonly bucket: LengthBucket; readonly examples: readonly Example[] }[],
  vocabulary: number,
): PreparedTask['baselines'][number] {
  const bayes = trainNaiveBayes(
    train.flatMap((tokens) => [tokens, tokens]),
    train.flatMap(() => [IN_ORDER, SHUFFLED]),
    { vocabulary, classes: CLASSES.length },
  );
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
  const source = example.tokens.map((token) => wordOf(vocabulary, token));
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
