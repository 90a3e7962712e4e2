/** Sums, maxima and softmax along one axis of plain tensors. */
import type { PlainTensor } from '../operations.ts';
import { resolveAxis, shapeText, sizeOf, viewAxis, withExtent } from '../shapes.ts';

/** Combines the elements along one axis, which is kept with size 1. */
function reduce(
  operation: string,
  x: PlainTensor,
  axis: number,
  initial: number,
  combine: (accumulated: number, element: number) => number,
): PlainTensor {
  const along = resolveAxis(operation, x.shape, axis);
  const { outer, length, inner } = viewAxis(x.shape, along);
  const data = new Float64Array(outer * inner).fill(initial);
  for (let block = 0; block < outer; block++) {
    for (let row = 0; row < length; row++) {
      for (let i = 0; i < inner; i++) {
        const at = block * inner + i;
        data[at] = combine(data[at] as number, x.data[(block * length + row) * inner + i] as number);
      }
    }
  }
  return { shape: withExtent(x.shape, along, 1), data, type: 'real' };
}

/** Sum over one axis, which is kept with size 1. */
export function sum(x: PlainTensor, axis: number): PlainTensor {
  return reduce('sum', x, axis, 0, (accumulated, element) => accumulated + element);
}

/**
 * Largest element over one axis, which is kept with size 1.
 *
 * @throws {RangeError} when the axis is empty
 */
export function max(x: PlainTensor, axis: number): PlainTensor {
  if (x.shape[resolveAxis('max', x.shape, axis)] === 0) {
    throw new RangeError(`max: expected an axis with elements, got axis ${axis} of shape ${shapeText(x.shape)}`);
  }
  return reduce('max', x, axis, Number.NEGATIVE_INFINITY, Math.max);
}

/** Sums of the elements up to and including each, along one axis. */
export function cumulativeSum(x: PlainTensor, axis: number): PlainTensor {
  const { length, inner } = viewAxis(x.shape, resolveAxis('cumulativeSum', x.shape, axis));
  const data = Float64Array.from(x.data);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / inner) % length;
    if (row > 0) data[i] = (data[i] as number) + (data[i - inner] as number);
  }
  return { shape: x.shape, data, type: 'real' };
}

/** Softmax over the last axis. The row's maximum is subtracted first, so large values do not overflow. */
export function softmax(x: PlainTensor): PlainTensor {
  const width = x.shape[resolveAxis('softmax', x.shape, -1)] as number;
  const data = new Float64Array(sizeOf(x.shape));
  for (let start = 0; start < data.length; start += width) {
    const row = x.data.subarray(start, start + width);
    const largest = row.reduce((best, element) => Math.max(best, element), Number.NEGATIVE_INFINITY);
    const powers = row.map((element) => Math.exp(element - largest));
    const total = powers.reduce((accumulated, power) => accumulated + power, 0);
    data.set(
      powers.map((power) => power / total),
      start,
    );
  }
  return { shape: x.shape, data, type: 'real' };
}
