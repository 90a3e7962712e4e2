/** NumPy's file format, version 1.0, for float64 arrays in row-major order. Knows no encoding. */
import { endianness } from 'node:os';

const MAGIC = [0x93, ...Buffer.from('NUMPY'), 1, 0];
/** Data starts at a multiple of this, as NumPy writes it. */
const ALIGNMENT = 64;

/** The bytes of a `.npy` file, `<f8`. Read it with `numpy.load`. */
export function encodeNpy(shape: readonly number[], data: Float64Array): Uint8Array {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const unpadded = MAGIC.length + 2 + text.length + 1;
  const start = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT;
  const header = `${text}${' '.repeat(start - unpadded)}\n`;
  const bytes = Buffer.alloc(start + data.byteLength);
  bytes.set(MAGIC);
  bytes.writeUInt16LE(header.length, MAGIC.length);
  bytes.write(header, MAGIC.length + 2, 'latin1');
  if (endianness() === 'LE') bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  else for (const [index, value] of data.entries()) bytes.writeDoubleLE(value, start + index * 8);
  return bytes;
}
