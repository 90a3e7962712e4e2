/** What models must do whatever their weights: laws of order, padding, causality, caching and of the contract. */
import { type ContentEncoding, type Encoding, type InputEncoding, type StructureEncoding, sinusoidal } from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { float64Operations, MASKED, type PlainTensor, tensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/data/random.ts';
import { buildModel } from '../../src/model/build.ts';
import type { Model, ModelShape } from '../../src/model/model.ts';
import { orderSensitivity } from '../../src/model/order-sensitivity.ts';
import { initializeParameters } from '../../src/model/parameters.ts';
import { transformer } from '../../src/model/transformer.ts';

const operations = float64Operations;
const ENCODINGS = ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 'alibi:direction=symmetric', 't5', 'gru'];
const CACHED = ENCODINGS.filter((name) => name !== 'alibi:direction=symmetric');
const VOCABULARY = 9;
const MAXIMUM = 40;

const sizes = { modelDim: 16, numHeads: 4, feedForwardDim: 24 };
const encoderShape: ModelShape = {
  ...sizes,
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
const pairShape: ModelShape = { ...decoderShape, architecture: 'encoder-decoder', encoderLayers: 1 };

const noPadding = (length: number): PlainTensor => tensor([1, 1, 1, length], new Float64Array(length));
const tokens = (list: readonly number[]): PlainTensor => tensor([1, list.length], list, 'integer');

/** The answer of an encoder to a sentence, its tokens standing at the given positions. */
function answer(model: Model, sentence: readonly number[], positions = positionRange(sentence.length)): Float64Array {
  return model.forward(operations, initializeParameters(model, 5), {
    source: tokens(sentence),
    sourceMask: noPadding(sentence.length),
    signals: model.signals({ source: positions }),
  }).data;
}

function logitsOf(model: Model, list: readonly number[], positions = positionRange(list.length)): number[][] {
  const { data } = model.forward(operations, initializeParameters(model, 5), {
    target: tokens(list),
    signals: model.signals({ target: positions }),
  });
  return list.map((_, at) => [...data.subarray(at * VOCABULARY, (at + 1) * VOCABULARY)]);
}

function largestMove(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, at) => Math.abs(value - (b[at] as number))));
}

describe('order', () => {
  test('permuting the tokens given to an encoder moves nothing without positions', () => {
    expect(orderSensitivity('none', sizes).permuted).toBeLessThan(1e-12);
  });

  test.each(ENCODINGS.slice(1))('permuting the tokens given to an encoder moves its answer with %s', (encoding) => {
    expect(orderSensitivity(encoding, sizes).permuted).toBeGreaterThan(1e-2);
  });

  test('symmetric ALiBi in an encoder cannot tell a sentence from its reversal', () => {
    const { permuted, reversed } = orderSensitivity('alibi:direction=symmetric', sizes);
    expect(reversed).toBeLessThan(1e-12);
    expect(permuted).toBeGreaterThan(1e-2);
  });

  test.each(['sinusoidal', 'learned', 'rotary', 'alibi', 't5', 'gru'])(
    '%s tells a sentence from its reversal',
    (encoding) => {
      expect(orderSensitivity(encoding, sizes).reversed).toBeGreaterThan(1e-2);
    },
  );
});

describe('shifted positions', () => {
  const sentence = [3, 1, 4, 1, 5];
  const shifted = positionRange(20, 25);

  test.each(['none', 'rotary', 'alibi', 'alibi:direction=symmetric', 't5'])(
    'change nothing with %s, which is relative',
    (encoding) => {
      const { model } = buildModel(encoding, encoderShape, MAXIMUM);
      expect(largestMove(answer(model, sentence), answer(model, sentence, shifted))).toBeLessThan(1e-12);
    },
  );

  test.each(['sinusoidal', 'learned'])('change the answer with %s, which is absolute', (encoding) => {
    const { model } = buildModel(encoding, encoderShape, MAXIMUM);
    expect(largestMove(answer(model, sentence), answer(model, sentence, shifted))).toBeGreaterThan(1e-4);
  });

  test('with a gap are told from those without, by every encoding', () => {
    for (const encoding of ['sinusoidal', 'learned', 'rotary', 'alibi', 't5']) {
      const { model } = buildModel(encoding, encoderShape, MAXIMUM);
      const gap = answer(model, sentence, positionList([0, 1, 2, 8, 9]));
      expect(largestMove(answer(model, sentence), gap), encoding).toBeGreaterThan(1e-5);
    }
  });
});

