/** Λ-shaped attention: the first tokens and the last ones, with bounded distances. */
import type { ContentEncoding } from '../../encoding.ts';
import { checkChoice, checkCount } from '../../numbers/check.ts';
import { type BranchedOptions, branchedRotary } from '../../parts/branches.ts';

/** Options of {@link lambdaAttention}. */
export interface LambdaAttentionOptions extends BranchedOptions {
  /** Positions below this are seen by everyone. Default 4 (StreamingLLM); LM-Infinite uses 10 to 100. */
  readonly firstTokens?: number;
  /** Tokens up to the query that it sees, itself included: `recent_size` + 1 of StreamingLLM's evaluation script. */
  readonly recentTokens: number;
  /**
   * How far the first tokens seem when they are no longer recent: `limit`: recentTokens away, all of them
   * (LM-Infinite); `cache`: as many steps as tokens are kept, as if nothing lay between (StreamingLLM). Default `cache`.
   */
  readonly distances?: 'limit' | 'cache';
}

/**
 * A query at position i sees keys j > i − recentTokens and j < firstTokens, and no others. A model trained with rotary
 * reads endless inputs with it, without training, but knows nothing of what lies between.
 *
 * Source: Han et al. 2023, "LM-Infinite", arXiv 2308.16137, section 4 and `models/lambda_attention.py`
 * (Glaciohound/LM-Infinite at 5f35e5d); Xiao et al. 2024, "Efficient Streaming Language Models with Attention Sinks",
 * arXiv 2309.17453, section 3.2, where positions are counted inside the cache.
 *
 * Signals as of two branches: `queryCos0` … `keySin1`, `choose0`, `choose1`, `hidden`.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a position is negative
 */
export function lambdaAttention(options: LambdaAttentionOptions): ContentEncoding {
  const firstTokens = checkCount('lambda-attention: firstTokens', options.firstTokens ?? 4, 0);
  const recentTokens = checkCount('lambda-attention: recentTokens', options.recentTokens);
  const distances = checkChoice('lambda-attention: distances', options.distances ?? 'cache', ['limit', 'cache']);
  const recent = { query: (position: number) => position, key: (position: number) => position };
  const first =
    distances === 'limit'
      ? { query: () => recentTokens, key: () => 0 }
      : { query: () => firstTokens + recentTokens - 1, key: (position: number) => position };
  const own = { firstTokens, recentTokens, distances };
  return branchedRotary('lambda-attention', options, own, [recent, first], (i, j) => {
    if (i < 0 || j < 0) {
      throw new RangeError(
        `lambda-attention: position: expected at least 0, got ${Math.min(i, j)}; the first tokens are those below ${firstTokens}`,
      );
    }
    // The cache is full once it holds all first and recent tokens; until then nothing is thrown away.
    const whole = distances === 'cache' && i < firstTokens + recentTokens;
    if (whole || Math.abs(i - j) < recentTokens) return 0;
    return j < firstTokens ? 1 : undefined;
  });
}
