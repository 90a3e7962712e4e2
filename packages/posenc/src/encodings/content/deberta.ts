/** DeBERTa: disentangled attention, in which content looks at positions and positions look at content. */
import { type AttentionContext, type ContentEncoding, countNumbers } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { linearLayer, normalTable } from '../../parts/declarations.ts';
import { affine, transpose } from '../../parts/functions.ts';
import { pickPerPair, productIndices } from '../../parts/pairs.ts';
import { withoutBatch } from '../../parts/signals.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link deberta}. */
export interface DebertaOptions {
  readonly numHeads: number;
  /** Width of one head. */
  readonly headDim: number;
  /** Width of the vectors of distances. */
  readonly modelDim: number;
  /** Distances from here on share a row (`max_relative_positions`). Default 512. */
  readonly maximumDistance?: number;
  /**
   * Rows on each side, the far half on a logarithmic scale (`position_buckets`): at least 4, half of them below
   * maximumDistance − 1; 0: one row a distance. Default 256.
   */
  readonly buckets?: number;
}

/**
 * Disentangled attention: (qᵢ·kⱼ + qᵢ·Kʳ[δ(i − j)] + kⱼ·Qʳ[δ(i − j)])/√(3E), with Kʳ and Qʳ projections of learned vectors
 * of distances.
 *
 * The last term is as in the code; the paper's equation 4 has δ(j, i) there.
 *
 * Source: He et al. 2021, "DeBERTa", arXiv 2006.03654, equations 2 and 4, and the buckets of version 2; equal to
 * `DisentangledSelfAttention` of Hugging Face transformers 5.23.0 with `share_att_key: false`. Its optional normalisation
 * of the vectors is not included.
 *
 * Signals `contentToPosition` [batch, Tq, Tk] and `positionToContent` [batch, Tk, Tq], places among products; parameters
 * `table` [2·span, modelDim], shared by the layers, and `keyWeight`, `keyBias`, `queryWeight`, `queryBias`, one copy per
 * layer.
 *
 * @throws {RangeError} when an option is out of range, or buckets do not end before maximumDistance
 * @throws {RangeError} from `signals`, when a distance is not an integer
 */
export function deberta(options: DebertaOptions): ContentEncoding {
  const numHeads = checkCount('deberta: numHeads', options.numHeads);
  const headDim = checkCount('deberta: headDim', options.headDim);
  const modelDim = checkCount('deberta: modelDim', options.modelDim);
  const maximumDistance = checkCount('deberta: maximumDistance', options.maximumDistance ?? 512, 3);
  const buckets = checkCount('deberta: buckets', options.buckets ?? 256, 0);
  if (buckets > 0) checkBuckets(buckets, maximumDistance);
  const span = buckets > 0 ? buckets : maximumDistance;
  const rows = 2 * span;
  const width = numHeads * headDim;
  const parameters = [
    normalTable('table', [rows, modelDim], 0.02, 'model', 'DeBERTa: initializer_range 0.02'),
    ...linearLayer('key', modelDim, width, 'layer'),
    ...linearLayer('query', modelDim, width, 'layer'),
  ];
  const row = (distance: number): number => {
    const bucket = buckets > 0 ? debertaBucket(distance, { buckets, maximumDistance }) : wholeStep(distance);
    return Math.min(Math.max(bucket + span, 0), rows - 1);
  };
  const signals = (queries: Positions, keys: Positions) => ({
    contentToPosition: productIndices('deberta', queries, keys, rows, (offset) => row(-offset)),
    positionToContent: productIndices('deberta', keys, queries, rows, (offset) => row(offset)),
  });
  return {
    site: 'content',
    name: 'deberta',
    options: { numHeads, headDim, modelDim, maximumDistance, buckets },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 8 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>(
      { operations, parameters: learned, signals: given, queries, keys, scale }: AttentionContext<T>,
      scores: T,
    ) => {
      const { add, matmul, multiply, permute, reshape } = operations;
      const projected = (name: 'key' | 'query'): T => {
        const all = affine(operations, learned.table as T, learned[`${name}Weight`] as T, learned[`${name}Bias`] as T);
        return permute(reshape(all, [rows, numHeads, headDim]), [1, 2, 0]); // [H, E, rows]
      };
      const looking = pickPerPair(operations, matmul(queries, projected('key')), given.contentToPosition as T);
      const seen = pickPerPair(operations, matmul(keys, projected('query')), given.positionToContent as T);
      const added = add(looking, transpose(operations, seen));
      return multiply(add(scores, multiply(added, scale)), 1 / Math.sqrt(3));
    },
  };
}

/**
 * DeBERTa's bucket of a distance, query minus key: itself up to half of the buckets, then on a logarithmic scale up to
 * maximumDistance, with its sign.
 *
 * Source: `make_log_bucket_position` of Hugging Face transformers 5.23.0.
 *
 * @throws {RangeError} when buckets are fewer than 4, or half of them do not end before maximumDistance − 1
 * @throws {RangeError} when the distance is not an integer
 */
export function debertaBucket(
  distance: number,
  { buckets, maximumDistance }: { readonly buckets: number; readonly maximumDistance: number },
): number {
  wholeStep(distance);
  checkBuckets(buckets, maximumDistance);
  const middle = Math.floor(buckets / 2);
  const steps = Math.abs(distance);
  if (steps <= middle) return distance;
  const share = Math.log(steps / middle) / Math.log((maximumDistance - 1) / middle);
  return Math.sign(distance) * (Math.ceil(share * (middle - 1)) + middle);
}

/** The logarithmic half needs a step above 1, and a last distance beyond the exact half. */
function checkBuckets(buckets: number, maximumDistance: number): void {
  if (!Number.isSafeInteger(buckets) || buckets < 4) {
    throw new RangeError(
      `deberta: buckets: expected an integer of at least 4, or 0 for a row a distance, got ${buckets}; ` +
        'fewer leave no logarithmic half',
    );
  }
  if (maximumDistance - 1 > Math.floor(buckets / 2)) return;
  throw new RangeError(
    `deberta: maximumDistance: expected more than ${Math.floor(buckets / 2) + 1} for ${buckets} buckets, ` +
      `got ${maximumDistance}; take fewer buckets, or 0 for a row a distance`,
  );
}

function wholeStep(distance: number): number {
  if (Number.isInteger(distance)) return distance;
  throw new RangeError(`deberta: distance: expected an integer, got ${distance}; vectors exist for whole steps only`);
}
