/** Rows of a table on jax-js, with a gradient that compiles and an answer to indices that are not rows. */
import { numpy } from '@jax-js/jax';
import { checkIndices, resolveAxis } from '../../tensor/shapes.ts';
import type { JaxArray } from './ownership.ts';

/**
 * Rows of axis 0 of `table`, borrowing both. An index that is not a row gives NaN (−2³¹ in an integer table), as
 * jax.numpy.take does; jax-js alone would return some other row.
 *
 * Choosing between the rows and NaN has a second use. jax-js refuses to compile the gradient of a gather
 * (`routine primitive scatter input is not imm`) when the cotangent is a constant or a reshaped argument; the
 * cotangent of this choice is always computed.
 */
export function take(table: JaxArray, indices: JaxArray): JaxArray {
  checkIndices(indices.dtype === numpy.int32 ? 'integer' : 'real');
  resolveAxis('take', table.shape, 0);
  const rowAxes = table.shape.slice(1).map(() => 1);
  const inside = numpy.greaterEqual(indices.ref, 0).mul(numpy.less(indices.ref, table.shape[0] as number));
  const rows = numpy.take(table.ref, numpy.where(inside.ref, indices.ref, 0), 0);
  const outside = table.dtype === numpy.int32 ? -(2 ** 31) : Number.NaN;
  return numpy.where(inside.reshape([...indices.shape, ...rowAxes]), rows, outside);
}
