/** NTK-aware scaling: a larger base, so that slow pairs are stretched and the fastest is left alone. */
import { geometricFrequencies } from '../numbers/angles.ts';
import { checkCount, checkFactor } from '../numbers/check.ts';
import type { FrequencyScaling, Spectrum } from '../parts/spectrum.ts';

/**
 * Static NTK-aware scaling: the base becomes base · factor^(R/(R − 2)) with R = rotaryDim, so that the slowest frequency
 * is divided by the factor exactly.
 *
 * Source: bloc97 2023, "NTK-Aware Scaled RoPE"; Peng et al. 2023 (YaRN), arXiv 2309.00071, definition 1.
 *
 * @param options.factor - at least 1; inputs may be somewhat less than this many times longer
 * @throws {RangeError} when the factor is below 1, or from `apply` when a single pair leaves nothing to stretch
 */
export function ntkScaling(options: { readonly factor: number }): FrequencyScaling {
  const factor = checkFactor('ntk: factor', options.factor);
  return {
    name: 'ntk',
    options: { factor },
    dependsOnLength: false,
    apply: (spectrum) => withLargerBase('ntk', spectrum, factor),
  };
}

/**
 * Dynamic NTK scaling: the base grows with the input, base · (s·n/L − (s − 1))^(R/(R − 2)) for n > L, with factor s,
 * trained length L and input length n; up to L nothing changes. Keys turned for a shorter input must be turned anew.
 *
 * Source: emozilla 2023, "Dynamically Scaled RoPE"; rope type `dynamic` of Hugging Face transformers 5.23.0, where
 * `max_position_embeddings` is L.
 *
 * @throws {RangeError} when the factor is below 1 or originalLength is not a positive integer
 */
export function dynamicNtkScaling(options: {
  readonly factor: number;
  readonly originalLength: number;
}): FrequencyScaling {
  const factor = checkFactor('dynamic-ntk: factor', options.factor);
  const originalLength = checkCount('dynamic-ntk: originalLength', options.originalLength);
  return {
    name: 'dynamic-ntk',
    options: { factor, originalLength },
    dependsOnLength: true,
    apply: (spectrum, length) =>
      length <= originalLength
        ? spectrum
        : withLargerBase('dynamic-ntk', spectrum, (factor * length) / originalLength - (factor - 1)),
  };
}

function withLargerBase(name: string, spectrum: Spectrum, growth: number): Spectrum {
  const { rotaryDim } = spectrum;
  if (rotaryDim < 4) throw new RangeError(`${name}: rotaryDim: expected at least 4, got ${rotaryDim}`);
  const base = spectrum.base * growth ** (rotaryDim / (rotaryDim - 2));
  return { ...spectrum, base, frequencies: geometricFrequencies(base, rotaryDim / 2, 2, rotaryDim) };
}
