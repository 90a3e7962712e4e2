/**
 * The transformer of every comparison: pre-norm encoder, decoder or encoder–decoder (Xiong et al. 2020,
 * arXiv 2002.04745) whose only difference between runs is the encodings it is given. Knows no particular encoding.
 * Shape legend: B batch, T source length, U target length, D model width, V vocabulary.
 */
import { positionRange } from 'posenc/positions';
import { filled, MASKED, type Operations, type PlainTensor } from 'posenc/tensor';
import {
  type AttentionPlace,
  attend,
  attentionParameters,
  encodeInput,
  project,
  selfAttentionHeads,
} from './attention.ts';
import { embed, feedForward, layerNorm, linear } from './layers.ts';
import type {
  Decoding,
  InputKind,
  Model,
  ModelEncodings,
  ModelInputs,
  ModelParameter,
  ModelShape,
  Tensors,
} from './model.ts';
import { embeddingParameters, get, linearParameters, normParameters } from './parameters.ts';
import { actsIn, encodingParameters, encodingSignals } from './stack-encodings.ts';

type Stack = 'encoder' | 'decoder';

/** Everything a stack needs while it runs. */
interface Run<T> {
  readonly operations: Operations<T>;
  readonly parameters: Tensors<T>;
  readonly signals: Tensors<T>;
}

/** What the decoder reads of a source. */
interface Source<T> {
  readonly memory: Tensors<T>;
  readonly mask: T;
}

/**
 * A transformer. Linear weights start normal with variance 1/inputs, embeddings with standard deviation 1/√2, biases at
 * 0, gains at 1; no dropout.
 *
 * @throws {RangeError} when numHeads does not divide modelDim, a stack's layers and the architecture disagree, or two
 *   encodings replace the same step of a layer
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
    ...(decoding === undefined ? {} : { decoding }),
  };
}

function forward<T>(run: Run<T>, shape: ModelShape, encodings: ModelEncodings, inputs: ModelInputs<T>): T {
  const { operations, parameters } = run;
  if (shape.architecture === 'encoder') {
    const hidden = encode(run, shape, encodings, inputs);
    return answer(run, shape.output.kind === 'class' ? meanOverTokens(operations, hidden, inputs) : hidden);
  }
  const source = shape.architecture === 'decoder' ? undefined : readSource(run, shape, encodings, inputs);
  let x = embedInput(run, decoderInput(shape), 'decoder', encodings, expected(inputs.target, 'target'));
  for (let layer = 0; layer < shape.decoderLayers; layer += 1) {
    const name = `decoder.layers.${layer}`;
    const place = placeOf('decoder', layer, shape, encodings);
    const normal = layerNorm(operations, parameters, `${name}.attention.norm`, x);
    const heads = selfAttentionHeads(operations, parameters, run.signals, `${name}.attention`, place, normal);
    const mask = get(run.signals, 'decoder.mask');
    const seen = { mask, hiddenQueries: normal, hiddenKeys: normal };
    x = operations.add(x, attend(operations, parameters, run.signals, `${name}.attention`, place, heads, seen));
    x = restOfDecoderLayer(run, shape, layer, x, source);
    x = afterLayer(run, 'decoder', layer, encodings, x);
  }
  return answer(run, layerNorm(operations, parameters, 'decoder.norm', x));
}

/** The encoder's result [B, T, D]. */
function encode<T>(run: Run<T>, shape: ModelShape, encodings: ModelEncodings, inputs: ModelInputs<T>): T {
  const { operations, parameters, signals } = run;
  const mask = expected(inputs.sourceMask, 'sourceMask');
  let x = embedInput(run, shape.input, 'encoder', encodings, expected(inputs.source, 'source'));
  for (let layer = 0; layer < shape.encoderLayers; layer += 1) {
    const name = `encoder.layers.${layer}`;
    const place = placeOf('encoder', layer, shape, encodings);
    const normal = layerNorm(operations, parameters, `${name}.attention.norm`, x);
    const heads = selfAttentionHeads(operations, parameters, signals, `${name}.attention`, place, normal);
    const seen = { mask, hiddenQueries: normal, hiddenKeys: normal };
    x = operations.add(x, attend(operations, parameters, signals, `${name}.attention`, place, heads, seen));
    x = feedForwardBlock(run, name, x);
    x = afterLayer(run, 'encoder', layer, encodings, x);
  }
  return layerNorm(operations, parameters, 'encoder.norm', x);
}

