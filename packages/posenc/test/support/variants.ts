/** Options of encodings that the conformance suite tries beside the defaults, where choices are not finitely many. */
import type { OptionValue } from 'posenc';

type Options = Readonly<Record<string, OptionValue>>;

/** Values for options that are numbers, and combinations worth trying. */
export const variants: Readonly<Record<string, readonly Options[]>> = {
  sinusoidal: [{ base: 500 }, { layout: 'halves', exponent: 'tensor2tensor' }],
  'learned-grid': [
    { inputRows: 5, inputColumns: 4 },
    { inputRows: 5, inputColumns: 4, mode: 'bilinear' },
  ],
  'fourier-features': [{ bands: 3 }],
  time2vec: [{ unit: 10 }],
  convolutional: [{ kernel: 3, groups: 4 }],
  abacus: [{ maximumOffset: 5 }],
  learned: [{ maximumPositions: 80 }],
  rotary: [
    { rotaryDim: 4 },
    { base: 500 },
    { scaling: 'linear', factor: 4 },
    { scaling: 'ntk', factor: 4 },
    { scaling: 'dynamic-ntk', factor: 2, originalLength: 16 },
    { scaling: 'yarn', factor: 8, originalLength: 32 },
    { scaling: 'longrope', factor: 4, originalLength: 16, shortFactors: [1, 1, 1.5, 2], longFactors: [1, 2, 4, 4] },
    { scaling: 'llama3', factor: 8, originalLength: 64 },
    { scaling: 'proportional', share: 0.5 },
    { scaling: 'resonance' },
    { scaling: 'high-frequency', originalLength: 64 },
  ],
  'rectified-rotary': [
    { window: 3, leak: 0.25 },
    { rotaryDim: 4, scaling: 'linear', factor: 4 },
    { scaling: 'yarn', factor: 8, originalLength: 32 },
  ],
  'self-extend': [
    { groupSize: 2, window: 4 },
    { scaling: 'ntk', factor: 4 },
    { scaling: 'proportional', share: 0.5 },
  ],
  'lambda-attention': [
    { firstTokens: 2, recentTokens: 2, distances: 'limit' },
    { scaling: 'resonance' },
    { scaling: 'high-frequency', originalLength: 64 },
  ],
  'dual-chunk-attention': [
    { chunkSize: 5, localWindow: 2 },
    { rotaryDim: 6, scaling: 'llama3', factor: 8, originalLength: 64 },
  ],
  shaw: [{ maximumDistance: 2 }],
  'multimodal-rotary': [{ rotaryDim: 6 }, { sections: [1, 2, 1] }],
  'fourier-rotary': [{ trainedLength: 4096 }, { trainedLength: 7 }],
  'lie-rotary': [{ blockSize: 4 }],
  grape: [{ planes: 4 }, { planes: 1 }],
  xpos: [{ center: 10, scaleBase: 4096 }],
  sandwich: [{ channels: 6 }],
  fire: [{ width: 3, threshold: 4 }],
  'dynamic-position-bias': [{ depth: 1 }, { normalize: true, width: 5 }],
  'swin-v2': [{ width: 6 }],
  'music-transformer': [{ maximumDistance: 2 }, { maximumDistance: 2, beyond: 'share' }],
  deberta: [
    { buckets: 4, maximumDistance: 16 },
    { buckets: 0, maximumDistance: 8 },
  ],
  cope: [{ maximumPositions: 3 }],
  inkling: [{ extent: 3, profiles: 2 }],
  dape: [{ kernel: 3, width: 4 }],
  'selective-rotary': [{ kernel: 1, rank: 2 }],
  path: [{ kernel: 1, rank: 2 }],
  'attention-temperature': [{ length: 4 }, { schedule: 'log-length', length: 4 }],
  graphormer: [{ maximumDistance: 2 }],
  t5: [{ numBuckets: 8, maxDistance: 20 }, { scale: 8 }],
};

/** Options whose choices need others beside them, so that each choice is a line of `variants`. */
export const onlyInVariants: Readonly<Record<string, readonly string[]>> = {
  rotary: ['scaling', 'truncate', 'ramp'],
  'rectified-rotary': ['scaling', 'truncate', 'ramp'],
  'self-extend': ['scaling', 'truncate', 'ramp'],
  'lambda-attention': ['scaling', 'truncate', 'ramp'],
  'dual-chunk-attention': ['scaling', 'truncate', 'ramp'],
};

/** Options that mean something for one number per token only. */
export const onlyOnLines: Readonly<Record<string, readonly string[]>> = {
  alibi: ['direction'],
};

/**
 * Encodings with a network, learned frequencies or a long chain of products: how many times the usual roundings of float32
 * add up, about three times what was measured on jax-js. Learned frequencies cost digits in proportion to the position, and
 * a matrix exponential those of its squarings.
 */
export const longChains: Readonly<Record<string, number>> = {
  'dynamic-position-bias': 15,
  'context-aware-rotary': 2,
  cope: 12,
  dape: 15,
  deberta: 2,
  forgetting: 4,
  cable: 6,
  inkling: 5,
  path: 2,
  'selective-rotary': 60,
  'transformer-xl': 4,
  tupe: 25,
  'fourier-rotary': 100,
  'fourier-features': 5,
  'functional-time': 20,
  'learnable-fourier': 20,
  grape: 400,
  'random-fourier': 2,
  time2vec: 60,
  'learned-rotary': 40,
  'lie-rotary': 250,
  'mixed-rotary': 4,
  'swin-v2': 4,
};

/** Encodings with learned frequencies: in float32 their angles lose digits in proportion to the position. */
export const nearPositionsInFloat32: readonly string[] = [
  'functional-time',
  'grape',
  'learnable-fourier',
  'learned-rotary',
  'random-fourier',
  'time2vec',
];
