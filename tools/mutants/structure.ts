/** Mistakes in the extensions of rotary models and in sinks that tests must notice. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const structureMutants: readonly Mutant[] = [
  ...mutantsOf('encodings/content/rectified-rotary.ts', 'catalogue.test.ts', [
    ['rectified-rotary: window off by one', 'Math.abs(i - j) < window', 'Math.abs(i - j) <= window + 1'],
    ['rectified-rotary: leaks from the start', 'window * (1 - leak)', '0'],
  ]),
  ...mutantsOf('encodings/content/self-extend.ts', 'catalogue.test.ts', [
    ['self-extend: no shift', 'Math.floor(position / groupSize) + shift', 'Math.floor(position / groupSize)'],
    [
      'self-extend: groups rounded up',
      'key: (position: number) => Math.floor(',
      'key: (position: number) => Math.ceil(',
    ],
  ]),
  ...mutantsOf('encodings/content/lambda-attention.ts', 'catalogue.test.ts', [
    ['lambda-attention: cache one too large', 'firstTokens + recentTokens - 1', 'firstTokens + recentTokens'],
    ['lambda-attention: everything seen', 'j < firstTokens ? 1 : undefined', '1'],
    ['lambda-attention: evicts too early', 'i < firstTokens + recentTokens;', 'i < recentTokens;'],
  ]),
  ...mutantsOf('encodings/content/dual-chunk-attention.ts', 'catalogue.test.ts', [
    [
      'dual-chunk-attention: positions not bounded',
      'Math.min(within(position) + length, chunkSize)',
      'within(position) + length',
    ],
    ['dual-chunk-attention: far chunks like the last', '(j / length)), 2)', '(j / length)), 1)'],
  ]),
  ...mutantsOf('parts/branches.ts', 'catalogue.test.ts', [
    ['branches: keys not hidden', "add(scores, signal('hidden'))", 'scores'],
    ['branches: chosen pairs swapped', 'scoresOf(index), scores)', 'scores, scoresOf(index))'],
  ]),
  ...mutantsOf('encodings/structure/attention-sinks.ts', 'catalogue.test.ts', [
    [
      'attention-sinks: sink has a value',
      'matmul(slice(weights, -1, 0, keys), values)',
      'matmul(slice(weights, -1, 1, keys + 1), values)',
    ],
    [
      'attention-sinks: zero sink',
      'multiply(sum(scores, -1), 0), sinks)',
      'multiply(sum(scores, -1), 0), multiply(sinks, 0))',
    ],
  ]),
];