/** Keys and values of every cross-attention, computed once from the encoder's result. */
function readSource<T>(run: Run<T>, shape: ModelShape, encodings: ModelEncodings, inputs: ModelInputs<T>): Source<T> {
  const hidden = encode(run, shape, encodings, inputs);
  const memory: Record<string, T> = {};
  for (let layer = 0; layer < shape.decoderLayers; layer += 1) {
    for (const part of ['keys', 'values']) {
      const name = `decoder.layers.${layer}.cross.${part}`;
      memory[`${layer}.${part}`] = project(run.operations, run.parameters, name, hidden, shape.numHeads);
    }
  }
  return { memory, mask: expected(inputs.sourceMask, 'sourceMask') };
}

/** Cross-attention, which has no positions, and the feed-forward block. */
function restOfDecoderLayer<T>(run: Run<T>, shape: ModelShape, layer: number, x: T, source: Source<T> | undefined): T {
  const { operations, parameters, signals } = run;
  const name = `decoder.layers.${layer}`;
  if (source === undefined) return feedForwardBlock(run, name, x);
  const place = { stack: 'decoder', layer, numHeads: shape.numHeads, encodings: [] };
  const normal = layerNorm(operations, parameters, `${name}.cross.norm`, x);
  const heads = {
    queries: project(operations, parameters, `${name}.cross.queries`, normal, shape.numHeads),
    keys: get(source.memory, `${layer}.keys`),
    values: get(source.memory, `${layer}.values`),
  };
  const seen = { mask: source.mask, hiddenQueries: normal, hiddenKeys: normal };
  const crossed = attend(operations, parameters, signals, `${name}.cross`, place, heads, seen);
  return feedForwardBlock(run, name, operations.add(x, crossed));
}

function feedForwardBlock<T>({ operations, parameters }: Run<T>, name: string, x: T): T {
  const normal = layerNorm(operations, parameters, `${name}.feedForward.norm`, x);
  return operations.add(x, feedForward(operations, parameters, `${name}.feedForward`, normal));
}

/** Tokens or values to [B, length, D], with the encodings that act on embeddings. */
function embedInput<T>(run: Run<T>, input: InputKind, stack: Stack, encodings: ModelEncodings, x: T): T {
  const { operations, parameters, signals } = run;
  const embedded =
    input.kind === 'tokens'
      ? embed(operations, parameters, `${stack}.embedding`, x)
      : linear(operations, parameters, `${stack}.embedding`, x);
  const place = { stack, layer: 0, encodings: encodings[stack] };
  return encodeInput(operations, parameters, signals, place, 'embedding', embedded);
}

function afterLayer<T>(run: Run<T>, stack: Stack, layer: number, encodings: ModelEncodings, x: T): T {
  if (layer !== 0) return x;
  const place = { stack, layer, encodings: encodings[stack] };
  return encodeInput(run.operations, run.parameters, run.signals, place, 'first-layer', x);
}

function answer<T>({ operations, parameters }: Run<T>, hidden: T): T {
  return linear(operations, parameters, 'output', hidden);
}

/** The mean of hidden [B, T, D] over real tokens → [B, D]. */
function meanOverTokens<T>(operations: Operations<T>, hidden: T, inputs: ModelInputs<T>): T {
  const { divide, exp, multiply, reshape, shape, sum } = operations;
  const [B, T, D] = shape(hidden) as [number, number, number];
  const mask = expected(inputs.sourceMask, 'sourceMask');
  const real = reshape(exp(mask), [shape(mask)[0] as number, T, 1]); // 1 at tokens, 0 at padding
  return reshape(divide(sum(multiply(hidden, real), 1), sum(real, 1)), [B, D]);
}

