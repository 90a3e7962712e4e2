/** What the catalogue says of an encoding, whatever its options. Knows no particular encoding. */
import type { Encoding, OptionValue } from '../encoding.ts';

/** What positions of a graph's nodes are made of: `shortestPathPositions`, `laplacianPositions`, `randomWalkPositions`. */
export type GraphPositions = 'distances' | 'eigenvectors' | 'walks';

/** The attention an encoding is made for. */
export interface AttentionShape {
  readonly modelDim: number;
  readonly numHeads: number;
  readonly headDim: number;
  /** Positions 0 … maximumLength−1 must be representable. */
  readonly maximumLength: number;
  readonly attention: 'causal' | 'bidirectional';
  /** For tokens that stand on a grid: positions along each axis, e.g. [14, 14] patches. Absent for text. */
  readonly extents?: readonly number[];
  /** For nodes of a graph: what their positions are made of, and how many numbers each has. Absent elsewhere. */
  readonly graph?: { readonly positions: GraphPositions; readonly features: number };
}

/** An option of an encoding, as offered by `posenc list` and `posenc vectors`. */
export interface OptionDescription {
  /** camelCase, as in the constructor: `rotaryDim`. */
  readonly name: string;
  readonly type: 'number' | 'boolean' | 'numbers' | readonly string[];
  /** Absent where the default depends on the attention's shape; the description says how. */
  readonly default?: OptionValue;
  readonly description: string;
  /** Another option, some of whose choices use this one; without them it must not be given. */
  readonly onlyWith?: string;
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
  /** In one line, in the symbols of the documents. */
  readonly formula: string;
  /** How many numbers per token it can read: [1] for text, [2] for image patches; what it reads of a graph's nodes. */
  readonly axes: readonly number[] | 'any' | GraphPositions;
  /** Published models that use it. */
  readonly models: readonly string[];
  readonly learnable: boolean;
  readonly relative: boolean;
  /** What its paper claims of lengths beyond the trained one. */
  readonly extrapolation: string;
  /** When it fails, in plain words. */
  readonly pitfalls: readonly string[];
  readonly options: readonly OptionDescription[];
  create(shape: AttentionShape, options?: Readonly<Record<string, OptionValue>>): Encoding;
}
