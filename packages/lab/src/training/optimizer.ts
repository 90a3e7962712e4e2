/**
 * AdamW with clipping of the gradient's global norm, written against `Operations`, so it runs inside the compiled step.
 * Knows no model.
 */
import type { Operations, PlainTensor } from 'posenc/tensor';
import type { Tensors } from '../model/model.ts';

/** Decay rates of the two moments, and what keeps the division safe. */
export const ADAM = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8 } as const;

/** Running means of gradients and of squared gradients, by parameter name. */
export interface Moments<T> {
  readonly first: Tensors<T>;
  readonly second: Tensors<T>;
}

/**
 * What changes from step to step, as one tensor [3] that is an input of the compiled step:
 * learning rate, 1 − β₁ᵗ, 1 − β₂ᵗ.
 */
export function stepNumbers(step: number, learningRate: number): PlainTensor {
  const data = Float64Array.of(learningRate, 1 - ADAM.beta1 ** step, 1 - ADAM.beta2 ** step);
  return { shape: [3], data, type: 'real' };
}

/** Settings that stay the same over a run. */
export interface OptimizerSettings {
  readonly weightDecay: number;
  /** Largest global norm of the gradient; larger ones are scaled down to it. */
  readonly clipNorm: number;
  /** Names of the parameters that decay. */
  readonly decaying: ReadonlySet<string>;
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2, with the schedule's rate as both α and
 * η), after clipping as `torch.nn.utils.clip_grad_norm_` does.
 *
 * @param numbers - the result of `stepNumbers` in the engine
 */
export function adamW<T>(
  operations: Operations<T>,
  parameters: Tensors<T>,
  gradients: Tensors<T>,
  moments: Moments<T>,
  numbers: T,
  settings: OptimizerSettings,
): { readonly parameters: Record<string, T>; readonly moments: Moments<T> } {
  const { add, divide, multiply, slice, sqrt, subtract } = operations;
  const [rate, correction1, correction2] = [0, 1, 2].map((at) => slice(numbers, 0, at, at + 1)) as [T, T, T];
  const factor = clipFactor(operations, Object.values(gradients), settings.clipNorm);
  const names = Object.keys(parameters);
  const updated: Record<string, T> = {};
  const first: Record<string, T> = {};
  const second: Record<string, T> = {};
  for (const name of names) {
    const gradient = multiply(gradients[name] as T, factor);
    const mean = add(multiply(moments.first[name] as T, ADAM.beta1), multiply(gradient, 1 - ADAM.beta1));
    const square = add(
      multiply(moments.second[name] as T, ADAM.beta2),
      multiply(multiply(gradient, gradient), 1 - ADAM.beta2),
    );
    const size = add(sqrt(divide(square, correction2)), ADAM.epsilon);
    const step = divide(divide(mean, correction1), size);
    const old = parameters[name] as T;
    const kept = settings.decaying.has(name) ? multiply(old, subtract(1, multiply(rate, settings.weightDecay))) : old;
    updated[name] = subtract(kept, multiply(step, rate));
    first[name] = mean;
    second[name] = square;
  }
  return { parameters: updated, moments: { first, second } };
}

/** min(1, clipNorm / (norm + 1e-6)) as a tensor [1], for the norm over all gradients together. */
export function clipFactor<T>(operations: Operations<T>, gradients: readonly T[], clipNorm: number): T {
  const { add, divide, maximum, multiply, reshape, shape, sqrt, sum } = operations;
  const squares = gradients.map((gradient) => {
    const size = shape(gradient).reduce((product, extent) => product * extent, 1);
    const flat = reshape(gradient, [size]);
    return sum(multiply(flat, flat), 0);
  });
  const norm = sqrt(squares.reduce((total, square) => add(total, square)));
  // min(1, c/n) = c / max(c, n)
  return divide(clipNorm, maximum(add(norm, 1e-6), clipNorm));
}