describe('padding and causality', () => {
  test.each(ENCODINGS)('padding on the right changes no answer with %s', (encoding) => {
    const { model } = buildModel(encoding, encoderShape, MAXIMUM);
    const padded = model.forward(operations, initializeParameters(model, 5), {
      source: tokens([3, 1, 4, 0, 0]),
      sourceMask: tensor([1, 1, 1, 5], [0, 0, 0, MASKED, MASKED]),
      signals: model.signals({ source: positionRange(5) }),
    });
    expect(largestMove(padded.data, answer(model, [3, 1, 4]))).toBeLessThan(1e-12);
  });

  test.each(CACHED)('a later token changes no earlier logit with %s', (encoding) => {
    const { model } = buildModel(encoding, decoderShape, MAXIMUM);
    const [first, second] = [logitsOf(model, [3, 1, 4, 1, 5]), logitsOf(model, [3, 1, 4, 2, 6])];
    expect(largestMove((first.slice(0, 3) as number[][]).flat(), second.slice(0, 3).flat())).toBe(0);
    expect(largestMove(first[3] as number[], second[3] as number[])).toBeGreaterThan(1e-4);
  });
});

describe('decoding with a cache', () => {
  const source = [2, 7, 1];
  const target = [1, 5, 3, 8, 2];

  test.each(CACHED.flatMap((encoding) => [[encoding, decoderShape] as const, [encoding, pairShape] as const]))(
    'with %s gives the logits of the whole prefix at each step ($architecture)',
    (encoding, shape) => {
      const { model } = buildModel(encoding, shape, MAXIMUM);
      const parameters = initializeParameters(model, 5);
      const isPair = shape.architecture === 'encoder-decoder';
      const read = isPair ? { source: tokens(source), sourceMask: noPadding(source.length) } : {};
      const positions = isPair ? { source: positionRange(source.length) } : {};
      const whole = model.forward(operations, parameters, {
        ...read,
        target: tokens(target),
        signals: model.signals({ ...positions, target: positionRange(target.length) }),
      });
      const { decoding } = model;
      if (decoding === undefined) throw new TypeError('expected a model that decodes');
      const rows = 7;
      const memory = decoding.memory(operations, parameters, { ...read, signals: model.signals(positions) });
      let cache = decoding.emptyCache(1, rows);
      target.forEach((token, step) => {
        const at = Array.from({ length: rows }, (_, row) => row);
        const result = decoding.step(operations, parameters, memory, cache, {
          token: tokens([token]),
          writeAt: tensor(
            [1, 1, rows, 1],
            at.map((row) => (row === step ? 1 : 0)),
          ),
          cacheMask: tensor(
            [1, 1, 1, rows],
            at.map((row) => (row > step ? MASKED : 0)),
          ),
          ...(isPair ? { sourceMask: noPadding(source.length) } : {}),
          signals: decoding.signals(step, rows),
        });
        cache = result.cache;
        const wanted = whole.data.subarray(step * VOCABULARY, (step + 1) * VOCABULARY);
        expect(largestMove(result.logits.data, wanted)).toBeLessThan(1e-12);
      });
    },
  );
});

