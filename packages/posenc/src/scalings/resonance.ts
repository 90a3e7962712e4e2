/** Resonance: wavelengths rounded to whole positions. */
import { type DoubleDouble, divideBy } from '../numbers/double-double.ts';
import type { FrequencyScaling } from '../parts/spectrum.ts';

/** 2π to about 30 digits. */
const TURN: DoubleDouble = [6.283185307179586, 2.4492935982947064e-16];

/**
 * Resonance rotary: each wavelength 2π/ωₖ is rounded to a whole number of positions, so that a pair repeats exactly and
 * beyond the trained length shows no angle that training has not shown, if its wavelength is shorter than that.
 *
 * Source: Wang et al. 2024, "Resonance RoPE", arXiv 2403.00071, section 4.1.
 *
 * Pairs that stand still stay so.
 *
 * @throws {RangeError} from `apply`, when a wavelength is below half a position, which rounds to 0
 */
export function resonanceScaling(): FrequencyScaling {
  return {
    name: 'resonance',
    options: {},
    dependsOnLength: false,
    apply: (spectrum) => ({
      ...spectrum,
      frequencies: spectrum.frequencies.map((frequency) => {
        if (frequency[0] === 0) return frequency;
        const wavelength = Math.round(TURN[0] / frequency[0]);
        if (wavelength === 0) {
          throw new RangeError(
            `resonance: base: expected wavelengths of at least half a position, got ${TURN[0] / frequency[0]}; ` +
              'take a base of at least 1',
          );
        }
        return divideBy(TURN, wavelength);
      }),
    }),
  };
}
