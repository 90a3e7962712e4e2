/** Proportional rotary, p-RoPE: only the fastest pairs turn. */
import { geometricFrequencies } from '../numbers/angles.ts';
import { checkFactor } from '../numbers/check.ts';
import { type DoubleDouble, divideBy } from '../numbers/double-double.ts';
import type { FrequencyScaling } from '../parts/spectrum.ts';

/**
 * p-RoPE: the fastest share of the pairs turns, the slow rest stands still and carries no position. Exponents are over the
 * whole head, base^(−2k/headDim), unlike a partial rotaryDim, whose exponents are over the turned channels.
 *
 * Source: Barbero et al. 2025, "Round and Round We Go! What makes Rotary Positional Encodings useful?",
 * arXiv 2410.06205, section 6; rope type `proportional` of Hugging Face transformers 5.23.0 (Gemma 4), where the share is
 * `partial_rotary_factor`.
 *
 * @param options.share - of the pairs that turn, from 0 to 1
 * @param options.factor - what their frequencies are divided by, at least 1; default 1
 * @throws {RangeError} when an option is out of range, or from `apply` when rotaryDim is not the whole head
 */
export function proportionalScaling(options: { readonly share: number; readonly factor?: number }): FrequencyScaling {
  const { share } = options;
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`proportional: share: expected a number from 0 to 1, got ${share}`);
  }
  const factor = checkFactor('proportional: factor', options.factor ?? 1);
  return {
    name: 'proportional',
    options: { share, factor },
    dependsOnLength: false,
    apply: (spectrum) => {
      const { base, headDim, rotaryDim } = spectrum;
      if (rotaryDim !== headDim) {
        throw new RangeError(
          `proportional: rotaryDim: expected the whole head, ${headDim}, got ${rotaryDim}; ` +
            'pairs that do not turn are chosen by share',
        );
      }
      const turning = Math.floor((share * headDim) / 2);
      const still: DoubleDouble = [0, 0];
      const frequencies = geometricFrequencies(base, headDim / 2, 2, headDim).map((frequency, index) =>
        index < turning ? divideBy(frequency, factor) : still,
      );
      return { ...spectrum, frequencies };
    },
  };
}