describe('building', () => {
  test('equal seeds give equal first values to every parameter that two encodings share', () => {
    const [plain, ...others] = ENCODINGS.slice(0, -1).map((encoding) =>
      initializeParameters(buildModel(encoding, pairShape, MAXIMUM).model, 9),
    );
    for (const other of others) {
      for (const [name, value] of Object.entries(plain ?? {})) expect(other[name]).toEqual(value);
    }
    const again = initializeParameters(buildModel('none', pairShape, MAXIMUM).model, 10);
    expect(again['output.weight']).not.toEqual(plain?.['output.weight']);
  });

  test('first values have the standard deviations that are declared', () => {
    const { model } = buildModel('learned', { ...pairShape, modelDim: 128 }, 512);
    const values = initializeParameters(model, 1);
    for (const { name, shape, initializer } of model.parameters) {
      if (initializer.distribution !== 'normal' || shape.length < 2) continue;
      const data = (values[name] as PlainTensor).data;
      const deviation = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
      // Five standard errors of an estimated deviation.
      const error = (5 * initializer.standardDeviation) / Math.sqrt(2 * data.length);
      expect(Math.abs(deviation - initializer.standardDeviation), name).toBeLessThan(error);
    }
  });

  test('what cannot be built is refused with what to do', () => {
    expect(() => buildModel('rotray', encoderShape, 8)).toThrow(/did you mean rotary/);
    expect(() => buildModel('alibi:direction=causal', encoderShape, 8)).toThrow(
      /bidirectional attention in the encoder/,
    );
    expect(() => buildModel('alibi:direction=symmetric', decoderShape, 8)).toThrow(/leave the option out/);
    expect(() => buildModel('none', { ...encoderShape, modelDim: 18 }, 8)).toThrow(/multiple of numHeads = 4, got 18/);
    expect(() => buildModel('none', { ...encoderShape, decoderLayers: 1 }, 8)).toThrow(/decoderLayers: expected 0/);
  });

  test('the recurrent control has about as many parameters as the transformer', () => {
    const count = (encoding: string, shape: ModelShape): number =>
      buildModel(encoding, shape, MAXIMUM).model.parameters.reduce(
        (sum, { shape: extents }) => sum + extents.reduce((product, extent) => product * extent, 1),
        0,
      );
    const tagger: ModelShape = { ...encoderShape, output: { kind: 'tokens', vocabulary: VOCABULARY } };
    for (const shape of [encoderShape, tagger, decoderShape, pairShape]) {
      const wide = { ...shape, modelDim: 64, feedForwardDim: 256 };
      const ratio = count('gru', wide) / count('none', wide);
      expect(ratio).toBeGreaterThan(0.85);
      expect(ratio).toBeLessThan(1.15);
    }
  });
});

