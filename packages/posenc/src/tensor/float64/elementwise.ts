/** Elementwise functions of plain tensors, with broadcasting. This file knows nothing of which functions are used. */
import type { PlainTensor } from '../operations.ts';
import { broadcastShapes } from '../shapes.ts';
import { readBroadcast } from './layout.ts';

/** A number as a tensor of shape []. */
export function asTensor(value: PlainTensor | number): PlainTensor {
  return typeof value === 'number' ? { shape: [], data: Float64Array.of(value), type: 'real' } : value;
}

/** Applies a function to every element; the result is real. */
export function mapElements(x: PlainTensor, compute: (element: number) => number): PlainTensor {
  return { shape: x.shape, data: x.data.map(compute), type: 'real' };
}

/** Applies a function to the pairs of two tensors after broadcasting them; the result is real. */
export function mapPairs(
  operation: string,
  a: PlainTensor | number,
  b: PlainTensor | number,
  compute: (left: number, right: number) => number,
): PlainTensor {
  const [x, y] = [asTensor(a), asTensor(b)];
  const shape = broadcastShapes(operation, x.shape, y.shape);
  const left = readBroadcast(x, shape);
  const right = readBroadcast(y, shape);
  const data = new Float64Array(left.length);
  for (let i = 0; i < data.length; i++) data[i] = compute(left[i] as number, right[i] as number);
  return { shape, data, type: 'real' };
}

/** Elements of `a` where the condition is not 0, of `b` elsewhere; integer when both are. */
export function choose(condition: PlainTensor, a: PlainTensor | number, b: PlainTensor | number): PlainTensor {
  const [x, y] = [asTensor(a), asTensor(b)];
  const shape = broadcastShapes('where', condition.shape, broadcastShapes('where', x.shape, y.shape));
  const chosen = readBroadcast(condition, shape);
  const left = readBroadcast(x, shape);
  const right = readBroadcast(y, shape);
  const data = chosen.map((flag, i) => (flag !== 0 ? left[i] : right[i]) as number);
  return { shape, data, type: x.type === 'integer' && y.type === 'integer' ? 'integer' : 'real' };
}
