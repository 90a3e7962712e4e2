/** FIRE: a small network of the distance, relative to how far the query stands from the start. */
import { countNumbers, type EncodingContext, type ScoresEncoding } from '../../encoding.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { constantTable, linearLayer } from '../../parts/declarations.ts';
import { absolute, affine, relu } from '../../parts/functions.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { pairwise } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link fire}. */
export interface FireOptions {
  readonly numHeads: number;
  /** Width of the hidden layer. Default 32. */
  readonly width?: number;
  /** Where the learned steepness c of the logarithm starts. Default 0.1. */
  readonly steepness?: number;
  /** Queries before this place are normalised as if they stood there, times a learned factor. Default 512. */
  readonly threshold?: number;
}

/**
 * Functional interpolation for relative positions: f(ψ(i − j)/ψ(max(L, i))) is added to the scaled score, with
 * ψ(x) = ln(|c·x| + 1) and f a network 1 → width → numHeads with ReLU. Distances are thereby between 0 and 1 at every
 * length.
 *
 * Source: Li et al. 2024, "Functional Interpolation for Relative Positions Improves Long Context Transformers",
 * arXiv 2310.04418, equation 7; code as in its appendix and in chuanyang-Zheng/DAPE at bde344a: L = |multiplier·threshold|,
 * 10⁻⁶ is added to the denominator.
 *
 * Signals `distances` [batch, Tq, Tk, 1] and `places` [batch, Tq, 1, 1]; parameters `steepness`, `multiplier` [1] and the
 * layers `hiddenWeight`, `hiddenBias`, `outputWeight`, `outputBias`, one copy per layer.
 *
 * @throws {RangeError} when an option is out of range
 */
export function fire(options: FireOptions): ScoresEncoding {
  const numHeads = checkCount('fire: numHeads', options.numHeads);
  const width = checkCount('fire: width', options.width ?? 32);
  const steepness = checkPositive('fire: steepness', options.steepness ?? 0.1);
  const threshold = checkPositive('fire: threshold', options.threshold ?? 512);
  const source = 'FIRE, appendix: c starts at 0.1, the multiplier of L at 1';
  const parameters = [
    constantTable('steepness', [1], steepness, 'layer', source),
    constantTable('multiplier', [1], 1, 'layer', source),
    ...linearLayer('hidden', 1, width, 'layer'),
    ...linearLayer('output', width, numHeads, 'layer'),
  ];
  const signals = (queries: Positions, keys: Positions) => {
    const { batch, data } = pairwise('fire', queries, keys, (offset) => -offset);
    const shape = [batch, queries.length, keys.length, 1];
    return {
      distances: real(shape, data),
      places: real([queries.batch, queries.length, 1, 1], queries.values),
    };
  };
  return {
    site: 'scores',
    name: 'fire',
    options: { numHeads, width, steepness, threshold },
    parameters,
    axes: 1,
    relative: false,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'causal',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 4 * (length * length + length) }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    bias: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>) => {
      const { add, divide, log, maximum, multiply, permute } = operations;
      const logarithm = (x: T): T => log(add(absolute(operations, multiply(x, learned.steepness as T)), 1));
      const limit = absolute(operations, multiply(learned.multiplier as T, threshold));
      const normalizer = add(logarithm(maximum(given.places as T, limit)), 1e-6);
      const share = divide(logarithm(given.distances as T), normalizer);
      const hidden = relu(operations, affine(operations, share, learned.hiddenWeight as T, learned.hiddenBias as T));
      return permute(affine(operations, hidden, learned.outputWeight as T, learned.outputBias as T), [0, 3, 1, 2]);
    },
  };
}
