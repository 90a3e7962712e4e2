/** Encodings that change the step from scores to the output, or extend a rotary model without training. */

import type { OptionValue } from '../encoding.ts';
import { attentionTemperature } from '../encodings/content/attention-temperature.ts';
import { dualChunkAttention } from '../encodings/content/dual-chunk-attention.ts';
import { lambdaAttention } from '../encodings/content/lambda-attention.ts';
import { rectifiedRotary } from '../encodings/content/rectified-rotary.ts';
import { selfExtend } from '../encodings/content/self-extend.ts';
import { attentionSinks } from '../encodings/structure/attention-sinks.ts';
import { scalableSoftmax } from '../encodings/structure/scalable-softmax.ts';
import type { EncodingDescription, OptionDescription } from './description.ts';
import { scalingOptions, takeScaling } from './scalings.ts';

/** Scalings that depend on the input's length are refused, and so are not offered. */
const fixedScalings: readonly OptionDescription[] = scalingOptions
  .filter(({ name }) => name !== 'shortFactors' && name !== 'longFactors')
  .map(({ description, ...option }) => ({
    ...option,
    ...(option.name === 'scaling' && Array.isArray(option.type)
      ? { type: option.type.filter((choice: string) => choice !== 'dynamic-ntk' && choice !== 'longrope') }
      : {}),
    description: description.replaceAll(/dynamic-ntk, |longrope, |, longrope(?=:)/g, ''),
  }));

/** Of the rotary model that is extended. */
const rotaryOptions: readonly OptionDescription[] = [
  { name: 'rotaryDim', type: 'number', description: 'channels that are turned; default: all of the head' },
  { name: 'base', type: 'number', default: 10000, description: 'base of the frequencies (rope_theta)' },
  {
    name: 'pairing',
    type: ['half', 'interleaved'],
    default: 'half',
    description: 'channels k and k + dim/2, or 2k and 2k+1',
  },
  ...fixedScalings,
];

/** Options as an encoding takes them that extends a rotary model, its scaling made. */
function extended(name: string, options: Readonly<Record<string, OptionValue>> = {}) {
  const { rest, scaling } = takeScaling(name, options);
  return { ...rest, ...(scaling === undefined ? {} : { scaling }) };
}

const REPLACES_ROTARY = 'It turns queries and keys itself: with rotary beside it they would be turned twice.';

