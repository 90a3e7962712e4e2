/** KERPLE: a learned kernel of the distance, whose shape is a logarithm or a power. */
import { countNumbers, type EncodingContext, type ParameterDeclaration, type ScoresEncoding } from '../../encoding.ts';
import { checkChoice, checkCount } from '../../numbers/check.ts';
import { atMost, passThrough, power } from '../../parts/functions.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { pairwise } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link kerple}. */
export interface KerpleOptions {
  readonly numHeads: number;
  /** `logarithm`: −p·ln(1 + a·d); `power`: −a·dᵖ with p ≤ 2. Default `logarithm`, the better of the two. */
  readonly kernel?: 'logarithm' | 'power';
}

/** Parameters below this act as this. */
const SMALLEST = 0.01;

/**
 * Kernelized relative positions: a conditionally positive definite kernel of the distance d = |i − j|, with two learned
 * numbers p and a per head, is added to the scaled score.
 *
 * Source: Chi, Fan, Ramadge, Rudnicky 2022, "KERPLE", arXiv 2205.09921, equations 5 and 6; starts and bounds as in
 * `ParallelKerpleLog` and `ParallelKerplePower` (chijames/KERPLE at 25be3d7), which clamp the parameters in place before
 * every step. Here a parameter out of bounds keeps its own value and acts as the bound; its gradient is that of the bound, as
 * there, so that it can come back.
 *
 * Signal `distances` [batch, 1, Tq, Tk]; parameters `p`, `a` [numHeads, 1, 1], shared by the layers.
 *
 * @throws {RangeError} when an option is out of range
 */
export function kerple(options: KerpleOptions): ScoresEncoding {
  const numHeads = checkCount('kerple: numHeads', options.numHeads);
  const kernel = checkChoice('kerple: kernel', options.kernel ?? 'logarithm', ['logarithm', 'power']);
  const source = 'chijames/KERPLE at 25be3d7';
  const uniform = (name: string, maximum: number): ParameterDeclaration => ({
    name,
    shape: [numHeads, 1, 1],
    sharing: 'model',
    initializer: { distribution: 'uniform', minimum: 0, maximum, source },
  });
  const parameters = [uniform('p', 2), uniform('a', 1)];

  const signals = (queries: Positions, keys: Positions) => {
    const { batch, data } = pairwise('kerple', queries, keys, Math.abs);
    return { distances: real([batch, 1, queries.length, keys.length], data) };
  };

  return {
    site: 'scores',
    name: 'kerple',
    options: { numHeads, kernel },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 4 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    bias: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>) => {
      const { add, log, maximum, multiply } = operations;
      const distances = given.distances as T;
      const [a, atLeast] = [learned.a, learned.p].map((x) =>
        passThrough(operations, x as T, maximum(x as T, SMALLEST)),
      ) as [T, T];
      if (kernel === 'logarithm') return multiply(multiply(log(add(multiply(distances, a), 1)), atLeast), -1);
      const p = passThrough(operations, atLeast, atMost(operations, atLeast, 2));
      // 0ᵖ is 0 with gradient 0; elsewhere distances are far above the smallest, so that no logarithm of 0 is taken.
      const powers = operations.where(distances, power(operations, maximum(distances, SMALLEST), p), 0);
      return multiply(multiply(powers, a), -1);
    },
  };
}
