/**
 * Copying of source tokens into the output: the pointer–generator network of See, Liu & Manning 2017, arXiv 1704.04368,
 * section 2.2. A gate decides at each step between writing a token of the vocabulary and one that the last
 * cross-attention looks at. Cross-attention has no positions, so the head is the same under every encoding.
 * Shape legend: B batch, H heads, T source length, U target length, D model width, V vocabulary.
 */
import type { Operations } from 'posenc/tensor';
import { linear } from './layers.ts';
import type { ModelParameter, Tensors } from './model.ts';
import { oneHot } from './one-hot.ts';
import { linearParameters } from './parameters.ts';

/** Keeps the logarithm of a probability that float32 rounds to 0 finite. */
const LEAST = 1e-9;

/** The gate: a linear map D → 1 of the decoder's state (equation 8, with the state alone). */
export function copyParameters(width: number): ModelParameter[] {
  return linearParameters('copy', width, 1);
}

/** Source tokens [B, T] as [B, T, V], 1 at each. */
export function sourceTokens<T>(operations: Operations<T>, source: T, vocabulary: number): T {
  const [B, T] = operations.shape(source) as [number, number];
  const flat = operations.reshape(source, [B * T]);
  return operations.reshape(oneHot(operations, flat, vocabulary), [B, T, vocabulary]);
}

/**
 * Log-probabilities [B, U, V] of gate · softmax(logits) + (1 − gate) · Σ attention on each token (equation 9).
 *
 * @param state - the decoder's normalised last states [B, U, D]
 * @param logits - of the vocabulary, [B, U, V]
 * @param weights - of the last cross-attention, [B, H, U, T]; the mean over heads points
 * @param source - from `sourceTokens`
 */
export function withCopies<T>(
  operations: Operations<T>,
  parameters: Tensors<T>,
  state: T,
  logits: T,
  weights: T,
  source: T,
): T {
  const { add, divide, log, matmul, multiply, reshape, shape, sigmoid, softmax, subtract, sum } = operations;
  const [B, H, U, T] = shape(weights) as [number, number, number, number];
  const pointed = matmul(reshape(divide(sum(weights, 1), H), [B, U, T]), source); // [B, U, V]
  const gate = sigmoid(linear(operations, parameters, 'copy', state)); // [B, U, 1]
  const mixed = add(multiply(gate, softmax(logits)), multiply(subtract(1, gate), pointed));
  return log(add(mixed, LEAST));
}
