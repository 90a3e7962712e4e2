/**
 * The task `pronounce`: from the spelling of an English word to its phonemes, letter by letter and phoneme by phoneme,
 * a small stand-in for translation. Trained on words of 3–8 letters, tested on longer ones too.
 * Knows no model and no encoding.
 */
import { fingerprint, orderByHash, type Split, splitOf } from '../../data/hash.ts';
import { type Pronunciation, readPronunciations } from '../../data/pronunciations.ts';
import { stemFamilies } from '../../data/stem-families.ts';
import type { Sample } from '../../record/sample.ts';
import { fractionRight } from '../metrics/accuracy.ts';
import { errorRate, nearestReference } from '../metrics/edit-distance.ts';
import { checkPredictionCount, drawExamples, evaluationSet } from '../shared/batches.ts';
import { trainLexicon, translateTokens } from '../shared/lexicon.ts';
import { checkOptionNames, integerOption } from '../shared/options.ts';
import { refuseWithoutData } from '../shared/own-data.ts';
import { summarizeLengths } from '../shared/text-lengths.ts';
import type { LengthBucket, Portrait, Predictions, PreparedTask, Scores, Task, TaskOptions } from '../task.ts';
import { OWN_PRONUNCIATION_OPTIONS, prepareOwnPronunciations } from './own-pronunciations.ts';
import {
  BEGIN,
  collateWords,
  END,
  encodeWord,
  firstOf,
  namesOf,
  PHONEME_TOKENS,
  type PronouncedWord,
  SOURCE_VOCABULARY,
  TARGET_VOCABULARY,
} from './pronounced-words.ts';

const BUCKETS: readonly [LengthBucket, ...LengthBucket[]] = [
  { label: '3–8', minimum: 3, maximum: 8, trained: true },
  { label: '9–10', minimum: 9, maximum: 10, trained: false },
  { label: '11–12', minimum: 11, maximum: 12, trained: false },
  { label: '13–16', minimum: 13, maximum: 16, trained: false },
];
const SHARES = { validation: 0.05, test: 0.2 };
const VALIDATION_WORDS = 256;
const TEST_WORDS = 512;

/** Phonemes of the longest training target, without the end token. */
const TRAINED_PHONEMES = 9;
const TRAINED = { source: 8, target: TRAINED_PHONEMES + 1 };
/** Letters and phonemes of every evaluation batch; the longest word of up to 16 letters has 17 phonemes. */
const EVALUATED = { source: 16, target: 20 };

/** Words that the order-blind baseline is learned from, at most: more change little. */
const LEXICON_WORDS = 8000;
/** Examples of each bucket that a report shows: of the trained one, and of every other. */
const SHOWN = { trained: 6, beyond: 2 };
/** The portrait is the first test word with at least so many letters. */
const PORTRAIT_LETTERS = 6;

