/** Functions of the literature composed from `Operations`. Knows no encoding. */
import type { Operations } from '../tensor/operations.ts';

/** |x|, with gradient 0 at 0. */
export function absolute<T>({ maximum, multiply }: Operations<T>, x: T): T {
  return maximum(x, multiply(x, -1));
}

/** max(x, 0). */
export function relu<T>({ maximum }: Operations<T>, x: T): T {
  return maximum(x, 0);
}

/** x for x > 0, slope · x below; PyTorch's default slope is 0.01. */
export function leakyRelu<T>({ maximum, multiply }: Operations<T>, x: T, slope = 0.01): T {
  return maximum(x, multiply(x, slope));
}

/** ln(1 + eˣ), by the form that cannot overflow. */
export function softplus<T>(operations: Operations<T>, x: T): T {
  const { add, exp, log, multiply } = operations;
  return add(relu(operations, x), log(add(exp(multiply(absolute(operations, x), -1)), 1)));
}

/** ln σ(x) = −softplus(−x). */
export function logSigmoid<T>(operations: Operations<T>, x: T): T {
  return operations.multiply(softplus(operations, operations.multiply(x, -1)), -1);
}

/** x · σ(x). */
export function silu<T>({ multiply, sigmoid }: Operations<T>, x: T): T {
  return multiply(x, sigmoid(x));
}

/** The exact GELU: x · Φ(x). */
export function gelu<T>({ add, erf, multiply }: Operations<T>, x: T): T {
  return multiply(multiply(x, 0.5), add(erf(multiply(x, Math.SQRT1_2)), 1));
}

/** xᵖ for x > 0. */
export function power<T>({ exp, log, multiply }: Operations<T>, x: T, exponent: T | number): T {
  return exp(multiply(log(x), exponent));
}

/** x · weight + bias over the last axis; weight [in, out], bias [out]. */
export function affine<T>({ add, matmul, reshape, shape }: Operations<T>, x: T, weight: T, bias?: T): T {
  const extents = shape(x);
  const [inputs, outputs] = shape(weight) as [number, number];
  const rows = extents.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const product = reshape(matmul(reshape(x, [rows, inputs]), weight), [...extents.slice(0, -1), outputs]);
  return bias === undefined ? product : add(product, bias);
}

/** x [B, T, H·E] → [B, H, T, E]. */
export function splitHeads<T>({ permute, reshape, shape }: Operations<T>, x: T, numHeads: number): T {
  const [batch, length, dim] = shape(x) as [number, number, number];
  return permute(reshape(x, [batch, length, numHeads, dim / numHeads]), [0, 2, 1, 3]);
}

/** The last two axes exchanged. */
export function transpose<T>({ permute, shape }: Operations<T>, x: T): T {
  const axes = shape(x).map((_, axis) => axis);
  const count = axes.length;
  return permute(x, [...axes.slice(0, count - 2), count - 1, count - 2]);
}

/** Each vector along the last axis divided by its length, or by 10⁻¹² where that is less, as PyTorch's `normalize`. */
export function unitLength<T>({ divide, maximum, multiply, sqrt, sum }: Operations<T>, x: T): T {
  return divide(x, sqrt(maximum(sum(multiply(x, x), -1), 1e-24)));
}

/** The value of `y`, with the gradient of `x`: a bound through which gradients pass (Bengio et al. 2013, arXiv 1308.3432). */
export function passThrough<T>({ add, stopGradient, subtract }: Operations<T>, x: T, y: T): T {
  return add(x, stopGradient(subtract(y, x)));
}

/** min(x, limit). */
export function atMost<T>({ maximum, subtract }: Operations<T>, x: T, limit: number): T {
  return subtract(limit, maximum(subtract(limit, x), 0));
}

/** (x − mean)/√(variance + epsilon) · gain + bias over the last axis. */
export function layerNorm<T>(operations: Operations<T>, x: T, gain: T, bias: T | number, epsilon = 1e-5): T {
  const { add, divide, multiply, shape, sqrt, subtract, sum } = operations;
  const count = shape(x).at(-1) as number;
  const centred = subtract(x, divide(sum(x, -1), count));
  const variance = divide(sum(multiply(centred, centred), -1), count);
  return add(multiply(divide(centred, sqrt(add(variance, epsilon))), gain), bias);
}