function placeOf(stack: Stack, layer: number, shape: ModelShape, encodings: ModelEncodings): AttentionPlace {
  return { stack, layer, numHeads: shape.numHeads, encodings: encodings[stack] };
}

/** What the decoder reads: its own output tokens when it writes a target for a source, else the model's input. */
function decoderInput({ architecture, input, output }: ModelShape): InputKind {
  return architecture === 'encoder-decoder' && output.kind === 'tokens'
    ? { kind: 'tokens', vocabulary: output.vocabulary }
    : input;
}

/** [1, 1, length, length]: 0 up to the query, `MASKED` after it, by index in the sequence. */
function causalMask(length: number): PlainTensor {
  const data = Float64Array.from({ length: length * length }, (_, at) =>
    at % length > Math.floor(at / length) ? MASKED : 0,
  );
  return { shape: [1, 1, length, length], data, type: 'real' };
}

function parametersOf(shape: ModelShape, encodings: ModelEncodings): ModelParameter[] {
  const { modelDim, output } = shape;
  const embedding = (stack: Stack, input: InputKind): ModelParameter[] =>
    input.kind === 'tokens'
      ? embeddingParameters(`${stack}.embedding`, input.vocabulary, modelDim)
      : linearParameters(`${stack}.embedding`, input.features, modelDim);
  const attention = (name: string): ModelParameter[] => [
    ...normParameters(`${name}.norm`, modelDim),
    ...attentionParameters(name, modelDim),
  ];
  const stack = (which: Stack, layers: number, input: InputKind, crosses: boolean): ModelParameter[] =>
    layers === 0
      ? []
      : [
          ...embedding(which, input),
          ...encodingParameters(which, encodings[which], layers),
          ...Array.from({ length: layers }, (_, layer) => `${which}.layers.${layer}`).flatMap((name) => [
            ...attention(`${name}.attention`),
            ...(crosses ? attention(`${name}.cross`) : []),
            ...normParameters(`${name}.feedForward.norm`, modelDim),
            ...linearParameters(`${name}.feedForward.wide`, modelDim, shape.feedForwardDim),
            ...linearParameters(`${name}.feedForward.narrow`, shape.feedForwardDim, modelDim),
          ]),
          ...normParameters(`${which}.norm`, modelDim),
        ];
  const outputs =
    output.kind === 'tokens' ? output.vocabulary : output.kind === 'class' ? output.classes : output.horizon;
  return [
    ...stack('encoder', shape.encoderLayers, shape.input, false),
    ...stack('decoder', shape.decoderLayers, decoderInput(shape), shape.architecture === 'encoder-decoder'),
    ...linearParameters('output', modelDim, outputs),
  ];
}

