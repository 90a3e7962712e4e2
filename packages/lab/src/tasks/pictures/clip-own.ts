/**
 * A person's own clips, and questions about them: of which class is it, are its frames in order, is it played backwards?
 * Knows no model.
 */
import type { Clip } from '../../data/pictures/clip.ts';
import { createRandom } from '../../data/random.ts';
import { fractionRight } from '../metrics/accuracy.ts';
import { drawExamples } from '../shared/batches.ts';
import { integerOption } from '../shared/options.ts';
import { summarizeLengths } from '../shared/text-lengths.ts';
import { type LengthBucket, TaskError, type TaskOptions, type Uniform } from '../task.ts';
import { cutFrames, frameKinds, reverseFrames, shuffleFrames } from './clip-orders.ts';
import { type AskedClip, bagOfFrames, type ClipQuestions } from './clip-questions.ts';
import { majorityLabel, readOwnPictures } from './picture-data.ts';
import type { ClipExample } from './picture-splits.ts';

/** Questions, the default first. */
export const OWN_QUESTIONS = ['class', 'order', 'backwards'] as const;
export type OwnQuestion = (typeof OWN_QUESTIONS)[number];

const CLASSES = { order: ['in order', 'shuffled'], backwards: ['forwards', 'backwards'] } as const;

/** @throws {TaskError} if the clips cannot be read, or there are too few of them */
export async function ownQuestions(
  question: OwnQuestion,
  options: TaskOptions,
  testExamples: number,
  validationExamples: number,
): Promise<ClipQuestions> {
  const read = await readOwnPictures('video', options, {
    holds: 'clips',
    needsLabels: question === 'class',
    reject: ({ clip }) => reasonAgainst(question, clip),
  });
  const { splits } = read;
  const all = [...splits.train, ...splits.validation, ...splits.test];
  const longest = Math.max(...all.map(({ clip }) => clip.frames));
  const wanted = integerOption('video', options, 'trainedFrames', longest, 2);
  const trainedFrames = Math.min(wanted, Math.max(...splits.train.map(({ clip }) => clip.frames)));
  const fits = (example: ClipExample): boolean => usableStarts(question, example.clip, trainedFrames).length > 0;
  const train = splits.train.filter(fits);
  if (train.length === 0) {
    throw new TaskError(
      `video: --trained-frames: no clip has ${trainedFrames} frames in a row that differ; give more frames`,
    );
  }
  const ask = (example: ClipExample, clip: Clip, uniform: Uniform): readonly AskedClip[] => {
    const { name: id, label } = example;
    if (question === 'class') return [{ id, label, clip }];
    const other = question === 'order' ? shuffleFrames(clip, uniform) : reverseFrames(clip);
    return [
      { id, label: 0, clip },
      { id: `${id}, ${CLASSES[question][1]}`, label: 1, clip: other },
    ];
  };
  const askTest = (examples: readonly ClipExample[], most: number, cut: boolean): readonly AskedClip[] =>
    examples.slice(0, question === 'class' ? most : most / 2).flatMap((example) => {
      const [start = 0] = usableStarts(question, example.clip, trainedFrames);
      const clip = cut ? cutFrames(example.clip, start, Math.min(trainedFrames, example.clip.frames)) : example.clip;
      return ask(example, clip, createRandom(0, 'frames', example.key).uniform);
    });
  const buckets = bucketsOf(splits.test, trainedFrames);
  const test = buckets.map((bucket) => {
    const inside = bucket.trained ? splits.test.filter(fits) : splits.test.filter((example) => isIn(example, bucket));
    return { bucket, examples: askTest(inside, testExamples, bucket.trained) };
  });
  const classes = question === 'class' ? read.classes : CLASSES[question];
  const cutCount = all.filter(({ clip }) => clip.frames > trainedFrames).length;
  return {
    classes,
    trained: { size: train.length, keys: train.map(({ key, label }) => `${label} ${key}`) },
    trainedFrames,
    draw: (size, uniform) =>
      drawExamples(train, size, uniform).map((example, index) => {
        const starts = usableStarts(question, example.clip, trainedFrames);
        const start = starts[Math.floor(uniform() * starts.length)] as number;
        const clip = cutFrames(example.clip, start, Math.min(trainedFrames, example.clip.frames));
        const pair = ask(example, clip, uniform);
        return pair[index % pair.length] as AskedClip;
      }),
    validation: askTest(splits.validation.filter(fits), validationExamples, true),
    test,
    baselines: question === 'class' ? classBaselines(train, read.classes.length, test) : [bagOfFrames(test)],
    data: {
      ...read.summary,
      lengths: summarizeLengths(
        'frames',
        all.map(({ clip }) => clip.frames),
      ),
      trainedLength: {
        maximum: trainedFrames,
        limit: longest,
        chosenBy: options.trainedFrames === undefined ? 'the longest training clip' : 'as given',
      },
      ...(cutCount === 0 ? {} : { tooLong: { count: cutCount, action: 'windowed' } }),
    },
    notes: [
      ...(cutCount === 0
        ? ['All clips are trained on whole; give --trained-frames to test on longer ones than trained.']
        : [
            `${cutCount} clips are longer than ${trainedFrames} frames: training sees stretches of that length, drawn ` +
              'anew at each step; tests see one such stretch in the trained length, and the whole clip in its own.',
          ]),
      ...(question === 'class'
        ? []
        : [
            `Every test clip is asked about twice, as it is and ${question === 'order' ? 'with its frames shuffled' : 'backwards'}: ` +
              'a model without the order of frames answers the same to both and is right half of the time.',
          ]),
      ...read.notes,
    ],
  };
}

