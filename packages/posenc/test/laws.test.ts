/** Laws that hold for every encoding of the catalogue, whatever its options, at positions drawn by fast-check. */
import fc from 'fast-check';
import {
  dynamicNtkScaling,
  type Encoding,
  type FrequencyScaling,
  linearScaling,
  llama3Scaling,
  longRopeScaling,
  ntkScaling,
  type Positions,
  proportionalScaling,
  rotary,
  yarnScaling,
} from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { float64Operations, type PlainTensor, valueAndGradient } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { encodingCases, type PositionCase, positionCasesOf, runOnRandom } from './support/encoding-cases.ts';
import { createTestRandom, randomTensor } from './support/random.ts';

const runs = { numRuns: 12 };

function resultOf(encoding: Encoding, positions: PositionCase): PlainTensor {
  const { run, parameters } = runOnRandom(encoding, positions);
  return run(float64Operations, parameters);
}

/** The positions of a case, moved along each of the axes. */
function moved({ title, queries, keys }: PositionCase, by: readonly number[]): PositionCase {
  const move = (one: Positions): Positions => ({
    ...one,
    values: one.values.map((value, at) => value + (by[at % one.axes] as number)),
  });
  return { title, queries: move(queries), keys: move(keys) };
}

function largestMove(a: PlainTensor, b: PlainTensor): number {
  expect(a.shape).toEqual(b.shape);
  return a.data.reduce((most, value, at) => Math.max(most, Math.abs(value - (b.data[at] as number))), 0);
}

/** Nodes of a graph have distances, which nobody moves. */
const movable = encodingCases.filter(({ encoding }) => encoding.axes <= 3);
const largestShift = ({ axes, largestPosition }: Encoding): number => {
  if (!Number.isFinite(largestPosition)) return 20_000;
  // Grids: the tables of `encodingCases` end soon after the places of `positionCasesOf`.
  return axes === 1 ? Math.min(largestPosition - 4, 20_000) : 1;
};
/** Nothing to see: FoPE whose frequencies are all too slow, and BEiT's numbers without its class token. */
const IDLE = /trainedLength=7|^beit/;

describe('moving all positions alike', () => {
  test.each(movable.filter(({ encoding }) => encoding.relative))('changes nothing with $title', ({ encoding }) => {
    const [first] = positionCasesOf(encoding) as [PositionCase];
    const expected = resultOf(encoding, first);
    const shift = fc.integer({ min: 0, max: largestShift(encoding) });
    fc.assert(
      fc.property(fc.array(shift, { minLength: 3, maxLength: 3 }), (by) => {
        expect(largestMove(resultOf(encoding, moved(first, by)), expected)).toBeLessThan(1e-9);
      }),
      runs,
    );
  });

  test.each(movable.filter(({ encoding, title }) => !encoding.relative && !IDLE.test(title)))(
    'is seen by $title',
    ({ encoding }) => {
      // Tables of grids end at different places along each axis.
      const largest = encoding.axes === 1 ? largestShift(encoding) : 1;
      const most = positionCasesOf(encoding)
        .filter(({ queries, keys }) => Math.max(...queries.values, ...keys.values) + largest <= largest + 60)
        .flatMap((one) =>
          [1, 3, 1001, 20_000]
            .filter((by) => by <= largest)
            .filter((by) => Math.max(...one.keys.values) + by <= encoding.largestPosition)
            .map((by) => largestMove(resultOf(encoding, moved(one, [by, by, by])), resultOf(encoding, one))),
        );
      expect(Math.max(...most)).toBeGreaterThan(1e-6);
    },
  );
});

/** Whose addition depends on the tokens, because it is made from them. */
const CONVOLUTIONS = ['convolutional', 'positional-encoding-generator'];
const additive = encodingCases.filter(
  ({ encoding }) => encoding.site === 'input' && !CONVOLUTIONS.includes(encoding.name),
);

test.each(additive)('what $title adds does not depend on the content', ({ encoding }) => {
  const [positions] = positionCasesOf(encoding) as [PositionCase];
  const { run, parameters } = runOnRandom(encoding, positions);
  // CAPE adds to embeddings multiplied by the root of their width.
  const kept = encoding.name === 'cape' ? Math.sqrt(48) : 1;
  const added = (x: PlainTensor): PlainTensor =>
    float64Operations.subtract(run(float64Operations, { ...parameters, x }), float64Operations.multiply(x, kept));
  const [one, other] = [1, 2].map((seed) => {
    return added(randomTensor((parameters.x as PlainTensor).shape, createTestRandom(seed)));
  }) as [PlainTensor, PlainTensor];
  expect(largestMove(one, other)).toBeLessThan(1e-12);
  expect(largestMove(one, float64Operations.multiply(one, 0))).toBeGreaterThan(1e-3);
});

/** Turning is all these do: no width, no magnitude. */
const TURNS = ['rotary', 'axial-rotary', 'mixed-rotary', 'multimodal-rotary', 'learned-rotary', 'lie-rotary', 'grape'];
const turning = encodingCases.filter(
  ({ encoding, title }) =>
    TURNS.includes(encoding.name) &&
    // YaRN and LongRoPE multiply cos and sin by their attention factor.
    !/scaling=(yarn|longrope)/.test(title),
);

