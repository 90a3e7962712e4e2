/** Biases that add up what each token between query and key lets be forgotten: FoX and CABLE. */
import {
  type AttentionContext,
  type ContentEncoding,
  countNumbers,
  type OptionValue,
  type ParameterDeclaration,
} from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { constantTable, normalTable } from '../../parts/declarations.ts';
import { affine, logSigmoid, softplus, splitHeads, transpose } from '../../parts/functions.ts';
import { orderSignals, queryUpTo, sumsUpTo } from '../../parts/order.ts';
import { withoutBatch } from '../../parts/signals.ts';
import type { Positions } from '../../positions/positions.ts';
import type { Operations } from '../../tensor/operations.ts';

/** Options of {@link forgetting}. */
export interface ForgettingOptions {
  readonly numHeads: number;
  /** Width of the layer's input. */
  readonly modelDim: number;
  /** What the gates' bias starts at; larger forgets less. Default 0, the authors'; x-transformers starts at 5. */
  readonly startBias?: number;
  /** Gates of their own for later keys. Default false: causal. */
  readonly bidirectional?: boolean;
}

/**
 * Forgetting attention, data-dependent ALiBi: each token has a gate f = σ(x·w + b) per head; Σ ln f over the tokens after
 * the key up to the query is added to the scaled score.
 *
 * Source: Lin et al. 2025, "Forgetting Transformer", arXiv 2503.02130, equation 8; starting values as in
 * zhixuan-lin/forgetting-transformer; equal to `DataDependentAlibi` of x-transformers 2.31.10, in both forms.
 *
 * Signals `own` [batch, 1, Tq, Tk], `keyUpTo` [1, 1, Tk, Tk], when bidirectional also `queryUpTo` [batch, 1, Tq, Tk];
 * parameters `gateWeight` [modelDim, numHeads (twice when bidirectional)], `gateBias`, one copy per layer. Tokens that no
 * query sees close no gate, and the sequences of a packed row do not meet.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when keys are out of order or lack a query's token
 */
export function forgetting(options: ForgettingOptions): ContentEncoding {
  const { startBias = 0, bidirectional = false } = options;
  const numHeads = checkCount('forgetting: numHeads', options.numHeads);
  const modelDim = checkCount('forgetting: modelDim', options.modelDim);
  if (!Number.isFinite(startBias)) {
    throw new RangeError(`forgetting: startBias: expected a finite number, got ${startBias}`);
  }
  const gates = bidirectional ? 2 * numHeads : numHeads;
  const source = 'zhixuan-lin/forgetting-transformer: normal of 0.02, biases 0';
  const weight = normalTable('gateWeight', [modelDim, gates], 0.02, 'layer', source);
  const chosen = startBias === 0 ? source : `startBias = ${startBias}`;
  const bias = constantTable('gateBias', [gates], startBias, 'layer', chosen);
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
  const signals = (queries: Positions, keys: Positions) => ({
    ...orderSignals(name, queries, keys),
    ...(bidirectional ? { queryUpTo: queryUpTo(name, queries, keys) } : {}),
  });
  return {
    site: 'content',
    name,
    options,
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: bidirectional ? 'any' : 'causal',
    cacheable: false,
    costs: (length) => ({
      parameters: countNumbers(parameters),
      tableBytes: (bidirectional ? 12 : 8) * length * length,
    }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>(context: AttentionContext<T>, scores: T) => {
      const { operations, parameters: learned, signals: given, hiddenKeys } = context;
      const { add, multiply, slice, subtract, where } = operations;
      const logits = affine(operations, hiddenKeys, learned.gateWeight as T, learned.gateBias as T); // [B, Tk, gates]
      const decays = splitHeads(operations, decay(operations, logits), bidirectional ? 2 * numHeads : numHeads);
      const { atQueries, atKeys } = sumsUpTo(context, decays);
      const between = subtract(atQueries, transpose(operations, atKeys)); // [B, H, Tq, Tk]
      if (!bidirectional) return add(scores, between);
      const forward = slice(between, 1, 0, numHeads);
      const backward = multiply(slice(between, 1, numHeads, 2 * numHeads), -1);
      return add(scores, where(given.queryUpTo as T, forward, backward));
    },
  };
}
