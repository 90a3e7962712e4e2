/**
 * The recurrent control: gated recurrent units (Cho et al. 2014, arXiv 1406.1078) of about as many parameters as the
 * transformer of the same shape. It reads one position after another, so it needs no positional encoding; it has no
 * attention, so a decoder knows its source through the encoder's last state alone. An encoder that answers at every
 * position reads in both directions (Schuster and Paliwal 1997, Bidirectional recurrent neural networks), so that it
 * sees what follows, as the transformer does.
 * Shape legend: B batch, T length, S state width.
 */
import type { Operations, PlainTensor } from 'posenc/tensor';
import { answer, checkOutput, headParameters, realTokens, spanAnswer } from './heads.ts';
import { embed, linear } from './layers.ts';
import type { InputKind, Model, ModelInputs, ModelParameter, ModelShape, Tensors } from './model.ts';
import { embeddingParameters, get, linearParameters } from './parameters.ts';

type Stack = 'encoder' | 'decoder';

/**
 * A GRU sequence model. Weights start normal with variance 1/inputs, biases at 0.
 *
 * @throws {RangeError} when the architecture cannot answer so
 */
export function gru(shape: ModelShape): Model {
  checkOutput(shape);
  const directions = shape.architecture === 'encoder' && shape.output.kind !== 'class' ? 2 : 1;
  const width = stateWidth(shape, directions);
  const layers = { encoder: shape.encoderLayers, decoder: shape.decoderLayers };
  const decoderInput: InputKind =
    shape.architecture === 'encoder-decoder' && shape.output.kind === 'tokens'
      ? { kind: 'tokens', vocabulary: shape.output.vocabulary }
      : shape.input;

  /** Last states [B, S] of the encoder's layers, by layer. */
  const read = <T>(operations: Operations<T>, parameters: Tensors<T>, inputs: ModelInputs<T>): T[] => {
    const source = given(inputs.source, 'source');
    const [B] = operations.shape(source) as [number];
    const real = realTokens(operations, given(inputs.sourceMask, 'sourceMask'));
    const x = embedInput(operations, parameters, 'encoder', shape.input, source);
    return runStack(
      operations,
      parameters,
      'encoder',
      layers.encoder,
      x,
      zeroStates(operations, layers.encoder, B, width),
      real,
    ).states;
  };
  /** What the encoder says at each position, [B, T, 2S]: the states of reading forwards and backwards. */
  const readBothWays = <T>(operations: Operations<T>, parameters: Tensors<T>, inputs: ModelInputs<T>): T => {
    const source = given(inputs.source, 'source');
    const [B] = operations.shape(source) as [number];
    const real = realTokens(operations, given(inputs.sourceMask, 'sourceMask'));
    const [zero] = zeroStates(operations, 1, B, width) as [T];
    let x = embedInput(operations, parameters, 'encoder', shape.input, source);
    for (let layer = 0; layer < layers.encoder; layer += 1) {
      const name = `encoder.layers.${layer}`;
      const forwards = runLayer(operations, parameters, name, x, zero, real);
      const backwards = runLayer(operations, parameters, `${name}.backward`, x, zero, real, 'backwards');
      x = operations.concatenate([forwards.outputs, backwards.outputs], -1);
    }
    return x;
  };
  const startStates = <T>(operations: Operations<T>, batch: number, memory: Tensors<T>): T[] =>
    zeroStates(operations, layers.decoder, batch, width).map((zero, layer) => memory[`${layer}`] ?? zero);
  const memoryOf = <T>(operations: Operations<T>, parameters: Tensors<T>, inputs: ModelInputs<T>): Record<string, T> =>
    shape.architecture === 'decoder'
      ? {}
      : Object.fromEntries(read(operations, parameters, inputs).map((state, layer) => [`${layer}`, state]));

  return {
    shape,
    parameters: parametersOf(shape, decoderInput, width, directions),
    drawsPositions: false,
    signals: () => ({}),
    forward: (operations, parameters, inputs) => {
      if (shape.architecture === 'encoder') {
        const hidden =
          directions === 2
            ? readBothWays(operations, parameters, inputs)
            : given(read(operations, parameters, inputs).at(-1), 'encoder layer');
        return shape.output.kind === 'span'
          ? spanAnswer(operations, parameters, hidden, given(inputs.sourceMask, 'sourceMask'))
          : answer(operations, parameters, hidden);
      }
      const target = given(inputs.target, 'target');
      const [B] = operations.shape(target) as [number];
      const x = embedInput(operations, parameters, 'decoder', decoderInput, target);
      const start = startStates(operations, B, memoryOf(operations, parameters, inputs));
      const { outputs } = runStack(operations, parameters, 'decoder', layers.decoder, x, start);
      return answer(operations, parameters, outputs);
    },
    ...(shape.architecture === 'encoder' || shape.output.kind !== 'tokens'
      ? {}
      : {
          decoding: {
            memory: memoryOf,
            // A state that has not been started is taken from the memory at step 0 by `started`.
            emptyCache: (batch) => ({
              started: plainZeros([batch, 1]),
              ...Object.fromEntries(
                Array.from({ length: layers.decoder }, (_, layer) => [`${layer}`, plainZeros([batch, width])]),
              ),
            }),
            signals: () => ({}),
            step: (operations, parameters, memory, cache, inputs) => {
              const { add, multiply, reshape, shape: shapeOf, where } = operations;
              const [B] = shapeOf(inputs.token) as [number];
              const started = get(cache, 'started');
              const states = startStates(operations, B, memory).map((first, layer) =>
                where(started, get(cache, `${layer}`), first),
              );
              const x = embedInput(operations, parameters, 'decoder', decoderInput, inputs.token);
              const run = runStack(operations, parameters, 'decoder', layers.decoder, x, states);
              const logits = answer(operations, parameters, run.outputs); // [B, 1, V]
              const next = Object.fromEntries(run.states.map((state, layer) => [`${layer}`, state]));
              return {
                logits: reshape(logits, [B, shapeOf(logits).at(-1) as number]),
                cache: { started: add(multiply(started, 0), 1), ...next },
              };
            },
          },
        }),
  };
}

