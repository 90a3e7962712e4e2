/** Scalable softmax: scores grow with the logarithm of how many keys there are. */
import { countNumbers, type StructureEncoding } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { constantTable } from '../../parts/declarations.ts';

/** Options of {@link scalableSoftmax}. */
export interface ScalableSoftmaxOptions {
  readonly numHeads: number;
  /** What the learned factors start at. Default 1. */
  readonly start?: number;
  /** Whether a learned number is added: s·ln n + b. Default false. */
  readonly bias?: boolean;
}

/**
 * Scalable softmax: softmax(s·ln(n)·scores), with n the number of keys the query sees and s learned per head, so that the
 * largest weight does not fade as the input grows.
 *
 * Source: Nakanishi 2025, "Scalable-Softmax Is Superior for Attention", arXiv 2501.19399, equation 3 and its form with a
 * bias.
 *
 * No signals: n is counted from the mask. Parameter `factor` [numHeads, 1, 1], with `bias` also `bias` [numHeads, 1, 1],
 * one copy per layer.
 *
 * @throws {RangeError} when numHeads is not a positive integer or start is not finite
 */
export function scalableSoftmax(options: ScalableSoftmaxOptions): StructureEncoding {
  const numHeads = checkCount('scalable-softmax: numHeads', options.numHeads);
  const { start = 1, bias = false } = options;
  if (!Number.isFinite(start)) {
    throw new RangeError(`scalable-softmax: start: expected a finite number, got ${start}`);
  }
  const parameters = [
    constantTable('factor', [numHeads, 1, 1], start, 'layer', 'chosen here: 1'),
    ...(bias ? [constantTable('bias', [numHeads, 1, 1], 0, 'layer', 'chosen here: 0')] : []),
  ];
  return {
    site: 'structure',
    name: 'scalable-softmax',
    options: { numHeads, start, bias },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: () => ({ parameters: countNumbers(parameters), tableBytes: 0 }),
    signals: () => ({}),
    vectors: () => ({}),
    attend: ({ operations, parameters: learned, mask, values }, scores) => {
      const { add, exp, log, matmul, maximum, multiply, softmax, subtract, sum } = operations;
      type T = typeof scores;
      // Over the scores' own shape, so that a mask of one column counts every key.
      const seen = add(exp(mask), multiply(scores, 0));
      const logarithm = log(maximum(sum(seen, -1), 1)); // [B, H, Tq, 1]; 0 where nothing is seen
      let factor = multiply(logarithm, learned.factor as T);
      if (bias) factor = add(factor, learned.bias as T);
      // The mask is not multiplied: where one key is seen ln n is 0, and a factor may be negative.
      return matmul(softmax(add(multiply(subtract(scores, mask), factor), mask)), values);
    },
  };
}
