/** Position interpolation: every frequency divided by one factor. */
import { checkFactor } from '../numbers/check.ts';
import { divideBy } from '../numbers/double-double.ts';
import type { FrequencyScaling } from '../parts/spectrum.ts';

/**
 * Linear scaling, position interpolation: ωₖ / factor, which is the same as positions divided by it.
 *
 * Source: Chen et al. 2023, "Extending Context Window of Large Language Models via Positional Interpolation",
 * arXiv 2306.15595, equation 4; rope type `linear` of Hugging Face transformers 5.23.0.
 *
 * @param options.factor - how many times longer inputs may be, at least 1
 * @throws {RangeError} when the factor is below 1
 */
export function linearScaling(options: { readonly factor: number }): FrequencyScaling {
  const factor = checkFactor('linear: factor', options.factor);
  return {
    name: 'linear',
    options: { factor },
    dependsOnLength: false,
    apply: (spectrum) => ({
      ...spectrum,
      frequencies: spectrum.frequencies.map((frequency) => divideBy(frequency, factor)),
    }),
  };
}
