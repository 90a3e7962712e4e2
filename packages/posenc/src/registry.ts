/**
 * `posenc/registry`: the explicit list of encodings, each with its constructor, its options and its facts.
 * Anything that picks an encoding by name goes through here; anything that knows its encoding imports it directly.
 */
import type { Encoding, OptionValue } from './encoding.ts';

/** The attention an encoding is made for. */
export interface AttentionShape {
  readonly modelDim: number;
  readonly numHeads: number;
  readonly headDim: number;
  /** Positions 0 … maximumLength−1 must be representable. */
  readonly maximumLength: number;
  readonly attention: 'causal' | 'bidirectional';
}

/** An option of an encoding, as offered by `posenc list` and `posenc vectors`. */
export interface OptionDescription {
  /** camelCase, as in the constructor: `rotaryDim`. */
  readonly name: string;
  readonly type: 'number' | 'boolean' | readonly string[];
  /** Absent where the default depends on the attention's shape; the description says how. */
  readonly default?: OptionValue;
  readonly description: string;
}

/** What is known of an encoding, whatever its options. */
export interface EncodingDescription {
  readonly name: string;
  /** As people write it: `ALiBi`. */
  readonly title: string;
  readonly site: Encoding['site'];
  readonly summary: string;
  /** Authors, title, year, arXiv id. */
  readonly source: string;
  readonly learnable: boolean;
  readonly relative: boolean;
  /** What its paper claims of lengths beyond the trained one. */
  readonly extrapolation: string;
  /** When it fails, in plain words. */
  readonly pitfalls: readonly string[];
  readonly options: readonly OptionDescription[];
  create(shape: AttentionShape, options?: Readonly<Record<string, OptionValue>>): Encoding;
}
