/** Gradients of matrix products, sums, maxima and softmax. */
import { float64Operations as plain } from '../float64.ts';
import type { Operations, PlainTensor } from '../operations.ts';
import { filled } from '../plain.ts';
import { sumTo } from './elementwise.ts';
import type { RecordResult, Tracked } from './tape.ts';

type Names = 'matmul' | 'sum' | 'max' | 'cumulativeSum' | 'softmax';

/** The operations that combine elements, each noting how to carry a cotangent back. */
export function reducingOperations(record: RecordResult): Pick<Operations<Tracked>, Names> {
  return {
    matmul: (a, b) =>
      record(plain.matmul(a.value, b.value), [
        [a, (cotangent) => sumTo(plain.matmul(cotangent, transpose(b.value)), a.value.shape)],
        [b, (cotangent) => sumTo(plain.matmul(transpose(a.value), cotangent), b.value.shape)],
      ]),
    sum: (x, axis) =>
      record(plain.sum(x.value, axis), [[x, (cotangent) => plain.multiply(filled(x.value.shape, 1), cotangent)]]),
    max: (x, axis) => {
      const value = plain.max(x.value, axis);
      return record(value, [
        [
          x,
          (cotangent) => {
            const below = plain.subtract(x.value, value);
            const isLargest = plain.where(below, 0, 1);
            return plain.multiply(plain.divide(isLargest, plain.sum(isLargest, axis)), cotangent);
          },
        ],
      ]);
    },
    cumulativeSum: (x, axis) =>
      record(plain.cumulativeSum(x.value, axis), [
        [
          x,
          (cotangent) => {
            // The sum from each element to the end: all, less what comes before.
            const before = plain.subtract(plain.cumulativeSum(cotangent, axis), cotangent);
            return plain.subtract(plain.sum(cotangent, axis), before);
          },
        ],
      ]),
    softmax: (x) => {
      const value = plain.softmax(x.value);
      return record(value, [
        [
          x,
          (cotangent) => {
            const mean = plain.sum(plain.multiply(cotangent, value), -1);
            return plain.multiply(value, plain.subtract(cotangent, mean));
          },
        ],
      ]);
    },
  };
}

function transpose(x: PlainTensor): PlainTensor {
  const rank = x.shape.length;
  const axes = x.shape.map((_, axis) => axis);
  return plain.permute(x, [...axes.slice(0, -2), rank - 1, rank - 2]);
}
