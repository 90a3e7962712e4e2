/** Mistakes in the scalings of rotary that tests must notice. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const scalingsMutants: readonly Mutant[] = [
  ...mutantsOf('scalings/linear.ts', 'catalogue.test.ts', [
    ['linear: multiplied', 'divideBy(frequency, factor)', 'divideBy(frequency, 1 / factor)'],
  ]),
  ...mutantsOf('scalings/yarn.ts', 'catalogue.test.ts', [
    ['yarn: ramp reversed', 'slow / factor + (1 - slow)', '(1 - slow) / factor + slow'],
    ['yarn: never truncated', '= truncate\n', '= !truncate\n'],
    ['yarn: attention factor of the factor alone', '0.1 * weight * Math.log(factor) + 1', '0.1 * Math.log(factor) + 1'],
  ]),
  ...mutantsOf('scalings/yarn.ts', 'encodings/rotary.test.ts', [
    ['yarn: mscale 0', 'Number.isFinite(weight) && weight > 0', 'Number.isFinite(weight)'],
    ['yarn: base 1', '!(base > 1)', 'false'],
    [
      'yarn: any ramp',
      "checkChoice('yarn: ramp', options.ramp ?? 'index', ['index', 'rotations'])",
      "options.ramp ?? 'index'",
    ],
  ]),
  ...mutantsOf('scalings/high-frequency.ts', 'catalogue.test.ts', [
    ['high-frequency: slow ones kept', '? still : frequency', '? frequency : still'],
    ['high-frequency: frequencies for wavelengths', '(2 * Math.PI) / frequency[0]', '1 / frequency[0]'],
  ]),
  ...mutantsOf('scalings/longrope.ts', 'catalogue.test.ts', [
    ['longrope: long too early', 'length > originalLength', 'length >= originalLength'],
  ]),
  ...mutantsOf('scalings/llama3.ts', 'catalogue.test.ts', [
    ['llama3: bands swapped', 'turns > highFrequencyFactor', 'turns > lowFrequencyFactor'],
    ['llama3: blended the other way', '(1 - smooth) / factor + smooth', 'smooth / factor + 1 - smooth'],
  ]),
  ...mutantsOf('scalings/proportional.ts', 'catalogue.test.ts', [
    ['proportional: share of channels', '(share * headDim) / 2', 'share * headDim'],
  ]),
  ...mutantsOf('scalings/resonance.ts', 'catalogue.test.ts', [
    ['resonance: rounded down', 'Math.round(TURN[0]', 'Math.floor(TURN[0]'],
  ]),
  ...mutantsOf('scalings/resonance.ts', 'encodings/rotary.test.ts', [
    ['resonance: wavelengths of 0', 'wavelength === 0', 'wavelength < 0'],
  ]),
];
