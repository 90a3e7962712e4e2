/**
 * The contract of an encoding: a value that says where in a transformer it acts, and offers just what that site needs.
 *
 * Every encoding has two parts. `signals` runs on the host, in float64, and knows only positions: tables, angles,
 * distances, buckets. The differentiable part (`encode`, `transform`, `bias`, `scores`, `attend`) is written once
 * against `Operations` and receives those signals, its learned parameters and the activations of its site.
 * A signal starts with a batch axis of 1 (positions shared by the batch) or B, so it broadcasts.
 * Nothing is cached here: whoever wants a table builds it and owns it.
 *
 * Shape legend: B batch, T length (Tq queries, Tk keys), D model width, H heads, E head dimension.
 * This file knows no particular encoding and no engine.
 */
import type { Positions } from './positions/positions.ts';
import type { Operations, PlainTensor } from './tensor/operations.ts';

/** Plain tensors computed from positions alone, by name. */
export type Signals = Readonly<Record<string, PlainTensor>>;

/** How a learnable parameter starts. `source` names the publication or code the numbers come from. */
export type Initializer =
  | { readonly distribution: 'normal'; readonly standardDeviation: number; readonly source: string }
  | { readonly distribution: 'uniform'; readonly minimum: number; readonly maximum: number; readonly source: string }
  | { readonly distribution: 'constant'; readonly value: number; readonly source: string }
  /** All numbers of the parameter at once, row-major, where they differ by place. */
  | { readonly distribution: 'drawn'; draw(random: RandomSource): ArrayLike<number>; readonly source: string };

/** A learnable parameter of an encoding. */
export interface ParameterDeclaration {
  readonly name: string;
  readonly shape: readonly number[];
  /** `model`: one for the whole stack of layers (T5's table); `layer`: each attention layer has its own (Shaw's). */
  readonly sharing: 'model' | 'layer';
  readonly initializer: Initializer;
}

/** What an encoding costs at a given length. */
export interface Costs {
  /** Learned numbers, in one copy (multiply by the layers where `sharing` is `layer`). */
  readonly parameters: number;
  /** Bytes of its float32 signals for `length` queries and `length` keys. */
  readonly tableBytes: number;
}

/** Values of options, as they are written into records and accepted by the registry. */
export type OptionValue = number | string | boolean | readonly number[];

/** Learned numbers of a list of declarations, in one copy. */
export function countNumbers(parameters: readonly Pick<ParameterDeclaration, 'shape'>[]): number {
  return parameters.reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0);
}

interface EncodingBase<Site extends string> {
  /** Where it acts. */
  readonly site: Site;
  /** The registry's name: `rotary`, `alibi`. */
  readonly name: string;
  /** All options with their defaults filled in: enough to make the same encoding again. */
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly parameters: readonly ParameterDeclaration[];
  /** Numbers per token it reads: 1 for text, 2 for images (row, column), 3 for video (frame, row, column). */
  readonly axes: number;
  /** Whether moving all positions alike changes nothing: they count through their differences, or their order, alone. */
  readonly relative: boolean;
  /** The largest position it can represent: `Infinity`, or the last row of a table. */
  readonly largestPosition: number;
  /** The attention it is defined for: a `causal` encoding says nothing useful of keys after the query. */
  readonly attention: 'causal' | 'bidirectional' | 'any';
  costs(length: number): Costs;
  /** The numbers it contributes for these positions, by their published names: for checking a port. No batch axis. */
  vectors(positions: Positions): Signals;
  /** Which layers it acts in (counted from 0); all when absent. */
  readonly layers?: (layer: number) => boolean;
  /**
   * `false` where a token's part changes as the sequence grows, or needs its neighbours: such a model recomputes
   * every token instead of decoding with a cache of keys.
   */
  readonly cacheable?: false;
  /**
   * The positions to use in place of `positions` for a batch of `sequences`, for encodings that are trained with drawn
   * ones; absent elsewhere. Call it once a batch, and give the same result to queries and keys.
   */
  readonly draw?: (positions: Positions, sequences: number, random: RandomSource, purpose: Purpose) => Positions;
}

/** What positions are drawn for. Most encodings that draw in training leave positions alone at evaluation. */
export type Purpose = 'training' | 'evaluation';

/** What every differentiable part receives. */
export interface EncodingContext<T> {
  readonly operations: Operations<T>;
  readonly parameters: Readonly<Record<string, T>>;
  /** The encoding's signals, brought into the engine. */
  readonly signals: Readonly<Record<string, T>>;
}

/** No positions at all. */
export interface NoEncoding extends EncodingBase<'none'> {}

