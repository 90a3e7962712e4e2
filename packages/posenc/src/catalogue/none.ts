/** The control of every comparison. */
import { none } from '../encodings/none.ts';
import type { EncodingDescription } from './description.ts';

export const noEncodings: readonly EncodingDescription[] = [
  {
    name: 'none',
    title: 'none',
    site: 'none',
    summary: 'No positions at all: the control of every comparison',
    source: 'Kazemnejad et al., The Impact of Positional Encoding on Length Generalization, 2023, arXiv 2305.19466',
    formula: 'score(i, j) = qᵢ·kⱼ/√E',
    axes: 'any',
    models: ['Jamba', 'Granite 4 (attention layers)'],
    learnable: false,
    relative: true,
    extrapolation: 'Best of five at small scale in causal models, by its paper',
    pitfalls: ['In an encoder, permuting the tokens changes nothing: order is invisible.'],
    options: [],
    create: ({ extents }) => none({ axes: extents?.length ?? 1 }),
  },
];
