/** Matrix products on jax-js, with leading axes that broadcast as in NumPy. */
import { numpy } from '@jax-js/jax';
import { matmulShape } from '../../tensor/shapes.ts';
import type { JaxArray } from './ownership.ts';

/**
 * Matrix product over the last two axes, consuming both.
 *
 * jax-js matches leading axes from the front and moves the rest apart, so `[n, k] × [B, k, m]` would give `[n, B, m]`;
 * operands of equal rank broadcast as they should. A plain matrix on the right needs no padding, and is faster without.
 */
export function matmul(a: JaxArray, b: JaxArray): JaxArray {
  const shape = matmulShape(a.shape, b.shape);
  if (b.shape.length === 2) return numpy.matmul(a, b);
  return numpy.matmul(padRank(a, shape.length), padRank(b, shape.length));
}

function padRank(x: JaxArray, rank: number): JaxArray {
  const missing = rank - x.shape.length;
  return missing === 0 ? x : x.reshape([...new Array<number>(missing).fill(1), ...x.shape]);
}