/** Runs x [B, T, S] through all layers of a stack, from given states [B, S]. */
function runStack<T>(
  operations: Operations<T>,
  parameters: Tensors<T>,
  stack: Stack,
  layers: number,
  x: T,
  start: readonly T[],
  real?: T,
): { readonly outputs: T; readonly states: T[] } {
  let outputs = x;
  const states: T[] = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const name = `${stack}.layers.${layer}`;
    const run = runLayer(operations, parameters, name, outputs, start[layer] as T, real);
    outputs = run.outputs;
    states.push(run.state);
  }
  return { outputs, states };
}

/**
 * One layer, with r, z, n for reset, update and new gates, as in PyTorch 2.13 (reset after the product):
 * r = σ(xWᵣ + hUᵣ), z = σ(xW_z + hU_z), n = tanh(xWₙ + r·(hUₙ)), h′ = (1 − z)·n + z·h, each product with its bias.
 * Padded positions leave the state as it is.
 *
 * @param real - [B or 1, T, 1]: 1 at tokens, 0 at padding; absent where there is none
 * @returns the states [B, T, S] at their positions, and the last one that was reached, [B, S]
 */
function runLayer<T>(
  operations: Operations<T>,
  parameters: Tensors<T>,
  name: string,
  x: T,
  start: T,
  real?: T,
  direction: 'forwards' | 'backwards' = 'forwards',
): { readonly outputs: T; readonly state: T } {
  const { add, concatenate, multiply, reshape, shape, sigmoid, slice, subtract, tanh, where } = operations;
  const [B, T] = shape(x) as [number, number];
  const width = shape(start).at(-1) as number;
  const fromInput = linear(operations, parameters, `${name}.input`, x); // [B, T, 3S]
  let state = start;
  const outputs: T[] = [];
  for (let step = 0; step < T; step += 1) {
    const t = direction === 'forwards' ? step : T - 1 - step;
    const input = reshape(slice(fromInput, 1, t, t + 1), [B, 3 * width]);
    const fromState = linear(operations, parameters, `${name}.state`, state);
    const gate = (of: T, index: number): T => slice(of, -1, index * width, (index + 1) * width);
    const reset = sigmoid(add(gate(input, 0), gate(fromState, 0)));
    const update = sigmoid(add(gate(input, 1), gate(fromState, 1)));
    const fresh = tanh(add(gate(input, 2), multiply(reset, gate(fromState, 2))));
    const next = add(fresh, multiply(update, subtract(state, fresh)));
    state =
      real === undefined ? next : where(reshape(slice(real, 1, t, t + 1), [shape(real)[0] as number, 1]), next, state);
    outputs.push(reshape(state, [B, 1, width]));
  }
  if (direction === 'backwards') outputs.reverse();
  return { outputs: outputs.length === 1 ? (outputs[0] as T) : concatenate(outputs, 1), state };
}

