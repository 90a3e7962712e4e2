/** Gradients of operations that move elements. */
import { float64Operations as plain } from '../float64.ts';
import type { Operations, PlainTensor } from '../operations.ts';
import { filled } from '../plain.ts';
import { resolveAxis, sizeOf, withExtent } from '../shapes.ts';
import type { RecordResult, Tracked } from './tape.ts';

type Names = 'reshape' | 'permute' | 'slice' | 'concatenate' | 'take';

/** The operations that move elements, each noting how to carry a cotangent back. */
export function layoutOperations(record: RecordResult): Pick<Operations<Tracked>, Names> {
  return {
    reshape: (x, shape) =>
      record(plain.reshape(x.value, shape), [[x, (cotangent) => plain.reshape(cotangent, x.value.shape)]]),
    permute: (x, axes) => {
      const value = plain.permute(x.value, axes);
      const order = axes.map((axis) => resolveAxis('permute', x.value.shape, axis));
      const back = order.map((_, axis) => order.indexOf(axis));
      return record(value, [[x, (cotangent) => plain.permute(cotangent, back)]]);
    },
    slice: (x, axis, start, stop) => {
      const along = resolveAxis('slice', x.value.shape, axis);
      const length = x.value.shape[along] as number;
      const zeros = (extent: number) => filled(withExtent(x.value.shape, along, extent), 0);
      return record(plain.slice(x.value, axis, start, stop), [
        [x, (cotangent) => plain.concatenate([zeros(start), cotangent, zeros(length - stop)], along)],
      ]);
    },
    concatenate: (xs, axis) => {
      const values = xs.map((x) => x.value);
      const value = plain.concatenate(values, axis);
      const along = resolveAxis('concatenate', value.shape, axis);
      const extents = values.map((part) => part.shape[along] as number);
      const starts = extents.map((_, index) => extents.slice(0, index).reduce((sum, extent) => sum + extent, 0));
      return record(
        value,
        xs.map((x, index) => {
          const start = starts[index] as number;
          const stop = start + (extents[index] as number);
          return [x, (cotangent) => plain.slice(cotangent, along, start, stop)];
        }),
      );
    },
    take: (table, indices) =>
      record(plain.take(table.value, indices.value), [
        [table, (cotangent) => addRows(cotangent, indices.value, table.value.shape)],
      ]),
  };
}

/** Zeros of a table's shape, to whose rows the cotangent's are added. */
function addRows(cotangent: PlainTensor, indices: PlainTensor, shape: readonly number[]): PlainTensor {
  const width = sizeOf(shape.slice(1));
  const data = new Float64Array(sizeOf(shape));
  indices.data.forEach((row, at) => {
    for (let i = 0; i < width; i++) {
      data[row * width + i] = (data[row * width + i] as number) + (cotangent.data[at * width + i] as number);
    }
  });
  return { shape, data, type: 'real' };
}
