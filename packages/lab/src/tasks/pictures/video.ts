/**
 * The task `video`: questions about clips that only the order of their frames answers. Clips are cut into patches that
 * know their frame, row and column. Trained on clips of one length, tested on longer ones. Knows no model and no encoding.
 */
import { fingerprint } from '../../data/hash.ts';
import { batchSizeAtLength, evaluationSet } from '../shared/batches.ts';
import { classAccuracy } from '../shared/class-accuracy.ts';
import { checkOptionNames, choiceOption, integerOption } from '../shared/options.ts';
import { type Batch, type PreparedTask, type Task, TaskError, type TaskOptions } from '../task.ts';
import { DIGIT_QUESTIONS, type DigitQuestion, digitQuestions } from './clip-digits.ts';
import { OWN_QUESTIONS, type OwnQuestion, ownQuestions } from './clip-own.ts';
import type { AskedClip, ClipQuestions } from './clip-questions.ts';
import { patchGrid, patchSequences } from './patches.ts';
import { ownPictureOptions, refuseOwnOptions } from './picture-data.ts';
import { picturePortrait, pictureSample, shownCount } from './picture-samples.ts';
import { clipKey } from './picture-splits.ts';

const PATCH = 6;
const TEST_EXAMPLES = 512;
const VALIDATION_EXAMPLES = 256;
/** Attention over more patches takes too long to be compared. */
const MOST_PATCHES = 1024;

/** Questions about clips. */
export const video: Task = {
  name: 'video',
  title: 'Clips and the order of their frames',
  description:
    'Which way does it move, are its frames in order, where will it be next (encoder over patches of frames)? Real digits ' +
    'with synthetic motion, or your own clips. Trained on clips of 4 frames, tested there and on up to 8.',
  metrics: [{ name: 'accuracy', title: 'accuracy', better: 'higher', format: 'fraction' }],
  lengthUnit: 'frames',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 128,
    encoderLayers: 2,
    decoderLayers: 0,
    steps: 500,
    batchSize: 32,
    learningRate: 2e-3,
    warmupSteps: 50,
    encodings: ['none', 'sinusoidal', 'rotary', 'space-time', 'axial-rotary'],
  },
  options: [
    {
      name: 'question',
      description:
        'of moving digits: direction, order (in order or shuffled) or next (the cell in which the digit will be); of your ' +
        'own clips: class, order or backwards; the first unless given',
    },
    ...ownPictureOptions(
      'your own clips: a folder with a subfolder for each class and in it a folder of PNG or JPEG frames for each clip, ' +
        'or an array .npy [N, T, H, W] or [N, T, H, W, 3] with --label',
    ),
    { name: 'patch', description: 'pixels along a side of a patch; divides the size of the frames', default: PATCH },
    {
      name: 'trainedFrames',
      description: 'of your own clips: train on stretches of so many frames, and test on whole clips too',
    },
    { name: 'testExamples', description: 'test clips of each length, at most: an even number', default: TEST_EXAMPLES },
  ],
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptionNames(video, options);
  const testExamples = integerOption('video', options, 'testExamples', TEST_EXAMPLES, 2);
  if (testExamples % 2 !== 0) {
    throw new TaskError(`video: --test-examples: expected an even number, two of each clip, got ${testExamples}`);
  }
  const patch = integerOption('video', options, 'patch', PATCH, 1);
  return prepareQuestions(await questionsOf(options, testExamples), patch);
}

async function questionsOf(options: TaskOptions, testExamples: number): Promise<ClipQuestions> {
  if (options.data === undefined) {
    refuseOwnOptions('video', options, ['trainedFrames']);
    const question: DigitQuestion = choiceOption('video', options, 'question', DIGIT_QUESTIONS);
    return digitQuestions(question, testExamples, VALIDATION_EXAMPLES);
  }
  const question: OwnQuestion = choiceOption('video', options, 'question', OWN_QUESTIONS);
  return ownQuestions(question, options, testExamples, VALIDATION_EXAMPLES);
}

