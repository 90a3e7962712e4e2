/** PaTH: between query and key stands a product of reflections, one per token, made from the content. */
import { type AttentionContext, type ContentEncoding, countNumbers } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { linearLayer } from '../../parts/declarations.ts';
import { affine, silu, splitHeads, transpose, unitLength } from '../../parts/functions.ts';
import {
  causalConvolution,
  convolutionKernel,
  orderSignals,
  queryUpTo,
  seenKeys,
  visibility,
} from '../../parts/order.ts';
import { withoutBatch } from '../../parts/signals.ts';
import type { Positions } from '../../positions/positions.ts';
import type { Operations } from '../../tensor/operations.ts';

/** Options of {@link path}. */
export interface PathOptions {
  readonly numHeads: number;
  /** Width of one head. */
  readonly headDim: number;
  /** Width of the layer's input. */
  readonly modelDim: number;
  /** Width between the two projections of w. Default 32. */
  readonly rank?: number;
  /** Tokens that the convolution of w sees. Default 3. */
  readonly kernel?: number;
}

/**
 * PaTH attention: the score of query i and key j is qᵢᵀ·Hᵢ·Hᵢ₋₁ ⋯ Hⱼ₊₁·kⱼ/√E with Hₜ = I − βₜ·wₜwₜᵀ; wₜ is a normalised
 * projection of the token's input after a short convolution, βₜ = 2σ(xₜ·b).
 *
 * All products at once: with strictly lower triangular N[s, t] = βₛ·wₛ·wₜ, scores are QKᵀ − (QWᵀ)·(I + N)⁻¹·(β·WKᵀ), the left
 * factor cut to t ≤ i and the right to t > j. N is nilpotent, so that (I + N)⁻¹ is the product of I + (−N)^(2ᵏ).
 *
 * Source: Yang et al. 2025, "PaTH Attention", arXiv 2505.16381, equations 3 to 6; `layers/path_attn.py` and
 * `ops/path_attn/naive.py` of flash-linear-attention, without its optional forget gate: join `forgetting` for that.
 *
 * Signals `queryUpTo` [batch, 1, Tq, Tk], `own`, `keyUpTo` as of {@link forgetting}; parameters `downWeight` [modelDim, rank], `upWeight`
 * [rank, numHeads·headDim], `kernel` [kernel, numHeads·headDim], `betaWeight` [modelDim, numHeads], `betaBias`, one copy per
 * layer.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when keys are out of order or lack a query's token
 */
export function path(options: PathOptions): ContentEncoding {
  const numHeads = checkCount('path: numHeads', options.numHeads);
  const headDim = checkCount('path: headDim', options.headDim);
  const modelDim = checkCount('path: modelDim', options.modelDim);
  const rank = checkCount('path: rank', options.rank ?? 32);
  const kernel = checkCount('path: kernel', options.kernel ?? 3);
  const width = numHeads * headDim;
  const parameters = [
    ...linearLayer('down', modelDim, rank, 'layer', { bias: false }),
    ...linearLayer('up', rank, width, 'layer', { bias: false }),
    convolutionKernel(kernel, width),
    ...linearLayer('beta', modelDim, numHeads, 'layer'),
  ];
  const signals = (queries: Positions, keys: Positions) => ({
    ...orderSignals('path', queries, keys),
    queryUpTo: queryUpTo('path', queries, keys),
  });
  return {
    site: 'content',
    name: 'path',
    options: { numHeads, headDim, modelDim, rank, kernel },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'causal',
    cacheable: false,
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 12 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>(
      { operations, parameters: learned, signals: given, queries, keys, hiddenKeys, scale, mask }: AttentionContext<T>,
      scores: T,
    ) => {
      const { matmul, multiply, shape, sigmoid, subtract } = operations;
      const length = shape(keys)[2] as number;
      const visible = visibility(operations, mask, length);
      const low = affine(operations, hiddenKeys, learned.downWeight as T);
      const high = affine(operations, low, learned.upWeight as T);
      const mixed = causalConvolution(operations, high, learned.kernel as T, mask);
      const w = unitLength(operations, splitHeads(operations, silu(operations, mixed), numHeads)); // [B, H, Tk, E]
      const logits = affine(operations, hiddenKeys, learned.betaWeight as T, learned.betaBias as T);
      const strength = multiply(sigmoid(splitHeads(operations, logits, numHeads)), 2);
      const beta = multiply(strength, seenKeys(operations, visible)); // [B, H, Tk, 1]; padding does not reflect
      const upTo = given.keyUpTo as T;
      const after = subtract(1, transpose(operations, upTo)); // [b, 1, t, j]: 1 where t stands after j
      const wT = transpose(operations, w);
      const chain = multiply(multiply(matmul(w, wT), beta), after);
      const right = multiply(multiply(matmul(w, transpose(operations, keys)), beta), after);
      // Rows of other packed sequences meet in the chain, but no query begins or ends there.
      const left = multiply(matmul(queries, wT), multiply(given.queryUpTo as T, visible));
      const solved = applyInverse(operations, chain, right, length);
      return subtract(scores, multiply(matmul(left, solved), scale));
    },
  };
}

/** (I + N)⁻¹·x for nilpotent N [B, H, T, T]: (I − N)·x, times I + N², I + N⁴ and so on up to T. */
function applyInverse<T>({ add, matmul, multiply, subtract }: Operations<T>, chain: T, x: T, length: number): T {
  let result = subtract(x, matmul(chain, x));
  let power = multiply(chain, -1);
  for (let covered = 2; covered < length; covered *= 2) {
    power = matmul(power, power);
    result = add(result, matmul(power, result));
  }
  return result;
}
