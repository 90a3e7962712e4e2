/** No positions: the control of every comparison. */
import type { NoEncoding } from '../encoding.ts';

/**
 * No positional encoding. A causal model can still tell order from its mask (Kazemnejad et al. 2023,
 * arXiv 2305.19466); an encoder cannot: permuting its input permutes its output.
 */
export function none(): NoEncoding {
  return {
    site: 'none',
    name: 'none',
    options: {},
    parameters: [],
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: () => ({ parameters: 0, tableBytes: 0 }),
    vectors: () => ({}),
  };
}
