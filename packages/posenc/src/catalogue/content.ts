/** Encodings that compute scores from content and positions together. */
import { contextAwareRotary, selectiveRotary } from '../encodings/content/contextual-rotary.ts';
import { cope } from '../encodings/content/cope.ts';
import { dape } from '../encodings/content/dape.ts';
import { deberta } from '../encodings/content/deberta.ts';
import { decomposed } from '../encodings/content/decomposed.ts';
import { cable, forgetting } from '../encodings/content/forgetting.ts';
import { inkling } from '../encodings/content/inkling.ts';
import { musicTransformer } from '../encodings/content/music-transformer.ts';
import { path } from '../encodings/content/path.ts';
import { shaw } from '../encodings/content/shaw.ts';
import { swinV2 } from '../encodings/content/swin-v2.ts';
import { transformerXl } from '../encodings/content/transformer-xl.ts';
import { tupe } from '../encodings/content/tupe.ts';
import { alibi } from '../encodings/scores/alibi.ts';
import { fire } from '../encodings/scores/fire.ts';
import { kerple } from '../encodings/scores/kerple.ts';
import type { EncodingDescription } from './description.ts';

const pairingOption = {
  name: 'pairing',
  type: ['half', 'interleaved'],
  default: 'half',
  description: 'channels k and k + headDim/2, or 2k and 2k + 1',
} as const;