function prepareQuestions(questions: ClipQuestions, patch: number): PreparedTask {
  const { classes, trained, trainedFrames, validation, test, baselines, data, notes } = questions;
  const [{ clip: first }] = (test[0] as (typeof test)[number]).examples as readonly [AskedClip];
  const { rows, columns } = checkedGrid(first, patch);
  const longest = Math.max(...test.map(({ bucket }) => bucket.maximum));
  const patches = longest * rows * columns;
  if (patches > MOST_PATCHES) {
    throw new TaskError(
      `video: expected clips of at most ${MOST_PATCHES} patches, got ${longest} frames of ${rows} × ${columns}; give a ` +
        'larger --patch or a smaller --resize, or clips of fewer frames',
    );
  }
  const buckets = test.map(({ bucket }) => bucket);
  const examplesOf = (split: 'validation' | 'test', label: string): readonly AskedClip[] => {
    const index = buckets.findIndex((bucket) => bucket.label === label);
    const examples = split === 'test' ? test[index]?.examples : index === 0 ? validation : undefined;
    if (examples === undefined) throw new RangeError(`video: ${split} has no bucket ${label}`);
    return examples;
  };
  const [trainedBucket] = buckets as [(typeof buckets)[number]];
  const shownFirst = examplesOf('test', trainedBucket.label).slice(0, 1);
  const portrayed = (shownFirst[0] as AskedClip).clip;

  return {
    fingerprint: fingerprint([
      ...trained.keys,
      ...[validation, ...test.map(({ examples }) => examples)].flatMap((examples) => [
        Int32Array.from(examples, ({ label }) => label),
        ...examples.map(({ clip }) => clipKey(clip)),
      ]),
    ]),
    sizes: {
      train: trained.size,
      validation: validation.length,
      test: test.reduce((sum, { examples }) => sum + examples.length, 0),
    },
    architecture: 'encoder',
    input: { kind: 'values', features: patch * patch * first.channels },
    output: { kind: 'class', classes: classes.length },
    question: { kind: 'classify' },
    maximumLength: patches,
    extents: [longest, rows, columns],
    trainingBatch: (size, uniform) => collate(questions.draw(size, uniform), patch, trainedFrames),
    evaluation: (split, batchSize) =>
      (split === 'test' ? buckets : [trainedBucket]).map((bucket) => {
        const size = batchSizeAtLength(batchSize, trainedFrames, bucket.maximum);
        return evaluationSet(bucket, examplesOf(split, bucket.label), size, (examples) =>
          collate(examples, patch, bucket.maximum),
        );
      }),
    score: (split, { label }, predictions) => {
      return { accuracy: classAccuracy('video', examplesOf(split, label), predictions) };
    },
    baselines,
    data,
    samples: (bucket, predictions) => {
      if (predictions.kind !== 'classes') throw new TypeError(`video: expected classes, got ${predictions.kind}`);
      const examples = examplesOf('test', bucket.label);
      const shown = examples.slice(
        0,
        shownCount(
          buckets,
          bucket,
          examples.map(({ clip }) => clip),
        ),
      );
      return shown.map(({ id, label, clip }, index) => {
        const answer = classes[predictions.classes[index] as number] as string;
        const named = {
          id: `${id}, ${bucket.label} frames`,
          bucket: bucket.label,
          expected: classes[label] as string,
          answer,
        };
        return pictureSample(named, clip, patch);
      });
    },
    ...picturePortrait(collate(shownFirst, patch, portrayed.frames), portrayed, patch, 3),
    notes: [...notes, 'Encodings of one axis read patches in the order of their sequence: frame by frame, row by row.'],
  };
}

function checkedGrid(clip: AskedClip['clip'], patch: number): ReturnType<typeof patchGrid> {
  try {
    return patchGrid(clip, patch);
  } catch (error) {
    throw new TaskError(`video: ${(error as Error).message}; give another --patch, or --resize`, { cause: error });
  }
}

function collate(examples: readonly AskedClip[], patch: number, frames: number): Batch {
  return {
    size: examples.length,
    source: patchSequences(
      examples.map(({ clip }) => clip),
      patch,
      3,
      frames,
    ),
    labels: Int32Array.from(examples, ({ label }) => label),
  };
}
