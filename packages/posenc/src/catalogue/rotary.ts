/** Encodings that turn queries and keys. */
import { axialRotary } from '../encodings/rotary/axial-rotary.ts';
import { fourierRotary } from '../encodings/rotary/fourier-rotary.ts';
import { grape } from '../encodings/rotary/grape.ts';
import { learnedRotary, mixedRotary } from '../encodings/rotary/learned-rotary.ts';
import { lieRotary } from '../encodings/rotary/lie-rotary.ts';
import { multimodalRotary } from '../encodings/rotary/multimodal-rotary.ts';
import { polar } from '../encodings/rotary/polar.ts';
import { rotary } from '../encodings/rotary/rotary.ts';
import { xpos } from '../encodings/rotary/xpos.ts';
import type { EncodingDescription } from './description.ts';
import { scalingOptions, takeScaling } from './scalings.ts';

const pairingOption = {
  name: 'pairing',
  type: ['half', 'interleaved'],
  default: 'half',
  description: 'channels k and k + dim/2 (GPT-NeoX, Llama on Hugging Face), or 2k and 2k+1 (GPT-J)',
} as const;

export const rotaryEncodings: readonly EncodingDescription[] = [
  {
    name: 'rotary',
    title: 'rotary',
    site: 'query-key',
    summary: 'Queries and keys are turned by angles proportional to their positions',
    source: 'Su et al., RoFormer, 2021, arXiv 2104.09864',
    formula: 'qₘ·kₙ with each pair of channels turned by m·ωₖ and n·ωₖ, ωₖ = base^(−2k/R)',
    axes: [1],
    models: ['GPT-J', 'GPT-NeoX', 'Llama', 'Mistral', 'Qwen', 'Gemma'],
    learnable: false,
    relative: true,
    extrapolation: 'Suggested by its paper; in practice fails past the trained length unless frequencies are scaled',
    pitfalls: ['The two pairings are not weight-compatible.'],
    options: [
      { name: 'rotaryDim', type: 'number', description: 'channels that are turned; default: all of the head' },
      { name: 'base', type: 'number', default: 10000, description: 'base of the frequencies (rope_theta)' },
      pairingOption,
      ...scalingOptions,
    ],
    create: ({ headDim }, options = {}) => {
      const { rest, scaling } = takeScaling('rotary', options);
      return rotary({ headDim, ...rest, ...(scaling === undefined ? {} : { scaling }) });
    },
  },
  {
    name: 'axial-rotary',
    title: 'axial rotary',
    site: 'query-key',
    summary: 'Some pairs of channels turn with the row, others with the column or the frame',
    source: 'Heo et al., Rotary Position Embedding for Vision Transformer, 2024, arXiv 2403.13298',
    formula: 'qₘ·kₙ, the channels of axis a turned by mₐ·ωₖ and nₐ·ωₖ',
    axes: [2, 3],
    models: ['EVA-02', 'Pixtral', 'Qwen2-VL (vision)', 'DINOv3', 'CogVideoX', 'Wan'],
    learnable: false,
    relative: true,
    extrapolation: 'To other resolutions: its purpose, better with interpolated coordinates',
    pitfalls: [
      'Which channels belong to which axis differs between libraries, and no shape shows it. RoPE-ViT: column first.',
    ],
    options: [
      { name: 'channels', type: 'numbers', description: 'that turn with each axis; default: equal shares' },
      { name: 'base', type: 'number', default: 10000, description: 'of the frequencies; RoPE-ViT and DINOv3: 100' },
      pairingOption,
      {
        name: 'spectrum',
        type: ['own', 'shared', 'pixel'],
        default: 'own',
        description: 'a series per axis, one shared in turn (Pixtral), or equal steps of π',
      },
      {
        name: 'maximumFrequency',
        type: 'number',
        description: 'pixel: the fastest pair turns by half of it times π; 10',
        onlyWith: 'spectrum',
      },
      {
        name: 'coordinates',
        type: ['steps', 'centered', 'corners'],
        default: 'steps',
        description:
          'positions as they are, or from −1 to 1 over the grid: centres in whole turns (DINOv3), or corners',
      },
      {
        name: 'extents',
        type: 'numbers',
        description: 'centered, corners: cells along each axis; default: those of the largest grid',
        onlyWith: 'coordinates',
      },
    ],
    create: ({ headDim, extents = [] }, options) => {
      const isOverGrid = (options?.coordinates ?? 'steps') !== 'steps';
      return axialRotary({ headDim, axes: extents.length, ...(isOverGrid ? { extents } : {}), ...options });
    },
  },
  {
    name: 'mixed-rotary',
    title: 'mixed rotary',
    site: 'query-key',
    summary: 'Each pair of channels turns by a learned mixture of row and column',
    source: 'Heo et al., Rotary Position Embedding for Vision Transformer, 2024, arXiv 2403.13298',
    formula: 'qₘ·kₙ, pair k of head h turned by m·ω[h, k] and n·ω[h, k], ω learned',
    axes: [2],
    models: ['RoPE-ViT'],
    learnable: true,
    relative: true,
    extrapolation: 'To other resolutions: better than axial rotary by its paper',
    pitfalls: ['Angles are products in the engine’s precision.'],
    options: [
      { name: 'base', type: 'number', default: 10, description: 'of the magnitudes that frequencies start with' },
      { ...pairingOption, default: 'interleaved' },
    ],
    create: ({ headDim, numHeads }, options) => mixedRotary({ headDim, numHeads, ...options }),
  },
  {
    name: 'multimodal-rotary',
    title: 'M-RoPE',
    site: 'query-key',
    summary: 'Pairs of channels turn with time, row or column, which are equal for text',
    source: 'Wang et al., Qwen2-VL, 2024, arXiv 2409.12191; Qwen3-VL, 2025, arXiv 2511.21631',
    formula: 'qₘ·kₙ, pair k turned by m[axis of k]·ωₖ',
    axes: [3],
    models: ['Qwen2-VL', 'Qwen2.5-VL', 'Qwen3-VL', 'GLM-4V'],
    learnable: false,
    relative: true,
    extrapolation: 'As rotary',
    pitfalls: ['Where text goes on after a video differs between versions of transformers: see multimodalPositions.'],
    options: [
      { name: 'rotaryDim', type: 'number', description: 'channels that are turned; default: all of the head' },
      { name: 'sections', type: 'numbers', description: 'pairs for time, row, column; default: a third each' },
      {
        name: 'order',
        type: ['chunked', 'interleaved'],
        default: 'chunked',
        description: 'in blocks (Qwen2-VL), or in turn (Qwen3-VL)',
      },
      { name: 'base', type: 'number', default: 1000000, description: 'of the frequencies' },
      pairingOption,
    ],
    create: ({ headDim }, options) => {
      const { rotaryDim = headDim } = (options ?? {}) as { readonly rotaryDim?: number };
      const third = Math.floor(rotaryDim / 6);
      return multimodalRotary({ headDim, sections: [rotaryDim / 2 - 2 * third, third, third], ...options });
    },
  },
  {
    name: 'learned-rotary',
    title: 'learned rotary',
    site: 'query-key',
    summary: 'Rotary whose frequencies are trained with the model',
    source: 'rotary-embedding-torch 0.9.1, learned_freq',
    formula: 'qₘ·kₙ with pair k turned by m·ωₖ and n·ωₖ, ω learned',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'Not claimed',
    pitfalls: ['Angles are products in the engine’s precision: wrong by 0.004 at position 100,000 in float32.'],
    options: [
      { name: 'base', type: 'number', default: 10000, description: 'of the frequencies at the start' },
      { ...pairingOption, default: 'interleaved' },
    ],
    create: ({ headDim }, options) => learnedRotary({ headDim, ...options }),
  },
  {
    name: 'xpos',
    title: 'xPos',
    site: 'query-key',
    summary: 'Rotary whose pairs also shrink with the distance, the fast ones most',
    source: 'Sun et al., A Length-Extrapolatable Transformer, 2023, arXiv 2212.10554',
    formula: 'pair k of qₘ·kₙ turned by (m − n)·ωₖ and multiplied by ζₖ^((m − n)/512)',
    axes: [1],
    models: ['Kosmos-1'],
    learnable: false,
    relative: true,
    extrapolation: 'Yes, by its paper with blockwise causal attention',
    pitfalls: [
      'Factors grow without bound with the distance from the centre: far positions leave the range of float32.',
    ],
    options: [
      { name: 'base', type: 'number', default: 10000, description: 'of the frequencies' },
      { name: 'scaleBase', type: 'number', default: 512, description: 'distance at which pair k is multiplied by ζₖ' },
      { name: 'center', type: 'number', default: 0, description: 'position at which nothing is scaled' },
      { ...pairingOption, default: 'interleaved' },
    ],
    create: ({ headDim }, options) => xpos({ headDim, ...options }),
  },
  {
    name: 'fourier-rotary',
    title: 'FoPE',
    site: 'query-key',
    summary: 'Each pair turns by a mixture of frequencies; those too slow for the trained length are dropped',
    source: 'Hua et al., Fourier Position Embedding, 2025, arXiv 2412.17739',
    formula: 'pair d: Σₖ cos(m·ωₖ)·b[k, d], Σₖ sin(m·ωₖ)·a[k, d], ωₖ ≥ 2π/L',
    axes: [1],
    models: [],
    learnable: false,
    relative: false,
    extrapolation: 'Yes: its purpose',
    pitfalls: ['Not a rotation: lengths change, and scores depend on more than the distance.'],
    options: [
      {
        name: 'trainedLength',
        type: 'number',
        description: 'frequencies slower than one turn in it are dropped; default: the longest input',
      },
      { name: 'base', type: 'number', default: 10000, description: 'of the frequencies' },
      { name: 'gain', type: 'number', default: 0.3, description: 'of the random part of the mixtures' },
      { name: 'normalize', type: 'boolean', default: false, description: 'whether mixtures are divided by their sum' },
      { name: 'trainable', type: 'boolean', default: false, description: 'whether mixtures are trained' },
    ],
    create: ({ headDim, numHeads, maximumLength }, options) =>
      fourierRotary({ headDim, numHeads, trainedLength: Math.max(maximumLength, 7), ...options }),
  },
  {
    name: 'lie-rotary',
    title: 'LieRE',
    site: 'query-key',
    summary: 'Rotations in all directions of a head, generated by learned skew-symmetric matrices',
    source: 'Ostmeier et al., LieRE: Lie Rotational Positional Encodings, 2024, arXiv 2406.10322',
    formula: 'x · exp(Σₐ pₐ·Aₐ), Aₐ = −Aₐᵀ learned',
    axes: [2, 3],
    models: [],
    learnable: true,
    relative: false,
    extrapolation: 'To other resolutions: claimed',
    pitfalls: [
      'Generators of different axes need not commute: scores then depend on more than differences.',
      'Positions beyond three extents are refused: the exponential would lose its digits.',
    ],
    options: [
      { name: 'blockSize', type: 'number', default: 8, description: 'channels rotated together' },
      { name: 'extent', type: 'number', description: 'what positions are divided by; default: the largest extent' },
    ],
    create: ({ headDim, extents = [] }, options) =>
      lieRotary({ headDim, axes: extents.length, extent: Math.max(...extents), ...options }),
  },
  {
    name: 'grape',
    title: 'GRAPE',
    site: 'query-key',
    summary: 'Rotations in learned planes, each the exponential of a skew-symmetric matrix of rank two',
    source: 'Zhang et al., Group Representational Position Encoding, 2026, arXiv 2512.07805',
    formula: 'x · exp(n·ω·(a·bᵀ − b·aᵀ)), a and b learned',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'As rotary',
    pitfalls: [
      'Channels outside the planes carry no position.',
      'The released code learns frequencies only, in fixed planes: its weights do not fit.',
    ],
    options: [
      { name: 'planes', type: 'number', description: 'per head; default headDim/4' },
      { name: 'base', type: 'number', default: 10000, description: 'of the speeds at the start' },
    ],
    create: ({ headDim, numHeads }, options) => grape({ headDim, numHeads, ...options }),
  },
  {
    name: 'polar',
    title: 'PoPE',
    site: 'query-key',
    summary: 'Polar coordinates: content is only the radius of a channel, position only its angle',
    source: 'Gopalakrishnan et al., Decoupling the What and Where, 2025, arXiv 2509.10534',
    formula: 'Σ_c softplus(q_c)·softplus(k_c)·cos((m − n)·ω_c − δ_c), δ learned',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'Yes, by its paper, without scaling',
    pitfalls: ['Queries and keys become twice as wide.'],
    options: [{ name: 'base', type: 'number', default: 10000, description: 'of the frequencies' }],
    create: ({ headDim, numHeads }, options) => polar({ headDim, numHeads, ...options }),
  },
];
