/**
 * The layers of the transformer: the encoder, and the parts of the decoder that a forward pass and decoding with a
 * cache share. Knows no particular encoding.
 * Shape legend: B batch, H heads, T source length, U target length, D model width.
 */
import type { Operations } from 'posenc/tensor';
import {
  type Attended,
  type AttentionPlace,
  attend,
  encodeInput,
  type Heads,
  project,
  selfAttentionHeads,
} from './attention.ts';
import { realTokens } from './heads.ts';
import { embed, feedForward, layerNorm, linear } from './layers.ts';
import type { InputKind, ModelEncodings, ModelInputs, ModelShape, Tensors } from './model.ts';
import { get } from './parameters.ts';

export type Stack = 'encoder' | 'decoder';

/** Everything a stack needs while it runs. */
export interface Run<T> {
  readonly operations: Operations<T>;
  readonly parameters: Tensors<T>;
  readonly signals: Tensors<T>;
  /** Is told the weights [B, H, queries, keys] of each attention, by the attention's name. */
  readonly observe?: (name: string, weights: T) => void;
}

/** What the decoder reads of a source. */
export interface Source<T> {
  readonly memory: Tensors<T>;
  readonly mask: T;
}

/** The encoder's result [B, T, D]. */
export function encode<T>(run: Run<T>, shape: ModelShape, encodings: ModelEncodings, inputs: ModelInputs<T>): T {
  const { operations, parameters } = run;
  const mask = expected(inputs.sourceMask, 'sourceMask');
  const real = realTokens(operations, mask);
  let x = embedInput(run, shape.input, 'encoder', encodings, expected(inputs.source, 'source'), real);
  for (let layer = 0; layer < shape.encoderLayers; layer += 1) {
    const name = `encoder.layers.${layer}`;
    const place = placeOf('encoder', layer, shape, encodings);
    x = selfAttention(run, `${name}.attention`, place, x, mask);
    x = feedForwardBlock(run, name, x);
    x = afterLayer(run, 'encoder', layer, encodings, x, real);
  }
  return layerNorm(operations, parameters, 'encoder.norm', x);
}

/**
 * x [B, length, D] with self-attention added.
 *
 * @param cached - makes of a token's heads those of every token so far; without it all tokens are in `x`
 */
export function selfAttention<T>(
  run: Run<T>,
  name: string,
  place: AttentionPlace,
  x: T,
  mask: T,
  cached: (fresh: Heads<T>) => Heads<T> = (heads) => heads,
): T {
  const { operations, parameters, signals } = run;
  const normal = layerNorm(operations, parameters, `${name}.norm`, x);
  const heads = cached(selfAttentionHeads(operations, parameters, signals, name, place, normal));
  const attended = attendedOf(run, name, mask, normal);
  return operations.add(x, attend(operations, parameters, signals, name, place, heads, attended));
}

/** Keys and values of every cross-attention, computed once from the encoder's result. */
export function readSource<T>(
  run: Run<T>,
  shape: ModelShape,
  encodings: ModelEncodings,
  inputs: ModelInputs<T>,
): Source<T> {
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
export function restOfDecoderLayer<T>(
  run: Run<T>,
  shape: ModelShape,
  layer: number,
  x: T,
  source: Source<T> | undefined,
): T {
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
  const attended = attendedOf(run, `${name}.cross`, source.mask, normal);
  const crossed = attend(operations, parameters, signals, `${name}.cross`, place, heads, attended);
  return feedForwardBlock(run, name, operations.add(x, crossed));
}

/**
 * Tokens or values to [B, length, D], with the encodings that act on embeddings.
 *
 * @param real - as for `afterLayer`
 */
export function embedInput<T>(
  run: Run<T>,
  input: InputKind,
  stack: Stack,
  encodings: ModelEncodings,
  x: T,
  real?: T,
): T {
  const { operations, parameters, signals } = run;
  const embedded =
    input.kind === 'tokens'
      ? embed(operations, parameters, `${stack}.embedding`, x)
      : linear(operations, parameters, `${stack}.embedding`, x);
  const place = { stack, layer: 0, encodings: encodings[stack] };
  return encodeInput(operations, parameters, signals, place, 'embedding', withoutPadding(operations, embedded, real));
}

/**
 * x [B, length, D] after a layer, with the encodings that act there.
 *
 * @param real - [B or 1, length, 1]: 1 at tokens, 0 at padding; absent where padding cannot be seen
 */
export function afterLayer<T>(run: Run<T>, stack: Stack, layer: number, encodings: ModelEncodings, x: T, real?: T): T {
  if (layer !== 0) return x;
  const { operations, parameters, signals } = run;
  const place = { stack, layer, encodings: encodings[stack] };
  return encodeInput(operations, parameters, signals, place, 'first-layer', withoutPadding(operations, x, real));
}

export function placeOf(stack: Stack, layer: number, shape: ModelShape, encodings: ModelEncodings): AttentionPlace {
  return { stack, layer, numHeads: shape.numHeads, encodings: encodings[stack] };
}

/** What the decoder reads: its own output tokens when it writes a target for a source, else the model's input. */
export function decoderInput({ architecture, input, output }: ModelShape): InputKind {
  return architecture === 'encoder-decoder' && output.kind === 'tokens'
    ? { kind: 'tokens', vocabulary: output.vocabulary }
    : input;
}

/** An input that the model cannot do without. */
export function expected<T>(tensor: T | undefined, name: string): T {
  if (tensor === undefined) throw new TypeError(`model: expected the input ${name}, got none`);
  return tensor;
}

/**
 * Zeros at padding: a convolution over neighbours sees there what it sees beyond the last token of a longest sequence.
 */
function withoutPadding<T>(operations: Operations<T>, x: T, real: T | undefined): T {
  return real === undefined ? x : operations.multiply(x, real);
}

function attendedOf<T>(run: Run<T>, name: string, mask: T, normal: T): Attended<T> {
  const { observe } = run;
  return {
    mask,
    hiddenQueries: normal,
    hiddenKeys: normal,
    ...(observe === undefined ? {} : { observe: (weights: T) => observe(name, weights) }),
  };
}

function feedForwardBlock<T>({ operations, parameters }: Run<T>, name: string, x: T): T {
  const normal = layerNorm(operations, parameters, `${name}.feedForward.norm`, x);
  return operations.add(x, feedForward(operations, parameters, `${name}.feedForward`, normal));
}
