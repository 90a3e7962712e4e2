/** Shaw's relative positions: learned vectors of clipped distances, added to keys and values. */
import {
  type AttentionContext,
  type ContentEncoding,
  countNumbers,
  type ParameterDeclaration,
} from '../../encoding.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { transpose } from '../../parts/functions.ts';
import { pickPerPair, productIndices, sumOverPairs } from '../../parts/pairs.ts';
import { integer, withoutBatch } from '../../parts/signals.ts';
import { pairwise } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link shaw}. */
export interface ShawOptions {
  readonly headDim: number;
  /** Distances beyond this share a vector. Default 16. */
  readonly maximumDistance?: number;
  /** Whether distances have a vector added to values, too. Default true, as in the paper. */
  readonly values?: boolean;
  /** Of the normal distribution the vectors are drawn from. Default headDim^(−1/2). */
  readonly standardDeviation?: number;
}

/**
 * Relative position representations: scores are qᵢ·(kⱼ + aᴷ[clip(j − i)])·scale, outputs Σⱼ wᵢⱼ(vⱼ + aⱽ[clip(j − i)]),
 * with clip to −maximumDistance … maximumDistance; one table per layer, shared by its heads.
 *
 * Source: Shaw, Uszkoreit, Vaswani 2018, "Self-Attention with Relative Position Representations", arXiv 1803.02155,
 * equations 3 to 5; `dot_product_attention_relative` of tensor2tensor at bafdc1b6, which names no starting values.
 *
 * The product with each distance's vector is taken once a query (Tq × distances) and then picked per key, so memory is
 * that of the scores and not Tq × Tk × headDim.
 *
 * Signals `rows` [batch, Tq, Tk], the row of each pair, and `products`, its place among the products; parameters `keyTable` and `valueTable`
 * [2·maximumDistance + 1, headDim].
 *
 * @throws {RangeError} when an option is out of range
 * @throws {RangeError} from `signals`, when distances are not integers
 */
export function shaw(options: ShawOptions): ContentEncoding {
  const headDim = checkCount('shaw: headDim', options.headDim);
  const maximumDistance = checkCount('shaw: maximumDistance', options.maximumDistance ?? 16);
  const values = options.values ?? true;
  const standardDeviation = checkPositive('shaw: standardDeviation', options.standardDeviation ?? headDim ** -0.5);
  const rows = 2 * maximumDistance + 1;
  const table = (name: string): ParameterDeclaration => ({
    name,
    shape: [rows, headDim],
    sharing: 'layer',
    initializer: {
      distribution: 'normal',
      standardDeviation,
      source: 'chosen here: variance 1/headDim, as tensor2tensor’s Music Transformer; its code of these names none',
    },
  });
  const parameters = values ? [table('keyTable'), table('valueTable')] : [table('keyTable')];

  const row = (offset: number): number => {
    if (!Number.isInteger(offset)) {
      throw new RangeError(`shaw: distance: expected an integer, got ${offset}; vectors exist for whole steps only`);
    }
    return Math.min(Math.max(offset, -maximumDistance), maximumDistance) + maximumDistance;
  };
  const signals = (queries: Positions, keys: Positions) => {
    const { batch, data } = pairwise('shaw', queries, keys, row);
    return {
      rows: integer([batch, queries.length, keys.length], data),
      products: productIndices('shaw', queries, keys, rows, row),
    };
  };

  return {
    site: 'content',
    name: 'shaw',
    options: { headDim, maximumDistance, values, standardDeviation },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 8 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, { rows: signals(positions, positions).rows }),
    scores: <T>(
      { operations, parameters: learned, signals: given, queries, scale }: AttentionContext<T>,
      scores: T,
    ) => {
      const products = operations.matmul(queries, transpose(operations, learned.keyTable as T));
      return operations.add(scores, operations.multiply(pickPerPair(operations, products, given.products as T), scale));
    },
    ...(values
      ? {
          output: <T>(
            { operations, parameters: learned, signals: given }: AttentionContext<T>,
            weights: T,
            output: T,
          ): T => {
            const vectors = operations.take(learned.valueTable as T, given.rows as T);
            return operations.add(output, sumOverPairs(operations, weights, vectors));
          },
        }
      : {}),
  };
}
