/** FoPE: each pair turns by a mixture of frequencies, and pairs too slow for the trained length do not turn. */
import {
  countNumbers,
  type EncodingContext,
  type ParameterDeclaration,
  type QueryKeyEncoding,
} from '../../encoding.ts';
import { geometricFrequencies } from '../../numbers/angles.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { rotationTable, singleAxisPlan, turn } from '../../parts/rotation.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link fourierRotary}. */
export interface FourierRotaryOptions {
  readonly numHeads: number;
  /** Width of one head; a multiple of 4. */
  readonly headDim: number;
  /** Frequencies that turn less than once in this many positions are dropped. */
  readonly trainedLength: number;
  /** Default 10000. */
  readonly base?: number;
  /** Of the random part of the mixtures; the authors take 0.3, 0.4 and 0.6 for 60M, 180M and 1.2B. Default 0.3. */
  readonly gain?: number;
  /** Whether mixtures are divided by their sum, as in the paper's listing; not so in the authors' runs. Default false. */
  readonly normalize?: boolean;
  /** Whether the mixtures are trained; in the authors' code they stay as drawn. Default false. */
  readonly trainable?: boolean;
}

/**
 * Fourier position embedding: of the frequencies ωₖ those below 2π/trainedLength are dropped; pair d of head h is then
 * turned with Σₖ sin(m·ωₖ)·aₖ and Σₖ cos(m·ωₖ)·bₖ in place of one sine and cosine, with a, b near a single frequency.
 * Pairs left over get the constants 1 and 1.
 *
 * Source: Hua et al. 2025, "Fourier Position Embedding", arXiv 2412.17739, section 4. The details are those of the code
 * the authors trained with, `FourierEmbedding` of yiju-zhao/Fourier-Position-Embedding at 0a73bbe: half-split pairs
 * turned by +m·ω, mixtures used as they are (`fourier_norm` is false there), started at every ⌈K/D⌉-th frequency plus
 * Xavier-normal noise. The listing in the paper's appendix differs: it turns by −m·ω, divides mixtures by their sum
 * (`normalize` here) and starts at the plain identity.
 *
 * Signals `cos`, `sin` [batch, 1, T, K]; parameters `sinMixture`, `cosMixture` [numHeads, K, D], K frequencies kept and
 * D = min(K, headDim/4), one copy per layer.
 *
 * @throws {RangeError} when an option is out of range, headDim is not a multiple of 4, or no frequency is left
 */
export function fourierRotary(options: FourierRotaryOptions): QueryKeyEncoding {
  const name = 'fourier-rotary';
  const numHeads = checkCount(`${name}: numHeads`, options.numHeads);
  const headDim = checkCount(`${name}: headDim`, options.headDim, 4);
  if (headDim % 4 !== 0) throw new RangeError(`${name}: headDim: expected a multiple of 4, got ${headDim}`);
  const trainedLength = checkCount(`${name}: trainedLength`, options.trainedLength);
  const base = checkPositive(`${name}: base`, options.base ?? 10000);
  const gain = checkPositive(`${name}: gain`, options.gain ?? 0.3);
  const normalize = options.normalize ?? false;
  const trainable = options.trainable ?? false;
  const kept = geometricFrequencies(base, headDim / 2, 2, headDim).filter(
    ([high]) => high >= (2 * Math.PI) / trainedLength,
  );
  if (kept.length === 0) {
    throw new RangeError(
      `${name}: trainedLength: expected at least 7, got ${trainedLength}: no frequency turns once in that many positions`,
    );
  }
  const [count, width] = [kept.length, Math.min(kept.length, headDim / 4)];
  const plan = singleAxisPlan(kept);
  const step = Math.ceil(count / width);
  const deviation = gain * Math.sqrt(2 / ((count + numHeads) * width));
  const mixture = (parameter: string): ParameterDeclaration => ({
    name: parameter,
    shape: [numHeads, count, width],
    sharing: 'layer',
    initializer: {
      distribution: 'drawn',
      draw: (random) =>
        Array.from({ length: numHeads * count * width }, (_, at) => {
          const isOwn = Math.floor(at / width) % count === (at % width) * step;
          return deviation * random.normal() + (isOwn ? 1 : 0);
        }),
      source: 'FoPE code: xavier_normal_ plus 1 at every ⌈K/D⌉-th frequency',
    },
  });
  const parameters = [mixture('sinMixture'), mixture('cosMixture')];
  const signals = (positions: Positions) => {
    const { cos, sin } = rotationTable(checkSingleAxis(name, positions), plan);
    const shape = [positions.batch, 1, positions.length, count];
    return { cos: real(shape, cos), sin: real(shape, sin) };
  };
  return {
    site: 'query-key',
    name,
    options: { numHeads, headDim, trainedLength, base, gain, normalize, trainable },
    parameters,
    axes: 1,
    relative: false,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 8 * length * count }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    transform: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>, x: T) => {
      const { add, concatenate, divide, matmul, multiply, reshape, shape, stopGradient, sum } = operations;
      const mixed = (wave: T, coefficients: T): T => {
        const own = trainable ? coefficients : stopGradient(coefficients);
        const series = matmul(wave, normalize ? divide(own, sum(own, -2)) : own); // [b, H, T, D]
        const rest = headDim / 2 - width;
        if (rest === 0) return series;
        const [b, h, length] = shape(series) as [number, number, number];
        const ones = add(multiply(sum(series, -1), 0), 1); // [b, H, T, 1]
        const padding = Array.from({ length: rest }, () => ones);
        return reshape(concatenate([series, ...padding], -1), [b, h, length, headDim / 2]);
      };
      const sin = mixed(given.sin as T, learned.sinMixture as T);
      const cos = mixed(given.cos as T, learned.cosMixture as T);
      return turn(operations, x, cos, sin, 'half');
    },
  };
}
