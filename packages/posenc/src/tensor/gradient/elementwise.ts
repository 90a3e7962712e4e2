/** Gradients of elementwise operations and of broadcasting. */

import { asTensor } from '../float64/elementwise.ts';
import { float64Operations as plain } from '../float64.ts';
import type { Operations, PlainTensor } from '../operations.ts';
import { constant, type RecordResult, type Tracked } from './tape.ts';

type Names =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'maximum'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'where'
  | 'stopGradient';

/** The elementwise operations, each noting how to carry a cotangent back. */
export function elementwiseOperations(record: RecordResult): Pick<Operations<Tracked>, Names> {
  /** `slope` is the derivative, from the argument and the result. */
  const unary =
    (compute: (x: PlainTensor) => PlainTensor, slope: (x: PlainTensor, y: PlainTensor) => PlainTensor) =>
    (x: Tracked): Tracked => {
      const value = compute(x.value);
      return record(value, [[x, (cotangent) => plain.multiply(cotangent, slope(x.value, value))]]);
    };
  type Slope = (a: PlainTensor, b: PlainTensor) => PlainTensor | number;
  const binary =
    (compute: (a: PlainTensor, b: PlainTensor) => PlainTensor, slopeOfA: Slope, slopeOfB: Slope) =>
    (left: Tracked | number, right: Tracked | number): Tracked => {
      const [a, b] = [tracked(left), tracked(right)];
      const pull = (input: Tracked, slope: Slope) => (cotangent: PlainTensor) =>
        sumTo(plain.multiply(cotangent, slope(a.value, b.value)), input.value.shape);
      return record(compute(a.value, b.value), [
        [a, pull(a, slopeOfA)],
        [b, pull(b, slopeOfB)],
      ]);
    };
  return {
    add: binary(
      plain.add,
      () => 1,
      () => 1,
    ),
    subtract: binary(
      plain.subtract,
      () => 1,
      () => -1,
    ),
    multiply: binary(
      plain.multiply,
      (_, b) => b,
      (a) => a,
    ),
    divide: binary(
      plain.divide,
      (_, b) => plain.divide(1, b),
      (a, b) => plain.divide(plain.multiply(a, -1), plain.multiply(b, b)),
    ),
    maximum: binary(
      plain.maximum,
      (a, b) => shareOfLarger(a, b),
      (a, b) => shareOfLarger(b, a),
    ),
    exp: unary(plain.exp, (_, y) => y),
    log: unary(plain.log, (x) => plain.divide(1, x)),
    sqrt: unary(plain.sqrt, (_, y) => plain.divide(0.5, y)),
    sin: unary(plain.sin, (x) => plain.cos(x)),
    cos: unary(plain.cos, (x) => plain.multiply(plain.sin(x), -1)),
    tanh: unary(plain.tanh, (_, y) => plain.subtract(1, plain.multiply(y, y))),
    sigmoid: unary(plain.sigmoid, (_, y) => plain.multiply(y, plain.subtract(1, y))),
    erf: unary(plain.erf, (x) =>
      plain.multiply(2 / Math.sqrt(Math.PI), plain.exp(plain.multiply(plain.multiply(x, x), -1))),
    ),
    where: (condition, left, right) => {
      const [a, b] = [tracked(left), tracked(right)];
      const flags = condition.value;
      return record(plain.where(flags, a.value, b.value), [
        [a, (cotangent) => sumTo(plain.where(flags, cotangent, 0), a.value.shape)],
        [b, (cotangent) => sumTo(plain.where(flags, 0, cotangent), b.value.shape)],
      ]);
    },
    stopGradient: (x) => constant(x.value),
  };
}

function tracked(x: Tracked | number): Tracked {
  return typeof x === 'number' ? constant(asTensor(x)) : x;
}

/** 1 where `a` is the larger, ½ where both are equal, 0 elsewhere. */
function shareOfLarger(a: PlainTensor, b: PlainTensor): PlainTensor {
  const difference = plain.subtract(a, b);
  return { ...difference, data: difference.data.map((gap) => (gap > 0 ? 1 : gap < 0 ? 0 : 0.5)) };
}

/** Sums a cotangent over the axes along which its tensor of shape `shape` was repeated. */
export function sumTo(cotangent: PlainTensor, shape: readonly number[]): PlainTensor {
  const missing = cotangent.shape.length - shape.length;
  let total = cotangent;
  cotangent.shape.forEach((extent, axis) => {
    const repeated = axis < missing || (shape[axis - missing] === 1 && extent !== 1);
    if (repeated) total = plain.sum(total, axis);
  });
  return plain.reshape(total, shape);
}
