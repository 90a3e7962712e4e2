/** Declarations of parameters that many encodings have. Knows no encoding. */
import type { ParameterDeclaration } from '../encoding.ts';

type Sharing = ParameterDeclaration['sharing'];

/** Weight [inputs, outputs] and bias [outputs] of a linear layer, started as PyTorch's `Linear` starts them. */
export function linearLayer(
  name: string,
  inputs: number,
  outputs: number,
  sharing: Sharing,
  { bias = true }: { readonly bias?: boolean } = {},
): readonly ParameterDeclaration[] {
  const bound = inputs ** -0.5;
  const initializer = {
    distribution: 'uniform',
    minimum: -bound,
    maximum: bound,
    source: 'PyTorch Linear: uniform within inputs^(−1/2)',
  } as const;
  const weight = { name: `${name}Weight`, shape: [inputs, outputs], sharing, initializer };
  return bias ? [weight, { name: `${name}Bias`, shape: [outputs], sharing, initializer }] : [weight];
}

/** A parameter drawn from a normal distribution around 0. */
export function normalTable(
  name: string,
  shape: readonly number[],
  standardDeviation: number,
  sharing: Sharing,
  source: string,
): ParameterDeclaration {
  return { name, shape, sharing, initializer: { distribution: 'normal', standardDeviation, source } };
}

/** A parameter that starts at one value. */
export function constantTable(
  name: string,
  shape: readonly number[],
  value: number,
  sharing: Sharing,
  source: string,
): ParameterDeclaration {
  return { name, shape, sharing, initializer: { distribution: 'constant', value, source } };
}
