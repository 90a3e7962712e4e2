/** Biases that add up what each token between query and key lets be forgotten: FoX and CABLE. */
import {
  type AttentionContext,
  type ContentEncoding,
  countNumbers,
  type OptionValue,
  type ParameterDeclaration,
} from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { constantTable, linearLayer, normalTable } from '../../parts/declarations.ts';
import { affine, logSigmoid, softplus, splitHeads, transpose } from '../../parts/functions.ts';
import { orderSignals } from '../../parts/order.ts';
import { withoutBatch } from '../../parts/signals.ts';
import type { Positions } from '../../positions/positions.ts';
import type { Operations } from '../../tensor/operations.ts';

/** Options of {@link forgetting}. */
export interface ForgettingOptions {
  readonly numHeads: number;
  /** Width of the layer's input. */
  readonly modelDim: number;
  /** What gates' logits start at; larger forgets less. Default 5, as in x-transformers. */
  readonly startBias?: number;
  /** Gates of their own for later keys. Default false: causal. */
  readonly bidirectional?: boolean;
}

/**
 * Forgetting attention, data-dependent ALiBi: each token has a gate f = σ(x·w + b) per head; Σ ln f over the tokens after
 * the key up to the query is added to the scaled score.
 *
 * Source: Lin et al. 2025, "Forgetting Transformer", arXiv 2503.02130, equation 8; equal to `DataDependentAlibi` of
 * x-transformers 2.31.10, in both forms.
 *
 * Signals `queryUpTo` [batch, 1, Tq, Tk], `keyUpTo` [batch, 1, Tk, Tk]; parameters `gateWeight`
 * [modelDim, numHeads (twice when bidirectional)], `gateBias`, one copy per layer.
 *
 * @throws {RangeError} when an option is out of range
 */
export function forgetting(options: ForgettingOptions): ContentEncoding {
  const { startBias = 5, bidirectional = false } = options;
  const numHeads = checkCount('forgetting: numHeads', options.numHeads);
  const modelDim = checkCount('forgetting: modelDim', options.modelDim);
  const gates = bidirectional ? 2 * numHeads : numHeads;
  const [weight] = linearLayer('gate', modelDim, gates, 'layer', { bias: false }) as [ParameterDeclaration];
  const bias = constantTable('gateBias', [gates], startBias, 'layer', 'x-transformers: bias_init 5');
  const own = { numHeads, modelDim, startBias, bidirectional };
  return cumulative('forgetting', numHeads, own, bidirectional, [weight, bias], logSigmoid);
}

/**
 * CABLE, context-aware biases: each token adds −softplus(x·w + b) per head; the sum over the tokens after the key up to
 * the query is added to the scaled score.
 *
 * Source: Veisi et al. 2025, "Context-aware Biases for Length Extrapolation", arXiv 2503.08067, equation 5; starting
 * values as in axiomlab/Cable at 8bc6b83. That code divides queries and keys by √(C/n_embd) = 1, so its scores are not
 * scaled; here they are scaled by 1/√E as everywhere.
 *
 * Signals and parameters as of {@link forgetting}.
 *
 * @throws {RangeError} when an option is out of range
 */
export function cable(options: { readonly numHeads: number; readonly modelDim: number }): ContentEncoding {
  const numHeads = checkCount('cable: numHeads', options.numHeads);
  const modelDim = checkCount('cable: modelDim', options.modelDim);
  const source = 'axiomlab/Cable: normal of 0.02, biases 0';
  const parameters = [
    normalTable('gateWeight', [modelDim, numHeads], 0.02, 'layer', source),
    constantTable('gateBias', [numHeads], 0, 'layer', source),
  ];
  const decay = <T>(operations: Operations<T>, x: T): T => operations.multiply(softplus(operations, x), -1);
  return cumulative('cable', numHeads, { numHeads, modelDim }, false, parameters, decay);
}

type Decay = <T>(operations: Operations<T>, x: T) => T;

function cumulative(
  name: string,
  numHeads: number,
  options: Readonly<Record<string, OptionValue>>,
  bidirectional: boolean,
  parameters: readonly ParameterDeclaration[],
  decay: Decay,
): ContentEncoding {
  const signals = (queries: Positions, keys: Positions) => orderSignals(name, queries, keys);
  return {
    site: 'content',
    name,
    options,
    parameters,
    axes: 1,
    relative: false,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: bidirectional ? 'any' : 'causal',
    cacheable: false,
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 8 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>({ operations, parameters: learned, signals: given, hiddenKeys }: AttentionContext<T>, scores: T) => {
      const { add, matmul, multiply, slice, subtract } = operations;
      const [atQueries, atKeys] = [given.queryUpTo as T, given.keyUpTo as T];
      const logits = affine(operations, hiddenKeys, learned.gateWeight as T, learned.gateBias as T); // [B, Tk, gates]
      const decays = splitHeads(operations, decay(operations, logits), bidirectional ? 2 * numHeads : numHeads);
      const between = (one: T): T => subtract(matmul(atQueries, one), transpose(operations, matmul(atKeys, one))); // [B, H, Tq, Tk]
      if (!bidirectional) return add(scores, between(decays));
      const forward = between(slice(decays, 1, 0, numHeads));
      const backward = multiply(between(slice(decays, 1, numHeads, 2 * numHeads)), -1);
      // At the query itself both are 0.
      const later = subtract(1, atQueries);
      return add(scores, add(multiply(forward, atQueries), multiply(backward, later)));
    },
  };
}
