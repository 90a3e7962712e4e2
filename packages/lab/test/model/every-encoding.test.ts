/** What every encoding of the catalogue must do within a model, whatever its weights. */
import { gridPositions, positionRange } from 'posenc/positions';
import { encodingDescriptions } from 'posenc/registry';
import { float64Operations, MASKED, type PlainTensor, tensor, valueAndGradient } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/data/random.ts';
import { buildModel } from '../../src/model/build.ts';
import type { Model, ModelShape } from '../../src/model/model.ts';
import { orderSensitivity } from '../../src/model/order-sensitivity.ts';
import { initializeParameters } from '../../src/model/parameters.ts';

const VOCABULARY = 9;
const MAXIMUM = 24;
const encoderShape: ModelShape = {
  modelDim: 16,
  numHeads: 2,
  feedForwardDim: 24,
  architecture: 'encoder',
  encoderLayers: 2,
  decoderLayers: 0,
  input: { kind: 'tokens', vocabulary: VOCABULARY },
  output: { kind: 'class', classes: 3 },
};
const decoderShape: ModelShape = {
  ...encoderShape,
  architecture: 'decoder',
  encoderLayers: 0,
  decoderLayers: 2,
  output: { kind: 'tokens', vocabulary: VOCABULARY },
};

/** Join an encoding; alone they say nothing of order. */
const WITHOUT_POSITIONS = ['none', 'attention-sinks', 'attention-temperature', 'scalable-softmax'];

/** The names that make a model of this shape, and the reasons of the others. */
function namesFor(shape: ModelShape, axes: number): { readonly fit: string[]; readonly unfit: Map<string, string> } {
  const unfit = new Map<string, string>();
  const fit = encodingDescriptions
    .filter((one) => one.axes === 'any' || (typeof one.axes !== 'string' && one.axes.includes(axes)))
    .map(({ name }) => name)
    .filter((name) => {
      try {
        buildModel(name, shape, MAXIMUM);
        return true;
      } catch (error) {
        unfit.set(name, String(error));
        return false;
      }
    });
  return { fit, unfit };
}

const encoders = namesFor(encoderShape, 1);
const decoders = namesFor(decoderShape, 1);

/** Learned parameters are drawn away from where they start, so that tables of zeros take part. */
function parametersOf(model: Model): Record<string, PlainTensor> {
  const random = createRandom(3, 'parameters');
  const started = initializeParameters(model, 5);
  return Object.fromEntries(
    Object.entries(started).map(([name, { shape, data, type }]) => [
      name,
      { shape, data: data.map((value) => value + 0.05 * random.normal()), type },
    ]),
  );
}

const tokens = (list: readonly number[]): PlainTensor => tensor([1, list.length], list, 'integer');

function answer(model: Model, sentence: readonly number[], padding = 0, positions = positionRange(sentence.length)) {
  const { length } = sentence;
  return model.forward(float64Operations, parametersOf(model), {
    source: tokens(sentence),
    sourceMask: tensor(
      [1, 1, 1, length],
      sentence.map((_, at) => (at < length - padding ? 0 : MASKED)),
    ),
    signals: model.signals({ source: positions }),
  }).data;
}

function logitsOf(model: Model, list: readonly number[]): number[][] {
  const { data } = model.forward(float64Operations, parametersOf(model), {
    target: tokens(list),
    signals: model.signals({ target: positionRange(list.length) }),
  });
  return list.map((_, at) => [...data.subarray(at * VOCABULARY, (at + 1) * VOCABULARY)]);
}

function largestMove(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, at) => Math.abs(value - (b[at] as number))));
}

test('every encoding of one axis makes an encoder or a decoder, and the refusals say why', () => {
  expect(encoders.fit.length).toBeGreaterThanOrEqual(30);
  expect(decoders.fit.length).toBeGreaterThanOrEqual(40);
  for (const [name, reason] of encoders.unfit) {
    expect(reason, name).toMatch(/expected an encoding for bidirectional attention/);
    expect(decoders.fit, name).toContain(name);
  }
  for (const [name, reason] of decoders.unfit) {
    expect(reason, name).toMatch(/expected an encoding for causal attention/);
    expect(encoders.fit, name).toContain(name);
  }
});

