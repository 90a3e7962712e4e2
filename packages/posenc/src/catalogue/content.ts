/** Encodings that compute scores from content and positions together. */
import { shaw } from '../encodings/content/shaw.ts';
import type { EncodingDescription } from './description.ts';

export const contentEncodings: readonly EncodingDescription[] = [
  {
    name: 'shaw',
    title: 'Shaw relative positions',
    site: 'content',
    summary: 'Learned vectors of clipped distances, added to keys and values',
    source: 'Shaw, Uszkoreit, Vaswani, Self-Attention with Relative Position Representations, 2018, arXiv 1803.02155',
    formula: 'score(i, j) = qᵢ·(kⱼ + aᴷ[clip(j − i)])/√E; output = Σⱼ wᵢⱼ(vⱼ + aⱽ[clip(j − i)])',
    axes: [1],
    models: ['Music Transformer (keys)', 'VITS', 'SeamlessM4T v2 (keys)'],
    learnable: true,
    relative: true,
    extrapolation: 'Runs at any length, because distances are clipped; no claim beyond that',
    pitfalls: ['The sign matters: a table of i − j read with j − i swaps past and future.'],
    options: [
      { name: 'maximumDistance', type: 'number', default: 16, description: 'distances beyond this share a vector' },
      { name: 'values', type: 'boolean', default: true, description: 'vectors for values, too' },
      {
        name: 'standardDeviation',
        type: 'number',
        description: 'of the initial vectors; default headDim^(−1/2)',
      },
    ],
    create: ({ headDim }, options) => shaw({ headDim, ...options }),
  },
];
