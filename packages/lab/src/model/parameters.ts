/** Parameters of models by name: declared, looked up and given their first values. Knows no particular model. */
import { type Initializer, initialize } from 'posenc';
import type { PlainTensor } from 'posenc/tensor';
import { createRandom } from '../data/random.ts';
import type { Model, ModelParameter, Tensors } from './model.ts';

const ZERO: Initializer = { distribution: 'constant', value: 0, source: 'common practice for biases' };
const ONE: Initializer = { distribution: 'constant', value: 1, source: 'common practice for gains' };

/** Weight [inputs, outputs] and bias [outputs] of a linear map; standard deviation inputs^(−1/2) unless given. */
export function linearParameters(
  name: string,
  inputs: number,
  outputs: number,
  standardDeviation: number = inputs ** -0.5,
): ModelParameter[] {
  const source = 'LeCun et al. 1998, Efficient BackProp, section 4.6: variance 1/inputs';
  return [
    {
      name: `${name}.weight`,
      shape: [inputs, outputs],
      initializer: { distribution: 'normal', standardDeviation, source },
      decay: true,
    },
    { name: `${name}.bias`, shape: [outputs], initializer: ZERO, decay: false },
  ];
}

/** Gain and bias of a layer normalisation. */
export function normParameters(name: string, dim: number): ModelParameter[] {
  return [
    { name: `${name}.gain`, shape: [dim], initializer: ONE, decay: false },
    { name: `${name}.bias`, shape: [dim], initializer: ZERO, decay: false },
  ];
}

/**
 * A table of token embeddings [vocabulary, dim] with entries of standard deviation `standardDeviation`.
 * The default 1/√2 is the root mean square of a sinusoidal table, so that neither drowns the other.
 */
export function embeddingParameters(
  name: string,
  vocabulary: number,
  dim: number,
  standardDeviation: number = Math.SQRT1_2,
): ModelParameter[] {
  const source = 'equal to the root mean square of a sinusoidal table, 1/√2';
  return [
    {
      name: `${name}.weight`,
      shape: [vocabulary, dim],
      initializer: { distribution: 'normal', standardDeviation, source },
      decay: false,
    },
  ];
}

/**
 * First values of all parameters. Each parameter's stream is decided by the seed and its name alone, so models that
 * differ in their encoding start with the same values wherever they share parameters.
 */
export function initializeParameters(model: Pick<Model, 'parameters'>, seed: number): Record<string, PlainTensor> {
  return Object.fromEntries(
    model.parameters.map((parameter) => [
      parameter.name,
      initialize(parameter, createRandom(seed, 'parameter', parameter.name)),
    ]),
  );
}

/** How many numbers these parameters hold. */
export function countParameters(parameters: readonly Pick<ModelParameter, 'shape'>[]): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0);
}

/** The tensor of that name. */
export function get<T>(tensors: Tensors<T>, name: string): T {
  const found = tensors[name];
  if (found === undefined) throw new RangeError(`model: expected a tensor named ${name}, got none`);
  return found;
}

/** The tensors whose names start with `prefix.`, without it. */
export function under<T>(tensors: Tensors<T>, prefix: string): Record<string, T> {
  return Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(`${prefix}.`))
      .map(([name, value]) => [name.slice(prefix.length + 1), value]),
  );
}
