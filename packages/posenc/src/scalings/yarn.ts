/** YaRN: slow pairs are interpolated, fast ones left alone, with a ramp between; attention is sharpened a little. */
import { checkChoice, checkCount, checkFactor, checkPositive } from '../numbers/check.ts';
import { multiply } from '../numbers/double-double.ts';
import type { FrequencyScaling, Spectrum } from '../parts/spectrum.ts';

/** Options of {@link yarnScaling}. */
export interface YarnOptions {
  /** How many times longer inputs may be, at least 1. */
  readonly factor: number;
  /** The trained length (`original_max_position_embeddings`), before any stretching. */
  readonly originalLength: number;
  /** Pairs that turn at least this often in the trained length are left alone. Default 32. */
  readonly betaFast?: number;
  /** Pairs that turn at most this often are interpolated. Default 1. */
  readonly betaSlow?: number;
  /** Whether the ends of the ramp are rounded outwards to whole pairs, as in the authors' code. Default true. */
  readonly truncate?: boolean;
  /**
   * `index`: the ramp is linear in the number of the pair, as in all code; `rotations`: linear in the number of turns,
   * as printed in the paper. They agree at the ends only. Default `index`.
   */
  readonly ramp?: 'index' | 'rotations';
  /** What cos and sin are multiplied by. Default: 0.1·ln(factor) + 1, or the quotient that mscale and mscaleAllDim give. */
  readonly attentionFactor?: number;
  /** DeepSeek's: numerator (0.1·mscale·ln(factor) + 1), used only together with mscaleAllDim. Above 0, or left out. */
  readonly mscale?: number;
  /** DeepSeek's: denominator. Above 0, or left out. DeepSeek-V3 also multiplies its softmax scale by this term squared. */
  readonly mscaleAllDim?: number;
}

/**
 * YaRN: ωₖ·(ramp/factor + 1 − ramp), ramp 0 for fast pairs and 1 for slow ones.
 *
 * Source: Peng, Quesnelle, Fan, Shippole 2024, "YaRN", arXiv 2309.00071, definitions 2 and 3 and equation 22; rope type
 * `yarn` of Hugging Face transformers 5.23.0 with every one of its keys.
 *
 * @throws {RangeError} when an option is out of range, or betaFast is below betaSlow; from `apply`, when the base is
 *   not above 1 and the ramp is `index`
 */
export function yarnScaling(options: YarnOptions): FrequencyScaling {
  const factor = checkFactor('yarn: factor', options.factor);
  const originalLength = checkCount('yarn: originalLength', options.originalLength);
  const betaFast = checkPositive('yarn: betaFast', options.betaFast ?? 32);
  const betaSlow = checkPositive('yarn: betaSlow', options.betaSlow ?? 1);
  if (betaFast < betaSlow) {
    throw new RangeError(
      `yarn: betaFast: expected at least betaSlow = ${betaSlow}, got ${betaFast}; are they swapped?`,
    );
  }
  const ramp = checkChoice('yarn: ramp', options.ramp ?? 'index', ['index', 'rotations']);
  const { truncate = true, mscale, mscaleAllDim } = options;
  for (const [name, weight] of Object.entries({ mscale, mscaleAllDim })) {
    if (weight !== undefined && !(Number.isFinite(weight) && weight > 0)) {
      throw new RangeError(
        `yarn: ${name}: expected a finite number above 0, got ${weight}; leave it out where a config has 0`,
      );
    }
  }
  const term = (weight: number): number => 0.1 * weight * Math.log(factor) + 1;
  const suggested = mscale !== undefined && mscaleAllDim !== undefined ? term(mscale) / term(mscaleAllDim) : term(1);
  const attentionFactor = checkPositive('yarn: attentionFactor', options.attentionFactor ?? suggested);
  const rampOf = ramp === 'index' ? rampByIndex : rampByRotations;

  return {
    name: 'yarn',
    options: {
      factor,
      originalLength,
      betaFast,
      betaSlow,
      truncate,
      ramp,
      attentionFactor,
      ...(mscale === undefined ? {} : { mscale }),
      ...(mscaleAllDim === undefined ? {} : { mscaleAllDim }),
    },
    dependsOnLength: false,
    apply: (spectrum) => {
      const share = rampOf(spectrum, { originalLength, betaFast, betaSlow, truncate });
      return {
        ...spectrum,
        frequencies: spectrum.frequencies.map((frequency, index) => {
          const slow = share(index);
          return multiply(frequency, [slow / factor + (1 - slow), 0]);
        }),
        attentionFactor: spectrum.attentionFactor * attentionFactor,
      };
    },
  };
}

interface Ramp {
  readonly originalLength: number;
  readonly betaFast: number;
  readonly betaSlow: number;
  readonly truncate: boolean;
}

/** 0 … 1 by the number of the pair, between those that turn betaFast and betaSlow times in the trained length. */
function rampByIndex({ base, rotaryDim }: Spectrum, { originalLength, betaFast, betaSlow, truncate }: Ramp) {
  if (!(base > 1)) {
    throw new RangeError(`yarn: base: expected more than 1, got ${base}; the ramp divides by its logarithm`);
  }
  const pairOf = (turns: number): number =>
    (rotaryDim * Math.log(originalLength / (2 * Math.PI * turns))) / (2 * Math.log(base));
  const [first, last] = truncate
    ? [Math.floor(pairOf(betaFast)), Math.ceil(pairOf(betaSlow))]
    : [pairOf(betaFast), pairOf(betaSlow)];
  const low = Math.max(first, 0);
  const high = Math.min(last, rotaryDim - 1);
  // A thousandth of a pair where both ends meet, as in all code.
  const width = low === high ? 0.001 : high - low;
  return (index: number): number => clip((index - low) / width);
}

/** 0 … 1 by the turns in the trained length: 1 at betaSlow or fewer, 0 at betaFast or more. */
function rampByRotations({ frequencies }: Spectrum, { originalLength, betaFast, betaSlow }: Ramp) {
  return (index: number): number => {
    const turns = (originalLength * (frequencies[index] as readonly [number, number])[0]) / (2 * Math.PI);
    return betaFast === betaSlow ? Number(turns < betaSlow) : clip((betaFast - turns) / (betaFast - betaSlow));
  };
}

function clip(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}