/** Spelling to phonemes from the CMU dictionary. */
export const pronounce: Task = {
  name: 'pronounce',
  title: 'Spelling to phonemes',
  description:
    'From the spelling of an English word to its phonemes (CMU Pronouncing Dictionary, encoder–decoder). ' +
    'Trained on words of 3–8 letters, tested on words of up to 16; no relative of a training word is tested.',
  metrics: [
    { name: 'phoneme-error-rate', title: 'phoneme error rate', better: 'lower', format: 'fraction' },
    { name: 'word-accuracy', title: 'word accuracy', better: 'higher', format: 'fraction' },
  ],
  lengthUnit: 'letters',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 256,
    encoderLayers: 1,
    decoderLayers: 1,
    steps: 280,
    batchSize: 64,
    learningRate: 4e-3,
    warmupSteps: 60,
    encodings: ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 'alibi:direction=symmetric', 't5', 't5:scale=1'],
  },
  options: [
    ...OWN_PRONUNCIATION_OPTIONS,
    { name: 'testExamples', description: 'test words of each length, at most', default: TEST_WORDS },
  ],
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptionNames(pronounce, options);
  const testWords = integerOption('pronounce', options, 'testExamples', TEST_WORDS, 1);
  if (options.data !== undefined) return prepareOwnPronunciations(options, testWords);
  refuseWithoutData(
    'pronounce',
    options,
    OWN_PRONUNCIATION_OPTIONS.map(({ name }) => name),
  );
  const entries = await readPronunciations(3, EVALUATED.source);
  const splits = splitPronunciations(entries);

  const train = splits.train
    .filter(({ word, variants }) => word.length <= TRAINED.source && firstOf(variants).length <= TRAINED_PHONEMES)
    .map(encodeWord);
  const validation = splits.validation
    .filter(({ word }) => word.length <= TRAINED.source)
    .slice(0, VALIDATION_WORDS)
    .map(encodeWord);
  const test = BUCKETS.map((bucket) =>
    splits.test
      .filter(({ word }) => word.length >= bucket.minimum && word.length <= bucket.maximum)
      .slice(0, testWords)
      .map(encodeWord),
  );
  const evaluated = { validation: [validation], test } as const;
  const examplesOf = (split: 'validation' | 'test', bucket: LengthBucket): readonly PronouncedWord[] => {
    const examples = evaluated[split][BUCKETS.findIndex(({ label }) => label === bucket.label)];
    if (examples === undefined) throw new RangeError(`pronounce: ${split} has no bucket ${bucket.label}`);
    return examples;
  };

  return {
    fingerprint: fingerprint(describeSplits(train, validation, test)),
    sizes: {
      train: train.length,
      validation: validation.length,
      test: test.reduce((sum, examples) => sum + examples.length, 0),
    },
    architecture: 'encoder-decoder',
    input: { kind: 'tokens', vocabulary: SOURCE_VOCABULARY },
    output: { kind: 'tokens', vocabulary: TARGET_VOCABULARY },
    question: { kind: 'generate', startToken: BEGIN, endToken: END, maximumLength: EVALUATED.target },
    maximumLength: EVALUATED.target,
    trainingBatch: (size, uniform) => collateWords(drawExamples(train, size, uniform), TRAINED),
    evaluation: (split, batchSize) =>
      evaluated[split].map((examples, index) =>
        evaluationSet(BUCKETS[index] as LengthBucket, examples, batchSize, (rows) => collateWords(rows, EVALUATED)),
      ),
    score: (split, bucket, predictions) => score(examplesOf(split, bucket), predictions),
    baselines: baselinesOf(train, test),
    data: {
      source: 'CMU Pronouncing Dictionary, npm cmu-pronouncing-dictionary',
      format: 'installed package',
      rows: entries.length,
      refused: { count: 0, first: [] },
      lengths: summarizeLengths(
        'letters',
        entries.map(({ word }) => word.length),
      ),
      trainedLength: { maximum: TRAINED.source, limit: EVALUATED.source, chosenBy: 'the task' },
      splitBy: 'by stem family, hashed',
      examples: train.slice(0, 3).map(({ word, variants }) => `${word} → ${namesOf(firstOf(variants))}`),
    },
    samples: (bucket, predictions) => samplesOf(bucket, examplesOf('test', bucket), predictions),
    portrait: portraitOf(examplesOf('test', BUCKETS[0])),
    notes: [
      'Words are split by stem family: no word that differs from a training word by -s, -es, -ed, -ing, -er, -est or -ly is ' +
        'validated or tested on, at any length.',
      'Where the dictionary gives several pronunciations, the first is trained on and the nearest is scored.',
      'Stress is dropped: 39 phonemes. Validation is on words of 3–8 letters only.',
      'Many training words are anagrams of another, so a model without positions cannot do well even on words it was ' +
        'trained on.',
    ],
  };
}

/** All words by split, each split in an order decided by hashes of the words. A stem family is never divided. */
export function splitPronunciations(entries: readonly Pronunciation[]): Readonly<Record<Split, Pronunciation[]>> {
  const families = stemFamilies(entries.map(({ word }) => word));
  const splits: Record<Split, Pronunciation[]> = { train: [], validation: [], test: [] };
  for (const entry of orderByHash(entries, ({ word }) => word)) {
    splits[splitOf(`family ${families.get(entry.word)}`, SHARES)].push(entry);
  }
  return splits;
}

