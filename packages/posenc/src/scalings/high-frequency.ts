/** Only pairs that turn at least once in the trained length turn at all. */
import { checkCount } from '../numbers/check.ts';
import type { DoubleDouble } from '../numbers/double-double.ts';
import type { FrequencyScaling } from '../parts/spectrum.ts';

/**
 * High-frequency rotary: pairs whose wavelength exceeds the trained length stand still, so that no pair meets an angle
 * beyond the trained length that it has not met within.
 *
 * Source: Chen et al. 2024, "HoPE: A Novel Positional Encoding Without Long-Term Decay", arXiv 2410.21216, which keeps
 * high frequencies and replaces the others by components without position; FoPE (arXiv 2412.17739) drops the same ones.
 *
 * @param options.originalLength - the trained length
 * @throws {RangeError} when originalLength is not a positive integer
 */
export function highFrequencyScaling(options: { readonly originalLength: number }): FrequencyScaling {
  const originalLength = checkCount('high-frequency: originalLength', options.originalLength);
  const still: DoubleDouble = [0, 0];
  return {
    name: 'high-frequency',
    options: { originalLength },
    dependsOnLength: false,
    apply: (spectrum) => ({
      ...spectrum,
      frequencies: spectrum.frequencies.map((frequency) =>
        (2 * Math.PI) / frequency[0] > originalLength ? still : frequency,
      ),
    }),
  };
}
