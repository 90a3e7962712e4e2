/** LongRoPE: a searched factor for every pair, one list for short inputs and one for long ones. */
import { checkCount, checkFactor, checkPositive } from '../numbers/check.ts';
import { divideBy } from '../numbers/double-double.ts';
import type { FrequencyScaling } from '../parts/spectrum.ts';

/** Options of {@link longRopeScaling}. */
export interface LongRopeOptions {
  /** One factor a pair, for inputs up to the trained length. */
  readonly shortFactors: readonly number[];
  /** One factor a pair, for longer inputs. */
  readonly longFactors: readonly number[];
  /** The trained length (`original_max_position_embeddings`). */
  readonly originalLength: number;
  /** How many times longer inputs may be: largest length over trained length. */
  readonly factor: number;
  /** What cos and sin are multiplied by. Default √(1 + ln(factor)/ln(originalLength)), at every length. */
  readonly attentionFactor?: number;
}

/**
 * LongRoPE: ωₖ / shortFactors[k] for inputs of at most originalLength, ωₖ / longFactors[k] beyond. Keys turned for a short
 * input must be turned anew when it grows beyond that length.
 *
 * Source: Ding et al. 2024, "LongRoPE", arXiv 2402.13753; rope type `longrope` of Hugging Face transformers 5.23.0.
 *
 * @throws {RangeError} when an option is out of range, or from `apply` when a list has not one factor a pair
 */
export function longRopeScaling(options: LongRopeOptions): FrequencyScaling {
  const { shortFactors, longFactors } = options;
  const originalLength = checkCount('longrope: originalLength', options.originalLength, 2);
  const factor = checkFactor('longrope: factor', options.factor);
  const suggested = Math.sqrt(1 + Math.log(factor) / Math.log(originalLength));
  const attentionFactor = checkPositive('longrope: attentionFactor', options.attentionFactor ?? suggested);
  for (const [name, factors] of Object.entries({ shortFactors, longFactors })) {
    for (const value of factors) checkPositive(`longrope: ${name}`, value);
  }
  return {
    name: 'longrope',
    options: { shortFactors, longFactors, originalLength, factor, attentionFactor },
    dependsOnLength: true,
    apply: (spectrum, length) => {
      const pairs = spectrum.frequencies.length;
      for (const [name, { length: given }] of Object.entries({ shortFactors, longFactors })) {
        if (given !== pairs) {
          throw new RangeError(`longrope: ${name}: expected ${pairs} factors, one a pair, got ${given}`);
        }
      }
      const factors = length > originalLength ? longFactors : shortFactors;
      return {
        ...spectrum,
        frequencies: spectrum.frequencies.map((frequency, index) => divideBy(frequency, factors[index] as number)),
        attentionFactor: spectrum.attentionFactor * attentionFactor,
      };
    },
  };
}
