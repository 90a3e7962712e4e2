/** PoPE: polar coordinates, in which content is only the radius and position only the angle. */
import { countNumbers, type EncodingContext, type QueryKeyEncoding } from '../../encoding.ts';
import { geometricFrequencies } from '../../numbers/angles.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { constantTable } from '../../parts/declarations.ts';
import { atMost, softplus } from '../../parts/functions.ts';
import { rotationTable, singleAxisPlan } from '../../parts/rotation.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link polar}. */
export interface PolarOptions {
  readonly numHeads: number;
  /** Width of one head. */
  readonly headDim: number;
  /** Frequencies are base^(−k/headDim), k = 0 … headDim − 1. Default 10000. */
  readonly base?: number;
}

/**
 * Polar coordinate position embedding: each channel c becomes a vector of length softplus(x_c) and angle m·ω_c (for keys
 * n·ω_c + δ_c with δ learned, between −2π and 0), so that a score is
 * Σ_c softplus(q_c)·softplus(k_c)·cos((m − n)·ω_c − δ_c). Queries and keys become twice as wide.
 *
 * Source: Gopalakrishnan et al. 2025, "Decoupling the What and Where with Polar Coordinate Positional Embeddings",
 * arXiv 2509.10534; equal to `PolarEmbedding` of x-transformers 2.31.10.
 *
 * Signals `cos`, `sin` [batch, 1, T, headDim]; parameter `shift` [numHeads, 1, headDim], one copy per layer.
 *
 * @throws {RangeError} when an option is out of range
 */
export function polar(options: PolarOptions): QueryKeyEncoding {
  const numHeads = checkCount('polar: numHeads', options.numHeads);
  const headDim = checkCount('polar: headDim', options.headDim);
  const base = checkPositive('polar: base', options.base ?? 10000);
  const plan = singleAxisPlan(geometricFrequencies(base, headDim, 1, headDim));
  const shift = constantTable('shift', [numHeads, 1, headDim], 0, 'layer', 'x-transformers: zeros');
  const signals = (positions: Positions) => {
    const { cos, sin } = rotationTable(checkSingleAxis('polar', positions), plan);
    const shape = [positions.batch, 1, positions.length, headDim];
    return { cos: real(shape, cos), sin: real(shape, sin) };
  };
  return {
    site: 'query-key',
    name: 'polar',
    options: { numHeads, headDim, base },
    parameters: [shift],
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers([shift]), tableBytes: 8 * length * headDim }),
    width: (width) => 2 * width,
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    transform: <T>({ operations, parameters, signals: given }: EncodingContext<T>, x: T, role: 'query' | 'key') => {
      const { add, concatenate, cos: cosine, maximum, multiply, sin: sine, subtract } = operations;
      const radius = softplus(operations, x);
      const [cos, sin] = [given.cos as T, given.sin as T];
      if (role === 'query') return concatenate([multiply(radius, cos), multiply(radius, sin)], -1);
      const bounded = maximum(atMost(operations, parameters.shift as T, 0), -2 * Math.PI);
      const [shiftCos, shiftSin] = [cosine(bounded), sine(bounded)];
      const keyCos = subtract(multiply(cos, shiftCos), multiply(sin, shiftSin));
      const keySin = add(multiply(sin, shiftCos), multiply(cos, shiftSin));
      return concatenate([multiply(radius, keyCos), multiply(radius, keySin)], -1);
    },
  };
}
