/** How many of the answers are right. Knows no model. */
import { checkPredictionCount } from '../batches.ts';
import type { Predictions } from '../task.ts';

/** The fraction of items for which `right` holds. */
export function fractionRight<Item>(items: readonly Item[], right: (item: Item, index: number) => boolean): number {
  return items.filter(right).length / items.length;
}

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