export const structureEncodings: readonly EncodingDescription[] = [
  {
    name: 'rectified-rotary',
    title: 'ReRoPE',
    site: 'content',
    summary: 'Rotary whose distances stop at a window, or grow more slowly beyond it (Leaky ReRoPE)',
    source: 'Su, Rectified Rotary Position Embeddings, 2023, kexue.fm/archives/9708',
    formula: 'd′ = d below the window w, w + (d − w)·leak beyond; score = qᵢ·R(d′)·kⱼ/√E',
    axes: [1],
    models: [],
    learnable: false,
    relative: true,
    extrapolation: 'Its purpose: a rotary model reads longer inputs with it, without training',
    pitfalls: [REPLACES_ROTARY, 'Two score matrices are computed, and keys cannot be cached after their turn.'],
    options: [
      {
        name: 'window',
        type: 'number',
        description: 'distances below this are exact; default: half of the longest input',
      },
      {
        name: 'leak',
        type: 'number',
        default: 0,
        description: 'what a step beyond the window counts: 0 is ReRoPE, 1/k is Leaky ReRoPE',
      },
      ...rotaryOptions,
    ],
    create: ({ headDim, maximumLength }, options) =>
      rectifiedRotary({
        headDim,
        window: Math.max(Math.floor(maximumLength / 2), 1),
        ...extended('rectified-rotary', options),
      }),
  },
  {
    name: 'self-extend',
    title: 'Self-Extend',
    site: 'content',
    summary: 'Rotary with exact distances near and distances of groups far away',
    source: 'Jin et al., LLM Maybe LongLM: Self-Extend LLM Context Window Without Tuning, 2024, arXiv 2401.01325',
    formula: 'd′ = i − j below the window W, ⌊i/G⌋ − ⌊j/G⌋ + W − W/G beyond; score = qᵢ·R(d′)·kⱼ/√E',
    axes: [1],
    models: [],
    learnable: false,
    relative: false,
    extrapolation: 'Its purpose: a rotary model reads longer inputs with it, without training',
    pitfalls: [REPLACES_ROTARY, 'Within a far group, order is invisible.'],
    options: [
      { name: 'groupSize', type: 'number', default: 4, description: 'positions that share one number far away' },
      { name: 'window', type: 'number', default: 16, description: 'distances below this are exact; a multiple of it' },
      ...rotaryOptions,
    ],
    create: ({ headDim }, options) =>
      selfExtend({ headDim, groupSize: 4, window: 16, ...extended('self-extend', options) }),
  },
  {
    name: 'lambda-attention',
    title: 'Λ-attention',
    site: 'content',
    summary:
      'Rotary attention to the first and the recent tokens only, with bounded distances (LM-Infinite, StreamingLLM)',
    source:
      'Han et al., LM-Infinite, 2023, arXiv 2308.16137; Xiao et al., Efficient Streaming Language Models with Attention Sinks, 2024, arXiv 2309.17453',
    formula: 'keys j > i − w at distance i − j, keys j < n at a bounded distance, no others',
    axes: [1],
    models: [],
    learnable: false,
    relative: false,
    extrapolation: 'Its purpose: endless inputs, of which only the start and the end are seen',
    pitfalls: [REPLACES_ROTARY, 'What lies between the first and the recent tokens is invisible.'],
    options: [
      { name: 'firstTokens', type: 'number', default: 4, description: 'positions below this are seen by everyone' },
      {
        name: 'recentTokens',
        type: 'number',
        default: 16,
        description: 'tokens up to the query that it sees, itself included',
      },
      {
        name: 'distances',
        type: ['limit', 'cache'],
        default: 'cache',
        description:
          'how far the first tokens seem: recentTokens (LM-Infinite), or as counted in the cache (StreamingLLM)',
      },
      ...rotaryOptions,
    ],
    create: ({ headDim }, options) =>
      lambdaAttention({ headDim, recentTokens: 16, ...extended('lambda-attention', options) }),
  },
  {
    name: 'dual-chunk-attention',
    title: 'dual chunk attention',
    site: 'content',
    summary: 'Rotary positions that start again in every chunk, with bounded distances between chunks',
    source: 'An et al., Training-Free Long-Context Scaling of Large Language Models, 2024, arXiv 2402.17463',
    formula: 'keys at j mod s; queries at i mod s, min(i mod s + s, c) or min(2s − 1, c) by chunks between; s = c − w',
    axes: [1],
    models: ['Qwen 2.5 1M'],
    learnable: false,
    relative: false,
    extrapolation: 'Its purpose: a rotary model reads longer inputs with it, without training',
    pitfalls: [REPLACES_ROTARY, 'Between distant chunks, order is invisible.'],
    options: [
      { name: 'chunkSize', type: 'number', default: 24, description: 'largest distance used' },
      { name: 'localWindow', type: 'number', default: 8, description: 'exact across the border of two chunks' },
      ...rotaryOptions,
    ],
    create: ({ headDim }, options) =>
      dualChunkAttention({ headDim, chunkSize: 24, localWindow: 8, ...extended('dual-chunk-attention', options) }),
  },
  {
    name: 'attention-sinks',
    title: 'learned attention sinks',
    site: 'structure',
    summary: 'A learned number per head beside the scores, so that attention may go nowhere',
    source: 'OpenAI, gpt-oss model card, 2025, arXiv 2508.10925; Xiao et al. 2024, arXiv 2309.17453',
    formula: 'weights = softmax([scores, sₕ]) without the last column',
    axes: [1],
    models: ['gpt-oss', 'MiMo-V2-Flash'],
    learnable: true,
    relative: true,
    extrapolation: 'Not a positional encoding: it joins one, and steadies long and windowed attention',
    pitfalls: ['Alone it gives no positions; join it to an encoding with +.'],
    options: [],
    create: ({ numHeads }) => attentionSinks({ numHeads }),
  },
  {
    name: 'attention-temperature',
    title: 'attention temperature',
    site: 'content',
    summary: 'Scores sharpened with the query’s position, so that attention does not thin out',
    source: 'Llama 4, Ministral 3 and Inkling in Hugging Face transformers 5.23.0; Su 2021 (log-length)',
    formula: 'score · (ln(1 + ⌊(p + 1)/L⌋)·f + 1)',
    axes: [1],
    models: ['Llama 4', 'Ministral 3', 'Inkling'],
    learnable: false,
    relative: false,
    extrapolation: 'Not a positional encoding: it joins one, and steadies long inputs',
    pitfalls: ['Llama 4 and Ministral differ by one position at the steps.', 'It multiplies what is joined before it.'],
    options: [
      {
        name: 'schedule',
        type: ['llama4', 'ministral', 'inkling', 'log-length', 'constant'],
        default: 'llama4',
        description: 'how the factor grows with the position',
      },
      {
        name: 'length',
        type: 'number',
        default: 8192,
        description: 'L: where it begins to grow; not for constant',
        onlyWith: 'schedule',
      },
      {
        name: 'factor',
        type: 'number',
        default: 0.1,
        description: 'f: how fast it grows; the factor itself if constant; not for log-length',
        onlyWith: 'schedule',
      },
    ],
    create: (_, options) => attentionTemperature(options),
  },
  {
    name: 'scalable-softmax',
    title: 'scalable softmax',
    site: 'structure',
    summary: 'Scores grow with the logarithm of how many keys there are',
    source: 'Nakanishi, Scalable-Softmax Is Superior for Attention, 2025, arXiv 2501.19399',
    formula: 'weights = softmax(sₕ·ln n·scores)',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'Not a positional encoding: it joins one, and steadies long inputs',
    pitfalls: ['Alone it gives no positions; join it to an encoding with +.'],
    options: [
      { name: 'start', type: 'number', default: 1, description: 'what the learned factors start at' },
      { name: 'bias', type: 'boolean', default: false, description: 'whether a learned number is added' },
    ],
    create: ({ numHeads }, options) => scalableSoftmax({ numHeads, ...options }),
  },
];
