/** Slices on jax-js, with a gradient that can be trusted. */
import { numpy } from '@jax-js/jax';
import { checkSlice, resolveAxis } from '../../tensor/shapes.ts';
import type { JaxArray } from './ownership.ts';

/**
 * Elements start…stop−1 of one axis, borrowing `x`.
 *
 * Real results pass through a choice that changes nothing (NaN stays NaN). Without it, jax-js 0.1.25 gives a wrong
 * gradient under `jit`, and says nothing, wherever the cotangent is a constant, as in the mean of a slice: padding a
 * constant fills the padding with that constant too. The cotangent of a choice is always computed. Measured on
 * four rotary turns of [64, 4, 10, 16] and their gradient: 4.7 ms instead of 4.4.
 */
export function slice(x: JaxArray, axis: number, start: number, stop: number): JaxArray {
  const along = resolveAxis('slice', x.shape, axis);
  checkSlice(x.shape[along] as number, start, stop);
  const part = x.ref.slice(...x.shape.map((_, at): [] | [number, number] => (at === along ? [start, stop] : [])));
  if (x.dtype !== numpy.float32) return part;
  return numpy.where(numpy.equal(part.ref, part.ref), part, Number.NaN);
}
