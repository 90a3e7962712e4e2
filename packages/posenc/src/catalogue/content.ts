/** Encodings that compute scores from content and positions together. */
import { shaw } from '../encodings/content/shaw.ts';
import { swinV2 } from '../encodings/content/swin-v2.ts';
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
  {
    name: 'swin-v2',
    title: 'Swin v2 bias',
    site: 'content',
    summary: 'Cosine attention with a bias from a small network of logarithmic row and column distances',
    source: 'Liu et al., Swin Transformer V2, 2022, arXiv 2111.09883',
    formula: 'cos(qᵢ, kⱼ)·τₕ + 16·σ(network(Δ̂)), Δ̂ = sign(Δ)·log₂(1 + |8Δ/(window − 1)|)/3',
    axes: [2],
    models: ['Swin v2'],
    learnable: true,
    relative: true,
    extrapolation: 'To larger windows, its purpose: logarithmic distances leave the trained range slowly',
    pitfalls: ['The scaled distance reaches 1.0566 at the edge of the window, not 1.'],
    options: [
      { name: 'rows', type: 'number', description: 'of the window distances are measured in; default: the grid’s' },
      { name: 'columns', type: 'number', description: 'of that window; default: the grid’s' },
      { name: 'width', type: 'number', default: 512, description: 'of the network' },
    ],
    create: ({ numHeads, extents }, options) =>
      swinV2({ numHeads, rows: extents?.[0] ?? 1, columns: extents?.[1] ?? 1, ...options }),
  },
];
