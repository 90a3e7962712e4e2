/**
 * The numbers by which predictions are judged, as their fields define them. Knows no task and no model.
 */
import { distance } from 'fastest-levenshtein';
import { checkPredictionCount } from './batches.ts';
import type { Predictions } from './task.ts';

/** An edit count over a reference length; sums of both over a corpus give its error rate. */
export interface EditCount {
  /** Substitutions, insertions and deletions that turn the hypothesis into the reference (Levenshtein 1966). */
  readonly edits: number;
  readonly referenceLength: number;
}

/** The edit distance of two token sequences: tokens are compared whole, each as one UTF-16 code unit. */
export function editDistance(hypothesis: readonly number[], reference: readonly number[]): number {
  return distance(asText(hypothesis), asText(reference));
}

/**
 * The edits against the nearest of several accepted references, as grapheme-to-phoneme results are scored where a word
 * has several pronunciations (Yao & Zweig 2015, "Sequence-to-sequence neural net models for grapheme-to-phoneme
 * conversion", section 4.1). Of equally near references the first counts.
 */
export function nearestReference(
  hypothesis: readonly number[],
  references: readonly (readonly number[])[],
): EditCount & { readonly exact: boolean } {
  let best: EditCount | undefined;
  for (const reference of references) {
    const edits = editDistance(hypothesis, reference);
    if (best === undefined || edits < best.edits) best = { edits, referenceLength: reference.length };
  }
  if (best === undefined) throw new RangeError('nearestReference: expected at least one reference, got none');
  return { ...best, exact: best.edits === 0 };
}

/** Σ edits / Σ reference lengths: the word error rate's formula, over phonemes the phoneme error rate. May exceed 1. */
export function errorRate(counts: readonly EditCount[]): number {
  let edits = 0;
  let length = 0;
  for (const count of counts) {
    edits += count.edits;
    length += count.referenceLength;
  }
  return edits / length;
}

/** The fraction of items for which `right` holds. */
export function fractionRight<Item>(items: readonly Item[], right: (item: Item, index: number) => boolean): number {
  return items.filter(right).length / items.length;
}

/** Nats over characters, in bits: nats / (ln 2 · characters). Comparable between tokenizers of one text. */
export function bitsPerCharacter(nats: number, characters: number): number {
  return nats / Math.LN2 / characters;
}

/** Errors of forecasts, in the units of the series except `mase`, which has none. */
export interface ForecastErrors {
  /** Mean absolute error. */
  readonly mae: number;
  /** Root of the mean squared error. */
  readonly rmse: number;
  /** Mean absolute scaled error (Hyndman & Koehler 2006, "Another look at measures of forecast accuracy", section 3). */
  readonly mase: number;
}

/**
 * Errors over all numbers of `forecasts` and `actual`, which correspond one to one.
 * @param naiveScale what the mean absolute error is divided by: `naiveError` of the training part
 */
export function forecastErrors(
  forecasts: ArrayLike<number>,
  actual: ArrayLike<number>,
  naiveScale: number,
): ForecastErrors {
  if (forecasts.length !== actual.length || actual.length === 0) {
    throw new RangeError(`forecastErrors: expected ${actual.length} forecasts, at least one, got ${forecasts.length}`);
  }
  let absolute = 0;
  let squared = 0;
  for (let index = 0; index < actual.length; index++) {
    const error = (forecasts[index] as number) - (actual[index] as number);
    absolute += Math.abs(error);
    squared += error ** 2;
  }
  const mae = absolute / actual.length;
  return { mae, rmse: Math.sqrt(squared / actual.length), mase: mae / naiveScale };
}

/** The mean absolute error of forecasting each value by the one before it: 1/(n−1) Σ |y_t − y_{t−1}|. */
export function naiveError(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 1; index < values.length; index++) {
    sum += Math.abs((values[index] as number) - (values[index - 1] as number));
  }
  return sum / (values.length - 1);
}

function asText(tokens: readonly number[]): string {
  return String.fromCharCode(...tokens);
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
