/** T5's relative bias: distances fall into buckets, and each bucket has a learned bias per head. */
import type { ScoresEncoding } from '../../encoding.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { pairwise } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';
import type { PlainTensor } from '../../tensor/operations.ts';

/** Options of {@link t5}. */
export interface T5Options {
  readonly numHeads: number;
  /** Whether keys after the query have buckets of their own (an encoder) or share bucket 0 (a decoder). Default true. */
  readonly bidirectional?: boolean;
  /** Default 32. Even when bidirectional. */
  readonly numBuckets?: number;
  /** Distances from here on share the last bucket. Default 128. */
  readonly maxDistance?: number;
  /**
   * What the learned bias is multiplied by before it meets scores that were scaled by 1/√headDim. T5 itself does not
   * scale its scores, so its bias lives on the scale of q·k: √headDim here is how x-transformers carries it over. On
   * the scale 1 it moves so slowly that it hardly trains. Default 1, the formula as printed.
   */
  readonly scale?: number;
  /** Of the normal distribution the table is drawn from; T5 uses modelDim^(−1/2). Default 0.02. */
  readonly standardDeviation?: number;
}

/**
 * T5's bucketed relative bias: table[bucket(j − i), h] · scale is added to the scaled score of query i and key j.
 * Half of the buckets (of one side) hold one distance each, the rest grow logarithmically up to `maxDistance`.
 *
 * Source: Raffel et al. 2020, "Exploring the Limits of Transfer Learning", arXiv 1910.10683, section 2.1; bucket
 * function equal to `T5Attention._relative_position_bucket` of Hugging Face transformers 5.23.0.
 *
 * Signal `buckets` [batch, Tq, Tk]; parameter `table` [numBuckets, numHeads], shared by all layers of the stack.
 *
 * @throws {RangeError} when an option is out of range
 * @throws {RangeError} from `signals`, when distances are not integers: buckets are defined for whole steps only
 */
export function t5(options: T5Options): ScoresEncoding {
  const numHeads = checkCount('t5: numHeads', options.numHeads);
  const { bidirectional = true, numBuckets = 32, maxDistance = 128 } = options;
  const perSide = bidirectional ? numBuckets / 2 : checkCount('t5: numBuckets', numBuckets, 2);
  if (!Number.isSafeInteger(perSide) || perSide < 2) {
    throw new RangeError(`t5: numBuckets: expected an even number of at least 4 when bidirectional, got ${numBuckets}`);
  }
  checkCount('t5: maxDistance', maxDistance, Math.floor(perSide / 2) + 1);
  const scale = checkPositive('t5: scale', options.scale ?? 1);
  const standardDeviation = checkPositive('t5: standardDeviation', options.standardDeviation ?? 0.02);

  const buckets = (queries: Positions, keys: Positions): PlainTensor => {
    const { batch, data } = pairwise('t5', queries, keys, (offset) =>
      t5Bucket(offset, { bidirectional, numBuckets, maxDistance }),
    );
    return { shape: [batch, queries.length, keys.length], data, type: 'integer' };
  };

  return {
    site: 'scores',
    name: 't5',
    options: { numHeads, bidirectional, numBuckets, maxDistance, scale, standardDeviation },
    parameters: [
      {
        name: 'table',
        shape: [numBuckets, numHeads],
        sharing: 'model',
        initializer: { distribution: 'normal', standardDeviation, source: 'T5: factor · d_model^(−1/2)' },
      },
    ],
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: bidirectional ? 'any' : 'causal',
    costs: (length) => ({ parameters: numBuckets * numHeads, tableBytes: 4 * length * length }),
    signals: (queries, keys) => ({ buckets: buckets(queries, keys) }),
    vectors: (positions) => {
      const tensor = buckets(positions, positions);
      return { buckets: positions.batch === 1 ? { ...tensor, shape: tensor.shape.slice(1) } : tensor };
    },
    bias: ({ operations, parameters, signals }) => {
      const rows = operations.take(
        parameters.table as NonNullable<typeof parameters.table>,
        signals.buckets as NonNullable<typeof signals.buckets>,
      ); // [batch, Tq, Tk, H]
      return operations.multiply(operations.permute(rows, [0, 3, 1, 2]), scale);
    },
  };
}

/**
 * The bucket of a key `offset` positions after (or, when negative, before) the query.
 *
 * @throws {RangeError} when `offset` is not an integer
 */
export function t5Bucket(
  offset: number,
  options: { readonly bidirectional: boolean; readonly numBuckets: number; readonly maxDistance: number },
): number {
  if (!Number.isInteger(offset)) {
    throw new RangeError(`t5: distance: expected an integer, got ${offset}; buckets are defined for whole steps only`);
  }
  const { bidirectional, numBuckets, maxDistance } = options;
  const perSide = bidirectional ? numBuckets / 2 : numBuckets;
  const first = bidirectional && offset > 0 ? perSide : 0;
  const distance = bidirectional ? Math.abs(offset) : Math.max(-offset, 0);
  const exact = Math.floor(perSide / 2);
  if (distance < exact) return first + distance;
  const logarithmic = (Math.log(distance / exact) / Math.log(maxDistance / exact)) * (perSide - exact);
  return first + Math.min(exact + Math.floor(logarithmic), perSide - 1);
}
