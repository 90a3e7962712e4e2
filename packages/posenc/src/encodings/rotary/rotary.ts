/** Rotary encoding: queries and keys are turned, pair of channels by pair, by angles that grow with the position. */
import type { EncodingContext, QueryKeyEncoding } from '../../encoding.ts';
import { cosSin, geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount, checkPositive } from '../../numbers/check.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';
import type { PlainTensor } from '../../tensor/operations.ts';

/** Options of {@link rotary}. */
export interface RotaryOptions {
  /** Width of one head. */
  readonly headDim: number;
  /** Channels that are turned, from the first on; even. The rest is left alone. Default: all. */
  readonly rotaryDim?: number;
  /** Default 10000. */
  readonly base?: number;
  /**
   * Which channels form pair k: `half`: k and k + rotaryDim/2 (GPT-NeoX, Llama as stored by Hugging Face);
   * `interleaved`: 2k and 2k+1 (GPT-J, Llama's own code). Weights of one do not fit the other. Default `half`.
   */
  readonly pairing?: 'half' | 'interleaved';
}

/**
 * Rotary position embedding: the pair (x₁, x₂) at position m becomes
 * (x₁·cos mωₖ − x₂·sin mωₖ, x₁·sin mωₖ + x₂·cos mωₖ) with ωₖ = base^(−2k/rotaryDim), so that a score depends on
 * positions through their difference only.
 *
 * Source: Su et al. 2021, "RoFormer", arXiv 2104.09864, equations 14, 15 and 34. Equal to Hugging Face transformers
 * 5.23.0: Llama (`half`) and GPT-J (`interleaved`).
 *
 * Signals `cos`, `sin` [batch, 1, T, rotaryDim/2], within 2e-16 for positions up to 2^40.
 *
 * @throws {RangeError} when rotaryDim is odd or larger than headDim, or another option is out of range
 *
 * @example
 * ```ts
 * import { rotary } from 'posenc';
 * import { positionRange } from 'posenc/positions';
 *
 * const { inverseFrequencies, cos, sin } = rotary({ headDim: 64 }).vectors(positionRange(16));
 * ```
 */
export function rotary(options: RotaryOptions): QueryKeyEncoding {
  const headDim = checkCount('rotary: headDim', options.headDim, 2);
  const rotaryDim = checkCount('rotary: rotaryDim', options.rotaryDim ?? headDim, 2);
  if (rotaryDim % 2 !== 0 || rotaryDim > headDim) {
    throw new RangeError(
      `rotary: rotaryDim: expected an even number of at most headDim = ${headDim}, got ${rotaryDim}`,
    );
  }
  const base = checkPositive('rotary: base', options.base ?? 10000);
  const pairing = checkChoice('rotary: pairing', options.pairing ?? 'half', ['half', 'interleaved']);
  const pairs = rotaryDim / 2;
  const frequencies = () => geometricFrequencies(base, pairs, 2, rotaryDim);

  const table = (positions: Positions) => {
    const { values } = checkSingleAxis('rotary', positions);
    const cos = new Float64Array(values.length * pairs);
    const sin = new Float64Array(values.length * pairs);
    const omegas = frequencies();
    values.forEach((position, row) => {
      omegas.forEach((omega, k) => {
        [cos[row * pairs + k], sin[row * pairs + k]] = cosSin(position, omega);
      });
    });
    return { cos, sin };
  };
  const real = (shape: readonly number[], data: Float64Array): PlainTensor => ({ shape, data, type: 'real' });

  return {
    site: 'query-key',
    name: 'rotary',
    options: { headDim, rotaryDim, base, pairing },
    parameters: [],
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: 0, tableBytes: 4 * length * rotaryDim }),
    signals: (positions) => {
      const shape = [positions.batch, 1, positions.length, pairs];
      const { cos, sin } = table(positions);
      return { cos: real(shape, cos), sin: real(shape, sin) };
    },
    vectors: (positions) => {
      const shape = positions.batch === 1 ? [positions.length, pairs] : [positions.batch, positions.length, pairs];
      const { cos, sin } = table(positions);
      const inverseFrequencies = Float64Array.from(frequencies(), ([high]) => high);
      return {
        inverseFrequencies: real([pairs], inverseFrequencies),
        cos: real(shape, cos),
        sin: real(shape, sin),
      };
    },
    transform: (context, x) => turn(context, x, headDim, rotaryDim, pairing),
  };
}

/** Turns the first `rotaryDim` channels of x [B, H, T, headDim]. */
function turn<T>(
  { operations, signals }: EncodingContext<T>,
  x: T,
  headDim: number,
  rotaryDim: number,
  pairing: 'half' | 'interleaved',
): T {
  const { add, concatenate, multiply, reshape, shape, slice, subtract } = operations;
  const cos = signals.cos as T;
  const sin = signals.sin as T;
  const pairs = rotaryDim / 2;
  const [B, H, T] = shape(x) as [number, number, number];
  const turned = slice(x, -1, 0, rotaryDim);
  const byPair = pairing === 'half' ? undefined : reshape(turned, [B, H, T, pairs, 2]);
  const column = (index: 0 | 1): T =>
    byPair === undefined
      ? slice(turned, -1, index * pairs, (index + 1) * pairs)
      : reshape(slice(byPair, -1, index, index + 1), [B, H, T, pairs]);
  const first = column(0);
  const second = column(1);
  const outFirst = subtract(multiply(first, cos), multiply(second, sin));
  const outSecond = add(multiply(first, sin), multiply(second, cos));
  const wide = [B, H, T, pairs, 1];
  const out =
    pairing === 'half'
      ? concatenate([outFirst, outSecond], -1)
      : reshape(concatenate([reshape(outFirst, wide), reshape(outSecond, wide)], -1), [B, H, T, rotaryDim]);
  return rotaryDim === headDim ? out : concatenate([out, slice(x, -1, rotaryDim, headDim)], -1);
}
