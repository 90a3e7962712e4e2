/** Rotary whose angles are sums of what each token asks for: CARoPE and Selective RoPE. */
import {
  type AttentionContext,
  type ContentEncoding,
  countNumbers,
  type OptionValue,
  type ParameterDeclaration,
} from '../../encoding.ts';
import { geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount, checkPositive } from '../../numbers/check.ts';
import { linearLayer } from '../../parts/declarations.ts';
import { affine, softplus, splitHeads, transpose, unitLength } from '../../parts/functions.ts';
import { causalConvolution, convolutionKernel, orderSignals, sumsUpTo } from '../../parts/order.ts';
import { type Pairing, turn } from '../../parts/rotation.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link contextAwareRotary}. */
export interface ContextAwareRotaryOptions {
  readonly numHeads: number;
  /** Width of one head; even. */
  readonly headDim: number;
  /** Width of the layer's input. */
  readonly modelDim: number;
  /** Default `half`. */
  readonly pairing?: Pairing;
}

/**
 * CARoPE: token t turns pair k of head h by f(xₜ)ₕᵏ, k = 1 … headDim/2, f(x) = 1/(softplus(x·W) + 1); the angle at a place
 * is the sum over all tokens up to it.
 *
 * Source: Veisi et al. 2025, "Context-aware Rotary Position Embedding", arXiv 2507.23083, section 3.
 *
 * Signals `own` [batch, 1, Tq, Tk], `keyUpTo` [1, 1, Tk, Tk]; parameter `baseWeight` [modelDim, numHeads], one copy per layer.
 *
 * @throws {RangeError} when an option is out of range or headDim is odd, or from `signals` when keys are out of order or
 *   lack a query's token
 */
export function contextAwareRotary(options: ContextAwareRotaryOptions): ContentEncoding {
  const name = 'context-aware-rotary';
  const { numHeads, headDim, modelDim, pairing } = checkOptions(name, options);
  const parameters = linearLayer('base', modelDim, numHeads, 'layer', { bias: false });
  const exponents = real(
    [1, 1, 1, headDim / 2],
    Float64Array.from({ length: headDim / 2 }, (_, k) => k + 1),
  );
  return summedRotary(name, { numHeads, headDim, modelDim, pairing }, pairing, parameters, {}, (context) => {
    const { operations, parameters: learned, hiddenKeys } = context;
    const { add, constant, exp, log, multiply } = operations;
    const logits = splitHeads(
      operations,
      affine(operations, hiddenKeys, learned.baseWeight as typeof hiddenKeys),
      numHeads,
    ); // [B, H, Tk, 1]
    const logarithm = multiply(log(add(softplus(operations, logits), 1)), -1);
    return exp(multiply(logarithm, constant(exponents)));
  });
}

/** Options of {@link selectiveRotary}. */
export interface SelectiveRotaryOptions extends ContextAwareRotaryOptions {
  /** Width between the two projections. Default 16. */
  readonly rank?: number;
  /** Tokens that a convolution over them sees. Default 4. */
  readonly kernel?: number;
  /** Of the frequencies that angles are multiplied by. Default 500000. */
  readonly base?: number;
}

/**
 * Selective rotary: token t asks for an angle φ(xₜ) per pair, by a low-rank projection of its normalised input and a short
 * convolution over the last tokens; the angle at a place is ωₖ times the sum over all tokens up to it.
 *
 * Source: Movahedi et al. 2026, "Selective Rotary Position Embedding", arXiv 2511.17388, and the authors' module
 * `SelectiveRoPE` with its defaults: each head's share of the input normalised, rank 16, kernel 4, fixed frequencies
 * base^(−2k/headDim), no gate.
 *
 * Signals `own`, `keyUpTo` and `frequencies` [1, 1, 1, headDim/2]; parameters `downWeight` [modelDim, rank], `upWeight`
 * [rank, numHeads·headDim/2], `kernel` [kernel, numHeads·headDim/2], one copy per layer.
 *
 * @throws {RangeError} when an option is out of range, headDim is odd, or modelDim is not a multiple of numHeads, or from
 *   `signals` as {@link contextAwareRotary}
 */
