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
    ['branches: scaling forgotten', 'scaling === undefined ? plain', 'true ? plain'],
    [
      'branches: all channels turned',
      'plainSpectrum(base, headDim, rotaryDim)',
      'plainSpectrum(base, headDim, headDim)',
    ],
  ]),
  ...mutantsOf('parts/branches.ts', 'encodings/content.test.ts', [
    ['branches: scaling by length', 'scaling?.dependsOnLength === true', 'false'],
  ]),
  ...mutantsOf('encodings/content/lambda-attention.ts', 'encodings/content.test.ts', [
    ['lambda-attention: negative positions', 'if (i < 0 || j < 0)', 'if (i < -9 || j < -9)'],
  ]),
  ...['contextual-rotary', 'swin-v2'].map((name) => ({
    name: `${name}: discards in silence`,
    file: `packages/posenc/src/encodings/content/${name}.ts`,
    search: '    replaces: ',
    replace: '    formerly: ',
    test: 'packages/lab/test/model/every-encoding.test.ts',
  })),
  {
    name: 'build: scores lost',
    file: 'packages/lab/src/model/build.ts',
    search: 'if (at >= index ||',
    replace: 'if (at >= 0 ||',
    test: 'packages/lab/test/model/every-encoding.test.ts',
  },
  {
    name: 'build: turned twice',
    file: 'packages/lab/src/model/build.ts',
    search: "replaces === 'rotation') {",
    replace: "replaces === 'scores') {",
    test: 'packages/lab/test/model/every-encoding.test.ts',
  },
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
