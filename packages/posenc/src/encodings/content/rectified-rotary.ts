/** ReRoPE: rotary whose distances stop growing, or grow more slowly, beyond a window. */
import type { ContentEncoding } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { type BranchedOptions, branchedRotary } from '../../parts/branches.ts';

/** Options of {@link rectifiedRotary}. */
export interface RectifiedRotaryOptions extends BranchedOptions {
  /** Distances below this are exact; its author's code takes 512 for Llama 2, trained on 4096. */
  readonly window: number;
  /** What a step beyond the window counts: 1/k in Leaky ReRoPE. Default 0: distances stay at the window, ReRoPE. */
  readonly leak?: number;
}

/**
 * Rectified rotary: the distance d of a pair acts as d below the window, and as window + (d − window)·leak beyond it. A
 * model trained with rotary reads longer inputs with it, without training.
 *
 * Source: Su 2023, "Rectified Rotary Position Embeddings", kexue.fm/archives/9708, and `rerope_patch.py`,
 * `leaky_rerope_patch.py` (bojone/rerope at 2cbd019). Their logarithmic scaling of queries is the encoding
 * `attention-temperature`.
 *
 * Signals as of two branches: `queryCos0` … `keySin1`, `choose0`, `choose1`.
 *
 * @throws {RangeError} when an option is out of range
 */
export function rectifiedRotary(options: RectifiedRotaryOptions): ContentEncoding {
  const window = checkCount('rectified-rotary: window', options.window);
  const leak = options.leak ?? 0;
  if (!(leak >= 0 && leak <= 1)) {
    throw new RangeError(`rectified-rotary: leak: expected a number from 0 to 1, got ${leak}`);
  }
  const far = {
    query: (position: number) => position * leak + window * (1 - leak),
    key: (position: number) => position * leak,
  };
  const exact = { query: (position: number) => position, key: (position: number) => position };
  const branchOf = (i: number, j: number) => (Math.abs(i - j) < window ? 0 : 1);
  return branchedRotary('rectified-rotary', options, { window, leak }, [exact, far], branchOf, true);
}