function score(examples: readonly PronouncedWord[], predictions: Predictions): Scores {
  return scoresOf(resultsOf(examples, answersOf(examples, predictions)));
}

type Result = ReturnType<typeof nearestReference>;

function resultsOf(examples: readonly PronouncedWord[], answers: readonly (readonly number[])[]): Result[] {
  return examples.map(({ variants }, index) => nearestReference(answers[index] as readonly number[], variants));
}

function scoresOf(results: readonly Result[]): Scores {
  return { 'phoneme-error-rate': errorRate(results), 'word-accuracy': fractionRight(results, ({ exact }) => exact) };
}

/** The phonemes that were written, up to the end token. */
function answersOf(examples: readonly PronouncedWord[], predictions: Predictions): (readonly number[])[] {
  if (predictions.kind !== 'sequences') {
    throw new TypeError(`pronounce: score: expected sequences, got ${predictions.kind}`);
  }
  checkPredictionCount(predictions.sequences.length, examples.length);
  return predictions.sequences.map((answer) => {
    const end = answer.indexOf(END);
    return end < 0 ? answer : answer.slice(0, end);
  });
}

/** The spelling as if its letters were phonemes, and each letter's likeliest phoneme, whatever stands around it. */
function baselinesOf(
  train: readonly PronouncedWord[],
  test: readonly (readonly PronouncedWord[])[],
): PreparedTask['baselines'] {
  const lexicon = trainLexicon(
    train.slice(0, LEXICON_WORDS).map(({ letters, variants }) => ({ source: letters, target: firstOf(variants) })),
  );
  const scored = (answer: (example: PronouncedWord) => readonly number[]) =>
    Object.fromEntries(
      BUCKETS.map(({ label }, index) => {
        const examples = test[index] as readonly PronouncedWord[];
        return [label, scoresOf(resultsOf(examples, examples.map(answer)))];
      }),
    );
  return [
    {
      name: 'spelling',
      title: 'the spelling itself',
      // A letter that is no phoneme is right nowhere.
      scores: scored(({ word }) =>
        Array.from(word.toUpperCase(), (letter) => PHONEME_TOKENS.get(letter) ?? TARGET_VOCABULARY),
      ),
    },
    {
      name: 'letter-by-letter',
      title: 'each letter’s likeliest phoneme (IBM model 1)',
      orderBlind: true,
      scores: scored(({ letters }) => translateTokens(lexicon, letters, 'leave-out')),
    },
  ];
}

function samplesOf(bucket: LengthBucket, examples: readonly PronouncedWord[], predictions: Predictions): Sample[] {
  const answers = answersOf(examples, predictions);
  const results = resultsOf(examples, answers);
  return examples.slice(0, bucket.trained ? SHOWN.trained : SHOWN.beyond).map(({ word, variants }, index): Sample => {
    const result = results[index] as Result;
    return {
      kind: 'text',
      id: word,
      bucket: bucket.label,
      source: word,
      expected: namesOf(firstOf(variants)),
      answer: namesOf(answers[index] as readonly number[]),
      right: result.exact,
      score: { metric: 'phoneme-error-rate', value: errorRate([result]) },
    };
  });
}

/** The word whose attention is drawn: the same in every run. */
function portraitOf(test: readonly PronouncedWord[]): Portrait {
  const example = test.find(({ letters }) => letters.length >= PORTRAIT_LETTERS) ?? (test[0] as PronouncedWord);
  const phonemes = firstOf(example.variants);
  return {
    batch: collateWords([example], { source: example.letters.length, target: phonemes.length + 1 }),
    source: [...example.word],
    // The step that writes a phoneme stands for it.
    target: [...namesOf(phonemes).split(' '), '(end)'],
  };
}

function* describeSplits(
  train: readonly PronouncedWord[],
  validation: readonly PronouncedWord[],
  test: readonly (readonly PronouncedWord[])[],
): Iterable<string> {
  for (const examples of [train, validation, ...test]) {
    yield examples
      .map(({ word, variants }) => `${word} ${variants.map((tokens) => tokens.join(' ')).join(',')}`)
      .join('\n');
  }
}
