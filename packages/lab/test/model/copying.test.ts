/** Copying of source tokens, against the equations written out, and through a whole model. */
import { positionRange } from 'posenc/positions';
import { float64Operations, type PlainTensor, tensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { buildModel } from '../../src/model/build.ts';
import { sourceTokens, withCopies } from '../../src/model/copying.ts';
import type { ModelShape } from '../../src/model/model.ts';
import { initializeParameters } from '../../src/model/parameters.ts';

const integers = (data: number[], shape: number[]): PlainTensor => ({
  shape,
  data: Float64Array.from(data),
  type: 'integer',
});

test('the mixture is gate · vocabulary + (1 − gate) · attention on the token', () => {
  const [V, D] = [4, 2];
  const state = tensor([1, 1, D], [0.5, -1]);
  const logits = tensor([1, 1, V], [0.1, 0.7, -0.3, 0.2]);
  // Two heads over three source tokens, 2, 0 and 2.
  const weights = tensor([1, 2, 1, 3], [0.2, 0.5, 0.3, 0.6, 0.1, 0.3]);
  const parameters = { 'copy.weight': tensor([D, 1], [0.4, 0.25]), 'copy.bias': tensor([1], [0.3]) };
  const source = sourceTokens(float64Operations, integers([2, 0, 2], [1, 3]), V);
  const found = withCopies(float64Operations, parameters, state, logits, weights, source);

  const gate = 1 / (1 + Math.exp(-(0.5 * 0.4 - 1 * 0.25 + 0.3)));
  const exps = [0.1, 0.7, -0.3, 0.2].map(Math.exp);
  const total = exps.reduce((sum, value) => sum + value, 0);
  const attention = [0.4, 0.3, 0.3]; // the mean over heads
  const pointed = [attention[1] as number, 0, (attention[0] as number) + (attention[2] as number), 0];
  exps.forEach((value, token) => {
    const expected = Math.log((gate * value) / total + (1 - gate) * (pointed[token] as number) + 1e-9);
    expect(found.data[token]).toBeCloseTo(expected, 12);
  });
});

describe('a model that copies', () => {
  const shape: ModelShape = {
    architecture: 'encoder-decoder',
    modelDim: 8,
    numHeads: 2,
    feedForwardDim: 12,
    encoderLayers: 1,
    decoderLayers: 2,
    input: { kind: 'tokens', vocabulary: 9, shared: true },
    output: { kind: 'tokens', vocabulary: 9, copies: true },
  };
  const { model } = buildModel('rotary', shape, 8);
  const parameters = initializeParameters(model, 5);
  const run = (gateBias: number) =>
    model.forward(
      float64Operations,
      { ...parameters, 'copy.bias': tensor([1], [gateBias]) },
      {
        source: integers([4, 1, 6], [1, 3]),
        sourceMask: tensor([1, 1, 1, 3], [0, 0, 0]),
        target: integers([1, 5], [1, 2]),
        signals: model.signals({ source: positionRange(3), target: positionRange(2) }),
      },
    );

  test('answers with log-probabilities', () => {
    const { data } = run(0);
    for (const row of [0, 1]) {
      const sum = data.subarray(row * 9, row * 9 + 9).reduce((total, value) => total + Math.exp(value), 0);
      expect(sum).toBeCloseTo(1, 7);
    }
  });

  test('copies only tokens of the source where the gate is shut', () => {
    const { data } = run(-60);
    for (const [at, value] of data.entries()) {
      const probability = Math.exp(value);
      if ([4, 1, 6].includes(at % 9)) expect(probability).toBeGreaterThan(0.01);
      else expect(probability).toBeLessThan(1e-8);
    }
  });

  test('and none of it where the gate is open', () => {
    const plain = buildModel('rotary', { ...shape, output: { kind: 'tokens', vocabulary: 9 } }, 8).model;
    const { data } = plain.forward(float64Operations, parameters, {
      source: integers([4, 1, 6], [1, 3]),
      sourceMask: tensor([1, 1, 1, 3], [0, 0, 0]),
      target: integers([1, 5], [1, 2]),
      signals: plain.signals({ source: positionRange(3), target: positionRange(2) }),
    });
    const open = run(60).data;
    for (const row of [0, 1]) {
      const logits = data.subarray(row * 9, row * 9 + 9);
      const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
      logits.forEach((value, token) => {
        expect(open[row * 9 + token]).toBeCloseTo(Math.log(Math.exp(value) / total + 1e-9), 9);
      });
    }
  });
});
