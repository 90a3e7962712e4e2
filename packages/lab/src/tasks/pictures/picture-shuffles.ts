/**
 * The patch-shuffle control: every picture is asked about twice, as it is and with its patches in other places. What an
 * encoding loses by it, it had read from places. Knows no data and no model.
 */
import { resizeClip } from '../../data/pictures/resize.ts';
import { createRandom } from '../../data/random.ts';
import { fractionRight } from '../metrics/accuracy.ts';
import { checkPredictionCount } from '../shared/batches.ts';
import type { Predictions, Scores } from '../task.ts';
import { movePatches } from './patches.ts';
import type { Resolution } from './picture-resolutions.ts';
import type { ClipExample } from './picture-splits.ts';

/** A picture to be answered about. */
export interface Asked extends ClipExample {
  readonly isShuffled: boolean;
}

/** The picture at a resolution, and the same with its patches in an order decided by what it shows. */
export function asIsAndShuffled(
  example: ClipExample,
  { bucket, rows, columns, height, width }: Resolution,
  patch: number,
): Asked[] {
  const clip = resizeClip(example.clip, height, width);
  const { uniform } = createRandom(0, 'patches', bucket.label, example.key);
  const order = Array.from({ length: rows * columns }, (_, place) => place);
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(uniform() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return [
    { ...example, clip, isShuffled: false },
    { ...example, clip: movePatches(clip, patch, order), isShuffled: true },
  ];
}

/** @throws {TypeError} when the predictions are no classes */
export function classesOf(predictions: Predictions): Int32Array {
  if (predictions.kind !== 'classes') throw new TypeError(`image: score: expected classes, got ${predictions.kind}`);
  return predictions.classes;
}

/** Accuracy over pictures as they are, and over those with shuffled patches. */
export function scoreClasses(examples: readonly Asked[], answers: Int32Array): Scores {
  checkPredictionCount(answers.length, examples.length);
  const among = (isShuffled: boolean): number => {
    const some = examples.flatMap((example, index) =>
      example.isShuffled === isShuffled ? [{ label: example.label, answer: answers[index] }] : [],
    );
    return fractionRight(some, ({ label, answer }) => label === answer);
  };
  return { accuracy: among(false), 'shuffled-accuracy': among(true) };
}
