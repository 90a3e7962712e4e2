/** Encodings that add a bias to attention scores. */
import { alibi } from '../encodings/scores/alibi.ts';
import { kerple } from '../encodings/scores/kerple.ts';
import { t5 } from '../encodings/scores/t5.ts';
import type { EncodingDescription } from './description.ts';

export const scoresEncodings: readonly EncodingDescription[] = [
  {
    name: 'alibi',
    title: 'ALiBi',
    site: 'scores',
    summary: 'A penalty on scores, linear in the distance, with a fixed slope per head',
    source: 'Press, Smith, Lewis, Train Short, Test Long, 2022, arXiv 2108.12409',
    formula: 'score(i, j) − mₕ·|i − j|, mₕ = 2^(−8h/H)',
    axes: [1],
    models: ['BLOOM', 'MPT', 'Falcon-RW'],
    learnable: false,
    relative: true,
    extrapolation: 'Yes: its purpose',
    pitfalls: ['The symmetric form alone, in an encoder, cannot tell a sequence from its reversal; left-right can.'],
    options: [
      {
        name: 'direction',
        type: ['causal', 'symmetric', 'left-right'],
        description:
          'for bidirectional attention: left-right (default; half of the heads look each way) or symmetric; causal attention always uses causal',
      },
    ],
    create: ({ numHeads, attention }, options) =>
      alibi({
        numHeads,
        ...(attention === 'causal' ? { ...options, direction: 'causal' } : { direction: 'left-right', ...options }),
      }),
  },
  {
    name: 't5',
    title: 'T5 bias',
    site: 'scores',
    summary: 'A learned bias per head for each bucket of distances',
    source: 'Raffel et al., Exploring the Limits of Transfer Learning, 2020, arXiv 1910.10683',
    formula: 'score(i, j) + scale·table[bucket(j − i), h]',
    axes: [1],
    models: ['T5', 'mT5', 'Flan-T5', 'LongT5'],
    learnable: true,
    relative: true,
    extrapolation: 'Not claimed; distances past maxDistance share one bucket',
    pitfalls: [
      'The original adds it to scores that are not scaled by 1/√headDim; added to scaled scores with scale=1 it hardly trains.',
    ],
    options: [
      { name: 'numBuckets', type: 'number', default: 32, description: 'distances are told apart by this many buckets' },
      { name: 'maxDistance', type: 'number', default: 128, description: 'distances from here on share a bucket' },
      {
        name: 'bidirectional',
        type: 'boolean',
        description: 'own buckets for later keys; default: true in an encoder; causal attention always uses false',
      },
      {
        name: 'scale',
        type: 'number',
        description:
          'factor of the bias on scaled scores; default √headDim, the scale of the original; 1 is the plain sum',
      },
      {
        name: 'standardDeviation',
        type: 'number',
        description: 'of the initial table; default modelDim^(−1/2), as T5',
      },
    ],
    create: ({ modelDim, numHeads, headDim, attention }, options) =>
      t5({
        numHeads,
        scale: Math.sqrt(headDim),
        standardDeviation: modelDim ** -0.5,
        ...options,
        ...(attention === 'causal' ? { bidirectional: false } : {}),
      }),
  },
  {
    name: 'kerple',
    title: 'KERPLE',
    site: 'scores',
    summary: 'A learned kernel of the distance: two numbers per head',
    source:
      'Chi et al., KERPLE: Kernelized Relative Positional Embedding for Length Extrapolation, 2022, arXiv 2205.09921',
    formula: 'score(i, j) − pₕ·ln(1 + aₕ·|i − j|)',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'Yes: trained on 512 tokens, its loss keeps falling to 16,384 by its paper',
    pitfalls: ['Symmetric: without a causal mask it cannot tell a sequence from its reversal.'],
    options: [
      {
        name: 'kernel',
        type: ['logarithm', 'power'],
        default: 'logarithm',
        description: '−p·ln(1 + a·d), or −a·dᵖ',
      },
    ],
    create: ({ numHeads }, options) => kerple({ numHeads, ...options }),
  },
];
