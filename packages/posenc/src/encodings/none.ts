/** No positions: the control of every comparison. */
import type { NoEncoding } from '../encoding.ts';

/**
 * No positional encoding. A causal model can still tell order from its mask (Kazemnejad et al. 2023,
 * arXiv 2305.19466); an encoder cannot: permuting its input permutes its output.
 *
 * @param options.axes - numbers per token, none of which is read; default 1
 */
export function none({ axes = 1 }: { readonly axes?: number } = {}): NoEncoding {
  return {
    site: 'none',
    name: 'none',
    options: {},
    parameters: [],
    axes,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: () => ({ parameters: 0, tableBytes: 0 }),
    vectors: () => ({}),
  };
}
