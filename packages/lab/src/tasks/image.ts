/**
 * The task `image`: which digit is it? Patches of handwritten digits, read as a set of tokens that know their row and
 * column. Trained at one resolution, tested at larger ones. Knows no model and no encoding.
 */
import { DIGIT_SIZE, digitsBySplit, resizePicture } from '../data/digits.ts';
import { fingerprint, type Split } from '../data/hash.ts';
import { drawExamples, evaluationSet } from './batches.ts';
import { classAccuracy, fractionRight } from './metrics.ts';
import { checkOptionNames, integerOption } from './options.ts';
import { type Clip, patchSequences } from './patches.ts';
import type { Batch, LengthBucket, PreparedTask, Task, TaskOptions } from './task.ts';

const PATCH = 4;
const SHARES = { validation: 0.1, test: 0.2 };
const TEST_EXAMPLES = 512;
const VALIDATION_EXAMPLES = 256;
/** Patches along a side: the trained resolution first. */
const SIDES = [DIGIT_SIZE / PATCH, 8, 10, 14] as const;

interface Example {
  readonly label: number;
  readonly clip: Clip;
}

/** Digits from their patches. */
export const image: Task = {
  name: 'image',
  title: 'Digits from image patches',
  description:
    'Which digit is it (encoder over patches)? Handwritten digits of MNIST, trained at 28 × 28 pixels in patches of 4; ' +
    'tested there and at up to 56 × 56.',
  metrics: [{ name: 'accuracy', title: 'accuracy', better: 'higher', format: 'fraction' }],
  lengthUnit: 'patches along a side',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 128,
    encoderLayers: 2,
    decoderLayers: 0,
    steps: 300,
    batchSize: 32,
    learningRate: 2e-3,
    warmupSteps: 50,
    encodings: ['none', 'sinusoidal', 'learned', 'rotary', 'alibi'],
  },
  options: [{ name: 'testExamples', description: 'test digits at each resolution, at most', default: TEST_EXAMPLES }],
  prepare: async (options) => prepare(options),
};

function prepare(options: TaskOptions): PreparedTask {
  checkOptionNames('image', options, ['testExamples']);
  const testExamples = integerOption('image', options, 'testExamples', TEST_EXAMPLES, 1);
  const digits = digitsBySplit(SHARES);
  const atSide = (side: number, count: number, from: Split): readonly Example[] =>
    digits[from].slice(0, count).map(({ label, pixels }) => {
      const size = side * PATCH;
      const resized = size === DIGIT_SIZE ? pixels : resizePicture(pixels, DIGIT_SIZE, size);
      return { label, clip: { frames: 1, size, pixels: resized } };
    });
  const train = atSide(SIDES[0], Number.POSITIVE_INFINITY, 'train');
  const buckets: readonly LengthBucket[] = SIDES.map((side, index) => {
    return { label: String(side), minimum: side, maximum: side, trained: index === 0 };
  });
  const evaluated = {
    validation: [atSide(SIDES[0], VALIDATION_EXAMPLES, 'validation')],
    test: SIDES.map((side) => atSide(side, testExamples, 'test')),
  };
  const largest = Math.max(...SIDES);
  const inside = evaluated.test[0] as readonly Example[];
  const counts = Array.from({ length: 10 }, (_, label) => train.filter((example) => example.label === label).length);
  const majority = counts.indexOf(Math.max(...counts));
  const guess = fractionRight(inside, ({ label }) => label === majority);

  return {
    fingerprint: fingerprint([
      ...[train, ...evaluated.validation, ...evaluated.test].flatMap((examples) => [
        Int32Array.from(examples, ({ label }) => label),
        ...examples.map(({ clip }) => clip.pixels),
      ]),
    ]),
    sizes: {
      train: train.length,
      validation: (evaluated.validation[0] as readonly Example[]).length,
      test: evaluated.test.reduce((sum, examples) => sum + examples.length, 0),
    },
    architecture: 'encoder',
    input: { kind: 'values', features: PATCH * PATCH },
    output: { kind: 'class', classes: 10 },
    question: { kind: 'classify' },
    maximumLength: largest * largest,
    extents: [largest, largest],
    trainingBatch: (size, uniform) => collate(drawExamples(train, size, uniform)),
    evaluation: (which, batchSize) =>
      evaluated[which].map((examples, index) =>
        evaluationSet(buckets[index] as LengthBucket, examples, batchSize, collate),
      ),
    score: (which, bucket, predictions) => {
      const examples = evaluated[which][buckets.findIndex(({ label }) => label === bucket.label)];
      if (examples === undefined) throw new RangeError(`image: ${which} has no bucket ${bucket.label}`);
      return { accuracy: classAccuracy('image', examples, predictions) };
    },
    baselines: [
      {
        name: 'majority',
        title: 'the most frequent digit',
        scores: Object.fromEntries(buckets.map(({ label }) => [label, { accuracy: guess }])),
      },
    ],
    notes: [
      'Positions are the row and the column of each patch. Encodings of one axis read patches in the order of their ' +
        'sequence, row by row: at another resolution a patch then has another number.',
      'With `none` the model sees an unordered set of patches: what it reaches, ink alone tells.',
      'Other resolutions are the same pictures, interpolated linearly. Splits are by the hash of the picture, and equal ' +
        'pictures are kept once.',
    ],
  };
}

function collate(examples: readonly Example[]): Batch {
  return {
    size: examples.length,
    source: patchSequences(
      examples.map(({ clip }) => clip),
      PATCH,
      2,
    ),
    labels: Int32Array.from(examples, ({ label }) => label),
  };
}
