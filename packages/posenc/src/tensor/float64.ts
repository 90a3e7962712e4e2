/**
 * The plain float64 engine: every operation on flat arrays, written for reading. It is the yardstick that every other
 * engine is measured against, so nothing here trades exactness for speed.
 * This file knows nothing of encodings.
 */
import { asTensor, choose, mapElements, mapPairs } from './float64/elementwise.ts';
import { erf } from './float64/erf.ts';
import { concatenate, permute, reshape, slice, take } from './float64/layout.ts';
import { matmul } from './float64/matmul.ts';
import { cumulativeSum, max, softmax, sum } from './float64/reductions.ts';
import type { Operations, PlainTensor } from './operations.ts';
import { checkTensor } from './plain.ts';

/**
 * `Operations` on plain tensors. Results may share data with their inputs (`reshape`, `constant`): treat tensors as
 * immutable. Arithmetic on integer tensors gives real ones; operations that only move elements keep the type.
 *
 * Throws a RangeError where shapes do not fit, an axis does not exist, or an index of `take` is not a row, and a
 * TypeError where `take` is given real indices.
 */
export const float64Operations: Operations<PlainTensor> = {
  name: 'float64',
  constant: checkTensor,
  shape: (x) => x.shape,

  add: (a, b) => mapPairs('add', a, b, (x, y) => x + y),
  subtract: (a, b) => mapPairs('subtract', a, b, (x, y) => x - y),
  multiply: (a, b) => mapPairs('multiply', a, b, (x, y) => x * y),
  divide: (a, b) => mapPairs('divide', a, b, (x, y) => x / y),
  maximum: (a, b) => mapPairs('maximum', a, b, Math.max),
  exp: (x) => mapElements(x, Math.exp),
  log: (x) => mapElements(x, Math.log),
  sqrt: (x) => mapElements(x, Math.sqrt),
  sin: (x) => mapElements(x, Math.sin),
  cos: (x) => mapElements(x, Math.cos),
  tanh: (x) => mapElements(x, Math.tanh),
  sigmoid: (x) => mapElements(x, sigmoid),
  erf: (x) => mapElements(x, erf),

  matmul,
  reshape,
  permute,
  slice,
  concatenate,
  take,
  sum,
  max,
  cumulativeSum,
  softmax,
  where: choose,
  stopGradient: asTensor,
};

/** 1/(1 + e^(−x)), by the form whose exponential cannot overflow. */
function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const power = Math.exp(x);
  return power / (1 + power);
}