/** Encodings of families to come, as short as can be: the contract must hold them without special cases. */
describe('the contract fits', () => {
  const H = 4;
  const E = 4;
  const base = {
    options: {},
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: () => ({ parameters: 0, tableBytes: 0 }),
    vectors: () => ({}),
  } as const;
  const one = { distribution: 'normal', standardDeviation: 1, source: 'test' } as const;
  const oneLayer = { ...decoderShape, decoderLayers: 1 };
  const build = (encodings: readonly Encoding[], shape: ModelShape = oneLayer): Model =>
    transformer(shape, { encoder: [], decoder: encodings });

  test('a content encoding with values (Shaw): its value table shifts the output of attention', () => {
    const shaw: ContentEncoding = {
      ...base,
      site: 'content',
      name: 'shaw',
      parameters: [
        { name: 'keys', shape: [3, E], sharing: 'layer', initializer: one },
        { name: 'values', shape: [3, E], sharing: 'layer', initializer: one },
      ],
      signals: (queries, keys) => ({
        clipped: tensor(
          [1, queries.length, keys.length],
          Array.from(queries.values).flatMap((i) =>
            Array.from(keys.values, (j) => 1 + Math.max(-1, Math.min(1, j - i))),
          ),
          'integer',
        ),
      }),
      scores: ({ operations: o, queries, parameters, signals, scale }, scores) => {
        const table = o.take(parameters.keys as typeof scores, signals.clipped as typeof scores); // [1, Tq, Tk, E]
        const perQuery = o.permute(queries, [0, 2, 1, 3]); // [B, Tq, H, E]
        const relative = o.matmul(perQuery, o.permute(table, [0, 1, 3, 2])); // [B, Tq, H, Tk]
        return o.add(scores, o.multiply(o.permute(relative, [0, 2, 1, 3]), scale));
      },
      output: ({ operations: o, parameters, signals }, weights, output) => {
        const table = o.take(parameters.values as typeof output, signals.clipped as typeof output);
        return o.add(output, o.permute(o.matmul(o.permute(weights, [0, 2, 1, 3]), table), [0, 2, 1, 3]));
      },
    };
    const model = build([shaw]);
    const names = model.parameters.map(({ name }) => name).filter((name) => name.includes('shaw'));
    expect(names).toEqual(['decoder.positions.0.shaw.0.keys', 'decoder.positions.0.shaw.0.values']);
    // Relative: the same at shifted positions; order seen: other than without it.
    expect(
      largestMove(logitsOf(model, [1, 2, 3]).flat(), logitsOf(model, [1, 2, 3], positionRange(5, 8)).flat()),
    ).toBeLessThan(1e-12);
    expect(largestMove(logitsOf(model, [1, 2, 3]).flat(), logitsOf(build([]), [1, 2, 3]).flat())).toBeGreaterThan(1e-3);
    expect(model.decoding).toBeUndefined();
  });

  test('a gate from hidden states (Forgetting Transformer): closed gates leave each token alone', () => {
    const forget = (strength: number): ContentEncoding => ({
      ...base,
      site: 'content',
      name: 'forget',
      parameters: [],
      signals: () => ({}),
      scores: ({ operations: o, hiddenKeys }, scores) => {
        const [B, T] = o.shape(hiddenKeys) as [number, number];
        // log f ≤ 0 from the token's own hidden state, summed from key to query.
        const size = o.sum(o.multiply(hiddenKeys, hiddenKeys), -1); // [B, T, 1]
        const log = o.multiply(o.add(size, 1), -strength);
        const sums = o.cumulativeSum(log, 1);
        const difference = o.subtract(o.reshape(sums, [B, 1, T, 1]), o.reshape(sums, [B, 1, 1, T]));
        return o.add(scores, difference);
      },
    });
    const [open, closed] = [build([forget(0)]), build([forget(1e3)])];
    expect(largestMove(logitsOf(open, [1, 2, 3]).flat(), logitsOf(build([]), [1, 2, 3]).flat())).toBe(0);
    // With everything forgotten, a token's logits are those it has alone.
    expect(largestMove(logitsOf(closed, [1, 2, 3])[2] as number[], logitsOf(closed, [3])[0] as number[])).toBeLessThan(
      1e-9,
    );
  });

  test('a structure with a learned sink: an infinite sink takes all the attention', () => {
    const sink = (logit: number): StructureEncoding => ({
      ...base,
      site: 'structure',
      name: 'sink',
      parameters: [],
      signals: () => ({}),
      attend: ({ operations: o, values }, scores) => {
        const [B, heads, T] = o.shape(scores) as [number, number, number];
        const column = o.constant({
          shape: [B, heads, T, 1],
          data: new Float64Array(B * heads * T).fill(logit),
          type: 'real',
        });
        const weights = o.softmax(o.concatenate([scores, column], -1));
        return o.matmul(o.slice(weights, -1, 0, o.shape(scores).at(-1) as number), values);
      },
    });
    const without = logitsOf(build([]), [1, 2, 3]).flat();
    expect(largestMove(logitsOf(build([sink(-1e9)]), [1, 2, 3]).flat(), without)).toBeLessThan(1e-12);
    const alone = logitsOf(build([sink(1e9)]), [1, 2, 3]);
    expect(largestMove(alone[2] as number[], logitsOf(build([sink(1e9)]), [3])[0] as number[])).toBeLessThan(1e-12);
    expect(largestMove(alone.flat(), without)).toBeGreaterThan(1e-3);
  });

  test('tables given to every attention (DETR), after the first layer, or to some layers only', () => {
    const table = sinusoidal({ dim: H * E });
    const at = (place: InputEncoding['place'], layers?: (layer: number) => boolean): InputEncoding => ({
      ...table,
      place,
      ...(layers === undefined ? {} : { layers }),
    });
    const two = decoderShape;
    const results = [
      [at('embedding')],
      [at('every-attention')],
      [at('every-attention', (layer) => layer === 1)],
      [at('first-layer')],
      [],
    ].map((encodings) => logitsOf(build(encodings, two), [1, 2, 3]).flat());
    for (const [index, first] of results.entries()) {
      for (const second of results.slice(index + 1)) expect(largestMove(first, second)).toBeGreaterThan(1e-3);
    }
    const nowhere = logitsOf(build([at('every-attention', () => false)], two), [1, 2, 3]).flat();
    expect(nowhere).toEqual(results.at(-1));
  });

  test('several encodings in one stack act together', () => {
    const both = build([sinusoidal({ dim: H * E }), ...buildModel('rotary', oneLayer, 8).encodings.decoder]);
    const [first, second] = [
      logitsOf(both, [1, 2, 3]).flat(),
      logitsOf(build([sinusoidal({ dim: H * E })]), [1, 2, 3]).flat(),
    ];
    expect(largestMove(first, second)).toBeGreaterThan(1e-3);
    expect(createRandom(1, 'a').uniform()).not.toBe(createRandom(1, 'b').uniform());
  });
});
