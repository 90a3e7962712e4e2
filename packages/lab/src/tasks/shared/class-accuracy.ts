/** How many predicted classes are right. Knows no particular task, and no model. */
import { fractionRight } from '../metrics/accuracy.ts';
import type { Predictions } from '../task.ts';
import { checkPredictionCount } from './batches.ts';

/**
 * The fraction of examples whose predicted class is their label.
 *
 * @throws {TypeError} when the predictions are no classes
 * @throws {RangeError} when there is not one for each example
 */
export function classAccuracy(
  task: string,
  examples: readonly { readonly label: number }[],
  predictions: Predictions,
): number {
  if (predictions.kind !== 'classes') throw new TypeError(`${task}: score: expected classes, got ${predictions.kind}`);
  checkPredictionCount(predictions.classes.length, examples.length);
  return fractionRight(examples, ({ label }, index) => predictions.classes[index] === label);
}
