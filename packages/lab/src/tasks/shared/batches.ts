/** Puts examples into padded arrays of one shape. Knows no particular task and nothing of what the tokens mean. */
import type { Batch, EvaluationSet, LengthBucket, SequenceArray, Uniform } from '../task.ts';

/** The token at padded positions, in every task. */
export const PADDING = 0;
/** The label where nothing is scored. */
export const UNSCORED = -1;

/**
 * Rows of tokens padded on the right to `length`, as Int32Array [rows, length].
 * @throws {RangeError} if a row is longer than `length`
 */
export function padRows(rows: readonly ArrayLike<number>[], length: number, padding: number): Int32Array {
  const data = new Int32Array(rows.length * length).fill(padding);
  rows.forEach((row, index) => {
    if (row.length > length) throw new RangeError(`padRows: expected at most ${length} tokens, got ${row.length}`);
    data.set(row, index * length);
  });
  return data;
}

/** Rows of tokens padded with `PADDING` to `length`, with their own lengths. */
export function tokenSequences(rows: readonly ArrayLike<number>[], length: number): SequenceArray {
  return { data: padRows(rows, length, PADDING), length, lengths: Int32Array.from(rows, (row) => row.length) };
}

/** `size` draws of an integer from 0 to `count` − 1, with replacement: ⌊uniform() · count⌋ each. */
export function drawIndices(count: number, size: number, uniform: Uniform): number[] {
  checkSize('trainingBatch: size', size);
  return Array.from({ length: size }, () => Math.floor(uniform() * count));
}

/** `size` draws from `examples`, with replacement. */
export function drawExamples<Example>(examples: readonly Example[], size: number, uniform: Uniform): Example[] {
  return drawIndices(examples.length, size, uniform).map((index) => examples[index] as Example);
}

/** Cuts the examples of a bucket, in order, into batches of one size; the last is filled up with its last example. */
export function evaluationSet<Example>(
  bucket: LengthBucket,
  examples: readonly Example[],
  batchSize: number,
  collate: (examples: readonly Example[]) => Batch,
): EvaluationSet {
  checkSize('evaluation: batchSize', batchSize);
  const batches: Batch[] = [];
  for (let start = 0; start < examples.length; start += batchSize) {
    const rows = examples.slice(start, start + batchSize);
    while (rows.length < batchSize) rows.push(rows.at(-1) as Example);
    batches.push(collate(rows));
  }
  return { bucket, examples: examples.length, batches };
}

/**
 * The batch size at which attention over `length` positions takes no more memory than `batchSize` sequences of
 * `trainedLength` do: batchSize · (trainedLength / length)², at least 1.
 */
export function batchSizeAtLength(batchSize: number, trainedLength: number, length: number): number {
  checkSize('evaluation: batchSize', batchSize);
  return Math.max(1, Math.floor(batchSize * (trainedLength / length) ** 2));
}

/** @throws {RangeError} if there is not one prediction for each of `examples` */
export function checkPredictionCount(found: number, examples: number): void {
  if (found !== examples) throw new RangeError(`score: expected predictions for ${examples} examples, got ${found}`);
}

function checkSize(what: string, size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(`${what}: expected a positive integer, got ${size}`);
  }
}