describe('encoders', () => {
  const sentence = [3, 1, 4, 1, 5];
  const positional = encoders.fit.filter((name) => !WITHOUT_POSITIONS.includes(name));

  test.each(positional)('%s tells a sentence from its words in another order', (name) => {
    const { model } = buildModel(name, encoderShape, MAXIMUM);
    const moved = largestMove(answer(model, sentence), answer(model, [1, 4, 5, 3, 1]));
    // Published forms that are symmetric still see which words are near each other.
    expect(moved).toBeGreaterThan(1e-7);
  });

  test.each(encoders.fit)('padding changes no answer with %s', (name) => {
    const { model } = buildModel(name, encoderShape, MAXIMUM);
    expect(largestMove(answer(model, [3, 1, 4]), answer(model, [3, 1, 4, 0, 0], 2))).toBeLessThan(1e-11);
  });
});

test('on a grid, an untrained encoder sees that patches were exchanged', () => {
  for (const [name, extents] of [
    ['sinusoidal-grid', [7, 7]],
    ['axial-rotary', [7, 7]],
    ['space-time', [4, 5, 5]],
    ['learned', [7, 7]],
  ] as const) {
    const { permuted } = orderSensitivity(name, { ...encoderShape, extents });
    expect(permuted, name).toBeGreaterThan(1e-3);
  }
  expect(orderSensitivity('none', { ...encoderShape, extents: [7, 7] }).permuted).toBeLessThan(1e-12);
});

describe('decoders', () => {
  // Version 2 of DAPE sees neighbouring keys, which may be later ones or rows of a cache that are empty yet.
  const withNeighbours = [...decoders.fit, 'dape:kernel=3', 'dape:kernel=5'];

  test.each(withNeighbours)('a later token changes no earlier logit with %s', (name) => {
    const { model } = buildModel(name, decoderShape, MAXIMUM);
    const [first, second] = [logitsOf(model, [3, 1, 4, 1, 5, 2]), logitsOf(model, [3, 1, 4, 2, 6, 7])];
    expect(largestMove(first.slice(0, 3).flat(), second.slice(0, 3).flat())).toBeLessThan(1e-12);
    expect(largestMove(first[3] as number[], second[3] as number[])).toBeGreaterThan(1e-5);
  });

  const cached = withNeighbours.filter((name) => buildModel(name, decoderShape, MAXIMUM).model.decoding !== undefined);

  test.each(cached)('with a cache, %s gives the logits of the whole prefix', (name) => {
    const { model } = buildModel(name, decoderShape, MAXIMUM);
    const [parameters, target, rows] = [parametersOf(model), [1, 5, 3, 8, 2], 7];
    const { decoding } = model;
    if (decoding === undefined) throw new TypeError('expected a model that decodes');
    const whole = logitsOf(model, target);
    let cache = decoding.emptyCache(1, rows);
    target.forEach((token, step) => {
      const line = (value: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => value(row));
      const result = decoding.step(float64Operations, parameters, {}, cache, {
        token: tokens([token]),
        writeAt: tensor(
          [1, 1, rows, 1],
          line((row) => Number(row === step)),
        ),
        cacheMask: tensor(
          [1, 1, 1, rows],
          line((row) => (row <= step ? 0 : MASKED)),
        ),
        signals: decoding.signals(step, rows),
      });
      expect(largestMove(result.logits.data, whole[step] as number[]), `step ${step}`).toBeLessThan(1e-11);
      cache = result.cache;
    });
  });

  test('encodings whose keys change decode without a cache', () => {
    for (const name of [
      'forgetting',
      'path',
      'randomized',
      'cape',
      'rotary:scaling=dynamic-ntk:factor=2:originalLength=8',
    ]) {
      expect(buildModel(name, decoderShape, MAXIMUM).model.decoding, name).toBeUndefined();
    }
  });
});