/** Adds to (or turns, or convolves) token embeddings. */
export interface InputEncoding extends EncodingBase<'input'> {
  /** `embedding`: once, before the first layer; `first-layer`: once, after it; `every-attention`: to the inputs of
   * queries and keys of each attention. */
  readonly place: 'embedding' | 'first-layer' | 'every-attention';
  signals(positions: Positions): Signals;
  /** `x` [B, T, D] → [B, T, D]. */
  encode<T>(context: EncodingContext<T>, x: T): T;
}

/** Transforms queries and keys, each by its own positions. */
export interface QueryKeyEncoding extends EncodingBase<'query-key'> {
  /**
   * @param largest - the largest position of queries and keys together, for encodings whose numbers depend on the
   *   length of the input, so that both get the same; others ignore it. Default: that of `positions`
   */
  signals(positions: Positions, role: 'query' | 'key', largest?: number): Signals;
  /** E′ for heads of width E; E when absent. */
  readonly width?: (headDim: number) => number;
  /** `x` [B, H, T, E] → [B, H, T, E′], queries and keys of equal E′. */
  transform<T>(context: EncodingContext<T>, x: T, role: 'query' | 'key'): T;
}

/** Adds a bias to attention scores, after their scaling by 1/√E. */
export interface ScoresEncoding extends EncodingBase<'scores'> {
  signals(queries: Positions, keys: Positions): Signals;
  /** [B or 1, H, Tq, Tk], added to the scaled scores. */
  bias<T>(context: EncodingContext<T>): T;
}

/** The activations of one attention, for encodings that compute from content. */
export interface AttentionContext<T> extends EncodingContext<T> {
  /** [B, H, Tq, E] */
  readonly queries: T;
  /** [B, H, Tk, E] */
  readonly keys: T;
  /** [B, H, Tk, E] */
  readonly values: T;
  /** The layer's input at the queries, [B, Tq, D]. */
  readonly hiddenQueries: T;
  /** The layer's input at the keys, [B, Tk, D]. */
  readonly hiddenKeys: T;
  /** What `queries · keysᵀ` is multiplied by, usually 1/√E. */
  readonly scale: number;
  /** Additive mask, 0 or `MASKED`, broadcasting to [B, H, Tq, Tk]. */
  readonly mask: T;
}

/** Computes scores, and perhaps outputs, from content and positions together. */
export interface ContentEncoding extends EncodingBase<'content'> {
  /**
   * `scores`: the scores that come in are not read, so what other encodings made of them is lost unless they follow;
   * `rotation`: so too, and it turns queries and keys itself, which a query-key encoding beside it would turn twice.
   * Absent where the scores that come in are kept.
   */
  readonly replaces?: 'scores' | 'rotation';
  signals(queries: Positions, keys: Positions): Signals;
  /** Scaled, unmasked `scores` [B, H, Tq, Tk] → new scores. */
  scores<T>(context: AttentionContext<T>, scores: T): T;
  /** `weights` [B, H, Tq, Tk] and `output` [B, H, Tq, E] → new output; absent when values are left alone. */
  output?<T>(context: AttentionContext<T>, weights: T, output: T): T;
}

/** Replaces the step from scores to the output: sinks, other normalisations than softmax. At most one acts in a layer. */
export interface StructureEncoding extends EncodingBase<'structure'> {
  signals(queries: Positions, keys: Positions): Signals;
  /** `scores` [B, H, Tq, Tk], scaled, with every bias and the mask added → output [B, H, Tq, E]. */
  attend<T>(context: AttentionContext<T>, scores: T): T;
}

/** Any encoding. A model asks it only for what its site offers. */
export type Encoding =
  | NoEncoding
  | InputEncoding
  | QueryKeyEncoding
  | ScoresEncoding
  | ContentEncoding
  | StructureEncoding;

/** Draws for initialising parameters. Randomness is always passed in. */
export interface RandomSource {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** A parameter's starting values, drawn from `random`. */
export function initialize(
  declaration: Pick<ParameterDeclaration, 'shape' | 'initializer'>,
  random: RandomSource,
): PlainTensor {
  const { shape, initializer } = declaration;
  if (initializer.distribution === 'drawn') {
    return { shape, data: Float64Array.from(initializer.draw(random)), type: 'real' };
  }
  const size = shape.reduce((product, extent) => product * extent, 1);
  const data = Float64Array.from({ length: size }, () => draw(initializer, random));
  return { shape, data, type: 'real' };
}

function draw(initializer: Exclude<Initializer, { distribution: 'drawn' }>, random: RandomSource): number {
  switch (initializer.distribution) {
    case 'normal':
      return initializer.standardDeviation * random.normal();
    case 'uniform':
      return initializer.minimum + (initializer.maximum - initializer.minimum) * random.uniform();
    case 'constant':
      return initializer.value;
  }
}
