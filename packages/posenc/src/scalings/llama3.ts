/** Llama 3's scaling: by bands of wavelengths. */
import { checkCount, checkFactor, checkPositive } from '../numbers/check.ts';
import { divideBy, multiply } from '../numbers/double-double.ts';
import type { FrequencyScaling } from '../parts/spectrum.ts';

/** Options of {@link llama3Scaling}. */
export interface Llama3Options {
  /** What slow frequencies are divided by, at least 1; 8 for Llama 3.1, 32 for 3.2. */
  readonly factor: number;
  /** The trained length (`original_max_position_embeddings`). Default 8192. */
  readonly originalLength?: number;
  /** Wavelengths above originalLength / this are divided by the factor. Default 1. */
  readonly lowFrequencyFactor?: number;
  /** Wavelengths below originalLength / this are left alone. Default 4. */
  readonly highFrequencyFactor?: number;
}

/**
 * Llama 3's band scaling: fast pairs are left alone, slow ones divided by the factor, those between blended by how often
 * they turn in the trained length. Where both bounds are one, as in Llama 4 Scout, it is a step.
 *
 * Source: Llama team 2024, "The Llama 3 Herd of Models", arXiv 2407.21783, and `apply_scaling` of Meta's code; rope type
 * `llama3` of Hugging Face transformers 5.23.0.
 *
 * @throws {RangeError} when an option is out of range, or the bounds are swapped
 */
export function llama3Scaling(options: Llama3Options): FrequencyScaling {
  const factor = checkFactor('llama3: factor', options.factor);
  const originalLength = checkCount('llama3: originalLength', options.originalLength ?? 8192);
  const lowFrequencyFactor = checkPositive('llama3: lowFrequencyFactor', options.lowFrequencyFactor ?? 1);
  const highFrequencyFactor = checkPositive('llama3: highFrequencyFactor', options.highFrequencyFactor ?? 4);
  if (highFrequencyFactor < lowFrequencyFactor) {
    throw new RangeError(
      `llama3: highFrequencyFactor: expected at least lowFrequencyFactor = ${lowFrequencyFactor}, ` +
        `got ${highFrequencyFactor}; are they swapped?`,
    );
  }
  return {
    name: 'llama3',
    options: { factor, originalLength, lowFrequencyFactor, highFrequencyFactor },
    dependsOnLength: false,
    apply: (spectrum) => ({
      ...spectrum,
      frequencies: spectrum.frequencies.map((frequency) => {
        const turns = (originalLength * frequency[0]) / (2 * Math.PI);
        if (turns > highFrequencyFactor) return frequency;
        if (turns < lowFrequencyFactor) return divideBy(frequency, factor);
        // The bounds are one and the frequency stands exactly there: left alone. Meta's code refuses equal bounds, and
        // that of transformers divides 0 by 0.
        if (highFrequencyFactor === lowFrequencyFactor) return frequency;
        const smooth = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
        return multiply(frequency, [(1 - smooth) / factor + smooth, 0]);
      }),
    }),
  };
}
