/** Encodings that add a bias to attention scores. */
import { alibi } from '../encodings/scores/alibi.ts';
import { dynamicPositionBias } from '../encodings/scores/dynamic-position-bias.ts';
import { fire } from '../encodings/scores/fire.ts';
import { graphormer } from '../encodings/scores/graphormer.ts';
import { kerple } from '../encodings/scores/kerple.ts';
import { sandwich } from '../encodings/scores/sandwich.ts';
import { beit, swin } from '../encodings/scores/swin.ts';
import { t5 } from '../encodings/scores/t5.ts';
import type { EncodingDescription, OptionDescription } from './description.ts';

const gridOptions: readonly OptionDescription[] = [
  { name: 'rows', type: 'number', description: 'of the window; default: those of the largest grid' },
  { name: 'columns', type: 'number', description: 'of the window; default: those of the largest grid' },
];

export const scoresEncodings: readonly EncodingDescription[] = [
  {
    name: 'alibi',
    title: 'ALiBi',
    site: 'scores',
    summary: 'A penalty on scores, linear in the distance, with a fixed slope per head',
    source: 'Press, Smith, Lewis, Train Short, Test Long, 2022, arXiv 2108.12409',
    formula: 'score(i, j) − mₕ·|i − j|, mₕ = 2^(−8h/H)',
    axes: [1, 2, 3],
    models: ['BLOOM', 'MPT', 'Falcon-RW', 'data2vec 2 (2-D)'],
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
      {
        name: 'distance',
        type: ['manhattan', 'euclidean'],
        default: 'manhattan',
        description: 'of tokens with several numbers, such as patches',
      },
    ],
    create: ({ numHeads, attention, extents }, options) => {
      if (extents !== undefined) return alibi({ numHeads, axes: extents.length, ...options });
      return alibi({
        numHeads,
        ...(attention === 'causal' ? { ...options, direction: 'causal' } : { direction: 'left-right', ...options }),
      });
    },
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
    extrapolation: 'Yes: trained on 512 tokens, its loss stays below that at 512 up to 16,384 by its paper',
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
  {
    name: 'sandwich',
    title: 'Sandwich',
    site: 'scores',
    summary: 'The inner product of two sinusoidal encodings as a bias, falling with the logarithm of the distance',
    source: 'Chi et al., Dissecting Transformer Length Extrapolation, 2023, arXiv 2212.10356',
    formula: 'score(i, j) + Σₖ cos((i − j)·ωₖ)·H/8h, ωₖ = 10000^(−2k/128)',
    axes: [1],
    models: [],
    learnable: false,
    relative: true,
    extrapolation: 'Yes: its purpose',
    pitfalls: ['Symmetric: without a causal mask it cannot tell a sequence from its reversal.'],
    options: [
      { name: 'channels', type: 'number', default: 128, description: 'of the sinusoids whose product is taken' },
      { name: 'base', type: 'number', default: 10000, description: 'of their frequencies' },
    ],
    create: ({ numHeads }, options) => sandwich({ numHeads, ...options }),
  },
  {
    name: 'fire',
    title: 'FIRE',
    site: 'scores',
    summary: 'A small network of the distance, relative to how far the query stands from the start',
    source: 'Li et al., Functional Interpolation for Relative Positions, 2024, arXiv 2310.04418',
    formula: 'score(i, j) + f(ψ(i − j)/ψ(max(L, i))), ψ(x) = ln(|c·x| + 1)',
    axes: [1],
    models: [],
    learnable: true,
    relative: false,
    extrapolation: 'Yes: distances stay between 0 and 1 at every length',
    pitfalls: ['Depends on the place of the query, too: its matrix has no constant diagonals.'],
    options: [
      { name: 'width', type: 'number', default: 32, description: 'of the hidden layer' },
      { name: 'steepness', type: 'number', default: 0.1, description: 'where the learned c starts' },
      { name: 'threshold', type: 'number', default: 512, description: 'where the learned L starts' },
    ],
    create: ({ numHeads }, options) => fire({ numHeads, ...options }),
  },
  {
    name: 'dynamic-position-bias',
    title: 'dynamic position bias',
    site: 'scores',
    summary: 'A small network of the signed distance gives a bias per head',
    source: 'Wang et al., CrossFormer, 2021, arXiv 2108.00154',
    formula: 'score(i, j) + network(i − j)ₕ',
    axes: [1],
    models: ['CrossFormer'],
    learnable: true,
    relative: true,
    extrapolation: 'Not claimed in one dimension; a network answers at any distance, trained or not',
    pitfalls: ['Linear distances make large inputs; logarithmic ones train more easily.'],
    options: [
      { name: 'width', type: 'number', description: 'of the hidden layers; default modelDim/4, at least 8' },
      { name: 'depth', type: 'number', default: 2, description: 'hidden layers' },
      {
        name: 'distance',
        type: ['linear', 'logarithm'],
        default: 'linear',
        description: 'i − j, or sign·ln(|i − j| + 1)',
      },
      { name: 'normalize', type: 'boolean', default: false, description: 'whether hidden layers are normalised' },
    ],
    create: ({ numHeads, modelDim }, options) =>
      dynamicPositionBias({ numHeads, width: Math.max(8, Math.floor(modelDim / 4)), ...options }),
  },
  {
    name: 'swin',
    title: 'Swin bias',
    site: 'scores',
    summary: 'A learned bias per head for each pair of row and column distances',
    source: 'Liu et al., Swin Transformer, 2021, arXiv 2103.14030',
    formula: 'score(i, j) + table[Δrow, Δcolumn, h]',
    axes: [2],
    models: ['Swin'],
    learnable: true,
    relative: true,
    extrapolation: 'None beyond the window: the table is resized to another one',
    pitfalls: ['Distances outside the table are an error; tables go to another window by resampleGrid.'],
    options: gridOptions,
    create: ({ numHeads, extents }, options) => swin({ numHeads, ...windowOf(extents), ...options }),
  },
  {
    name: 'beit',
    title: 'BEiT bias',
    site: 'scores',
    summary: 'Swin’s table over the whole grid, with numbers of its own for the class token',
    source: 'Bao et al., BEiT: BERT Pre-Training of Image Transformers, 2021, arXiv 2106.08254',
    formula: 'score(i, j) + table[Δrow, Δcolumn, h], with 3 rows for the class token',
    axes: [2],
    models: ['BEiT', 'data2vec (vision)'],
    learnable: true,
    relative: false,
    extrapolation: 'None beyond the grid: the table is resized to another one',
    pitfalls: ['The class token stands at (−1, −1).'],
    options: gridOptions,
    create: ({ numHeads, extents }, options) => beit({ numHeads, ...windowOf(extents), ...options }),
  },
  {
    name: 'graphormer',
    title: 'Graphormer bias',
    site: 'scores',
    summary: 'A learned bias per head for each length of the shortest path between two nodes',
    source: 'Ying et al., Do Transformers Really Perform Badly for Graph Representation?, 2021, arXiv 2106.05234',
    formula: 'score(i, j) + table[length of the shortest path from i to j, h]',
    axes: 'distances',
    models: ['Graphormer'],
    learnable: true,
    relative: false,
    extrapolation: 'Longer paths than the table’s share a number',
    pitfalls: ['A node’s position is its row of distances, so keys must be all nodes in order.'],
    options: [
      { name: 'maximumDistance', type: 'number', default: 20, description: 'paths from here on share a number' },
      {
        name: 'beyond',
        type: ['shared', 'hidden'],
        default: 'shared',
        description: 'longer paths share a number, or hide the nodes from each other as in the authors’ code',
      },
    ],
    create: ({ numHeads, graph }, options) => graphormer({ numHeads, nodes: graph?.features ?? 1, ...options }),
  },
];

/** The window of a grid's table. */
function windowOf(extents: readonly number[] = []): { readonly rows: number; readonly columns: number } {
  return { rows: extents[0] ?? 1, columns: extents[1] ?? 1 };
}
