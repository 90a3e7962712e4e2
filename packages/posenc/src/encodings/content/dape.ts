/** DAPE: a small network over the heads adapts a bias to the scores it meets. */
import {
  type AttentionContext,
  type ContentEncoding,
  countNumbers,
  type ParameterDeclaration,
  type ScoresEncoding,
} from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { linearLayer } from '../../parts/declarations.ts';
import { affine, atMost, leakyRelu } from '../../parts/functions.ts';
import { queryUpTo, visibility } from '../../parts/order.ts';
import { withoutBatch } from '../../parts/signals.ts';
import type { Positions } from '../../positions/positions.ts';
import type { Operations } from '../../tensor/operations.ts';

/** Options of {@link dape}. */
export interface DapeOptions {
  readonly numHeads: number;
  /** The bias that is adapted: `alibi({ … })`, `kerple({ … })`, `fire({ … })`. */
  readonly bias: ScoresEncoding;
  /** Width of the network. Default 32. */
  readonly width?: number;
  /** Neighbouring keys each layer of the network sees; odd. 1 is DAPE, 3 the usual DAPE-V2. Default 1. */
  readonly kernel?: number;
}

/**
 * Data-adaptive positional encoding: scores + bias + network([scores; bias]), where the network reads, for each pair, the
 * scores and biases of all heads: 2H → width → H with LeakyReLU. In version 2 its layers are convolutions over the keys,
 * on scores and biases set to 0 after the query and where the mask hides the key. Both go on beyond the last key as if
 * hidden keys followed, so that a row does not depend on how many there are; the authors' last rows do.
 *
 * Source: Zheng et al. 2024, "DAPE", arXiv 2405.14722, equation 4, and "DAPE V2", arXiv 2410.04798; `DAPE.py` and
 * `positional_embeddings.py` of chuanyang-Zheng/DAPE at bde344a.
 *
 * Signals are those of the bias, and with a kernel above 1 `upTo` [batch, 1, Tq, Tk]; parameters those of the bias, and
 * `adaptHiddenWeight` [kernel·2·numHeads, width], `adaptHiddenBias`, `adaptOutputWeight` [kernel·width, numHeads],
 * `adaptOutputBias`, one copy per layer.
 *
 * @throws {RangeError} when an option is out of range, the kernel is even, or the bias has another number of heads
 */
export function dape(options: DapeOptions): ContentEncoding {
  const numHeads = checkCount('dape: numHeads', options.numHeads);
  const width = checkCount('dape: width', options.width ?? 32);
  const kernel = checkCount('dape: kernel', options.kernel ?? 1);
  if (kernel % 2 === 0) throw new RangeError(`dape: kernel: expected an odd number, got ${kernel}`);
  const { bias } = options;
  if ((bias.options.numHeads ?? numHeads) !== numHeads) {
    throw new RangeError(
      `dape: bias: expected one of numHeads = ${numHeads} heads, got ${bias.name} of ${bias.options.numHeads}; ` +
        'give both the same number',
    );
  }
  const parameters: readonly ParameterDeclaration[] = [
    ...bias.parameters,
    ...linearLayer('adaptHidden', kernel * 2 * numHeads, width, 'layer'),
    ...linearLayer('adaptOutput', kernel * width, numHeads, 'layer'),
  ];
  const signals = (queries: Positions, keys: Positions) => {
    const own = bias.signals(queries, keys);
    if (kernel === 1) return own;
    return { ...own, upTo: queryUpTo('dape', queries, keys) };
  };
  return {
    site: 'content',
    name: 'dape',
    options: { numHeads, bias: bias.name, width, kernel },
    parameters,
    axes: 1,
    relative: bias.relative,
    largestPosition: bias.largestPosition,
    attention: 'causal',
    costs: (length) => ({
      parameters: countNumbers(parameters),
      tableBytes: bias.costs(length).tableBytes + (kernel === 1 ? 0 : 4 * length * length),
    }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>({ operations, parameters: learned, signals: given, mask }: AttentionContext<T>, scores: T) => {
      const { add, concatenate, cumulativeSum, multiply, permute, shape, slice, sum } = operations;
      const biases = bias.bias({ operations, parameters: learned, signals: given });
      const wide = add(multiply(scores, 0), biases); // [B, H, Tq, Tk]
      const layer = (x: T, name: 'adaptHidden' | 'adaptOutput'): T =>
        affine(
          operations,
          neighbours(operations, x, kernel),
          learned[`${name}Weight`] as T,
          learned[`${name}Bias`] as T,
        );
      const keys = shape(scores)[3] as number;
      const byPair = (x: T): T => permute(x, [0, 2, 3, 1]);
      const answer = (both: T, known: T | number): T => {
        const hidden = multiply(leakyRelu(operations, layer(byPair(both), 'adaptHidden')), known);
        const added = permute(layer(hidden, 'adaptOutput'), [0, 3, 1, 2]);
        return add(add(scores, biases), slice(added, 3, 0, keys));
      };
      if (kernel === 1) return answer(concatenate([scores, wide], 1), 1);
      const visible = multiply(given.upTo as T, visibility(operations, mask, keys));
      const both = concatenate([multiply(scores, visible), multiply(wide, visible)], 1);
      // Nothing is known before the first key that the query sees: such keys are padding, or another sequence's.
      const seen = cumulativeSum(sum(withZeros(operations, visible, kernel), 1), 3);
      return answer(withZeros(operations, both, kernel), byPair(atMost(operations, seen, 1)));
    },
  };
}

/** x [B, C, Tq, Tk] with as many hidden keys at the end as a key's neighbours on one side, all zeros. */
function withZeros<T>({ concatenate, multiply, sum }: Operations<T>, x: T, kernel: number): T {
  const zeros = multiply(sum(x, 3), 0);
  return concatenate([x, ...Array.from({ length: (kernel - 1) / 2 }, () => zeros)], 3);
}

/** x [B, Tq, Tk, C] → [B, Tq, Tk, kernel·C]: each key's channels beside those of its neighbours, zeros at the ends. */
function neighbours<T>({ concatenate, multiply, shape, slice }: Operations<T>, x: T, kernel: number): T {
  if (kernel === 1) return x;
  const keys = shape(x)[2] as number;
  const reach = (kernel - 1) / 2;
  const shifted = (step: number): T => {
    const count = Math.min(Math.abs(step), keys);
    if (count === 0) return x;
    const zeros = multiply(slice(x, 2, 0, count), 0);
    if (count === keys) return zeros;
    return step < 0
      ? concatenate([zeros, slice(x, 2, 0, keys - count)], 2)
      : concatenate([slice(x, 2, count, keys), zeros], 2);
  };
  return concatenate(
    Array.from({ length: kernel }, (_, index) => shifted(index - reach)),
    -1,
  );
}
