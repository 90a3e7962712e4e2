/** Batches of a task as inputs of a model. Knows no particular task and no engine. */
import type { Positions } from 'posenc';
import { positionRange } from 'posenc/positions';
import { MASKED, type PlainTensor } from 'posenc/tensor';
import type { Architecture, Drawing, Model, ModelInputs, Tensors } from '../model/model.ts';
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

/** What positions contribute: those a batch gives, else 0 … length−1 for batches of these lengths. */
export function batchSignals(model: Model, batch: Batch, drawing?: Omit<Drawing, 'sequences'>): Tensors<PlainTensor> {
  const { architecture } = model.shape;
  const of = ({ positions, length }: SequenceArray): Positions => positions ?? positionRange(length);
  return model.signals(
    {
      ...(architecture === 'decoder' || batch.source === undefined ? {} : { source: of(batch.source) }),
      ...(architecture === 'encoder' || batch.target === undefined ? {} : { target: of(batch.target) }),
    },
    drawing === undefined ? undefined : { ...drawing, sequences: batch.size },
  );
}

/** Whether the signals of a batch are its own, and not those of every batch of its shape. */
export function hasOwnSignals(model: Model, batch: Batch): boolean {
  return model.drawsPositions || givesOwnPositions(batch);
}

/** Whether each sequence of a batch stands at positions of its own. */
export function givesOwnPositions({ source, target }: Batch): boolean {
  return [source, target].some((sequence) => (sequence?.positions?.batch ?? 1) > 1);
}

/** Lengths and shared positions, which decide the shapes and signals of a batch: equal keys compile once. */
export function shapeKey({ size, source, target }: Batch): string {
  const part = (sequence: SequenceArray | undefined): string =>
    [sequence?.length ?? 0, ...(sequence?.positions?.batch === 1 ? sequence.positions.values : [])].join(' ');
  return [size, part(source), part(target)].join('×');
}

/** The batch with every example `times` times, side by side. */
export function repeatExamples(batch: Batch, times: number): Batch {
  if (times === 1) return batch;
  const { size, source, target, labels, answerFrom } = batch;
  const rows = <Data extends Int32Array | Float32Array | Float64Array>(data: Data): Data =>
    repeatRows(data, size, times);
  const sequence = ({ data, length, lengths, positions }: SequenceArray): SequenceArray => ({
    data: rows(data),
    length,
    lengths: rows(lengths),
    ...(positions === undefined
      ? {}
      : positions.batch === 1
        ? { positions }
        : { positions: { ...positions, values: rows(positions.values), batch: size * times } }),
  });
  return {
    size: size * times,
    ...(source === undefined ? {} : { source: sequence(source) }),
    ...(target === undefined ? {} : { target: sequence(target) }),
    labels: rows(labels),
    ...(answerFrom === undefined ? {} : { answerFrom: rows(answerFrom) }),
  };
}

/** Each row of flat row-major [size, …] data `times` times. */
function repeatRows<Data extends Int32Array | Float32Array | Float64Array>(
  data: Data,
  size: number,
  times: number,
): Data {
  const width = data.length / size;
  const repeated = new (data.constructor as new (length: number) => Data)(data.length * times);
  for (let row = 0; row < size * times; row += 1) {
    const from = Math.floor(row / times) * width;
    repeated.set(data.subarray(from, from + width), row * width);
  }
  return repeated;
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
