/** Self-Extend: exact distances near, distances of groups far away. */
import type { ContentEncoding } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { type BranchedOptions, branchedRotary } from '../../parts/branches.ts';

/** Options of {@link selfExtend}. */
export interface SelfExtendOptions extends BranchedOptions {
  /** Positions that share one number beyond the window. */
  readonly groupSize: number;
  /** Distances below this are exact; a multiple of groupSize. */
  readonly window: number;
}

/**
 * Self-Extend: keys nearer than the window are turned by their positions; farther ones by ⌊j/G⌋ against the query's
 * ⌊i/G⌋ + W − W/G, so that distances go on from the window without a jump. No training.
 *
 * Source: Jin et al. 2024, "LLM Maybe LongLM", arXiv 2401.01325, equation 4; `self_extend_patch/Llama.py`
 * (datamllab/LongLM at 18950b5).
 *
 * Signals as of two branches: `queryCos0` … `keySin1`, `choose0`, `choose1`.
 *
 * @throws {RangeError} when an option is out of range, or the window is no multiple of the group: the paper rounds W/G
 *   down, its code keeps the fraction, and the two agree for multiples only
 */
export function selfExtend(options: SelfExtendOptions): ContentEncoding {
  const groupSize = checkCount('self-extend: groupSize', options.groupSize);
  const window = checkCount('self-extend: window', options.window);
  if (window % groupSize !== 0) {
    throw new RangeError(
      `self-extend: window: expected a multiple of groupSize = ${groupSize}, got ${window}; ` +
        'the paper and its code disagree on any other',
    );
  }
  const shift = window - window / groupSize;
  const near = { query: (position: number) => position, key: (position: number) => position };
  const far = {
    query: (position: number) => Math.floor(position / groupSize) + shift,
    key: (position: number) => Math.floor(position / groupSize),
  };
  return branchedRotary('self-extend', options, { groupSize, window }, [near, far], (i, j) =>
    Math.abs(i - j) < window ? 0 : 1,
  );
}
