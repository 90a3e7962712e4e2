/** Moves elements of plain tensors without computing: broadcast, permute, slice, concatenate, take. Types are kept. */
import type { PlainTensor } from '../operations.ts';
import {
  checkConcatenate,
  checkIndices,
  checkPermutation,
  checkReshape,
  checkSlice,
  resolveAxis,
  sizeOf,
  stridesOf,
  viewAxis,
  withExtent,
} from '../shapes.ts';

/** Copies a strided view of `data` into row-major order. */
function readStrided(data: Float64Array, shape: readonly number[], strides: readonly number[]): Float64Array {
  const result = new Float64Array(sizeOf(shape));
  if (result.length === 0) return result;
  const last = shape.length - 1;
  let written = 0;
  const visit = (axis: number, start: number): void => {
    const extent = shape[axis] as number;
    const stride = strides[axis] as number;
    if (axis === last) for (let i = 0; i < extent; i++) result[written++] = data[start + i * stride] as number;
    else for (let i = 0; i < extent; i++) visit(axis + 1, start + i * stride);
  };
  if (last < 0) result[0] = data[0] as number;
  else visit(0, 0);
  return result;
}

/** The data of `x` repeated to a shape that it broadcasts to; its own array when the shapes are equal in size. */
export function readBroadcast(x: PlainTensor, shape: readonly number[]): Float64Array {
  if (x.data.length === sizeOf(shape)) return x.data;
  const missing = shape.length - x.shape.length;
  const strides = stridesOf(x.shape).map((stride, axis) => (x.shape[axis] === 1 ? 0 : stride));
  return readStrided(x.data, shape, [...new Array<number>(missing).fill(0), ...strides]);
}

/** The same elements under another shape. The data is shared. */
export function reshape(x: PlainTensor, shape: readonly number[]): PlainTensor {
  return { shape: [...checkReshape(x.shape, shape)], data: x.data, type: x.type };
}

/** Reorders all axes. */
export function permute(x: PlainTensor, axes: readonly number[]): PlainTensor {
  const order = checkPermutation(x.shape, axes);
  const strides = stridesOf(x.shape);
  const shape = order.map((axis) => x.shape[axis] as number);
  const data = readStrided(
    x.data,
    shape,
    order.map((axis) => strides[axis] as number),
  );
  return { shape, data, type: x.type };
}

/** Elements start…stop−1 of one axis. */
export function slice(x: PlainTensor, axis: number, start: number, stop: number): PlainTensor {
  const along = resolveAxis('slice', x.shape, axis);
  const { outer, length, inner } = viewAxis(x.shape, along);
  checkSlice(length, start, stop);
  const width = (stop - start) * inner;
  const data = new Float64Array(outer * width);
  for (let block = 0; block < outer; block++) {
    const from = (block * length + start) * inner;
    data.set(x.data.subarray(from, from + width), block * width);
  }
  return { shape: withExtent(x.shape, along, stop - start), data, type: x.type };
}

/** Joins tensors along one axis; integer when all are. */
export function concatenate(xs: readonly PlainTensor[], axis: number): PlainTensor {
  const { axis: along, shape } = checkConcatenate(
    xs.map((x) => x.shape),
    axis,
  );
  const total = viewAxis(shape, along);
  const data = new Float64Array(sizeOf(shape));
  let offset = 0;
  for (const x of xs) {
    const width = (x.shape[along] as number) * total.inner;
    for (let block = 0; block < total.outer; block++) {
      data.set(x.data.subarray(block * width, (block + 1) * width), block * total.length * total.inner + offset);
    }
    offset += width;
  }
  return { shape, data, type: xs.every((x) => x.type === 'integer') ? 'integer' : 'real' };
}

/**
 * Rows of axis 0 of `table`.
 *
 * @throws {TypeError} when the indices are real
 * @throws {RangeError} when an index is not a row of the table
 */
export function take(table: PlainTensor, indices: PlainTensor): PlainTensor {
  checkIndices(indices.type);
  resolveAxis('take', table.shape, 0);
  const { length: rows, inner } = viewAxis(table.shape, 0);
  const data = new Float64Array(indices.data.length * inner);
  indices.data.forEach((row, at) => {
    if (!Number.isInteger(row) || row < 0 || row >= rows) {
      throw new RangeError(`take: expected indices from 0 to ${rows - 1}, got ${row} at index ${at}`);
    }
    data.set(table.data.subarray(row * inner, (row + 1) * inner), at * inner);
  });
  return { shape: [...indices.shape, ...table.shape.slice(1)], data, type: table.type };
}