describe('encodings that compute scores anew', () => {
  const replacing = (kind: 'scores' | 'rotation') =>
    encodingDescriptions
      .map(({ create, name, axes }) => {
        const extents = Array.isArray(axes) && !axes.includes(1) ? { extents: [4, 6, 2].slice(0, axes[0]) } : {};
        const graph = typeof axes === 'string' && axes !== 'any' ? { graph: { positions: axes, features: 4 } } : {};
        const sizes = { modelDim: 16, numHeads: 2, headDim: 8, maximumLength: MAXIMUM, attention: 'causal' } as const;
        return { name, encoding: create({ ...sizes, ...extents, ...graph }) };
      })
      .filter(({ encoding }) => encoding.site === 'content' && encoding.replaces === kind)
      .map(({ name }) => name);
  const turning = [
    'context-aware-rotary',
    'selective-rotary',
    'rectified-rotary',
    'self-extend',
    'lambda-attention',
    'dual-chunk-attention',
  ];
  const build = (specification: string) => buildModel(specification, decoderShape, MAXIMUM);

  test('are known', () => {
    expect(replacing('rotation')).toEqual(turning);
    expect(replacing('scores')).toEqual(['swin-v2']);
  });

  test.each(turning)('%s stands first, and beside no encoding of queries and keys', (name) => {
    for (const other of ['alibi', 'shaw', 'attention-temperature']) {
      expect(() => build(`${other}+${name}`)).toThrow(`got ${other} before it; write ${name} first, ${name}+${other}`);
      expect(() => build(`${name}+${other}`)).not.toThrow();
    }
    for (const both of [`rotary+${name}`, `${name}+rotary`]) expect(() => build(both)).toThrow('leave rotary out');
    expect(() => build(`${name}+${name}`)).toThrow('leave one of them out, or give them different layers');
    expect(() => build(`rotary:layers=0+alibi:layers=0+${name}:layers=1`)).not.toThrow();
    expect(() => build(`${name}+attention-sinks`)).not.toThrow();
  });

  test('swin-v2 may follow a rotation, whose queries and keys it compares, but no bias', () => {
    const grid = (specification: string) => buildModel(specification, { ...encoderShape, extents: [4, 6] }, MAXIMUM);
    expect(() => grid('swin+swin-v2')).toThrow('got swin before it; write swin-v2 first');
    expect(() => grid('swin-v2+swin')).not.toThrow();
    expect(() => grid('axial-rotary+swin-v2')).not.toThrow();
  });

  test('what follows them is kept', () => {
    const [alone, joined] = ['self-extend', 'self-extend+alibi'].map((one) => logitsOf(build(one).model, [3, 1, 4]));
    expect(largestMove((alone as number[][]).flat(), (joined as number[][]).flat())).toBeGreaterThan(1e-5);
  });
});

describe.each([
  { what: 'a line', shape: encoderShape, names: encoders.fit, positions: positionRange(12) },
  ...[
    [3, 4],
    [2, 2, 3],
  ].map((extents) => {
    const shape = { ...encoderShape, extents };
    const { fit: names } = namesFor(shape, extents.length);
    return { what: `a grid of ${extents.join(' × ')}`, shape, names, positions: gridPositions(extents) };
  }),
])('gradients on $what', ({ shape, names, positions }) => {
  test.each(names)('are finite for everything that %s learns', (name) => {
    const { model } = buildModel(name, shape, MAXIMUM);
    const source = tokens(Array.from({ length: positions.length }, (_, at) => (at * 5) % VOCABULARY));
    const signals = model.signals({ source: positions });
    const { gradients, value } = valueAndGradient((operations, all) => {
      const forward = model.forward(
        operations,
        all as never,
        {
          source: operations.constant(source),
          sourceMask: operations.constant(tensor([1, 1, 1, positions.length], new Float64Array(positions.length))),
          signals: Object.fromEntries(Object.entries(signals).map(([key, one]) => [key, operations.constant(one)])),
        } as never,
      );
      return operations.sum(operations.multiply(forward as never, forward as never), -1) as never;
    }, parametersOf(model));
    for (const [parameter, { data }] of Object.entries({ ...gradients, value })) {
      expect(data.every(Number.isFinite), parameter).toBe(true);
    }
    expect(value.data.length).toBe(1);
  });
});
