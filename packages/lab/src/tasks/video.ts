/**
 * The task `video`: which way does the digit move? Clips with synthetic motion of real handwritten digits, cut into
 * patches that know their frame, row and column. Trained on clips of one length, tested on longer ones. Knows no model
 * and no encoding.
 */
import { DIGIT_SIZE, type Digit, digitsBySplit, resizePicture } from '../data/digits.ts';
import { fingerprint, hashFraction, type Split } from '../data/hash.ts';
import { drawExamples, evaluationSet } from './batches.ts';
import { classAccuracy } from './metrics.ts';
import { checkOptionNames, integerOption } from './options.ts';
import { type Clip, patchSequences } from './patches.ts';
import type { Batch, LengthBucket, PreparedTask, Task, TaskOptions, Uniform } from './task.ts';

const PATCH = 6;
const SIZE = 24;
/** The digit's size in the clip, and pixels it moves from frame to frame. */
const INK = 12;
const STEP = 2;
const SHARES = { validation: 0.1, test: 0.2 };
const TEST_EXAMPLES = 512;
const VALIDATION_EXAMPLES = 256;
/** Frames: the trained length first. */
const FRAMES = [4, 5, 6, 8] as const;
/** Rows and columns per frame: right, left, down, up. */
const DIRECTIONS = [
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
] as const;

interface Example {
  readonly label: number;
  readonly clip: Clip;
}

/** The direction of a moving digit. */
export const video: Task = {
  name: 'video',
  title: 'The direction of a moving digit',
  description:
    'Which way does it move (encoder over patches of frames)? Real digits with synthetic motion: right, left, down or ' +
    'up. Trained on clips of 4 frames, tested there and on up to 8.',
  metrics: [{ name: 'accuracy', title: 'accuracy', better: 'higher', format: 'fraction' }],
  lengthUnit: 'frames',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 128,
    encoderLayers: 2,
    decoderLayers: 0,
    steps: 400,
    batchSize: 32,
    learningRate: 2e-3,
    warmupSteps: 50,
    encodings: ['none', 'sinusoidal', 'learned', 'rotary', 'alibi'],
  },
  options: [{ name: 'testExamples', description: 'test clips of each length, at most', default: TEST_EXAMPLES }],
  prepare: async (options) => prepare(options),
};

function prepare(options: TaskOptions): PreparedTask {
  checkOptionNames('video', options, ['testExamples']);
  const testExamples = integerOption('video', options, 'testExamples', TEST_EXAMPLES, 1);
  const digits = digitsBySplit(SHARES);
  const split = (from: Split): readonly Digit[] =>
    digits[from].map(({ label, pixels }) => ({ label, pixels: resizePicture(pixels, DIGIT_SIZE, INK) }));
  const train = split('train');
  const clips = (from: Split, frames: number, count: number): readonly Example[] =>
    split(from)
      .slice(0, count)
      .map((digit, index) => {
        let draws = 0;
        return moving(digit, frames, () => hashFraction(`clip ${from} ${index} draw ${draws++}`));
      });
  const buckets: readonly LengthBucket[] = FRAMES.map((frames, index) => {
    return { label: String(frames), minimum: frames, maximum: frames, trained: index === 0 };
  });
  const evaluated = {
    validation: [clips('validation', FRAMES[0], VALIDATION_EXAMPLES)],
    test: FRAMES.map((frames) => clips('test', frames, testExamples)),
  };
  const longest = Math.max(...FRAMES);
  const side = SIZE / PATCH;

  return {
    fingerprint: fingerprint([
      ...train.map(({ pixels }) => pixels),
      ...[...evaluated.validation, ...evaluated.test].flatMap((examples) => [
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
    output: { kind: 'class', classes: DIRECTIONS.length },
    question: { kind: 'classify' },
    maximumLength: longest * side * side,
    extents: [longest, side, side],
    trainingBatch: (size, uniform) =>
      collate(drawExamples(train, size, uniform).map((digit) => moving(digit, FRAMES[0], uniform))),
    evaluation: (which, batchSize) =>
      evaluated[which].map((examples, index) =>
        evaluationSet(buckets[index] as LengthBucket, examples, batchSize, collate),
      ),
    score: (which, bucket, predictions) => {
      const examples = evaluated[which][buckets.findIndex(({ label }) => label === bucket.label)];
      if (examples === undefined) throw new RangeError(`video: ${which} has no bucket ${bucket.label}`);
      return { accuracy: classAccuracy('video', examples, predictions) };
    },
    baselines: [
      {
        name: 'guess',
        title: 'a guess',
        scores: Object.fromEntries(buckets.map(({ label }) => [label, { accuracy: 1 / DIRECTIONS.length }])),
      },
    ],
    notes: [
      'The digits are real, the motion is synthetic: 2 pixels a frame on a torus of 24 × 24, from a drawn place.',
      'Read backwards, a clip has the opposite direction: without the order of frames only the axis can be told, so a ' +
        'model without positions is right at most half of the time.',
      'Encodings of one axis read patches in the order of their sequence: frame by frame, row by row.',
    ],
  };
}

/** A clip of a digit that moves one way from a drawn place, coming back on the other side. */
function moving({ pixels }: Digit, frames: number, uniform: Uniform): Example {
  const label = Math.floor(uniform() * DIRECTIONS.length);
  const [down, right] = DIRECTIONS[label] as (typeof DIRECTIONS)[number];
  const [top, left] = [Math.floor(uniform() * SIZE), Math.floor(uniform() * SIZE)];
  const drawn = new Float32Array(frames * SIZE * SIZE);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let y = 0; y < INK; y += 1) {
      for (let x = 0; x < INK; x += 1) {
        const row = modulo(top + y + frame * STEP * down);
        const column = modulo(left + x + frame * STEP * right);
        drawn[(frame * SIZE + row) * SIZE + column] = pixels[y * INK + x] as number;
      }
    }
  }
  return { label, clip: { frames, size: SIZE, pixels: drawn } };
}

function modulo(place: number): number {
  return ((place % SIZE) + SIZE) % SIZE;
}

function collate(examples: readonly Example[]): Batch {
  return {
    size: examples.length,
    source: patchSequences(
      examples.map(({ clip }) => clip),
      PATCH,
      3,
    ),
    labels: Int32Array.from(examples, ({ label }) => label),
  };
}