export const contentEncodings: readonly EncodingDescription[] = [
  {
    name: 'shaw',
    title: 'Shaw relative positions',
    site: 'content',
    summary: 'Learned vectors of clipped distances, added to keys and values',
    source: 'Shaw, Uszkoreit, Vaswani, Self-Attention with Relative Position Representations, 2018, arXiv 1803.02155',
    formula: 'score(i, j) = qᵢ·(kⱼ + aᴷ[clip(j − i)])/√E; output = Σⱼ wᵢⱼ(vⱼ + aⱽ[clip(j − i)])',
    axes: [1],
    models: [],
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
    formula: 'cos(qᵢ, kⱼ)·τₕ + 16·σ(network(d)), d = sign(Δ)·log₂(1 + |8Δ/(window − 1)|)/3',
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
  {
    name: 'music-transformer',
    title: 'Music Transformer',
    site: 'content',
    summary: 'A learned vector per distance into the past, added to keys, skewed into place without any gather',
    source: 'Huang et al., Music Transformer, 2018, arXiv 1809.04281',
    formula: 'score(i, j) = qᵢ·(kⱼ + e[h, i − j])/√E',
    axes: [1],
    models: ['Music Transformer'],
    learnable: true,
    relative: true,
    extrapolation: 'Distances beyond the table add nothing, or share a vector',
    pitfalls: ['Scores after the query are meaningless: a causal mask must hide them.'],
    options: [
      {
        name: 'maximumDistance',
        type: 'number',
        description: 'the largest with a vector, max_relative_position − 1; default: the longest input’s',
      },
      {
        name: 'beyond',
        type: ['none', 'share'],
        default: 'none',
        description: 'farther distances add nothing (tensor2tensor), or have the farthest vector',
      },
      { name: 'standardDeviation', type: 'number', description: 'of the initial vectors; default headDim^(−1/2)' },
    ],
    create: ({ headDim, numHeads, maximumLength }, options) =>
      musicTransformer({ headDim, numHeads, maximumDistance: maximumLength - 1, ...options }),
  },
  {
    name: 'transformer-xl',
    title: 'Transformer-XL',
    site: 'content',
    summary: 'Content and sinusoidal distances meet in the score, each with a learned bias',
    source: 'Dai et al., Transformer-XL, 2019, arXiv 1901.02860',
    formula: 'score(i, j) = ((qᵢ + u)·kⱼ + (qᵢ + v)·W·R[i − j])/√E',
    axes: [1],
    models: ['Transformer-XL', 'XLNet', 'Conformer', 'FastSpeech2Conformer'],
    learnable: true,
    relative: true,
    extrapolation: 'To longer memories than trained with: claimed',
    pitfalls: ['Its shift by reshaping leaves garbage after the query; here each distance is computed.'],
    options: [
      {
        name: 'sharing',
        type: ['model', 'layer'],
        default: 'layer',
        description: 'whether the two biases are one for all layers or each layer’s own',
      },
    ],
    create: ({ headDim, numHeads, modelDim }, options) => transformerXl({ headDim, numHeads, modelDim, ...options }),
  },
  {
    name: 'deberta',
    title: 'DeBERTa',
    site: 'content',
    summary: 'Disentangled attention: content looks at distances, and distances at content',
    source: 'He et al., DeBERTa, 2021, arXiv 2006.03654',
    formula: 'score(i, j) = (qᵢ·kⱼ + qᵢ·Kʳ[δ(i − j)] + kⱼ·Qʳ[δ(i − j)])/√(3E)',
    axes: [1],
    models: ['DeBERTa', 'DeBERTa-v3', 'mDeBERTa'],
    learnable: true,
    relative: true,
    extrapolation: 'Not claimed; far distances share a row',
    pitfalls: ['All three terms are divided by √(3E), content and what is joined before it too.'],
    options: [
      { name: 'maximumDistance', type: 'number', default: 512, description: 'distances from here on share a row' },
      {
        name: 'buckets',
        type: 'number',
        default: 256,
        description: 'rows on each side, at least 4 and half of them below maximumDistance − 1; 0: one row a distance',
      },
    ],
    create: ({ headDim, numHeads, modelDim }, options) => deberta({ headDim, numHeads, modelDim, ...options }),
  },
  {
    name: 'tupe',
    title: 'TUPE',
    site: 'content',
    summary: 'Positions attend to positions with projections of their own, apart from content',
    source: 'Ke, He, Liu, Rethinking Positional Encoding in Language Pre-training, 2021, arXiv 2006.15595',
    formula: 'score(i, j) = qᵢ·kⱼ/√(2E) + (pᵢU)·(pⱼW)/√(2E)',
    axes: [1],
    models: ['TUPE'],
    learnable: true,
    relative: false,
    extrapolation: 'None: positions past the table are an error',
    pitfalls: [
      'TUPE-R joins a relative bias: tupe+t5:scale=1.',
      'Scores, with what is joined before it, are divided by √2.',
    ],
    options: [
      { name: 'maximumPositions', type: 'number', description: 'rows of the table; default: the longest input' },
      {
        name: 'untieFirst',
        type: 'boolean',
        default: false,
        description:
          'whether position 0 is a class token; joining a relative bias gives the class token positions again',
      },
    ],
    create: ({ numHeads, modelDim, maximumLength }, options) =>
      tupe({ numHeads, modelDim, maximumPositions: maximumLength, ...options }),
  },
  {
    name: 'decomposed',
    title: 'decomposed relative positions',
    site: 'content',
    summary: 'The query looks at learned vectors of row and of column distances',
    source: 'Li et al., MViTv2, 2022, arXiv 2112.01526',
    formula: 'score(i, j) + qᵢ·a[Δrow] + qᵢ·b[Δcolumn]',
    axes: [2],
    models: ['MViTv2', 'SAM', 'ViTDet'],
    learnable: true,
    relative: true,
    extrapolation: 'None beyond the grid: tables are resized to another one',
    pitfalls: ['The query is not scaled by 1/√E in these terms.'],
    options: [
      { name: 'rows', type: 'number', description: 'of the grid; default: those of the largest' },
      { name: 'columns', type: 'number', description: 'of the grid; default: those of the largest' },
    ],
    create: ({ headDim, extents }, options) =>
      decomposed({ headDim, rows: extents?.[0] ?? 1, columns: extents?.[1] ?? 1, ...options }),
  },
  {
    name: 'cope',
    title: 'CoPE',
    site: 'content',
    summary: 'Positions that count what the query looks for, instead of tokens',
    source: 'Golovneva et al., Contextual Position Encoding, 2024, arXiv 2405.18719',
    formula: 'pᵢⱼ = Σ σ(qᵢ·kₜ/√E) for t = j … i; score(i, j) = qᵢ·(kⱼ + e[pᵢⱼ])/√E',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'Claimed on counting, flip-flop and selective copying',
    pitfalls: ['Two scalings are in use; weights of one do not fit the other.'],
    options: [
      {
        name: 'maximumPositions',
        type: 'number',
        description: 'rows of the table; default: the longest input plus 1, but at most 64, as time grows with them',
      },
      {
        name: 'scaling',
        type: ['divided', 'undivided'],
        default: 'divided',
        description: '(q·k + q·e)/√E, or q·k/√E + q·e (x-transformers, DAPE)',
      },
    ],
    create: ({ headDim, maximumLength }, options) =>
      cope({ headDim, maximumPositions: Math.min(maximumLength + 1, 64), ...options }),
  },
  {
    name: 'inkling',
    title: 'Inkling relative logits',
    site: 'content',
    summary: 'Each token mixes learned profiles of the distance into a bias of its own',
    source: 'Inkling in Hugging Face transformers 5.23.0 (Thinking Machines, 2026); no paper',
    formula: 'score(i, j) + (xᵢ·W)ₕ·profile[i − j]',
    axes: [1],
    models: ['Inkling'],
    learnable: true,
    relative: true,
    extrapolation: 'No bias beyond its extent; the model adds an attention temperature',
    pitfalls: ['The model scales scores by 1/E, because its queries and keys are normalised.'],
    options: [
      { name: 'extent', type: 'number', default: 1024, description: 'distances with a bias' },
      { name: 'profiles', type: 'number', default: 16, description: 'that are mixed' },
    ],
    create: ({ numHeads, modelDim }, options) => inkling({ numHeads, modelDim, ...options }),
  },
  {
    name: 'forgetting',
    title: 'FoX (data-dependent ALiBi)',
    site: 'content',
    summary: 'Each token has a gate per head; what lies beyond closed gates is forgotten',
    source: 'Lin et al., Forgetting Transformer, 2025, arXiv 2503.02130',
    formula: 'score(i, j) + Σ ln σ(xₜ·w + b), t = j + 1 … i',
    axes: [1],
    models: ['Forgetting Transformer'],
    learnable: true,
    relative: true,
    extrapolation: 'Yes, by its paper',
    pitfalls: [
      'A cache must hold the running sums; here such models decode without one.',
      'With startBias 0 a token costs ln 2 at the start: far keys are learned late.',
    ],
    options: [
      {
        name: 'startBias',
        type: 'number',
        default: 0,
        description: 'what the gates’ bias starts at; x-transformers: 5',
      },
      {
        name: 'bidirectional',
        type: 'boolean',
        description:
          'gates of their own for later keys; default: true in an encoder; causal attention always uses false',
      },
    ],
    create: ({ numHeads, modelDim, attention }, options) =>
      forgetting({
        numHeads,
        modelDim,
        bidirectional: true,
        ...options,
        ...(attention === 'causal' ? { bidirectional: false } : {}),
      }),
  },
  {
    name: 'cable',
    title: 'CABLE',
    site: 'content',
    summary: 'Each token adds a penalty of its own to everything before it',
    source: 'Veisi et al., Context-aware Biases for Length Extrapolation, 2025, arXiv 2503.08067',
    formula: 'score(i, j) − Σ softplus(xₜ·w + b), t = j + 1 … i',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'Yes: its purpose',
    pitfalls: ['The released code does not scale scores by 1/√E; its weights need that.'],
    options: [],
    create: ({ numHeads, modelDim }) => cable({ numHeads, modelDim }),
  },
  {
    name: 'dape',
    title: 'DAPE',
    site: 'content',
    summary: 'A small network over the heads adapts a bias to the scores it meets',
    source: 'Zheng et al., DAPE, 2024, arXiv 2405.14722; DAPE V2, arXiv 2410.04798',
    formula: 'scores + bias + network([scores; bias])',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'Yes, by its paper: to 8192 from 128',
    pitfalls: ['The network runs over all pairs: time and memory grow with its width.'],
    options: [
      { name: 'bias', type: ['alibi', 'kerple', 'fire'], default: 'alibi', description: 'the bias that is adapted' },
      { name: 'width', type: 'number', default: 32, description: 'of the network' },
      { name: 'kernel', type: 'number', default: 1, description: 'keys each layer sees; 3 is the usual DAPE-V2' },
    ],
    create: ({ numHeads }, { bias = 'alibi', ...options } = {}) => {
      const made =
        bias === 'kerple' ? kerple({ numHeads }) : bias === 'fire' ? fire({ numHeads }) : alibi({ numHeads });
      return dape({ numHeads, bias: made, ...options });
    },
  },
  {
    name: 'context-aware-rotary',
    title: 'CARoPE',
    site: 'content',
    summary: 'Rotary whose speed depends on the tokens and on the head',
    source: 'Veisi et al., Context-aware Rotary Position Embedding, 2025, arXiv 2507.23083',
    formula: 'angle of pair k = Σ f(xₜ)ₕᵏ for t up to the place, f(x) = 1/(softplus(x·W) + 1)',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'Claimed in its abstract',
    pitfalls: ['Angles are sums in the engine’s precision.'],
    options: [pairingOption],
    create: ({ headDim, numHeads, modelDim }, options) =>
      contextAwareRotary({ headDim, numHeads, modelDim, ...options }),
  },
  {
    name: 'selective-rotary',
    title: 'Selective RoPE',
    site: 'content',
    summary: 'Rotary whose angles each token asks for, by a projection and a short convolution',
    source: 'Movahedi et al., Selective Rotary Position Embedding, 2026, arXiv 2511.17388',
    formula: 'angle of pair k = ωₖ·Σ φ(xₜ)ₕₖ for t up to the place',
    axes: [1],
    models: [],
    learnable: true,
    relative: true,
    extrapolation: 'Claimed on state tracking and recall',
    pitfalls: ['Angles are sums in the engine’s precision.'],
    options: [
      pairingOption,
      { name: 'rank', type: 'number', default: 16, description: 'between the two projections' },
      { name: 'kernel', type: 'number', default: 4, description: 'tokens the convolution sees' },
      { name: 'base', type: 'number', default: 500000, description: 'of the frequencies' },
    ],
    create: ({ headDim, numHeads, modelDim }, options) => selectiveRotary({ headDim, numHeads, modelDim, ...options }),
  },
  {
    name: 'path',
    title: 'PaTH',
    site: 'content',
    summary: 'Between query and key stands a product of reflections, one per token, made from the content',
    source: 'Yang et al., PaTH Attention, 2025, arXiv 2505.16381',
    formula: 'score(i, j) = qᵢᵀ·Hᵢ ⋯ Hⱼ₊₁·kⱼ/√E, Hₜ = I − βₜ·wₜwₜᵀ',
    axes: [1],
    models: ['PaTH'],
    learnable: true,
    relative: true,
    extrapolation: 'With a forget gate (path+forgetting), by its paper',
    pitfalls: ['Every decoding step changes all cached keys; here such models decode without a cache.'],
    options: [
      { name: 'rank', type: 'number', default: 32, description: 'between the two projections of w' },
      { name: 'kernel', type: 'number', default: 3, description: 'tokens the convolution of w sees' },
    ],
    create: ({ headDim, numHeads, modelDim }, options) => path({ headDim, numHeads, modelDim, ...options }),
  },
];
