import {
  type EngineFunction,
  filled,
  float64Operations,
  type PlainTensor,
  tensor,
  valueAndGradient,
} from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { expectClose, tolerances } from '../support/close.ts';
import { operationCases } from '../support/operation-cases.ts';
import { createTestRandom, randomTensor } from '../support/random.ts';

const differentiable = operationCases.filter((one) => one.backward !== undefined);

describe('gradients are those of PyTorch', () => {
  test.each(differentiable)('$title', ({ run, parameters, output, backward }) => {
    const result = valueAndGradient(run, parameters, backward?.cotangent);
    expectClose(result.value, output, tolerances.float64.forward);
    expect(Object.keys(result.gradients)).toEqual(Object.keys(backward?.gradients ?? {}));
    for (const [name, expected] of Object.entries(backward?.gradients ?? {})) {
      expectClose(result.gradients[name] as PlainTensor, expected, tolerances.float64.gradient, `gradient ${name}`);
    }
  });
});

/** Where a central difference is no derivative: at ties, against no flow by definition, and where the step is lost
 * beside a mask of −1e9. */
const notSmooth = /ties|stopGradient|masked keys/;

describe('gradients are those of finite differences', () => {
  test.each(differentiable.filter(({ title }) => !notSmooth.test(title)))('$title', ({ run, parameters, backward }) => {
    const cotangent = backward?.cotangent as PlainTensor;
    const { gradients } = valueAndGradient(run, parameters, cotangent);
    for (const [name, gradient] of Object.entries(gradients)) {
      const numeric = finiteDifferences(run, parameters, cotangent, name);
      expectClose(gradient, numeric, tolerances.finiteDifferences, `gradient ${name}`);
    }
  });
});

/** Central differences of Σ cotangent · f, summed as differences of outputs so that large outputs cancel first. */
function finiteDifferences(
  run: EngineFunction,
  parameters: Readonly<Record<string, PlainTensor>>,
  cotangent: PlainTensor,
  name: string,
): PlainTensor {
  const step = 1e-5;
  const at = parameters[name] as PlainTensor;
  const moved = (index: number, by: number): PlainTensor => {
    const data = Float64Array.from(at.data);
    data[index] = (data[index] as number) + by;
    return run(float64Operations, { ...parameters, [name]: { ...at, data } });
  };
  const data = at.data.map((_, index) => {
    const [above, below] = [moved(index, step), moved(index, -step)];
    return above.data.reduce((sum, high, i) => {
      return sum + ((high - (below.data[i] as number)) / (2 * step)) * (cotangent.data[i] as number);
    }, 0);
  });
  return { ...at, data };
}

/** Several operations in a row, each value used more than once. */
const composed: EngineFunction = (operations, { x, w, b }) => {
  if (x === undefined || w === undefined || b === undefined) throw new Error('parameters are missing');
  const hidden = operations.tanh(operations.add(operations.matmul(x, w), b));
  const weights = operations.softmax(operations.matmul(hidden, operations.permute(hidden, [1, 0])));
  const mixed = operations.multiply(operations.matmul(weights, hidden), operations.sigmoid(hidden));
  return operations.sum(operations.sum(operations.multiply(mixed, mixed), 0), 1);
};

test('a composition in which values are used twice agrees with finite differences', () => {
  const random = createTestRandom(7);
  const parameters = { x: randomTensor([3, 4], random), w: randomTensor([4, 4], random), b: randomTensor([4], random) };
  const { gradients } = valueAndGradient(composed, parameters);
  for (const name of Object.keys(parameters)) {
    const numeric = finiteDifferences(composed, parameters, filled([1, 1], 1), name);
    expectClose(gradients[name] as PlainTensor, numeric, tolerances.finiteDifferences, name);
  }
});

test('parameters that do not matter have gradient zero', () => {
  const { gradients } = valueAndGradient((operations, { x }) => operations.sum(x as never, 0), {
    x: tensor([2], [1, 2]),
    unused: tensor([2, 1], [3, 4]),
  });
  expect(gradients.unused).toEqual(filled([2, 1], 0));
  expect(gradients.x?.data).toEqual(Float64Array.of(1, 1));
});

test('integer parameters have no gradient', () => {
  const { gradients } = valueAndGradient(
    (operations, { table, rows }) => operations.sum(operations.take(table as never, rows as never), 0),
    { table: tensor([2], [1, 2]), rows: tensor([1], [1], 'integer') },
  );
  expect(gradients).toEqual({ table: tensor([2], [0, 1]) });
});

test('a value of several numbers needs a cotangent of its shape', () => {
  const parameters = { x: tensor([2], [1, 2]) };
  const identity: EngineFunction = (operations, { x }) => operations.multiply(x as never, 1);
  expect(() => valueAndGradient(identity, parameters)).toThrow(/single number or a cotangent, got .*\[2\]/);
  expect(() => valueAndGradient(identity, parameters, filled([3], 1))).toThrow(RangeError);
});
