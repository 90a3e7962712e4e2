/**
 * The parts every model is made of. Weights are [inputs, outputs].
 * Shape legend: B batch, T length, D model width, F feed-forward width.
 */
import type { Operations } from 'posenc/tensor';
import type { Tensors } from './model.ts';
import { get } from './parameters.ts';

/** x · weight + bias over the last axis. */
export function linear<T>(operations: Operations<T>, parameters: Tensors<T>, name: string, x: T): T {
  const product = operations.matmul(x, get(parameters, `${name}.weight`));
  return operations.add(product, get(parameters, `${name}.bias`));
}

/** Layer normalisation over the last axis (Ba et al. 2016, arXiv 1607.06450), with 1e-5 added to the variance. */
export function layerNorm<T>(operations: Operations<T>, parameters: Tensors<T>, name: string, x: T): T {
  const { add, divide, multiply, shape, sqrt, subtract, sum } = operations;
  const width = shape(x).at(-1) as number;
  const centred = subtract(x, divide(sum(x, -1), width));
  const variance = divide(sum(multiply(centred, centred), -1), width);
  const normal = divide(centred, sqrt(add(variance, 1e-5)));
  return add(multiply(normal, get(parameters, `${name}.gain`)), get(parameters, `${name}.bias`));
}

/** GELU, exact: x · (1 + erf(x/√2))/2 (Hendrycks and Gimpel 2016, arXiv 1606.08415). */
export function gelu<T>(operations: Operations<T>, x: T): T {
  const { add, erf, multiply } = operations;
  return multiply(multiply(x, 0.5), add(erf(multiply(x, Math.SQRT1_2)), 1));
}

/** D → F → GELU → D. */
export function feedForward<T>(operations: Operations<T>, parameters: Tensors<T>, name: string, x: T): T {
  const wide = gelu(operations, linear(operations, parameters, `${name}.wide`, x)); // [B, T, F]
  return linear(operations, parameters, `${name}.narrow`, wide);
}

/** Rows of the table `name.weight` for integer tokens [B, T] → [B, T, D]. */
export function embed<T>(operations: Operations<T>, parameters: Tensors<T>, name: string, tokens: T): T {
  return operations.take(get(parameters, `${name}.weight`), tokens);
}
