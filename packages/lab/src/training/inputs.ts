/** Batches of a task as inputs of a model. Knows no particular task and no engine. */
import { positionRange } from 'posenc/positions';
import { MASKED, type PlainTensor } from 'posenc/tensor';
import type { Architecture, Model, ModelInputs, Tensors } from '../model/model.ts';
import type { Batch, SequenceArray } from '../tasks/task.ts';

/** A batch's sequences and padding as plain tensors, without what depends on positions alone. */
export type BatchInputs = Omit<ModelInputs<PlainTensor>, 'signals'>;

/** The sequences of a batch that a model of this architecture reads. */
export function batchInputs(batch: Batch, architecture: Architecture): BatchInputs {
  const { source, target, size } = batch;
  return {
    ...(architecture === 'decoder'
      ? {}
      : {
          source: sequences(required(source, 'source', architecture), size),
          sourceMask: paddingMask(required(source, 'source', architecture), size),
        }),
    ...(architecture === 'encoder' ? {} : { target: sequences(required(target, 'target', architecture), size) }),
  };
}

/** What positions 0 … length−1 contribute, for batches of these lengths. */
export function batchSignals(model: Model, batch: Batch): Tensors<PlainTensor> {
  const { architecture } = model.shape;
  return model.signals({
    ...(architecture === 'decoder' || batch.source === undefined ? {} : { source: positionRange(batch.source.length) }),
    ...(architecture === 'encoder' || batch.target === undefined ? {} : { target: positionRange(batch.target.length) }),
  });
}

/** Lengths that decide the shapes of a batch: equal keys compile once. */
export function shapeKey(batch: Batch): string {
  return [batch.size, batch.source?.length ?? 0, batch.target?.length ?? 0].join('×');
}

function sequences({ data, length }: SequenceArray, size: number): PlainTensor {
  const features = data.length / (size * length);
  return data instanceof Int32Array
    ? { shape: [size, length], data: Float64Array.from(data), type: 'integer' }
    : { shape: [size, length, features], data: Float64Array.from(data), type: 'real' };
}

/** [B, 1, 1, T]: 0 at tokens, `MASKED` at padding. */
function paddingMask({ length, lengths }: SequenceArray, size: number): PlainTensor {
  const data = Float64Array.from({ length: size * length }, (_, at) =>
    at % length < (lengths[Math.floor(at / length)] as number) ? 0 : MASKED,
  );
  return { shape: [size, 1, 1, length], data, type: 'real' };
}

function required(sequence: SequenceArray | undefined, name: string, architecture: Architecture): SequenceArray {
  if (sequence === undefined) throw new TypeError(`training: expected a batch with ${name} for ${architecture}`);
  return sequence;
}
