/** Makes plain tensors, with checks. This file knows nothing of operations on them. */
import type { PlainTensor } from './operations.ts';
import { checkShape, shapeText, sizeOf } from './shapes.ts';

/**
 * A plain tensor from flat row-major numbers, which are copied.
 *
 * @param shape - extents of the axes; `[]` for a scalar
 * @param data - as many numbers as the shape holds
 * @param type - `integer` for indices and tokens, whose numbers must be 32-bit integers
 * @throws {RangeError} when the shape is not made of counts, or does not hold as many numbers as were given
 * @throws {TypeError} when an integer tensor is given another number
 *
 * @example
 * ```ts
 * import { tensor } from 'posenc/tensor';
 *
 * const matrix = tensor([2, 2], [1, 2, 3, 4]);
 * const tokens = tensor([3], [7, 0, 2], 'integer');
 * ```
 */
export function tensor(
  shape: readonly number[],
  data: ArrayLike<number>,
  type: PlainTensor['type'] = 'real',
): PlainTensor {
  return checkTensor({ shape: [...shape], data: Float64Array.from(data), type });
}

/** A tensor of one repeated real number. */
export function filled(shape: readonly number[], value: number): PlainTensor {
  checkShape('filled: shape', shape);
  return { shape, data: new Float64Array(sizeOf(shape)).fill(value), type: 'real' };
}

/**
 * Returns `value` if its shape, data and type agree.
 *
 * @throws {RangeError} when the shape does not hold as many numbers as the data
 * @throws {TypeError} when an integer tensor holds something else than 32-bit integers
 */
export function checkTensor(value: PlainTensor): PlainTensor {
  const { shape, data, type } = value;
  checkShape('tensor: shape', shape);
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(`tensor: expected ${sizeOf(shape)} numbers for shape ${shapeText(shape)}, got ${data.length}`);
  }
  if (type === 'integer') {
    const bad = data.findIndex((element) => element !== (element | 0));
    if (bad >= 0) throw new TypeError(`tensor: expected 32-bit integers, got ${String(data[bad])} at index ${bad}`);
  }
  return value;
}
