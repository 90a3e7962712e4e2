/** Encodings that act on token embeddings. */
import { learned } from '../encodings/input/learned.ts';
import { sinusoidal } from '../encodings/input/sinusoidal.ts';
import type { EncodingDescription } from './description.ts';

export const inputEncodings: readonly EncodingDescription[] = [
  {
    name: 'sinusoidal',
    title: 'sinusoidal',
    site: 'input',
    summary: 'Fixed sines and cosines of the position, added to the embeddings',
    source: 'Vaswani et al., Attention Is All You Need, 2017, arXiv 1706.03762, section 3.5',
    formula: 'xₚ + [sin(p·ωₖ), cos(p·ωₖ)], ωₖ = base^(−2k/D)',
    axes: [1],
    models: ['Transformer', 'Whisper (encoder)', 'M2M-100', 'NLLB'],
    learnable: false,
    relative: false,
    extrapolation: 'Hoped for in its paper; fails soon past the trained length (arXiv 2108.12409)',
    pitfalls: [
      'The four tables (two layouts, two exponents) are not weight-compatible.',
      'Past the trained length slow channels reach values never seen in training.',
    ],
    options: [
      {
        name: 'layout',
        type: ['interleaved', 'halves'],
        default: 'interleaved',
        description: 'sin, cos, sin, cos … or all sines, then all cosines',
      },
      {
        name: 'exponent',
        type: ['paper', 'tensor2tensor'],
        default: 'paper',
        description: '2k/dim, or k/(dim/2 − 1) as in tensor2tensor, Whisper and fairseq',
      },
      { name: 'base', type: 'number', default: 10000, description: 'longest wavelength is about 2π·base' },
    ],
    create: ({ modelDim }, options) => sinusoidal({ dim: modelDim, ...options }),
  },
  {
    name: 'learned',
    title: 'learned',
    site: 'input',
    summary: 'A learned table with one row per position, added to the embeddings',
    source: 'Gehring et al., Convolutional Sequence to Sequence Learning, 2017, arXiv 1705.03122',
    formula: 'xₚ + table[p]',
    axes: [1],
    models: ['BERT', 'GPT-2', 'GPT-3', 'OPT', 'ViT'],
    learnable: true,
    relative: false,
    extrapolation: 'None: positions past the table are an error, and rows never trained are noise',
    pitfalls: ['Rows past the trained length keep their random start.'],
    options: [
      { name: 'maximumPositions', type: 'number', description: 'rows of the table; default: the longest input' },
      { name: 'standardDeviation', type: 'number', default: 0.02, description: 'of the initial rows' },
    ],
    create: ({ modelDim, maximumLength }, options) =>
      learned({ dim: modelDim, maximumPositions: maximumLength, ...options }),
  },
];
