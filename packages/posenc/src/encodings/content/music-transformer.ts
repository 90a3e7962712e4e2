/** Music Transformer: a learned vector per distance, added to keys, with scores skewed into place without any gather. */
import { type AttentionContext, type ContentEncoding, countNumbers } from '../../encoding.ts';
import { checkChoice, checkCount, checkPositive } from '../../numbers/check.ts';
import { normalTable } from '../../parts/declarations.ts';
import { transpose } from '../../parts/functions.ts';
import { pickPerPair, productIndices, skew } from '../../parts/pairs.ts';
import { integer } from '../../parts/signals.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link musicTransformer}. */
export interface MusicTransformerOptions {
  readonly numHeads: number;
  /** Width of one head. */
  readonly headDim: number;
  /** The largest distance with a vector: tensor2tensor's `max_relative_position` − 1. */
  readonly maximumDistance: number;
  /** `none`: farther distances add nothing, as in tensor2tensor; `share`: they have the farthest vector. Default `none`. */
  readonly beyond?: 'none' | 'share';
  /** Of the normal distribution vectors are drawn from. Default headDim^(−1/2). */
  readonly standardDeviation?: number;
}

/**
 * Relative global attention: qᵢ·e[i − j] is added to qᵢ·kⱼ, with a vector per head for each distance into the past.
 *
 * Where queries and keys are the same consecutive tokens, products with the vectors of all distances are skewed into place
 * (memory T × headDim, no gather); otherwise they are picked pair by pair. Both give the same scores up to the query;
 * those after it are meaningless and must be masked.
 *
 * Source: Huang et al. 2018, "Music Transformer", arXiv 1809.04281, section 3.4;
 * `get_relative_embeddings_left` and `_relative_position_to_absolute_position_masked` of tensor2tensor at bafdc1b6.
 *
 * Signals `rows` [T], the row of distances T−1 … 0, or `products` [batch, Tq, Tk]; parameter `table`
 * [numHeads, maximumDistance + 1, headDim], row 0 for the farthest, one copy per layer. With `beyond: 'none'` rows count from
 * 1, and row 0 is zeros.
 *
 * @throws {RangeError} when an option is out of range
 * @throws {RangeError} from `signals`, when a distance is not an integer
 */
export function musicTransformer(options: MusicTransformerOptions): ContentEncoding {
  const name = 'music-transformer';
  const numHeads = checkCount(`${name}: numHeads`, options.numHeads);
  const headDim = checkCount(`${name}: headDim`, options.headDim);
  const maximumDistance = checkCount(`${name}: maximumDistance`, options.maximumDistance, 0);
  const standardDeviation = checkPositive(`${name}: standardDeviation`, options.standardDeviation ?? headDim ** -0.5);
  const beyond = checkChoice(`${name}: beyond`, options.beyond ?? 'none', ['none', 'share']);
  const first = beyond === 'none' ? 1 : 0; // The table's first row among the vectors.
  const rows = first + maximumDistance + 1;
  const table = normalTable(
    'table',
    [numHeads, maximumDistance + 1, headDim],
    standardDeviation,
    'layer',
    'tensor2tensor: standard deviation depth^(−1/2)',
  );
  const row = (offset: number): number => {
    if (!Number.isInteger(offset)) {
      throw new RangeError(`${name}: distance: expected an integer, got ${offset}; vectors exist for whole steps only`);
    }
    return Math.max(first + maximumDistance - Math.max(-offset, 0), 0);
  };
  const signals = (queries: Positions, keys: Positions) => {
    const { length, values } = queries;
    const isSame = queries.batch === 1 && keys.batch === 1 && keys.length === length && length > 0;
    const isRun = values.every((value, at) => value === (values[0] as number) + at && value === keys.values[at]);
    if (isSame && isRun && Number.isInteger(values[0])) {
      return {
        rows: integer(
          [length],
          Float64Array.from({ length }, (_, at) => row(at - length + 1)),
        ),
      };
    }
    return { products: productIndices(name, queries, keys, rows, row) };
  };
  return {
    site: 'content',
    name,
    options: { numHeads, headDim, maximumDistance, beyond, standardDeviation },
    parameters: [table],
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'causal',
    costs: (length) => ({ parameters: countNumbers([table]), tableBytes: 4 * length }),
    signals,
    vectors: (positions) => signals(positions, positions),
    scores: <T>({ operations, parameters, signals: given, queries, scale }: AttentionContext<T>, scores: T) => {
      const { add, concatenate, matmul, multiply, permute, slice, take } = operations;
      const table = parameters.table as T;
      const vectors = first === 0 ? table : concatenate([multiply(slice(table, 1, 0, 1), 0), table], 1); // [H, rows, E]
      if (given.products !== undefined) {
        const products = matmul(queries, transpose(operations, vectors)); // [B, H, Tq, rows]
        return add(scores, multiply(pickPerPair(operations, products, given.products), scale));
      }
      const byDistance = permute(take(permute(vectors, [1, 0, 2]), given.rows as T), [1, 2, 0]); // [H, E, T]
      return add(scores, multiply(skew(operations, matmul(queries, byDistance)), scale));
    },
  };
}
