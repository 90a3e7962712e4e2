/** ALiBi: a penalty on attention scores that grows linearly with distance, with a slope per head. */
import type { ScoresEncoding } from '../../encoding.ts';
import { checkChoice, checkCount } from '../../numbers/check.ts';
import { pairwise, pairwisePoints } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';
import { MASKED, type PlainTensor } from '../../tensor/operations.ts';

/** Options of {@link alibi}. */
export interface AlibiOptions {
  readonly numHeads: number;
  /**
   * `causal`: the published form, to be used under a causal mask. `symmetric`: the same penalty on both sides, which
   * alone cannot tell a sequence from its reversal. `left-right`: the first half of the heads sees only keys up to the
   * query, the second half only keys from the query on; needs an even number of heads. Default `causal`.
   */
  readonly direction?: 'causal' | 'symmetric' | 'left-right';
  /** Numbers per token. With more than one, only `symmetric` is defined, and is the default. Default 1. */
  readonly axes?: number;
  /** How far apart two tokens with several numbers are. Default `manhattan`. */
  readonly distance?: 'manhattan' | 'euclidean';
}

/**
 * Attention with linear biases: −mₕ·|i − j| is added to the scaled score of query i and key j of head h.
 *
 * Source: Press, Smith, Lewis 2022, "Train Short, Test Long", arXiv 2108.12409, section 3; slopes for any number of
 * heads as in the authors' `get_slopes` (attention_with_linear_biases at 4b92f28); the bidirectional forms are those
 * of the authors' issue 5, the distances in several axes those of data2vec 2 (`get_alibi` of fairseq at 3d262bb2). Equal to BLOOM in Hugging Face transformers 5.23.0 up to a constant per query.
 *
 * Under `causal`, keys after the query are the mask's business; their bias here is that of their distance, so a
 * forgotten mask never rewards the future.
 *
 * Signal `bias` [batch, numHeads, Tq, Tk].
 *
 * @throws {RangeError} when an option is out of range, `left-right` meets an odd number of heads, or a direction other than
 *   `symmetric` several axes
 */
export function alibi(options: AlibiOptions): ScoresEncoding {
  const numHeads = checkCount('alibi: numHeads', options.numHeads);
  const axes = checkCount('alibi: axes', options.axes ?? 1);
  const distance = checkChoice('alibi: distance', options.distance ?? 'manhattan', ['manhattan', 'euclidean']);
  const direction = checkChoice(
    'alibi: direction',
    options.direction ?? (axes === 1 ? 'causal' : 'symmetric'),
    axes === 1 ? ['causal', 'symmetric', 'left-right'] : ['symmetric'],
  );
  if (direction === 'left-right' && numHeads % 2 !== 0) {
    throw new RangeError(
      `alibi: numHeads: expected an even number for direction left-right, got ${numHeads}; ` +
        'direction symmetric takes any number, but cannot tell a sequence from its reversal',
    );
  }
  const half = numHeads / 2;
  const slopes = direction === 'left-right' ? [...alibiSlopes(half), ...alibiSlopes(half)] : [...alibiSlopes(numHeads)];

  const bias = (queries: Positions, keys: Positions): PlainTensor => {
    const { batch, data: offsets } =
      axes === 1
        ? pairwise('alibi', queries, keys, (offset) => offset)
        : pairwisePoints('alibi', queries, keys, axes, 1, (query, key) => [lengthBetween(query, key, distance)]);
    const pairs = queries.length * keys.length;
    const data = new Float64Array(batch * numHeads * pairs);
    for (let row = 0; row < batch; row += 1) {
      slopes.forEach((slope, head) => {
        const hidden = direction !== 'left-right' ? 0 : head < half ? 1 : -1;
        const start = (row * numHeads + head) * pairs;
        for (let pair = 0; pair < pairs; pair += 1) {
          const offset = offsets[row * pairs + pair] as number;
          data[start + pair] = offset * hidden > 0 ? MASKED : offset === 0 ? 0 : -slope * Math.abs(offset);
        }
      });
    }
    return { shape: [batch, numHeads, queries.length, keys.length], data, type: 'real' };
  };

  return {
    site: 'scores',
    name: 'alibi',
    options: { numHeads, direction, axes, distance },
    parameters: [],
    axes,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: direction === 'causal' ? 'causal' : 'bidirectional',
    costs: (length) => ({ parameters: 0, tableBytes: 4 * numHeads * length * length }),
    signals: (queries, keys) => ({ bias: bias(queries, keys) }),
    vectors: (positions) => {
      const tensor = bias(positions, positions);
      return {
        slopes: { shape: [numHeads], data: Float64Array.from(slopes), type: 'real' },
        bias: positions.batch === 1 ? { ...tensor, shape: tensor.shape.slice(1) } : tensor,
      };
    },
    bias: <T>({ signals }: { readonly signals: Readonly<Record<string, T>> }) => signals.bias as T,
  };
}

function lengthBetween(a: ArrayLike<number>, b: ArrayLike<number>, distance: 'manhattan' | 'euclidean'): number {
  const steps = Array.from(a, (value, axis) => Math.abs(value - (b[axis] as number)));
  return distance === 'manhattan' ? steps.reduce((sum, step) => sum + step, 0) : Math.hypot(...steps);
}

/**
 * One slope per head: for 2ⁿ heads 2^(−8k/2ⁿ), k = 1 … 2ⁿ; otherwise those of the next smaller power of two, followed
 * by every second slope of the next larger one.
 */
export function alibiSlopes(numHeads: number): readonly number[] {
  const power = 2 ** Math.floor(Math.log2(checkCount('alibi: numHeads', numHeads)));
  const series = (count: number): number[] => Array.from({ length: count }, (_, k) => 2 ** ((-8 * (k + 1)) / count));
  const between = series(2 * power).filter((_, k) => k % 2 === 0);
  return [...series(power), ...between].slice(0, numHeads);
}
