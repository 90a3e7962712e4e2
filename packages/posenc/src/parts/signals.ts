/** Making signals: the plain tensors an encoding computes from positions. Knows no encoding. */
import type { Signals } from '../encoding.ts';
import type { Positions } from '../positions/positions.ts';
import type { PlainTensor } from '../tensor/operations.ts';

export function real(shape: readonly number[], data: ArrayLike<number>): PlainTensor {
  return { shape, data: data instanceof Float64Array ? data : Float64Array.from(data), type: 'real' };
}

export function integer(shape: readonly number[], data: ArrayLike<number>): PlainTensor {
  return { ...real(shape, data), type: 'integer' };
}

/** Signals without their batch axis where one set of positions is shared by the batch: what `vectors` shows. */
export function withoutBatch(positions: Positions, signals: Signals): Signals {
  if (positions.batch !== 1) return signals;
  return Object.fromEntries(
    Object.entries(signals).map(([name, tensor]) => [name, { ...tensor, shape: tensor.shape.slice(1) }]),
  );
}
