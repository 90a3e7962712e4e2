/** Matrix products of plain tensors: tight loops over typed arrays. */
import type { PlainTensor } from '../operations.ts';
import { matmulShape, sizeOf } from '../shapes.ts';
import { readBroadcast } from './layout.ts';

/** Matrix product over the last two axes; leading axes broadcast. */
export function matmul(a: PlainTensor, b: PlainTensor): PlainTensor {
  const shape = matmulShape(a.shape, b.shape);
  const leading = shape.slice(0, -2);
  const [rows, columns] = [shape.at(-2) as number, shape.at(-1) as number];
  const inner = a.shape.at(-1) as number;
  const left = readBroadcast(a, [...leading, rows, inner]);
  const right = readBroadcast(b, [...leading, inner, columns]);
  const data = new Float64Array(sizeOf(shape));
  for (let batch = 0; batch < sizeOf(leading); batch++) {
    const offsets = { left: batch * rows * inner, right: batch * inner * columns, result: batch * rows * columns };
    multiplyInto(data, left, right, offsets, { rows, inner, columns });
  }
  return { shape, data, type: 'real' };
}

interface Offsets {
  readonly left: number;
  readonly right: number;
  readonly result: number;
}

interface Extents {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** Row by row, so that the innermost loop reads and writes neighbours. */
function multiplyInto(
  result: Float64Array,
  left: Float64Array,
  right: Float64Array,
  offsets: Offsets,
  { rows, inner, columns }: Extents,
): void {
  for (let row = 0; row < rows; row++) {
    const resultRow = offsets.result + row * columns;
    for (let k = 0; k < inner; k++) {
      const factor = left[offsets.left + row * inner + k] as number;
      const rightRow = offsets.right + k * columns;
      for (let column = 0; column < columns; column++) {
        result[resultRow + column] =
          (result[resultRow + column] as number) + factor * (right[rightRow + column] as number);
      }
    }
  }
}
