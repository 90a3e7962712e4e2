/**
 * What a model answers, and how its last hidden states become that answer. Knows no particular model, task or engine.
 * Shape legend: B batch, T length, D width of the hidden states.
 */
import type { Operations } from 'posenc/tensor';
import { linear } from './layers.ts';
import type { ModelParameter, ModelShape, OutputKind, Tensors } from './model.ts';
import { linearParameters } from './parameters.ts';

/** Numbers of one answer: the last axis of what `Model.forward` gives. */
export function outputWidth(output: OutputKind): number {
  switch (output.kind) {
    case 'tokens':
      return output.vocabulary;
    case 'class':
      return output.classes;
    case 'values':
      return output.horizon * (output.quantiles?.length ?? 1);
    case 'span':
      return 2;
  }
  return output satisfies never;
}

/** The linear map of the answer. */
export function headParameters(output: OutputKind, width: number): ModelParameter[] {
  return linearParameters('output', width, outputWidth(output));
}

/** Hidden states [B, T, D], or [B, D] for one answer a sequence → the answer, in the shape that `OutputKind` says. */
export function answer<T>(operations: Operations<T>, parameters: Tensors<T>, hidden: T): T {
  return linear(operations, parameters, 'output', hidden);
}

/**
 * The answer [B, T, 2] whose softmax over the sequence ignores padding: `MASKED` is added there.
 *
 * @param mask - [B or 1, 1, 1, T]: 0 at tokens, `MASKED` at padding
 */
export function spanAnswer<T>(operations: Operations<T>, parameters: Tensors<T>, hidden: T, mask: T): T {
  const logits = answer(operations, parameters, hidden);
  const [masks, , , T] = operations.shape(mask) as [number, number, number, number];
  return operations.add(logits, operations.reshape(mask, [masks, T, 1]));
}

/** The mean of hidden [B, T, D] over real tokens → [B, D]. */
export function meanOverTokens<T>(operations: Operations<T>, hidden: T, mask: T): T {
  const { divide, multiply, reshape, shape, sum } = operations;
  const [B, , D] = shape(hidden) as [number, number, number];
  const real = realTokens(operations, mask);
  return reshape(divide(sum(multiply(hidden, real), 1), sum(real, 1)), [B, D]);
}

/** 1 at tokens, 0 at padding, [B or 1, T, 1], from a mask [B or 1, 1, 1, T]. */
export function realTokens<T>({ exp, reshape, shape }: Operations<T>, mask: T): T {
  const [masks, , , T] = shape(mask) as [number, number, number, number];
  return reshape(exp(mask), [masks, T, 1]);
}

/**
 * @throws {RangeError} when this architecture cannot answer so, or quantiles are not ascending numbers between 0 and 1
 */
export function checkOutput({ architecture, output }: Pick<ModelShape, 'architecture' | 'output'>): void {
  if ((output.kind === 'class' || output.kind === 'span') && architecture !== 'encoder') {
    throw new RangeError(`model: output ${output.kind}: expected architecture encoder, got ${architecture}`);
  }
  if (output.kind !== 'values' || output.quantiles === undefined) return;
  const { quantiles } = output;
  const fit = quantiles.every((quantile, at) => quantile > (quantiles[at - 1] ?? 0) && quantile < 1);
  if (quantiles.length > 0 && fit) return;
  throw new RangeError(
    `model: output values: expected quantiles between 0 and 1 in ascending order, got ${quantiles.join(', ') || 'none'}`,
  );
}
