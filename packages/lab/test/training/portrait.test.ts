/**
 * Attention pictures of one example: the weights of Hugging Face transformers (reference/heads.py), at real positions.
 */
import { fromPlain, initializeJax } from 'posenc/jax';
import { tensor } from 'posenc/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildModel } from '../../src/model/build.ts';
import type { Model, ModelShape } from '../../src/model/model.ts';
import { initializeParameters } from '../../src/model/parameters.ts';
import { attentionSchema } from '../../src/record/sample.ts';
import { tokenSequences } from '../../src/tasks/shared/batches.ts';
import type { Batch, Portrait } from '../../src/tasks/task.ts';
import { portraitAttention } from '../../src/training/portrait.ts';
import golden from '../fixtures/heads.golden.json' with { type: 'json' };

const { sizes, sources } = golden;
const T = Math.max(...sources.map(({ length }) => length));
/** The second example, which has padding. */
const ROW = 1;
const source = sources[ROW] as number[];

const shape: ModelShape = {
  architecture: 'encoder-decoder',
  modelDim: sizes.modelDim,
  numHeads: sizes.numHeads,
  feedForwardDim: sizes.feedForwardDim,
  encoderLayers: sizes.layers,
  decoderLayers: sizes.layers,
  input: { kind: 'tokens', vocabulary: sizes.vocabulary },
  output: { kind: 'tokens', vocabulary: sizes.vocabulary },
};
const encoderShape: ModelShape = { ...shape, architecture: 'encoder', decoderLayers: 0 };
const one = golden.generation[0] as (typeof golden.generation)[number];
const U = one.targetLength;
// The last target token is padding, too.
const target = one.target.slice(ROW * U, (ROW + 1) * U - 1);
const batch: Batch = {
  size: 1,
  source: tokenSequences([source], T),
  target: tokenSequences([target], U),
  labels: new Int32Array(U),
};
const portrait: Portrait = { batch, source: ['una', 'casa'], target: ['<s>', 'a', 'house'], links: [[2, 1]] };

const started = (model: Model) =>
  Object.fromEntries(Object.entries(initializeParameters(model, 1)).map(([name, value]) => [name, fromPlain(value)]));

describe('pictures', () => {
  beforeAll(async () => initializeJax());

  test('show the first and the last layer of each stack, and across over all layers', () => {
    const { model } = buildModel('learned', shape, sizes.maximumLength);
    const parameters = Object.fromEntries(
      Object.entries(one.parameters).map(([name, { shape: extents, data }]) => [
        name,
        fromPlain(tensor(extents, data)),
      ]),
    );
    const pictures = portraitAttention(model, parameters, portrait);
    for (const picture of pictures) attentionSchema.parse(picture);
    expect(pictures.map(({ title }) => title)).toEqual([
      'encoder self-attention, layer 1 of 2',
      'encoder self-attention, layer 2 of 2',
      'decoder self-attention, layer 1 of 2',
      'decoder self-attention, layer 2 of 2',
      'cross-attention, mean over 2 layers',
    ]);
    const { attentions, alignment } = one;
    const wanted = [
      attentions['encoder.layers.0.attention'],
      attentions['encoder.layers.1.attention'],
      attentions['decoder.layers.0.attention'],
      attentions['decoder.layers.1.attention'],
      alignment,
    ];
    pictures.forEach(({ queries, keys, weights, links, title }, index) => {
      const { shape: extents, data } = wanted[index] as { shape: number[]; data: (number | null)[] };
      const [, rows, columns] = extents as [number, number, number];
      expect(queries).toEqual(title.startsWith('encoder') ? portrait.source : portrait.target);
      expect(keys).toEqual(title.startsWith('decoder') ? portrait.target : portrait.source);
      expect(links).toEqual(title.startsWith('cross') ? [[2, 1]] : undefined);
      expect(weights).toHaveLength(queries.length * keys.length);
      for (const [at, weight] of weights.entries()) {
        const [query, key] = [Math.floor(at / keys.length), at % keys.length];
        expect(weight, `${title}, ${at}`).toBeCloseTo(data[(ROW * rows + query) * columns + key] as number, 5);
      }
    });
  });

  test('of one layer show it once', () => {
    const { model } = buildModel('rotary', { ...encoderShape, encoderLayers: 1 }, sizes.maximumLength);
    const pictures = portraitAttention(model, started(model), portrait);
    expect(pictures.map(({ title }) => title)).toEqual(['encoder self-attention, layer 1 of 1']);
  });

  test.each(['shaw', 'deberta', 'tupe', 'convolutional'])('are there with %s, each row a whole', (encoding) => {
    const { model } = buildModel(encoding, encoderShape, sizes.maximumLength);
    const pictures = portraitAttention(model, started(model), portrait);
    expect(pictures).toHaveLength(2);
    for (const { weights } of pictures) {
      expect((weights[0] as number) + (weights[1] as number)).toBeCloseTo(1, 5);
    }
  });

  test('leave out layers without weights, and models without attention', () => {
    const titles = (encoding: string): string[] => {
      const { model } = buildModel(encoding, shape, sizes.maximumLength);
      return portraitAttention(model, started(model), portrait).map(({ title }) => title);
    };
    expect(titles('attention-sinks')).toEqual(['cross-attention, mean over 2 layers']);
    expect(titles('attention-sinks:layers=0')).toEqual([
      'encoder self-attention, layer 2 of 2',
      'decoder self-attention, layer 2 of 2',
      'cross-attention, mean over 2 layers',
    ]);
    expect(titles('gru')).toEqual([]);
  });

  test('are refused for a batch of several, or where not every position is named', () => {
    const { model } = buildModel('none', shape, sizes.maximumLength);
    const draw = (changed: Portrait) => () => portraitAttention(model, started(model), changed);
    expect(draw({ ...portrait, batch: { ...batch, size: 2 } })).toThrow('expected a batch of one example, got 2');
    expect(draw({ ...portrait, source: ['una'] })).toThrow(
      'source: expected what stands at each of 2 positions, got 1',
    );
    const { target: _, ...nameless } = portrait;
    expect(draw(nameless)).toThrow('target: expected what stands at each of 3 positions, got none');
  });
});
