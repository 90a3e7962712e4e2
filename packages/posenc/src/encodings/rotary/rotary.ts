/** Rotary encoding: queries and keys are turned, pair of channels by pair, by angles that grow with the position. */
import type { EncodingContext, OptionValue, QueryKeyEncoding } from '../../encoding.ts';
import { checkChoice, checkCount, checkPositive } from '../../numbers/check.ts';
import { type Pairing, rotationTable, singleAxisPlan, turn } from '../../parts/rotation.ts';
import { real } from '../../parts/signals.ts';
import { checkScaling, type FrequencyScaling, plainSpectrum } from '../../parts/spectrum.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link rotary}. */
export interface RotaryOptions {
  /** Width of one head. */
  readonly headDim: number;
  /** Channels that are turned, from the first on; even. The rest is left alone. Default: all. */
  readonly rotaryDim?: number;
  /** Default 10000. */
  readonly base?: number;
  /**
   * Which channels form pair k: `half`: k and k + rotaryDim/2 (GPT-NeoX, Llama as stored by Hugging Face);
   * `interleaved`: 2k and 2k+1 (GPT-J, Llama's own code). Weights of one do not fit the other. Default `half`.
   */
  readonly pairing?: Pairing;
  /** Stretches the frequencies to inputs longer than trained: `yarn({ … })`, `llama3({ … })`. Default: none. */
  readonly scaling?: FrequencyScaling;
}

/**
 * Rotary position embedding: the pair (x₁, x₂) at position m becomes
 * (x₁·cos mωₖ − x₂·sin mωₖ, x₁·sin mωₖ + x₂·cos mωₖ) with ωₖ = base^(−2k/rotaryDim), so that a score depends on
 * positions through their difference only.
 *
 * Source: Su et al. 2021, "RoFormer", arXiv 2104.09864, equations 14, 15 and 34. Equal to Hugging Face transformers
 * 5.23.0: Llama (`half`) and GPT-J (`interleaved`).
 *
 * Signals `cos`, `sin` [batch, 1, T, rotaryDim/2], within 2e-16 for positions up to 2^40, times the scaling's attention
 * factor. With the scalings `longrope` and `dynamic-ntk` they depend on the input's length: where queries and keys have
 * different positions, give `signals` the largest of both.
 *
 * @throws {RangeError} when rotaryDim is odd or larger than headDim, or another option is out of range
 *
 * @example
 * ```ts
 * import { rotary } from 'posenc';
 * import { positionRange } from 'posenc/positions';
 *
 * const { inverseFrequencies, cos, sin } = rotary({ headDim: 64 }).vectors(positionRange(16));
 * ```
 */
export function rotary(options: RotaryOptions): QueryKeyEncoding {
  const headDim = checkCount('rotary: headDim', options.headDim, 2);
  const rotaryDim = checkCount('rotary: rotaryDim', options.rotaryDim ?? headDim, 2);
  if (rotaryDim % 2 !== 0 || rotaryDim > headDim) {
    throw new RangeError(
      `rotary: rotaryDim: expected an even number of at most headDim = ${headDim}, got ${rotaryDim}`,
    );
  }
  const base = checkPositive('rotary: base', options.base ?? 10000);
  const pairing = checkChoice('rotary: pairing', options.pairing ?? 'half', ['half', 'interleaved']);
  const scaling = checkScaling('rotary', options.scaling);

  const spectrumFor = ({ values }: Positions, largest: number) => {
    const spectrum = plainSpectrum(base, headDim, rotaryDim);
    const length = values.reduce((most, value) => Math.max(most, value), largest) + 1;
    return scaling === undefined ? spectrum : scaling.apply(spectrum, length);
  };
  const table = (positions: Positions, largest = 0) => {
    checkSingleAxis('rotary', positions);
    const { frequencies, attentionFactor } = spectrumFor(positions, largest);
    return { frequencies, ...rotationTable(positions, singleAxisPlan(frequencies), attentionFactor) };
  };

  return {
    site: 'query-key',
    name: 'rotary',
    options: { headDim, rotaryDim, base, pairing, ...optionsOf(scaling) },
    parameters: [],
    axes: 1,
    // Such scalings read the largest position: moving all changes the frequencies.
    relative: scaling?.dependsOnLength !== true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    ...(scaling?.dependsOnLength === true ? { cacheable: false } : {}),
    costs: (length) => ({ parameters: 0, tableBytes: 4 * length * rotaryDim }),
    signals: (positions, _, largest) => {
      const { cos, sin, frequencies } = table(positions, largest);
      const shape = [positions.batch, 1, positions.length, frequencies.length];
      return { cos: real(shape, cos), sin: real(shape, sin) };
    },
    vectors: (positions) => {
      const { cos, sin, frequencies } = table(positions);
      const tokens = positions.batch === 1 ? [positions.length] : [positions.batch, positions.length];
      const shape = [...tokens, frequencies.length];
      return {
        inverseFrequencies: real(
          [frequencies.length],
          frequencies.map(([high]) => high),
        ),
        cos: real(shape, cos),
        sin: real(shape, sin),
      };
    },
    transform: <T>({ operations, signals }: EncodingContext<T>, x: T) =>
      turn(operations, x, signals.cos as T, signals.sin as T, pairing),
  };
}

/** A scaling in the options of a record: its name, and its own options beside it. */
function optionsOf(scaling: FrequencyScaling | undefined): Readonly<Record<string, OptionValue>> {
  return scaling === undefined ? { scaling: 'none' } : { scaling: scaling.name, ...scaling.options };
}
