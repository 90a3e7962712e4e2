/** CoPE: positions that count what the query looks for, instead of tokens. */
import { type AttentionContext, type ContentEncoding, countNumbers } from '../../encoding.ts';
import { checkChoice, checkCount } from '../../numbers/check.ts';
import { constantTable } from '../../parts/declarations.ts';
import { absolute, atMost, relu, transpose } from '../../parts/functions.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { pairwise } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link cope}. */
export interface CopeOptions {
  /** Width of one head. */
  readonly headDim: number;
  /** Rows of the table: counts beyond maximumPositions − 1 are that. RAM takes the longest input plus 1: 0 is a count, too. */
  readonly maximumPositions: number;
  /**
   * `divided`: (q·k + q·e)/√E, the authors' default; `undivided`: q·k/√E + q·e, their `--cope-nodiv`, x-transformers and
   * DAPE. Default `divided`.
   */
  readonly scaling?: 'divided' | 'undivided';
}

/**
 * Contextual position encoding: each key's gate is σ(qᵢ·kⱼ/√E); the position of key j for query i is the sum of the gates
 * from j to i; its vector, interpolated between those of whole positions, is multiplied with the query and added.
 *
 * Source: Golovneva, Wang, Weston, Sukhbaatar 2024, "Contextual Position Encoding", arXiv 2405.18719, equations 3 to 6;
 * `context_position.py` of facebookresearch/RAM at 5420e20; `CoPE` of x-transformers 2.31.10 (`undivided`).
 *
 * Signals `order` [batch, 1, Tk, Tk], 1 where a key comes at or after another, and `upTo` [batch, 1, Tq, Tk]; parameter `table`
 * [maximumPositions, headDim], one copy per layer. Hidden keys count nothing.
 *
 * @throws {RangeError} when an option is out of range
 */
export function cope(options: CopeOptions): ContentEncoding {
  const headDim = checkCount('cope: headDim', options.headDim);
  const maximumPositions = checkCount('cope: maximumPositions', options.maximumPositions, 2);
  const scaling = checkChoice('cope: scaling', options.scaling ?? 'divided', ['divided', 'undivided']);
  const table = constantTable('table', [maximumPositions, headDim], 0, 'layer', 'RAM: zeros');
  const signals = (queries: Positions, keys: Positions) => {
    // From key j (column) on: rows t with position of t ≥ position of j; the mask ends the sum at the query.
    const { batch, data } = pairwise('cope', keys, keys, (offset) => Number(offset <= 0));
    const own = pairwise('cope', queries, keys, (offset) => Number(offset <= 0));
    return {
      order: real([batch, 1, keys.length, keys.length], data),
      upTo: real([own.batch, 1, queries.length, keys.length], own.data),
    };
  };
  return {
    site: 'content',
    name: 'cope',
    options: { headDim, maximumPositions, scaling },
    parameters: [table],
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'causal',
    costs: (length) => ({ parameters: countNumbers([table]), tableBytes: 8 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>(
      { operations, parameters, signals: given, queries, keys, scale, mask }: AttentionContext<T>,
      scores: T,
    ) => {
      const { add, exp, matmul, multiply, sigmoid, slice, subtract } = operations;
      const logits = multiply(matmul(queries, transpose(operations, keys)), scale);
      const visible = multiply(given.upTo as T, exp(mask)); // 1, or 0 where hidden
      const gates = multiply(sigmoid(logits), visible);
      const counted = atMost(operations, matmul(gates, given.order as T), maximumPositions - 1); // [B, H, Tq, Tk]
      const products = matmul(queries, transpose(operations, parameters.table as T)); // [B, H, Tq, P]
      // Linear interpolation between whole positions: each row weighs 1 at its position, 0 one step away.
      const terms = Array.from({ length: maximumPositions }, (_, row) => {
        const weight = relu(operations, subtract(1, absolute(operations, subtract(counted, row))));
        return multiply(weight, slice(products, -1, row, row + 1));
      });
      const positions = terms.reduce((sum, term) => add(sum, term));
      return add(scores, scaling === 'divided' ? multiply(positions, scale) : positions);
    },
  };
}
