/** Moves numbers into jax-js and out of it. This file knows nothing of operations. */
import { numpy } from '@jax-js/jax';
import type { PlainTensor } from '../../tensor/operations.ts';
import { checkTensor } from '../../tensor/plain.ts';
import { shapeText } from '../../tensor/shapes.ts';
import { type JaxArray, own } from './ownership.ts';

/**
 * Brings a plain tensor into jax-js: reals are rounded once to float32, integers become int32. Inside `tidy` or `jit`
 * the result is freed at their end; elsewhere it is the caller's to `dispose`.
 *
 * @throws {RangeError} when the shape does not hold as many numbers as the data, or holds none, which jax-js cannot
 * @throws {TypeError} when an integer tensor holds something else than 32-bit integers
 */
export function fromPlain(value: PlainTensor): JaxArray {
  const { shape, data, type } = checkTensor(value);
  if (data.length === 0) {
    throw new RangeError(`fromPlain: expected at least one element, got shape ${shapeText(shape)}`);
  }
  return own(numpy.array(type === 'integer' ? Int32Array.from(data) : Float32Array.from(data), { shape: [...shape] }));
}

/**
 * The numbers of an array, which stays alive. Reading runs everything queued before it, at once and blocking: jax-js
 * computes nothing until a value is read, and keeps all intermediate results until then. In a training loop, read one
 * scalar every step.
 *
 * @throws {TypeError} inside `jit`, where no value exists yet
 */
export function toPlain(x: JaxArray): PlainTensor {
  checkReadable('toPlain', x);
  return plain(x, x.ref.dataSync());
}

/** As `toPlain`, without blocking where the device works on its own (WebGPU). */
export async function toPlainAsync(x: JaxArray): Promise<PlainTensor> {
  checkReadable('toPlainAsync', x);
  return plain(x, await x.ref.data());
}

function checkReadable(name: string, x: JaxArray): void {
  if (!('dataSync' in x)) {
    throw new TypeError(`${name}: expected an array with values, got one being traced; read it outside jit`);
  }
}

function plain({ shape, dtype }: JaxArray, data: ArrayLike<number>): PlainTensor {
  return { shape: [...shape], data: Float64Array.from(data), type: dtype === numpy.int32 ? 'integer' : 'real' };
}
