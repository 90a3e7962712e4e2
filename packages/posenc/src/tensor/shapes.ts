/**
 * Shapes: sizes, strides, axes and broadcasting, each with an error that names the operation.
 * This file knows nothing of what is computed on the data.
 */
import type { PlainTensor } from './operations.ts';

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** A shape as it is written in messages: `[2, 3]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** How far apart neighbours along each axis lie in flat row-major data. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/**
 * An axis counted from the front.
 *
 * @param axis - −rank … rank−1
 * @throws {RangeError} when the tensor has no such axis
 */
export function resolveAxis(operation: string, shape: readonly number[], axis: number): number {
  const rank = shape.length;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const expected = rank === 0 ? 'a tensor with at least one axis' : `an axis from ${-rank} to ${rank - 1}`;
    throw new RangeError(`${operation}: expected ${expected}, got axis ${axis} of shape ${shapeText(shape)}`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** A shape seen from one axis: `outer` blocks of `length` rows of `inner` neighbours. */
export interface AxisView {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** Splits a shape at an axis already resolved. */
export function viewAxis(shape: readonly number[], axis: number): AxisView {
  return { outer: sizeOf(shape.slice(0, axis)), length: shape[axis] as number, inner: sizeOf(shape.slice(axis + 1)) };
}

/** The same shape with one axis, already resolved, of another extent. */
export function withExtent(shape: readonly number[], axis: number, extent: number): number[] {
  return shape.map((old, index) => (index === axis ? extent : old));
}

/**
 * The shape that two shapes broadcast to, as in NumPy: aligned at their last axes, where extents are equal or one is 1.
 *
 * @throws {RangeError} when they do not broadcast
 */
export function broadcastShapes(operation: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new RangeError(
        `${operation}: expected shapes that broadcast (extents equal or 1, counted from the last axis), ` +
          `got ${shapeText(a)} and ${shapeText(b)}`,
      );
    }
    return left === 1 ? right : left;
  });
}

/**
 * The shape that `reshape` makes.
 *
 * @throws {RangeError} when the extents are not counts or the number of elements would change
 */
export function checkReshape(from: readonly number[], to: readonly number[]): readonly number[] {
  checkShape('reshape: shape', to);
  if (sizeOf(from) !== sizeOf(to)) {
    throw new RangeError(
      `reshape: expected ${sizeOf(from)} elements as in ${shapeText(from)}, ` +
        `got ${shapeText(to)}, which has ${sizeOf(to)}`,
    );
  }
  return to;
}

/**
 * The order of axes for `permute`.
 *
 * @throws {RangeError} when `axes` does not name every axis once
 */
export function checkPermutation(shape: readonly number[], axes: readonly number[]): number[] {
  const resolved = axes.map((axis) => resolveAxis('permute', shape, axis));
  if (resolved.length !== shape.length || new Set(resolved).size !== shape.length) {
    throw new RangeError(`permute: expected every axis of ${shapeText(shape)} once, got ${shapeText(axes)}`);
  }
  return resolved;
}

/**
 * The bounds of a `slice`.
 *
 * @throws {RangeError} when 0 ≤ start ≤ stop ≤ extent does not hold
 */
export function checkSlice(extent: number, start: number, stop: number): void {
  const integers = Number.isInteger(start) && Number.isInteger(stop);
  if (!integers || start < 0 || stop < start || stop > extent) {
    throw new RangeError(`slice: expected 0 <= start <= stop <= ${extent}, got start ${start} and stop ${stop}`);
  }
}

/**
 * The axis and shape of a `concatenate`.
 *
 * @throws {RangeError} when the list is empty or the shapes differ elsewhere than along the axis
 */
export function checkConcatenate(
  shapes: readonly (readonly number[])[],
  axis: number,
): { axis: number; shape: number[] } {
  const first = shapes[0];
  if (first === undefined) throw new RangeError('concatenate: expected at least one tensor, got none');
  const along = resolveAxis('concatenate', first, axis);
  for (const shape of shapes) {
    const matches = shape.length === first.length && shape.every((extent, at) => at === along || extent === first[at]);
    if (!matches) {
      throw new RangeError(
        `concatenate: expected shapes that differ only along axis ${along}, ` +
          `got ${shapeText(first)} and ${shapeText(shape)}`,
      );
    }
  }
  const total = shapes.reduce((sum, shape) => sum + (shape[along] as number), 0);
  return { axis: along, shape: withExtent(first, along, total) };
}

/**
 * The shape of a matrix product: broadcast leading axes, then rows of `a` and columns of `b`.
 *
 * @throws {RangeError} when an operand has fewer than two axes or the inner extents differ
 */
export function matmulShape(a: readonly number[], b: readonly number[]): number[] {
  if (a.length < 2 || b.length < 2 || a.at(-1) !== b.at(-2)) {
    throw new RangeError(`matmul: expected [..., n, k] and [..., k, m], got ${shapeText(a)} and ${shapeText(b)}`);
  }
  return [
    ...broadcastShapes('matmul: leading axes', a.slice(0, -2), b.slice(0, -2)),
    a.at(-2) as number,
    b.at(-1) as number,
  ];
}

/**
 * Returns `shape` if its extents are integers of at least 0.
 *
 * @throws {RangeError} otherwise
 */
export function checkShape(name: string, shape: readonly number[]): readonly number[] {
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw new RangeError(`${name}: expected integers of at least 0, got ${shapeText(shape)}`);
  }
  return shape;
}

/**
 * Checks that an operand of `take` may serve as indices.
 *
 * @throws {TypeError} when it is real
 */
export function checkIndices(type: PlainTensor['type']): void {
  if (type !== 'integer') {
    throw new TypeError("take: expected integer indices, got a real tensor; make it with type 'integer'");
  }
}
