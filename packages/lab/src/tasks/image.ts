/**
 * The task `image`: which digit is it? Patches of handwritten digits, read as a set of tokens that know their row and
 * column. Trained at one resolution, tested at larger ones. Knows no model and no encoding.
 */
import type { Positions } from 'posenc';
import { DIGIT_SIZE, digitsBySplit, resizePicture } from '../data/digits.ts';
import { fingerprint, type Split } from '../data/hash.ts';
import { drawExamples, evaluationSet } from './batches.ts';
import { classAccuracy, fractionRight } from './metrics.ts';
import { checkOptionNames, choiceOption, integerOption } from './options.ts';
import { PATCH_FEATURES, PATCH_GRAPHS, patchGraph } from './patch-graph.ts';
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
  options: [
    {
      name: 'positions',
      description:
        'grid: rows and columns; or the graph of neighbouring patches, by its distances, eigenvectors or walks, at the ' +
        'trained resolution only',
      default: 'grid',
    },
    { name: 'testExamples', description: 'test digits at each resolution, at most', default: TEST_EXAMPLES },
  ],
  prepare: async (options) => prepare(options),
};

function prepare(options: TaskOptions): PreparedTask {
  checkOptionNames('image', options, ['positions', 'testExamples']);
  const kind = choiceOption('image', options, 'positions', ['grid', ...PATCH_GRAPHS]);
  const nodes = kind === 'grid' ? undefined : patchGraph(SIDES[0], kind);
  const sides = nodes === undefined ? SIDES : SIDES.slice(0, 1);
  const testExamples = integerOption('image', options, 'testExamples', TEST_EXAMPLES, 1);
  const digits = digitsBySplit(SHARES);
  const atSide = (side: number, count: number, from: Split): readonly Example[] =>
    digits[from].slice(0, count).map(({ label, pixels }) => {
      const size = side * PATCH;
      const resized = size === DIGIT_SIZE ? pixels : resizePicture(pixels, DIGIT_SIZE, size);
      return { label, clip: { frames: 1, size, pixels: resized } };
    });
  const train = atSide(SIDES[0], Number.POSITIVE_INFINITY, 'train');
  const buckets: readonly LengthBucket[] = sides.map((side, index) => {
    return { label: String(side), minimum: side, maximum: side, trained: index === 0 };
  });
  const evaluated = {
    validation: [atSide(SIDES[0], VALIDATION_EXAMPLES, 'validation')],
    test: sides.map((side) => atSide(side, testExamples, 'test')),
  };
  const largest = Math.max(...sides);
  const collate = (examples: readonly Example[]): Batch => collateAt(examples, nodes);
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
    ...(nodes === undefined
      ? { extents: [largest, largest] }
      : { graph: { positions: kind as (typeof PATCH_GRAPHS)[number], features: nodes.axes } }),
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
      nodes === undefined
        ? 'Positions are the row and the column of each patch. Encodings of one axis read patches in the order of their ' +
          'sequence, row by row: at another resolution a patch then has another number.'
        : `Patches are the nodes of a graph in which neighbours are joined; each node's position is ${DESCRIBED[kind]}.`,
      'With `none` the model sees an unordered set of patches: what it reaches, ink alone tells.',
      ...(nodes === undefined ? ['Other resolutions are the same pictures, interpolated linearly.'] : []),
      'Splits are by the hash of the picture, and equal pictures are kept once.',
    ],
  };
}

const DESCRIBED: Readonly<Record<string, string>> = {
  distances: 'its row of distances to all',
  eigenvectors: `its entries of ${PATCH_FEATURES} eigenvectors of the graph's Laplacian`,
  walks: `its chances of returning within ${PATCH_FEATURES} steps of a random walk`,
};

function collateAt(examples: readonly Example[], nodes: Positions | undefined): Batch {
  const clips = examples.map(({ clip }) => clip);
  const source = patchSequences(clips, PATCH, 2);
  return {
    size: examples.length,
    source: nodes === undefined ? source : { ...source, positions: nodes },
    labels: Int32Array.from(examples, ({ label }) => label),
  };
}
