/**
 * What a model attended to in a batch: the cross-attention of each example, for alignment, and attention pictures'
 * weights. Knows no engine.
 * Shape legend: B batch, T source length, U target length.
 */
import type { Operations, PlainTensor } from 'posenc/tensor';
import type { Model, ModelInputs, Tensors } from '../model/model.ts';
import type { Alignment } from '../tasks/task.ts';

/**
 * Cross-attention under the given target, the mean over heads and decoder layers, [B, U, T].
 *
 * @throws {TypeError} when the model has no cross-attention
 */
export function crossAttention<T>(
  operations: Operations<T>,
  model: Model,
  parameters: Tensors<T>,
  inputs: ModelInputs<T>,
): T {
  const seen = Object.entries(model.attention?.(operations, parameters, inputs) ?? {});
  const [first, ...others] = seen.filter(([name]) => name.endsWith('.cross')).map(([, weights]) => weights);
  if (first === undefined)
    throw new TypeError('crossAttention: expected a model with cross-attention, got one without');
  const sum = others.reduce((all, weights) => operations.add(all, weights), first);
  return operations.divide(sum, others.length + 1);
}

/** Whether a model has cross-attention. */
export function hasCrossAttention({ attention, shape }: Model): boolean {
  return attention !== undefined && shape.architecture === 'encoder-decoder';
}

/** One alignment for each example, from cross-attention [B, U, T]. */
export function alignmentsOf({ shape, data }: PlainTensor): Alignment[] {
  const [B, rows, columns] = shape as [number, number, number];
  return Array.from({ length: B }, (_, example) => ({
    rows,
    columns,
    weights: Float32Array.from(data.subarray(example * rows * columns, (example + 1) * rows * columns)),
  }));
}
