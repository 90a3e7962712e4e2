/** Inkling's relative logits: each token mixes learned profiles of the distance into a bias of its own. */
import { type AttentionContext, type ContentEncoding, countNumbers } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { linearLayer, normalTable } from '../../parts/declarations.ts';
import { affine, splitHeads } from '../../parts/functions.ts';
import { pickPerPair, productIndices } from '../../parts/pairs.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { pairwise } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link inkling}. */
export interface InklingOptions {
  readonly numHeads: number;
  /** Width of the layer's input. */
  readonly modelDim: number;
  /** Distances 0 … extent − 1 have a bias; farther keys, and later ones, have none. Default 1024. */
  readonly extent?: number;
  /** Profiles that are mixed (`d_rel`). Default 16. */
  readonly profiles?: number;
}

/**
 * Relative logits of Inkling: the query's token gives each head a mixture of profiles, r = x·W; the bias of a key at
 * distance d is Σₙ rₙ·profile[n, d].
 *
 * Source: no paper; `InklingRelativeLogits` of Hugging Face transformers 5.23.0 (Thinking Machines, 2026) and
 * `RelativeProjPositionalBias` of x-transformers 2.31.10. The model's attention temperature is the encoding
 * `attention-temperature` with schedule `inkling`, joined after this one.
 *
 * Signals `products` [batch, Tq, Tk] and `near` [batch, 1, Tq, Tk], 1 where there is a bias; parameters `mixWeight`
 * [modelDim, numHeads·profiles] and `profiles` [profiles, extent], one copy per layer.
 *
 * @throws {RangeError} when an option is out of range
 * @throws {RangeError} from `signals`, when a distance is not an integer
 */
export function inkling(options: InklingOptions): ContentEncoding {
  const numHeads = checkCount('inkling: numHeads', options.numHeads);
  const modelDim = checkCount('inkling: modelDim', options.modelDim);
  const extent = checkCount('inkling: extent', options.extent ?? 1024);
  const profiles = checkCount('inkling: profiles', options.profiles ?? 16);
  const parameters = [
    ...linearLayer('mix', modelDim, numHeads * profiles, 'layer', { bias: false }),
    normalTable('profiles', [profiles, extent], 0.02, 'layer', 'x-transformers: normal of 0.02'),
  ];
  const row = (offset: number): number => {
    if (!Number.isInteger(offset)) {
      throw new RangeError(
        `inkling: distance: expected an integer, got ${offset}; profiles exist for whole steps only`,
      );
    }
    return Math.min(Math.max(-offset, 0), extent - 1);
  };
  const signals = (queries: Positions, keys: Positions) => {
    const { batch, data } = pairwise('inkling', queries, keys, (offset) => Number(offset <= 0 && -offset < extent));
    return {
      products: productIndices('inkling', queries, keys, extent, row),
      near: real([batch, 1, queries.length, keys.length], data),
    };
  };
  return {
    site: 'content',
    name: 'inkling',
    options: { numHeads, modelDim, extent, profiles },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'causal',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 8 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>({ operations, parameters: learned, signals: given, hiddenQueries }: AttentionContext<T>, scores: T) => {
      const { add, matmul, multiply } = operations;
      const mixtures = splitHeads(operations, affine(operations, hiddenQueries, learned.mixWeight as T), numHeads);
      const products = matmul(mixtures, learned.profiles as T); // [B, H, Tq, extent]
      return add(scores, multiply(pickPerPair(operations, products, given.products as T), given.near as T));
    },
  };
}
