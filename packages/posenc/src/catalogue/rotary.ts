/** Encodings that turn queries and keys. */
import { rotary } from '../encodings/rotary/rotary.ts';
import type { EncodingDescription } from './description.ts';
import { scalingOptions, takeScaling } from './scalings.ts';

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
      {
        name: 'pairing',
        type: ['half', 'interleaved'],
        default: 'half',
        description: 'channels k and k + dim/2 (GPT-NeoX, Llama on Hugging Face), or 2k and 2k+1 (GPT-J)',
      },
      ...scalingOptions,
    ],
    create: ({ headDim }, options = {}) => {
      const { rest, scaling } = takeScaling('rotary', options);
      return rotary({ headDim, ...rest, ...(scaling === undefined ? {} : { scaling }) });
    },
  },
];