/** Decoding with a cache of keys, cached after their transform, and values. */
function decodingOf(shape: ModelShape, encodings: ModelEncodings): Decoding | undefined {
  const needsEveryKey = encodings.decoder.some(
    ({ site, cacheable, draw }) =>
      site === 'content' || site === 'structure' || cacheable === false || draw !== undefined,
  );
  if (shape.architecture === 'encoder' || shape.output.kind !== 'tokens' || needsEveryKey) return undefined;
  const headDim = shape.modelDim / shape.numHeads;
  const keyWidth = (layer: number): number =>
    encodings.decoder.reduce(
      (width, encoding) =>
        encoding.site === 'query-key' && actsIn(encoding, layer) ? (encoding.width?.(width) ?? width) : width,
      headDim,
    );
  const layers = Array.from({ length: shape.decoderLayers }, (_, layer) => layer);
  return {
    memory: (operations, parameters, inputs) =>
      shape.architecture === 'decoder'
        ? {}
        : readSource({ operations, parameters, signals: inputs.signals }, shape, encodings, inputs).memory,
    emptyCache: (batch, length) => {
      const empty = (width: number): PlainTensor => filled([batch, shape.numHeads, length, width], 0);
      return Object.fromEntries(
        layers.flatMap((layer) => [
          [`${layer}.keys`, empty(keyWidth(layer))],
          [`${layer}.values`, empty(headDim)],
        ]),
      );
    },
    signals: (step, length) =>
      encodingSignals('decoder', encodings.decoder, positionRange(step, step + 1), positionRange(length)),
    step: (operations, parameters, memory, cache, inputs) => {
      const run = { operations, parameters, signals: inputs.signals };
      const { reshape, where } = operations;
      const next: Record<string, (typeof cache)[string]> = {};
      let x = embedInput(run, decoderInput(shape), 'decoder', encodings, inputs.token);
      for (const layer of layers) {
        const name = `decoder.layers.${layer}`;
        const place = placeOf('decoder', layer, shape, encodings);
        const normal = layerNorm(operations, parameters, `${name}.attention.norm`, x);
        const fresh = selfAttentionHeads(operations, parameters, run.signals, `${name}.attention`, place, normal);
        const keys = where(inputs.writeAt, fresh.keys, get(cache, `${layer}.keys`));
        const values = where(inputs.writeAt, fresh.values, get(cache, `${layer}.values`));
        next[`${layer}.keys`] = keys;
        next[`${layer}.values`] = values;
        const heads = { queries: fresh.queries, keys, values };
        const seen = { mask: inputs.cacheMask, hiddenQueries: normal, hiddenKeys: normal };
        x = operations.add(x, attend(operations, parameters, run.signals, `${name}.attention`, place, heads, seen));
        const source = inputs.sourceMask === undefined ? undefined : { memory, mask: inputs.sourceMask };
        x = restOfDecoderLayer(run, shape, layer, x, source);
        x = afterLayer(run, 'decoder', layer, encodings, x);
      }
      const logits = answer(run, layerNorm(operations, parameters, 'decoder.norm', x)); // [B, 1, V]
      const [B, , V] = operations.shape(logits) as [number, number, number];
      return { logits: reshape(logits, [B, V]), cache: next };
    },
  };
}

function expected<T>(tensor: T | undefined, name: string): T {
  if (tensor === undefined) throw new TypeError(`model: expected the input ${name}, got none`);
  return tensor;
}

function checkShape({ architecture, modelDim, numHeads, encoderLayers, decoderLayers, output }: ModelShape): void {
  if (modelDim % numHeads !== 0) {
    throw new RangeError(`model: modelDim: expected a multiple of numHeads = ${numHeads}, got ${modelDim}`);
  }
  const expectedLayers = { encoder: [true, false], decoder: [false, true], 'encoder-decoder': [true, true] }[
    architecture
  ];
  for (const [index, [name, layers]] of [
    ['encoderLayers', encoderLayers] as const,
    ['decoderLayers', decoderLayers] as const,
  ].entries()) {
    if (expectedLayers[index] ? layers < 1 : layers !== 0) {
      const wanted = expectedLayers[index] ? 'at least 1' : '0';
      throw new RangeError(`model: ${name}: expected ${wanted} for architecture ${architecture}, got ${layers}`);
    }
  }
  if (output.kind === 'class' && architecture !== 'encoder') {
    throw new RangeError(`model: output class: expected architecture encoder, got ${architecture}`);
  }
}

/** An encoding whose part another one replaces would be ignored. */
function checkTogether(stack: Stack, encodings: ModelEncodings, layers: number): void {
  for (let layer = 0; layer < layers; layer += 1) {
    const acting = encodings[stack].filter((encoding) => actsIn(encoding, layer));
    const [structure, second] = acting.filter(({ site }) => site === 'structure');
    const ignored = second ?? acting.find((encoding) => encoding.site === 'content' && encoding.output !== undefined);
    if (structure === undefined || ignored === undefined) continue;
    throw new RangeError(
      `model: encodings: expected at most one that makes the output in ${stack} layer ${layer}, ` +
        `got ${structure.name} and ${ignored.name}; give them different layers`,
    );
  }
}
