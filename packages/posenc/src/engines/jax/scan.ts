/** Cumulative sums on jax-js. */
import { numpy } from '@jax-js/jax';
import type { JaxArray } from './ownership.ts';

/** Sums of the elements up to and including each along an axis already resolved, consuming `x`. */
export function cumulativeSum(x: JaxArray, axis: number): JaxArray {
  return numpy.cumsum(x, axis);
}
