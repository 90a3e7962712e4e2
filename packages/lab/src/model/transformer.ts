/**
 * The transformer of every comparison: pre-norm encoder, decoder or encoder–decoder (Xiong et al. 2020,
 * arXiv 2002.04745) whose only difference between runs is the encodings it is given. Knows no particular encoding.
 * Shape legend: B batch, H heads, D model width, Tq queries, Tk keys.
 */
import { MASKED, type Operations, type PlainTensor } from 'posenc/tensor';
import { answer, meanOverTokens, spanAnswer } from './heads.ts';
import { layerNorm } from './layers.ts';
import type { Model, ModelEncodings, ModelInputs, ModelShape, Tensors } from './model.ts';
import { get } from './parameters.ts';
import { encodingSignals } from './stack-encodings.ts';
import { decodingOf } from './transformer-decoding.ts';
import {
  afterLayer,
  decoderInput,
  embedInput,
  encode,
  expected,
  placeOf,
  type Run,
  readSource,
  restOfDecoderLayer,
  selfAttention,
} from './transformer-layers.ts';
import { checkShape, checkTogether, parametersOf } from './transformer-parameters.ts';

/**
 * A transformer. Linear weights start normal with variance 1/inputs, embeddings with standard deviation 1/√2, biases at
 * 0, gains at 1; no dropout.
 *
 * @throws {RangeError} when numHeads does not divide modelDim, a stack's layers and the architecture disagree, the
 *   architecture cannot answer so, or two encodings replace the same step of a layer
 */
export function transformer(shape: ModelShape, encodings: ModelEncodings): Model {
  checkShape(shape);
  checkTogether('encoder', encodings, shape.encoderLayers);
  checkTogether('decoder', encodings, shape.decoderLayers);
  const decoding = decodingOf(shape, encodings);
  return {
    shape,
    parameters: parametersOf(shape, encodings),
    drawsPositions: [...encodings.encoder, ...encodings.decoder].some(({ draw }) => draw !== undefined),
    signals: ({ source, target }, drawing) => ({
      ...(source === undefined ? {} : encodingSignals('encoder', encodings.encoder, source, source, drawing)),
      ...(target === undefined
        ? {}
        : {
            ...encodingSignals('decoder', encodings.decoder, target, target, drawing),
            'decoder.mask': causalMask(target.length),
          }),
    }),
    forward: (operations, parameters, inputs) =>
      forward({ operations, parameters, signals: inputs.signals }, shape, encodings, inputs),
    attention: (operations, parameters, inputs) => attentionOf(operations, parameters, inputs, shape, encodings),
    ...(decoding === undefined ? {} : { decoding }),
  };
}

function forward<T>(run: Run<T>, shape: ModelShape, encodings: ModelEncodings, inputs: ModelInputs<T>): T {
  const { operations, parameters } = run;
  if (shape.architecture === 'encoder') {
    const hidden = encode(run, shape, encodings, inputs);
    const mask = expected(inputs.sourceMask, 'sourceMask');
    if (shape.output.kind === 'span') return spanAnswer(operations, parameters, hidden, mask);
    return answer(
      operations,
      parameters,
      shape.output.kind === 'class' ? meanOverTokens(operations, hidden, mask) : hidden,
    );
  }
  const source = shape.architecture === 'decoder' ? undefined : readSource(run, shape, encodings, inputs);
  let x = embedInput(run, decoderInput(shape), 'decoder', encodings, expected(inputs.target, 'target'));
  for (let layer = 0; layer < shape.decoderLayers; layer += 1) {
    const place = placeOf('decoder', layer, shape, encodings);
    x = selfAttention(run, `decoder.layers.${layer}.attention`, place, x, get(run.signals, 'decoder.mask'));
    x = restOfDecoderLayer(run, shape, layer, x, source);
    x = afterLayer(run, 'decoder', layer, encodings, x);
  }
  return answer(operations, parameters, layerNorm(operations, parameters, 'decoder.norm', x));
}

/** The weights of every attention that has some, the mean over heads, [B, Tq, Tk]. */
function attentionOf<T>(
  operations: Operations<T>,
  parameters: Tensors<T>,
  inputs: ModelInputs<T>,
  shape: ModelShape,
  encodings: ModelEncodings,
): Record<string, T> {
  const { divide, reshape, shape: shapeOf, sum } = operations;
  const seen: Record<string, T> = {};
  const observe = (name: string, weights: T): void => {
    const [B, H, queries, keys] = shapeOf(weights) as [number, number, number, number];
    seen[name] = reshape(divide(sum(weights, 1), H), [B, queries, keys]);
  };
  forward({ operations, parameters, signals: inputs.signals, observe }, shape, encodings, inputs);
  return seen;
}

/** [1, 1, length, length]: 0 up to the query, `MASKED` after it, by index in the sequence. */
function causalMask(length: number): PlainTensor {
  const data = Float64Array.from({ length: length * length }, (_, at) =>
    at % length > Math.floor(at / length) ? MASKED : 0,
  );
  return { shape: [1, 1, length, length], data, type: 'real' };
}