export function selectiveRotary(options: SelectiveRotaryOptions): ContentEncoding {
  const name = 'selective-rotary';
  const { numHeads, headDim, modelDim, pairing } = checkOptions(name, options);
  const rank = checkCount(`${name}: rank`, options.rank ?? 16);
  const kernel = checkCount(`${name}: kernel`, options.kernel ?? 4);
  const base = checkPositive(`${name}: base`, options.base ?? 500000);
  if (modelDim % numHeads !== 0) {
    throw new RangeError(`${name}: modelDim: expected a multiple of numHeads = ${numHeads}, got ${modelDim}`);
  }
  const width = (numHeads * headDim) / 2;
  const parameters = [
    ...linearLayer('down', modelDim, rank, 'layer', { bias: false }),
    ...linearLayer('up', rank, width, 'layer', { bias: false }),
    convolutionKernel(kernel, width),
  ];
  const frequencies = real(
    [1, 1, 1, headDim / 2],
    geometricFrequencies(base, headDim / 2, 2, headDim).map(([high]) => high),
  );
  const own = { numHeads, headDim, modelDim, pairing, rank, kernel, base };
  return summedRotary(name, own, pairing, parameters, { frequencies }, (context) => {
    const { operations, parameters: learned, signals, hiddenKeys, mask } = context;
    type T = typeof hiddenKeys;
    const { multiply, reshape, shape } = operations;
    const [B, length] = shape(hiddenKeys) as [number, number];
    const shares = reshape(hiddenKeys, [B, length, numHeads, modelDim / numHeads]);
    const normal = reshape(unitLength(operations, shares), [B, length, modelDim]);
    const projected = affine(operations, affine(operations, normal, learned.downWeight as T), learned.upWeight as T);
    const mixed = causalConvolution(operations, projected, learned.kernel as T, mask);
    return multiply(splitHeads(operations, mixed, numHeads), signals.frequencies as T);
  });
}

function checkOptions(name: string, options: ContextAwareRotaryOptions): Required<ContextAwareRotaryOptions> {
  const headDim = checkCount(`${name}: headDim`, options.headDim, 2);
  if (headDim % 2 !== 0) throw new RangeError(`${name}: headDim: expected an even number, got ${headDim}`);
  return {
    numHeads: checkCount(`${name}: numHeads`, options.numHeads),
    headDim,
    modelDim: checkCount(`${name}: modelDim`, options.modelDim),
    pairing: checkChoice(`${name}: pairing`, options.pairing ?? 'half', ['half', 'interleaved']),
  };
}

/** @param asked - the angle each key's token adds, [B, H, Tk, pairs] */
function summedRotary(
  name: string,
  options: Readonly<Record<string, OptionValue>>,
  pairing: Pairing,
  parameters: readonly ParameterDeclaration[],
  own: Readonly<Record<string, ReturnType<typeof real>>>,
  asked: <T>(context: AttentionContext<T>) => T,
): ContentEncoding {
  const signals = (queries: Positions, keys: Positions) => ({ ...orderSignals(name, queries, keys), ...own });
  return {
    site: 'content',
    name,
    options,
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'causal',
    cacheable: false,
    replaces: 'rotation',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 8 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, orderSignals(name, positions, positions)),
    scores: <T>(context: AttentionContext<T>) => {
      const { operations, queries, keys, scale } = context;
      const { cos, matmul, multiply, sin } = operations;
      const { atQueries, atKeys } = sumsUpTo(context, asked(context));
      const turned = (x: T, sums: T): T => turn(operations, x, cos(sums), sin(sums), pairing);
      const [q, k] = [turned(queries, atQueries), turned(keys, atKeys)];
      return multiply(matmul(q, transpose(operations, k)), scale);
    },
  };
}
