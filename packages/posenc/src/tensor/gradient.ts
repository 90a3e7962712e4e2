/**
 * Exact gradients in float64 by reverse-mode differentiation, for any function written against `Operations`.
 * The yardstick for the gradients of every other engine. This file knows nothing of encodings.
 */
import { elementwiseOperations } from './gradient/elementwise.ts';
import { layoutOperations } from './gradient/layout.ts';
import { reducingOperations } from './gradient/reductions.ts';
import { constant, createTape, type Tape, type Tracked } from './gradient/tape.ts';
import type { Operations, PlainTensor } from './operations.ts';
import { checkTensor, filled } from './plain.ts';
import { shapeText, sizeOf } from './shapes.ts';

/** A function of named tensors that runs on any engine. */
export type EngineFunction = <T>(operations: Operations<T>, parameters: Readonly<Record<string, T>>) => T;

/** What `valueAndGradient` gives. */
export interface ValueAndGradient {
  readonly value: PlainTensor;
  /** For each real parameter, a tensor of its shape. */
  readonly gradients: Readonly<Record<string, PlainTensor>>;
}

/**
 * The value of `f` and its gradient with respect to every real parameter.
 *
 * @param f - generic in the tensor type, so that the same function runs on every engine
 * @param parameters - by name; integer tensors are passed on and have no gradient
 * @param cotangent - of the value's shape: the gradient is that of Σ cotangent · value. May be left out when the
 * value is a single number
 * @throws {RangeError} when the value is not a single number and no cotangent is given, or its shape differs
 *
 * @example
 * ```ts
 * import { tensor, valueAndGradient } from 'posenc/tensor';
 *
 * const { value, gradients } = valueAndGradient(
 *   (operations, { x }) => operations.sum(operations.multiply(x!, x!), 0),
 *   { x: tensor([2], [3, 4]) },
 * );
 * value.data; // Float64Array [25]
 * gradients.x!.data; // Float64Array [6, 8]
 * ```
 */
export function valueAndGradient(
  f: EngineFunction,
  parameters: Readonly<Record<string, PlainTensor>>,
  cotangent?: PlainTensor,
): ValueAndGradient {
  const tape = createTape();
  const inputs = Object.entries(parameters).map(([name, value]): [string, Tracked] => {
    checkTensor(value);
    return [name, value.type === 'real' ? tape.parameter(value) : constant(value)];
  });
  const output = f(trackedOperations(tape), Object.fromEntries(inputs));
  const cotangents = tape.walkBack(output, checkCotangent(output.value, cotangent));
  const gradients = inputs
    .filter(([, input]) => input.dependsOnParameters)
    .map(([name, input]) => [name, cotangents.get(input) ?? filled(input.value.shape, 0)]);
  return { value: output.value, gradients: Object.fromEntries(gradients) };
}

function trackedOperations({ record }: Tape): Operations<Tracked> {
  return {
    name: 'float64',
    constant: (value) => constant(checkTensor(value)),
    shape: (x) => x.value.shape,
    ...elementwiseOperations(record),
    ...layoutOperations(record),
    ...reducingOperations(record),
  };
}

function checkCotangent(value: PlainTensor, cotangent: PlainTensor | undefined): PlainTensor {
  if (cotangent === undefined) {
    if (value.data.length === 1) return filled(value.shape, 1);
    throw new RangeError(
      `valueAndGradient: expected a single number or a cotangent, got a value of shape ${shapeText(value.shape)}`,
    );
  }
  if (shapeText(cotangent.shape) !== shapeText(value.shape) || cotangent.data.length !== sizeOf(value.shape)) {
    throw new RangeError(
      `valueAndGradient: expected a cotangent of the value's shape ${shapeText(value.shape)}, ` +
        `got ${shapeText(cotangent.shape)}`,
    );
  }
  return cotangent;
}
