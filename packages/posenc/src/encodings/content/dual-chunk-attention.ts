/** Dual chunk attention: rotary positions that start again in every chunk. */
import type { ContentEncoding } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { type BranchedOptions, branchedRotary } from '../../parts/branches.ts';

/** Options of {@link dualChunkAttention}. */
export interface DualChunkAttentionOptions extends BranchedOptions {
  /** The largest distance used; the paper takes three quarters of the trained length. */
  readonly chunkSize: number;
  /** Distances below this are exact across the border of two chunks. */
  readonly localWindow: number;
}

/**
 * Dual chunk attention: with chunks of s = chunkSize − localWindow positions, a key stands at j mod s, and a query at
 * i mod s for keys of its own chunk, at min(i mod s + s, chunkSize) for those of the chunk before, and at
 * min(2s − 1, chunkSize) for all earlier ones. No training.
 *
 * Source: An et al. 2024, "Training-Free Long-Context Scaling of Large Language Models", arXiv 2402.17463, section 3;
 * `chunkllama_attn_replace.py` (HKUNLP/ChunkLlama at 15c5787).
 *
 * Signals as of three branches: `queryCos0` … `keySin2`, `choose0` … `choose2`.
 *
 * @throws {RangeError} when an option is out of range, or localWindow is not below chunkSize
 */
export function dualChunkAttention(options: DualChunkAttentionOptions): ContentEncoding {
  const chunkSize = checkCount('dual-chunk-attention: chunkSize', options.chunkSize, 2);
  const localWindow = checkCount('dual-chunk-attention: localWindow', options.localWindow, 0);
  if (localWindow >= chunkSize) {
    throw new RangeError(
      `dual-chunk-attention: localWindow: expected less than chunkSize = ${chunkSize}, got ${localWindow}`,
    );
  }
  const length = chunkSize - localWindow;
  const within = (position: number): number => position - length * Math.floor(position / length);
  const branches = [
    within,
    (position: number) => Math.min(within(position) + length, chunkSize),
    () => Math.min(2 * length - 1, chunkSize),
  ].map((query) => ({ query, key: within }));
  return branchedRotary('dual-chunk-attention', options, { chunkSize, localWindow }, branches, (i, j) =>
    Math.min(Math.abs(Math.floor(i / length) - Math.floor(j / length)), 2),
  );
}
