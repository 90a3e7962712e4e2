/** The frequencies of a rotation, and what a scaling makes of them. Knows no particular scaling and no encoding. */
import type { OptionValue } from '../encoding.ts';
import { geometricFrequencies } from '../numbers/angles.ts';
import type { DoubleDouble } from '../numbers/double-double.ts';

/** The frequencies of a rotation, from the fastest pair to the slowest. */
export interface Spectrum {
  /** Base of the geometric series (`rope_theta`). */
  readonly base: number;
  /** Width of one head. */
  readonly headDim: number;
  /** Channels that are turned; frequency k is base^(−2k/rotaryDim). */
  readonly rotaryDim: number;
  /** One a pair of channels, in radians a position. */
  readonly frequencies: readonly DoubleDouble[];
  /** What cos and sin are multiplied by, so that scores are multiplied by its square; 1 unless a scaling says so. */
  readonly attentionFactor: number;
}

/** A stretching of a rotation to longer inputs: a function on its frequencies. */
export interface FrequencyScaling {
  /** `linear`, `yarn`. */
  readonly name: string;
  /** All options with their defaults filled in. */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Whether the result depends on the length of the input: keys turned earlier must then be turned anew. */
  readonly dependsOnLength: boolean;
  /**
   * The scaled spectrum.
   *
   * @param length - the largest position of the input plus 1
   */
  apply(spectrum: Spectrum, length: number): Spectrum;
}

/** base^(−2k/rotaryDim) for k = 0 … rotaryDim/2 − 1, each to about 30 digits. */
export function plainSpectrum(base: number, headDim: number, rotaryDim: number): Spectrum {
  const frequencies = geometricFrequencies(base, rotaryDim / 2, 2, rotaryDim);
  return { base, headDim, rotaryDim, frequencies, attentionFactor: 1 };
}

/**
 * Returns the scaling if it is one.
 *
 * @throws {TypeError} otherwise, naming the encoding
 */
export function checkScaling(name: string, scaling: FrequencyScaling | undefined): FrequencyScaling | undefined {
  if (scaling === undefined || typeof scaling.apply === 'function') return scaling;
  throw new TypeError(
    `${name}: scaling: expected what a function such as llama3Scaling({ factor: 8 }) returns, got ${JSON.stringify(scaling)}`,
  );
}
