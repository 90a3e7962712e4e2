/** Every operation and every encoding gives the same numbers and gradients on every engine. */
import { type EngineFunction, float64Operations, type Operations, type PlainTensor, tensor } from 'posenc/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from './support/close.ts';
import { encodingCases, isRepresentable, positionCasesOf, runOnRandom } from './support/encoding-cases.ts';
import { type Engine, engines } from './support/engines.ts';
import { operationCases } from './support/operation-cases.ts';
import { createTestRandom, randomTensor } from './support/random.ts';
import { longChains, nearPositionsInFloat32 } from './support/variants.ts';

const absences = await Promise.all(
  engines.map(async (engine): Promise<string | undefined> => {
    try {
      await engine.start();
      return undefined;
    } catch (error) {
      return String(error);
    }
  }),
);
const [yardstick] = engines as [Engine];
const present = engines.filter((_, index) => absences[index] === undefined);

describe('engines', () => {
  test.each(present)('$name takes part', ({ name }) => expect(name).not.toBe(''));
  test.each(
    engines.flatMap(({ name }, index) => (absences[index] === undefined ? [] : [{ name, why: absences[index] }])),
  )('$name is absent here: $why', ({ name }) => expect(name).toMatch(/webgpu/));
});

describe.each(present)('operations on $name', (engine) => {
  beforeAll(() => engine.start());
  test.each(operationCases)('$title', ({ run, parameters, output, backward }) => {
    expectClose(engine.evaluate(run, parameters), output, engine.tolerance.forward);
    if (backward === undefined) return;
    expectSameGradients(engine, run, parameters, backward.cotangent);
    expectSameGradients(engine, run, parameters, undefined);
  });
});

type Step = <T>(operations: Operations<T>, x: T) => T;

/** Operations on a matrix that give a matrix again, for trying any two in a row. */
const steps: Readonly<Record<string, Step>> = {
  slice: ({ slice, shape }, x) => slice(x, 0, 1, shape(x)[0] ?? 0),
  'slice of columns': ({ slice }, x) => slice(x, -1, 0, 1),
  reshape: ({ reshape, shape }, x) => reshape(x, [...shape(x)].reverse()),
  permute: ({ permute }, x) => permute(x, [1, 0]),
  concatenate: ({ concatenate, slice }, x) => concatenate([slice(x, 0, 0, 1), x], 0),
  take: ({ take, constant }, x) => take(x, constant(tensor([3], [1, 0, 1], 'integer'))),
  sum: ({ sum, concatenate }, x) => concatenate([sum(x, 0), x], 0),
  max: ({ max, concatenate }, x) => concatenate([max(x, 0), x], 0),
  cumulativeSum: ({ cumulativeSum }, x) => cumulativeSum(x, 0),
  softmax: ({ softmax }, x) => softmax(x),
  where: ({ where, constant }, x) => where(constant(tensor([1, 1], [1])), x, 0),
  matmul: ({ matmul, permute }, x) => matmul(x, permute(x, [1, 0])),
  maximum: ({ maximum }, x) => maximum(x, 0.1),
  multiply: ({ multiply }, x) => multiply(x, 0.5),
  add: ({ add, constant }, x) => add(x, constant(tensor([1, 1], [2]))),
};
const square = { x: randomTensor([4, 4], createTestRandom(9)) };

describe.each(present)('two operations in a row on $name', (engine) => {
  beforeAll(() => engine.start());
  test.each(Object.keys(steps))('%s, then any other', (first) => {
    for (const second of Object.keys(steps)) {
      const run: EngineFunction = (operations, { x }) =>
        (steps[second] as Step)(operations, (steps[first] as Step)(operations, x as never));
      expectSameGradients(engine, run, square, undefined, `${first}, ${second}`);
    }
  });
});

describe.each(present)('encodings on $name', (engine) => {
  beforeAll(() => engine.start());
  test.each(encodingCases)('$title', ({ encoding }) => {
    const slack = longChains[encoding.name] ?? 1;
    const nearOnly = engine !== yardstick && nearPositionsInFloat32.includes(encoding.name);
    for (const position of positionCasesOf(encoding).filter((one) => isRepresentable(encoding, one))) {
      if (nearOnly && Math.max(...position.queries.values) > 1000) continue;
      const { run, parameters } = runOnRandom(encoding, position);
      const expected = run(float64Operations, parameters);
      expectClose(engine.evaluate(run, parameters), expected, slack * engine.tolerance.forward, position.title);
      const cotangent = randomTensor(expected.shape, createTestRandom(5));
      expectSameGradients(engine, run, parameters, cotangent, position.title, slack);
    }
  });
});

test('positions that an encoding cannot represent are refused', () => {
  const refused = encodingCases.flatMap(({ encoding }) =>
    positionCasesOf(encoding)
      .filter((one) => !isRepresentable(encoding, one))
      .map((one) => () => runOnRandom(encoding, one)),
  );
  expect(refused.length).toBeGreaterThan(0);
  for (const act of refused) expect(act).toThrow(RangeError);
});

function expectSameGradients(
  engine: Engine,
  f: EngineFunction,
  parameters: Readonly<Record<string, PlainTensor>>,
  cotangent: PlainTensor | undefined,
  title = 'results',
  slack = 1,
): void {
  const expected = yardstick.differentiate(f, parameters, cotangent);
  const actual = engine.differentiate(f, parameters, cotangent);
  expectClose(actual.value, expected.value, slack * engine.tolerance.forward, `${title}, compiled`);
  expect(Object.keys(actual.gradients).sort()).toEqual(Object.keys(expected.gradients).sort());
  for (const [name, gradient] of Object.entries(expected.gradients)) {
    expectClose(
      actual.gradients[name] as PlainTensor,
      gradient,
      slack * engine.tolerance.gradient,
      `${title}, gradient ${name}`,
    );
  }
}
