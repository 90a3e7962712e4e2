/** One table for source, target and output: the same numbers as three tables that are equal. */
import { positionRange } from 'posenc/positions';
import { float64Operations, type PlainTensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { buildModel } from '../../src/model/build.ts';
import type { ModelShape, Tensors } from '../../src/model/model.ts';
import { initializeParameters } from '../../src/model/parameters.ts';

const VOCABULARY = 7;
const DIM = 8;
const shape = (shared: boolean): ModelShape => ({
  architecture: 'encoder-decoder',
  modelDim: DIM,
  numHeads: 2,
  feedForwardDim: 12,
  encoderLayers: 1,
  decoderLayers: 1,
  input: { kind: 'tokens', vocabulary: VOCABULARY, ...(shared ? { shared } : {}) },
  output: { kind: 'tokens', vocabulary: VOCABULARY },
});
const integers = (data: number[], extents: number[]): PlainTensor => ({
  shape: extents,
  data: Float64Array.from(data),
  type: 'integer',
});
const mask: PlainTensor = { shape: [1, 1, 1, 4], data: new Float64Array(4), type: 'real' };

function logits(parameters: Tensors<PlainTensor>, shared: boolean): Float64Array {
  const { model } = buildModel('rotary', shape(shared), 8);
  const result = model.forward(float64Operations, parameters, {
    source: integers([4, 1, 6, 2], [1, 4]),
    sourceMask: mask,
    target: integers([1, 5, 3], [1, 3]),
    signals: model.signals({ source: positionRange(4), target: positionRange(3) }),
  });
  return Float64Array.from(result.data);
}

describe('a shared table', () => {
  const { model } = buildModel('rotary', shape(true), 8);
  const parameters = initializeParameters(model, 3);

  test('stands for three equal ones, the output its transpose over √D', () => {
    const table = parameters['encoder.embedding.weight'] as PlainTensor;
    const transposed = new Float64Array(DIM * VOCABULARY);
    for (let token = 0; token < VOCABULARY; token += 1) {
      for (let channel = 0; channel < DIM; channel += 1) {
        transposed[channel * VOCABULARY + token] = (table.data[token * DIM + channel] as number) / Math.sqrt(DIM);
      }
    }
    const apart = {
      ...parameters,
      'decoder.embedding.weight': table,
      'output.weight': { shape: [DIM, VOCABULARY], data: transposed, type: 'real' as const },
    };
    const [one, three] = [logits(parameters, true), logits(apart, false)];
    one.forEach((value, at) => {
      expect(value).toBeCloseTo(three[at] as number, 12);
    });
  });

  test('is held once', () => {
    const names = model.parameters.map(({ name }) => name);
    expect(names.filter((name) => name.includes('embedding'))).toEqual(['encoder.embedding.weight']);
    expect(names.filter((name) => name.startsWith('output'))).toEqual(['output.bias']);
  });

  test('needs one vocabulary', () => {
    const wrong = { ...shape(true), output: { kind: 'tokens' as const, vocabulary: VOCABULARY + 1 } };
    expect(() => buildModel('rotary', wrong, 8)).toThrow(/^model: input shared: expected one vocabulary/);
  });
});
