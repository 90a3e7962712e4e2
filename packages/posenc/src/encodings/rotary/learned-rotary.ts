/** Rotary encodings whose frequencies are learned, in one or several axes. */
import {
  countNumbers,
  type EncodingContext,
  type OptionValue,
  type ParameterDeclaration,
  type QueryKeyEncoding,
} from '../../encoding.ts';
import { geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount, checkPositive } from '../../numbers/check.ts';
import { transpose } from '../../parts/functions.ts';
import { type Pairing, turn } from '../../parts/rotation.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link learnedRotary}. */
export interface LearnedRotaryOptions {
  /** Width of one head; even. */
  readonly headDim: number;
  /** Frequencies start at base^(−2k/headDim). Default 10000. */
  readonly base?: number;
  /** Default `interleaved`, as in rotary-embedding-torch. */
  readonly pairing?: Pairing;
}

/**
 * Rotary with learned frequencies: they start as rotary's and are trained with the model.
 *
 * Source: `RotaryEmbedding(learned_freq=True)` of rotary-embedding-torch 0.9.1.
 *
 * Signal `positions` [batch, 1, T, 1]; parameter `frequencies` [1, headDim/2, 1], shared by heads and layers. Angles are
 * products made in the engine's precision: in float32, an angle at position 100,000 is wrong by about 0.004.
 *
 * @throws {RangeError} when an option is out of range or headDim is odd
 */
export function learnedRotary(options: LearnedRotaryOptions): QueryKeyEncoding {
  const headDim = checkEven('learned-rotary', options.headDim, 2);
  const base = checkPositive('learned-rotary: base', options.base ?? 10000);
  const pairing = options.pairing ?? 'interleaved';
  return turnByLearned(
    'learned-rotary',
    1,
    pairing,
    { headDim, base },
    {
      name: 'frequencies',
      shape: [1, headDim / 2, 1],
      sharing: 'model',
      initializer: {
        distribution: 'drawn',
        draw: () => geometricFrequencies(base, headDim / 2, 2, headDim).map(([high]) => high),
        source: 'rotary-embedding-torch: those of rotary',
      },
    },
  );
}

/** Options of {@link mixedRotary}. */
export interface MixedRotaryOptions {
  readonly numHeads: number;
  /** Width of one head; a multiple of 4. */
  readonly headDim: number;
  /** Frequencies start at base^(−4k/headDim). Default 10. */
  readonly base?: number;
  /** Default `interleaved`, as in the authors' code. */
  readonly pairing?: Pairing;
}

/**
 * Mixed rotary for images: each pair of channels of each head turns by a learned mixture of row and column, so that
 * diagonal directions can be told apart, too.
 *
 * Source: Heo et al. 2024, "Rotary Position Embedding for Vision Transformer", arXiv 2403.13298, equation 14; starting
 * values as `init_random_2d_freqs` of naver-ai/rope-vit at ce85c2e: two perpendicular directions per head, turned at
 * random, with magnitudes base^(−4k/headDim).
 *
 * Signal `positions` [batch, 1, T, 2], row and column; parameter `frequencies` [numHeads, headDim/2, 2], one copy per
 * layer.
 *
 * @throws {RangeError} when an option is out of range or headDim is not a multiple of 4
 */
export function mixedRotary(options: MixedRotaryOptions): QueryKeyEncoding {
  const numHeads = checkCount('mixed-rotary: numHeads', options.numHeads);
  const headDim = checkEven('mixed-rotary', options.headDim, 4);
  const base = checkPositive('mixed-rotary: base', options.base ?? 10);
  const pairing = options.pairing ?? 'interleaved';
  const magnitudes = geometricFrequencies(base, headDim / 4, 4, headDim).map(([high]) => high);
  return turnByLearned(
    'mixed-rotary',
    2,
    pairing,
    { numHeads, headDim, base },
    {
      name: 'frequencies',
      shape: [numHeads, headDim / 2, 2],
      sharing: 'layer',
      initializer: {
        distribution: 'drawn',
        draw: (random) =>
          Array.from({ length: numHeads }, () => {
            const angle = 2 * Math.PI * random.uniform();
            return [angle, angle + Math.PI / 2].flatMap((direction) =>
              magnitudes.flatMap((size) => [size * Math.sin(direction), size * Math.cos(direction)]),
            );
          }).flat(),
        source: 'naver-ai/rope-vit at ce85c2e: init_random_2d_freqs',
      },
    },
  );
}

function checkEven(name: string, headDim: number, divisor: 2 | 4): number {
  checkCount(`${name}: headDim`, headDim, divisor);
  if (headDim % divisor === 0) return headDim;
  throw new RangeError(`${name}: headDim: expected a multiple of ${divisor}, got ${headDim}`);
}

/** @param frequencies - [heads or 1, pairs, axes] */
function turnByLearned(
  name: string,
  axes: number,
  pairing: Pairing,
  own: Readonly<Record<string, OptionValue>>,
  frequencies: ParameterDeclaration,
): QueryKeyEncoding {
  checkChoice(`${name}: pairing`, pairing, ['half', 'interleaved']);
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkAxes(name, positions, axes);
    return { positions: real([batch, 1, length, axes], values) };
  };
  return {
    site: 'query-key',
    name,
    options: { ...own, pairing },
    parameters: [frequencies],
    axes,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers([frequencies]), tableBytes: 4 * length * axes }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    transform: <T>({ operations, parameters, signals: given }: EncodingContext<T>, x: T) => {
      const { cos, matmul, sin } = operations;
      const angles = matmul(given.positions as T, transpose(operations, parameters.frequencies as T)); // [b, H, T, pairs]
      return turn(operations, x, cos(angles), sin(angles), pairing);
    },
  };
}
