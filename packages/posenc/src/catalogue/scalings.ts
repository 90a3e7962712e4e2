/** Making a scaling from options as they are typed: `rotary:scaling=yarn:factor=4:originalLength=4096`. */
import type { OptionValue } from '../encoding.ts';
import type { FrequencyScaling } from '../parts/spectrum.ts';
import { highFrequencyScaling } from '../scalings/high-frequency.ts';
import { linearScaling } from '../scalings/linear.ts';
import { llama3Scaling } from '../scalings/llama3.ts';
import { longRopeScaling } from '../scalings/longrope.ts';
import { dynamicNtkScaling, ntkScaling } from '../scalings/ntk.ts';
import { proportionalScaling } from '../scalings/proportional.ts';
import { resonanceScaling } from '../scalings/resonance.ts';
import { yarnScaling } from '../scalings/yarn.ts';
import type { OptionDescription } from './description.ts';

type Options = Readonly<Record<string, OptionValue>>;

interface Kind {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  make(options: never): FrequencyScaling;
}

const kinds: Readonly<Record<string, Kind>> = {
  linear: { required: ['factor'], optional: [], make: linearScaling },
  ntk: { required: ['factor'], optional: [], make: ntkScaling },
  'dynamic-ntk': { required: ['factor', 'originalLength'], optional: [], make: dynamicNtkScaling },
  yarn: {
    required: ['factor', 'originalLength'],
    optional: ['betaFast', 'betaSlow', 'truncate', 'ramp', 'attentionFactor', 'mscale', 'mscaleAllDim'],
    make: yarnScaling,
  },
  longrope: {
    required: ['shortFactors', 'longFactors', 'originalLength', 'factor'],
    optional: ['attentionFactor'],
    make: longRopeScaling,
  },
  llama3: {
    required: ['factor'],
    optional: ['originalLength', 'lowFrequencyFactor', 'highFrequencyFactor'],
    make: llama3Scaling,
  },
  proportional: { required: ['share'], optional: ['factor'], make: proportionalScaling },
  'high-frequency': { required: ['originalLength'], optional: [], make: highFrequencyScaling },
  resonance: { required: [], optional: [], make: resonanceScaling },
};

const ownOptions: readonly Omit<OptionDescription, 'onlyWith'>[] = [
  { name: 'factor', type: 'number', description: 'of the scaling: how many times longer inputs may be' },
  {
    name: 'originalLength',
    type: 'number',
    description: 'the trained length (dynamic-ntk, yarn, longrope, llama3, high-frequency)',
  },
  { name: 'betaFast', type: 'number', description: 'yarn: pairs that turn at least this often are left alone; 32' },
  { name: 'betaSlow', type: 'number', description: 'yarn: pairs that turn at most this often are interpolated; 1' },
  { name: 'truncate', type: 'boolean', description: 'yarn: ends of the ramp rounded to whole pairs; true' },
  {
    name: 'ramp',
    type: ['index', 'rotations'],
    description: 'yarn: as in all code, or as printed in the paper; index',
  },
  { name: 'attentionFactor', type: 'number', description: 'yarn, longrope: what cos and sin are multiplied by' },
  { name: 'mscale', type: 'number', description: "yarn: DeepSeek's numerator of the attention factor" },
  { name: 'mscaleAllDim', type: 'number', description: "yarn: DeepSeek's denominator of the attention factor" },
  { name: 'shortFactors', type: 'numbers', description: 'longrope: one a pair, up to the trained length' },
  { name: 'longFactors', type: 'numbers', description: 'longrope: one a pair, beyond the trained length' },
  { name: 'lowFrequencyFactor', type: 'number', description: 'llama3: bound of the slow band; 1' },
  { name: 'highFrequencyFactor', type: 'number', description: 'llama3: bound of the fast band; 4' },
  { name: 'share', type: 'number', description: 'proportional: share of the pairs that turn' },
];

/** The options of an encoding that takes a scaling. */
export const scalingOptions: readonly OptionDescription[] = [
  {
    name: 'scaling',
    type: ['none', ...Object.keys(kinds)],
    default: 'none',
    description: 'how frequencies are stretched to longer inputs; the options below belong to it',
  },
  ...ownOptions.map((option) => ({ ...option, onlyWith: 'scaling' })),
];

/**
 * The options that are not of the scaling, and the scaling of the others.
 *
 * @throws {RangeError} when the scaling lacks an option it needs, or an option is given that it does not use
 */
export function takeScaling(
  name: string,
  options: Options,
): { readonly rest: Options; readonly scaling?: FrequencyScaling } {
  const names = new Set(scalingOptions.map((option) => option.name));
  const entries = Object.entries(options);
  const rest = Object.fromEntries(entries.filter(([option]) => !names.has(option)));
  const { scaling = 'none', ...own } = Object.fromEntries(entries.filter(([option]) => names.has(option)));
  const kind = kinds[scaling as string];
  const used = [...(kind?.required ?? []), ...(kind?.optional ?? [])];
  const unused = Object.keys(own).find((option) => !used.includes(option));
  if (unused !== undefined) {
    const wanted = used.length === 0 ? 'no options' : `only ${used.join(', ')}`;
    throw new RangeError(`${name}: scaling ${scaling}: expected ${wanted}, got ${unused}`);
  }
  const missing = kind?.required.find((option) => own[option] === undefined);
  if (missing !== undefined) {
    throw new RangeError(`${name}: scaling ${scaling}: expected the option ${missing}, got none`);
  }
  return kind === undefined ? { rest } : { rest, scaling: kind.make(own as never) };
}