describe('a rotation', () => {
  const turned = (encoding: Encoding, positions: Positions, seed: number) => {
    if (encoding.site !== 'query-key') throw new TypeError('expected a query-key encoding');
    const { parameters } = runOnRandom(encoding, { title: '', queries: positions, keys: positions });
    const learned = Object.fromEntries(
      encoding.parameters.map(({ name }) => [name, parameters[`learned.${name}`] as PlainTensor]),
    );
    const x = randomTensor([positions.batch, 6, positions.length, 8], createTestRandom(seed));
    const signals = encoding.signals(positions, 'query');
    return {
      x,
      y: encoding.transform({ operations: float64Operations, parameters: learned, signals }, x, 'query'),
    };
  };
  const place = (encoding: Encoding) =>
    fc.array(fc.integer({ min: 0, max: encoding.axes === 1 ? 100_000 : 2 }), {
      minLength: encoding.axes,
      maxLength: encoding.axes,
    });
  const tokenAt = ({ axes }: Encoding, values: readonly number[]): Positions => ({
    values: Float64Array.from(values),
    batch: 1,
    length: 1,
    axes,
  });

  test.each(turning)('$title keeps the norm of every head', ({ encoding }) => {
    fc.assert(
      fc.property(place(encoding), fc.nat(1000), (at, seed) => {
        const { x, y } = turned(encoding, tokenAt(encoding, at), seed);
        const norm = ({ data }: PlainTensor, head: number) => Math.hypot(...data.subarray(8 * head, 8 * head + 8));
        for (let head = 0; head < 6; head += 1) expect(norm(y, head) / norm(x, head)).toBeCloseTo(1, 10);
      }),
      runs,
    );
  });

  // Coordinates in the middle of cells, as DINOv3 has them, are nowhere 0.
  test.each(turning.filter(({ title }) => !/coordinates=(centered|corners)/.test(title)))(
    '$title is the identity at position 0',
    ({ encoding }) => {
      fc.assert(
        fc.property(fc.nat(1000), (seed) => {
          const { x, y } = turned(encoding, tokenAt(encoding, new Array<number>(encoding.axes).fill(0)), seed);
          expect(largestMove(y, x)).toBeLessThan(1e-12);
        }),
        runs,
      );
    },
  );
});

describe('a scaling with factor 1 is the identity', () => {
  const ones = (count: number) => new Array<number>(count).fill(1);
  const scalings: Readonly<Record<string, (pairs: number) => FrequencyScaling>> = {
    linear: () => linearScaling({ factor: 1 }),
    ntk: () => ntkScaling({ factor: 1 }),
    // Beyond the trained length its base grows with any factor.
    'dynamic NTK, within the trained length': () => dynamicNtkScaling({ factor: 1, originalLength: 2 ** 21 }),
    YaRN: () => yarnScaling({ factor: 1, originalLength: 64 }),
    'LongRoPE, all factors 1': (pairs) =>
      longRopeScaling({ factor: 1, originalLength: 64, shortFactors: ones(pairs), longFactors: ones(pairs) }),
    'Llama 3': () => llama3Scaling({ factor: 1, originalLength: 64 }),
    'proportional, all pairs': () => proportionalScaling({ share: 1, factor: 1 }),
  };

  test.each(Object.entries(scalings))('%s', (_, scaling) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 64 }),
        fc.double({ min: 2, max: 1e7, noNaN: true }),
        fc.integer({ min: 0, max: 1e6 }),
        (pairs, base, at) => {
          const headDim = 2 * pairs;
          const [scaled, plain] = [{ scaling: scaling(pairs) }, {}].map((options) =>
            rotary({ headDim, base, ...options }).vectors(positionList([at])),
          ) as [Record<string, PlainTensor>, Record<string, PlainTensor>];
          for (const name of ['inverseFrequencies', 'cos', 'sin']) {
            // A frequency may pass through a logarithm or a power and back; its error grows with the position.
            expect(largestMove(scaled[name] as PlainTensor, plain[name] as PlainTensor), name).toBeLessThan(1e-9);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('hazards', () => {
  /** Positions that make differences of 0, ties and single tokens, and far ones where a table does not end before. */
  const hazards = ({ axes, largestPosition, name }: Encoding): readonly PositionCase[] => {
    if (axes > 3) return [];
    const point = (values: readonly (readonly number[])[]): Positions => ({
      values: Float64Array.from(values.flat()),
      batch: 1,
      length: values.length,
      axes,
    });
    const repeat = (value: number) => new Array<number>(axes).fill(value);
    const same = (title: string, at: Positions) => ({ title, queries: at, keys: at });
    return [
      same('one token', point([repeat(0)])),
      // A convolution refuses them: it would not know which is the neighbour.
      ...(CONVOLUTIONS.includes(name)
        ? []
        : [same('three tokens in one place', point([repeat(1), repeat(1), repeat(1)]))]),
      { title: 'no query', queries: point([]), keys: point([repeat(0), repeat(1)]) },
      same('no token at all', point([])),
      ...(axes === 1 && largestPosition >= 2 ** 28
        ? [same('positions around 2^28', positionRange(2 ** 28 - 2, 2 ** 28 + 1))]
        : []),
    ];
  };
  test.each(encodingCases.filter(({ encoding }) => encoding.axes <= 3))('$title stays finite', ({ encoding }) => {
    for (const positions of hazards(encoding)) {
      const { run, parameters } = runOnRandom(encoding, positions);
      const cotangent = randomTensor(run(float64Operations, parameters).shape, createTestRandom(3));
      const { value, gradients } = valueAndGradient(run, parameters, cotangent);
      for (const [name, { data }] of Object.entries({ value, ...gradients })) {
        expect(data.every(Number.isFinite), `${positions.title}: ${name}`).toBe(true);
      }
    }
  });
});