function embedInput<T>(operations: Operations<T>, parameters: Tensors<T>, stack: Stack, input: InputKind, x: T): T {
  const name = `${stack}.embedding`;
  return input.kind === 'tokens' ? embed(operations, parameters, name, x) : linear(operations, parameters, name, x);
}

/**
 * The width at which the layers hold as many weights as the transformer's: 6S² a layer, or 18S² in two directions that
 * both read 2S numbers, against 4D² + 2DF, and 4D² more for cross-attention.
 */
function stateWidth(
  { architecture, modelDim, feedForwardDim, encoderLayers, decoderLayers }: ModelShape,
  directions: 1 | 2,
): number {
  const crossing = architecture === 'encoder-decoder' ? decoderLayers : 0;
  const layers = encoderLayers + decoderLayers;
  const weights = layers * (4 * modelDim ** 2 + 2 * modelDim * feedForwardDim) + crossing * 4 * modelDim ** 2;
  return Math.max(1, Math.round(Math.sqrt(weights / ((directions === 2 ? 18 : 6) * layers))));
}

function parametersOf(shape: ModelShape, decoderInput: InputKind, width: number, directions: 1 | 2): ModelParameter[] {
  const read = directions * width;
  const stack = (which: Stack, layers: number, input: InputKind): ModelParameter[] =>
    layers === 0
      ? []
      : [
          ...(input.kind === 'tokens'
            ? embeddingParameters(`${which}.embedding`, input.vocabulary, read)
            : linearParameters(`${which}.embedding`, input.features, read)),
          ...Array.from({ length: layers }, (_, layer) => `${which}.layers.${layer}`)
            .flatMap((name) => (directions === 2 ? [name, `${name}.backward`] : [name]))
            .flatMap((name) => [
              ...linearParameters(`${name}.input`, read, 3 * width),
              ...linearParameters(`${name}.state`, width, 3 * width),
            ]),
        ];
  return [
    ...stack('encoder', shape.encoderLayers, shape.input),
    ...stack('decoder', shape.decoderLayers, decoderInput),
    ...headParameters(shape.output, read),
  ];
}

function zeroStates<T>(operations: Operations<T>, layers: number, batch: number, width: number): T[] {
  return Array.from({ length: layers }, () => operations.constant(plainZeros([batch, width])));
}

function plainZeros(shape: readonly [number, number]): PlainTensor {
  return { shape, data: new Float64Array(shape[0] * shape[1]), type: 'real' };
}

function given<T>(tensor: T | undefined, name: string): T {
  if (tensor === undefined) throw new TypeError(`gru: expected the input ${name}, got none`);
  return tensor;
}
