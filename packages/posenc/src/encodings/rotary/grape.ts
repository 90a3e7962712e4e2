/** GRAPE: rotations in learned planes, each the exponential of a skew-symmetric matrix of rank two. */
import {
  countNumbers,
  type EncodingContext,
  type ParameterDeclaration,
  type QueryKeyEncoding,
} from '../../encoding.ts';
import { geometricFrequencies } from '../../numbers/angles.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { normalTable } from '../../parts/declarations.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link grape}. */
export interface GrapeOptions {
  readonly numHeads: number;
  /** Width of one head. */
  readonly headDim: number;
  /** Planes per head; a divisor of headDim, each with its own share of the channels. Default headDim/4, at least 1. */
  readonly planes?: number;
  /** Speeds start at base^(−k/planes). Default 10000. */
  readonly base?: number;
}

/**
 * Multiplicative GRAPE: the channels of plane k at position n are multiplied by exp(n·ωₖ·L), L = a·bᵀ − b·aᵀ with
 * learned vectors a, b per head, in closed form: I + (sin θ/s)·L + ((1 − cos θ)/s²)·L², θ = n·ωₖ·s,
 * s² = |a|²|b|² − (a·b)². With planes of two channels it is rotary with learned frequencies.
 *
 * Source: Zhang et al. 2026, "Group Representational Position Encoding", arXiv 2512.07805, section 3 (Rodrigues'
 * formula). Its additive form is exactly ALiBi or the Forgetting Transformer. The code its authors released has no
 * vectors a and b: it keeps headDim/2 planes fixed on half-split pairs, learns a `log_freq` for each, and turns by −θ,
 * so its weights are not weights of this encoding.
 *
 * Signal `positions` [batch, 1, T, 1]; parameters `a`, `b` [numHeads, 1, planes, headDim/planes], `logSpeeds` [planes],
 * one copy per layer.
 *
 * @throws {RangeError} when an option is out of range or planes does not divide headDim into shares of at least 2
 */
export function grape(options: GrapeOptions): QueryKeyEncoding {
  const numHeads = checkCount('grape: numHeads', options.numHeads);
  const headDim = checkCount('grape: headDim', options.headDim, 2);
  const planes = checkCount('grape: planes', options.planes ?? Math.max(1, Math.floor(headDim / 4)));
  const base = checkPositive('grape: base', options.base ?? 10000);
  const share = headDim / planes;
  if (!Number.isInteger(share) || share < 2) {
    throw new RangeError(
      `grape: planes: expected a divisor of headDim = ${headDim}, at most half of it, got ${planes}`,
    );
  }
  const source = 'chosen here: planes of random direction, |a| and |b| about 1';
  const speeds: ParameterDeclaration = {
    name: 'logSpeeds',
    shape: [planes],
    sharing: 'layer',
    initializer: {
      distribution: 'drawn',
      draw: () => geometricFrequencies(base, planes, 1, planes).map(([high]) => Math.log(high)),
      source: 'GRAPE: log_freq of rotary',
    },
  };
  const parameters = [
    normalTable('a', [numHeads, 1, planes, share], share ** -0.5, 'layer', source),
    normalTable('b', [numHeads, 1, planes, share], share ** -0.5, 'layer', source),
    speeds,
  ];
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkSingleAxis('grape', positions);
    return { positions: real([batch, 1, length, 1], values) };
  };
  return {
    site: 'query-key',
    name: 'grape',
    options: { numHeads, headDim, planes, base },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 4 * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    transform: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>, x: T) => {
      const { add, cos, divide, exp, maximum, multiply, reshape, shape, sin, sqrt, subtract, sum } = operations;
      const [B, H, length] = shape(x) as [number, number, number];
      const [a, b] = [learned.a as T, learned.b as T];
      const dot = (left: T, right: T): T => sum(multiply(left, right), -1);
      const generate = (vector: T): T => subtract(multiply(a, dot(b, vector)), multiply(b, dot(a, vector)));
      const mixed = dot(a, b);
      const size = sqrt(maximum(subtract(multiply(dot(a, a), dot(b, b)), multiply(mixed, mixed)), 1e-12)); // [H, 1, planes, 1]
      const turns = multiply(given.positions as T, exp(learned.logSpeeds as T)); // [b, 1, T, planes]
      const [batch] = shape(turns) as [number];
      const angles = multiply(reshape(turns, [batch, 1, length, planes, 1]), size);
      const vector = reshape(x, [B, H, length, planes, share]);
      const once = generate(vector);
      const twice = generate(once);
      const rotated = add(
        add(vector, multiply(once, divide(sin(angles), size))),
        multiply(twice, divide(subtract(1, cos(angles)), multiply(size, size))),
      );
      return reshape(rotated, [B, H, length, headDim]);
    },
  };
}
