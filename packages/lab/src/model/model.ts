/**
 * What a sequence model is to the rest of the lab: named parameters, a forward pass and step-by-step decoding, all
 * written against the library's tensor operations, so the same model runs in float64 and on jax-js.
 *
 * Shape legend: B batch, T source length, U target length, D model width, V vocabulary.
 * This file knows no particular model, no task and no engine.
 */
import type { Encoding, Initializer, Positions, Purpose, RandomSource } from 'posenc';
import type { AttentionShape } from 'posenc/registry';
import type { Operations, PlainTensor } from 'posenc/tensor';

/** `encoder` sees everything, `decoder` only the past, `encoder-decoder` writes a target while reading a source. */
export type Architecture = 'encoder' | 'decoder' | 'encoder-decoder';

/** What one input position holds. */
export type InputKind =
  | { readonly kind: 'tokens'; readonly vocabulary: number }
  | { readonly kind: 'values'; readonly features: number };

/**
 * What the model answers: `tokens` a distribution over a vocabulary at each target position [B, U, V], or for an encoder
 * at each source position [B, T, V] (tags); `class` one distribution a sequence [B, classes]; `values` `horizon` numbers
 * at each position [B, T, horizon], with `quantiles` `horizon` groups of so many, [B, T, horizon · quantiles];
 * `span` one number at each position for being the first and one for being the last of an answer [B, T, 2].
 */
export type OutputKind =
  | { readonly kind: 'tokens'; readonly vocabulary: number }
  | { readonly kind: 'class'; readonly classes: number }
  | { readonly kind: 'values'; readonly horizon: number; readonly quantiles?: readonly number[] }
  | { readonly kind: 'span' };

/** The sizes of a model, apart from its encoding. */
export interface ModelShape {
  readonly architecture: Architecture;
  readonly modelDim: number;
  readonly numHeads: number;
  readonly feedForwardDim: number;
  /** Layers of the encoder; 0 for a decoder. */
  readonly encoderLayers: number;
  /** Layers of the decoder; 0 for an encoder. */
  readonly decoderLayers: number;
  readonly input: InputKind;
  readonly output: OutputKind;
  /** For tokens that stand on a grid: positions along each axis, e.g. [7, 7] image patches. Absent for text. */
  readonly extents?: readonly number[];
  /** For tokens that are nodes of a graph: what their positions are made of. Absent elsewhere. */
  readonly graph?: NonNullable<AttentionShape['graph']>;
}

/** The encodings of each stack, in the order in which they apply. An empty list means no positions. */
export interface ModelEncodings {
  readonly encoder: readonly Encoding[];
  readonly decoder: readonly Encoding[];
}

/** A parameter of a model under its full name, e.g. `encoder.layers.0.attention.queries.weight` of shape [in, out]. */
export interface ModelParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Whether weight decay applies: matrices yes; biases, gains, embeddings and position parameters no. */
  readonly decay: boolean;
}

/** Positions of the sequences given to a model. A decoder has only `target`, an encoder only `source`. */
export interface ModelPositions {
  readonly source?: Positions;
  readonly target?: Positions;
}

/** For encodings that draw their positions anew for each batch. */
export interface Drawing {
  /** Sequences in the batch. */
  readonly sequences: number;
  readonly random: RandomSource;
  readonly purpose: Purpose;
}

/** Tensors by name. */
export type Tensors<T> = Readonly<Record<string, T>>;

/** One batch in an engine. A decoder reads `target` only, an encoder `source` only. */
export interface ModelInputs<T> {
  /** Integer tokens [B, T] or real values [B, T, features]. */
  readonly source?: T;
  /** [B, 1, 1, T]: 0 at tokens, `MASKED` at padding. */
  readonly sourceMask?: T;
  /** Integer tokens [B, U] or real values [B, U, features]. */
  readonly target?: T;
  /** The result of `Model.signals`, brought into the engine. */
  readonly signals: Tensors<T>;
}

/** One step of decoding with a cache: the token at position t for every sequence of the batch. */
export interface DecodingStep<T> {
  /** Integer tokens [B, 1]. */
  readonly token: T;
  /** [1, 1, L, 1]: 1 at the cache row to write (row t), 0 elsewhere. */
  readonly writeAt: T;
  /** [1, 1, 1, L]: 0 at rows up to t, `MASKED` after. */
  readonly cacheMask: T;
  /** [B, 1, 1, T]: padding of the source, for encoder–decoders. */
  readonly sourceMask?: T;
  /** The result of `Decoding.signals`, brought into the engine. */
  readonly signals: Tensors<T>;
}

/** Decoding token by token with a cache of fixed length L, so an engine compiles one step once. */
export interface Decoding {
  /** What the decoder reads of the source, computed once: keys and values of each layer. Empty for a decoder. */
  memory<T>(operations: Operations<T>, parameters: Tensors<T>, inputs: ModelInputs<T>): Tensors<T>;
  /** An empty cache for `batch` sequences of at most `length` tokens. */
  emptyCache(batch: number, length: number): Tensors<PlainTensor>;
  /** Signals for the query at `step` among cache rows 0 … length−1 (row t holds position t). */
  signals(step: number, length: number): Tensors<PlainTensor>;
  /** Logits [B, V] for the next token and the cache with row t written. */
  step<T>(
    operations: Operations<T>,
    parameters: Tensors<T>,
    memory: Tensors<T>,
    cache: Tensors<T>,
    inputs: DecodingStep<T>,
  ): { readonly logits: T; readonly cache: Tensors<T> };
}

/** A sequence model. */
export interface Model {
  readonly shape: ModelShape;
  readonly parameters: readonly ModelParameter[];
  /** Whether some encoding draws its positions anew for each batch, so that `signals` differ from batch to batch. */
  readonly drawsPositions: boolean;
  /** Everything positions contribute, on the host; without `drawing`, none are drawn. Pass it through the engine. */
  signals(positions: ModelPositions, drawing?: Drawing): Tensors<PlainTensor>;
  /** Logits or values, by the shape's `output`. */
  forward<T>(operations: Operations<T>, parameters: Tensors<T>, inputs: ModelInputs<T>): T;
  /**
   * What each query attends to, the mean over heads, [B, queries, keys], by the attention's name:
   * `encoder.layers.0.attention`, `decoder.layers.0.attention`, `decoder.layers.0.cross`. Layers whose encoding replaces
   * the softmax of scores have none. Absent where the model has no attention.
   */
  attention?<T>(operations: Operations<T>, parameters: Tensors<T>, inputs: ModelInputs<T>): Record<string, T>;
  /** Absent where the model cannot decode with a cache: an encoder, or encodings that need every key's content or draw positions. */
  readonly decoding?: Decoding;
}