function reasonAgainst(question: OwnQuestion, clip: Clip): string | undefined {
  if (clip.frames < 2) return 'expected at least 2 frames, got 1';
  if (isUsable(question, clip)) return undefined;
  return question === 'order'
    ? 'expected at least 3 frames that differ, so that their order can be told'
    : 'it shows the same forwards and backwards';
}

function isUsable(question: OwnQuestion, clip: Clip): boolean {
  if (question === 'class') return true;
  const kinds = frameKinds(clip);
  if (question === 'order') return new Set(kinds).size >= 3;
  return kinds.some((kind, at) => kind !== kinds.at(-1 - at));
}

/** Where a stretch of `frames` frames may begin: 0 for a clip that is not longer. */
function usableStarts(question: OwnQuestion, clip: Clip, frames: number): number[] {
  const starts = Array.from({ length: Math.max(1, clip.frames - frames + 1) }, (_, start) => start);
  if (question === 'class') return starts;
  return starts.filter((start) => isUsable(question, cutFrames(clip, start, Math.min(frames, clip.frames))));
}

/** Trained lengths, up to twice as long, and longer, where test clips are. */
function bucketsOf(test: readonly ClipExample[], trained: number): LengthBucket[] {
  const frames = test.map(({ clip }) => clip.frames);
  const bucket = (minimum: number, maximum: number, isTrained: boolean): LengthBucket => {
    return {
      label: minimum === maximum ? String(minimum) : `${minimum}–${maximum}`,
      minimum,
      maximum,
      trained: isTrained,
    };
  };
  const shortest = Math.min(trained, ...frames);
  const beyond = [
    [trained + 1, 2 * trained],
    [2 * trained + 1, Number.POSITIVE_INFINITY],
  ] as const;
  return [
    bucket(shortest, trained, true),
    ...beyond.flatMap(([from, to]) => {
      const inside = frames.filter((length) => length >= from && length <= to);
      return inside.length === 0 ? [] : [bucket(Math.min(...inside), Math.max(...inside), false)];
    }),
  ];
}

function isIn({ clip: { frames } }: ClipExample, { minimum, maximum }: LengthBucket): boolean {
  return frames >= minimum && frames <= maximum;
}

/** The most frequent class, and the class whose mean frame is nearest to the mean of a clip's frames. */
function classBaselines(
  train: readonly ClipExample[],
  classes: number,
  test: ClipQuestions['test'],
): ClipQuestions['baselines'] {
  const scoresOf = (answer: (clip: Clip) => number) =>
    Object.fromEntries(
      test.map(({ bucket, examples }) => [
        bucket.label,
        { accuracy: fractionRight(examples, ({ label, clip }) => answer(clip) === label) },
      ]),
    );
  const majority = majorityLabel(train, classes);
  const means = Array.from({ length: classes }, (_, label) =>
    meanOf(train.filter((example) => example.label === label).map(({ clip }) => meanFrame(clip))),
  );
  const nearest = (clip: Clip): number => {
    const frame = meanFrame(clip);
    const distances = means.map((mean) =>
      mean.reduce((sum, value, at) => sum + (value - (frame[at] as number)) ** 2, 0),
    );
    return distances.indexOf(Math.min(...distances));
  };
  return [
    { name: 'majority', title: 'the most frequent class', scores: scoresOf(() => majority) },
    {
      name: 'bag-of-frames',
      title: 'the class with the nearest mean frame',
      orderBlind: true,
      scores: scoresOf(nearest),
    },
  ];
}

function meanFrame({ frames, pixels }: Clip): Float64Array {
  const size = pixels.length / frames;
  return meanOf(Array.from({ length: frames }, (_, frame) => pixels.subarray(frame * size, (frame + 1) * size)));
}

function meanOf(rows: readonly (Uint8Array | Float64Array)[]): Float64Array {
  const mean = new Float64Array((rows[0] as Uint8Array).length);
  for (const row of rows)
    for (let at = 0; at < mean.length; at += 1) mean[at] = (mean[at] as number) + (row[at] as number);
  return mean.map((sum) => sum / rows.length);
}
