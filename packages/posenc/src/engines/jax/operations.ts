/**
 * The operations of posenc on jax-js, in float32. Arguments are borrowed and results belong to the innermost `tidy`.
 * Shapes are checked here with the messages of the float64 engine; values cannot be, since reading one would run the
 * program. This file knows nothing of encodings.
 */
import { lax, nn, numpy } from '@jax-js/jax';
import type { Operations } from '../../tensor/operations.ts';
import { broadcastShapes, checkConcatenate, checkPermutation, checkReshape, resolveAxis } from '../../tensor/shapes.ts';
import { larger, log, type Operand, sigmoid, withoutTurns } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { borrow, type JaxArray, own } from './ownership.ts';
import { slice } from './slice.ts';
import { take } from './take.ts';
import { fromPlain } from './transfer.ts';

/**
 * `Operations` on jax-js. Real tensors are float32, integer tensors int32; arithmetic turns integers into reals.
 *
 * It differs from the float64 engine in one place: `take` cannot throw for an index that is not a row. It gives NaN.
 */
export const jaxOperations: Operations<JaxArray> = {
  name: 'jax',
  constant: fromPlain,
  shape: (x) => x.shape,

  add: pairwise('add', numpy.add),
  subtract: pairwise('subtract', numpy.subtract),
  multiply: pairwise('multiply', numpy.multiply),
  divide: pairwise('divide', numpy.divide),
  maximum: pairwise('maximum', larger),
  exp: elementwise(numpy.exp),
  log: elementwise(log),
  sqrt: elementwise(numpy.sqrt),
  sin: elementwise((x) => numpy.sin(withoutTurns(x))),
  cos: elementwise((x) => numpy.cos(withoutTurns(x))),
  tanh: elementwise(numpy.tanh),
  sigmoid: elementwise(sigmoid),
  erf: elementwise(lax.erf),

  matmul: (a, b) => own(matmul(real(a), real(b))),
  reshape: (x, shape) => own(numpy.reshape(borrow(x), [...checkReshape(x.shape, shape)])),
  permute: (x, axes) => own(numpy.transpose(borrow(x), checkPermutation(x.shape, axes))),
  slice: (x, axis, start, stop) => own(slice(x, axis, start, stop)),
  concatenate: (xs, axis) => {
    const { axis: along } = checkConcatenate(
      xs.map((x) => x.shape),
      axis,
    );
    const integer = xs.every((x) => x.dtype === numpy.int32);
    return own(numpy.concatenate(xs.map(integer ? borrow : real), along));
  },
  take: (table, indices) => own(take(table, indices)),
  sum: (x, axis) => own(numpy.sum(real(x), resolveAxis('sum', x.shape, axis), { keepdims: true })),
  max: (x, axis) => own(numpy.max(real(x), resolveAxis('max', x.shape, axis), { keepdims: true })),
  cumulativeSum: (x, axis) => own(numpy.cumsum(real(x), resolveAxis('cumulativeSum', x.shape, axis))),
  softmax: (x) => own(nn.softmax(real(x), resolveAxis('softmax', x.shape, -1))),
  where: (condition, a, b) => {
    const branches = broadcastShapes('where', shapeOf(a), shapeOf(b));
    broadcastShapes('where', condition.shape, branches);
    const chosen = numpy.notEqual(borrow(condition), 0);
    const [left, right] = typed(a, b).map((x) => (typeof x === 'number' ? x : borrow(x))) as [Operand, Operand];
    return own(numpy.where(chosen, left, right));
  },
  stopGradient: (x) => own(lax.stopGradient(borrow(x))),
};

/** A reference to a tensor as float32. Without the cast, jax-js would compute `int32 × 0.5` as int32: 0. */
function real(x: JaxArray): JaxArray {
  return x.dtype === numpy.float32 ? borrow(x) : borrow(x).astype(numpy.float32);
}

function shapeOf(x: JaxArray | number): readonly number[] {
  return typeof x === 'number' ? [] : x.shape;
}

function elementwise(compute: (x: JaxArray) => JaxArray): (x: JaxArray) => JaxArray {
  return (x) => own(compute(real(x)));
}

function pairwise(
  operation: string,
  compute: (a: Operand, b: Operand) => JaxArray,
): (a: Operand, b: Operand) => JaxArray {
  return (a, b) => {
    broadcastShapes(operation, shapeOf(a), shapeOf(b));
    const [left, right] = typed(a, b).map((x) => (typeof x === 'number' ? x : real(x))) as [Operand, Operand];
    return own(compute(left, right));
  };
}

/** Two bare numbers would make a weakly typed array, which compiles anew where a typed one was; so one gets a type. */
function typed(a: Operand, b: Operand): [Operand, Operand] {
  if (typeof a !== 'number' || typeof b !== 'number') return [a, b];
  return [fromPlain({ shape: [], data: Float64Array.of(a), type: 'real' }), b];
}
