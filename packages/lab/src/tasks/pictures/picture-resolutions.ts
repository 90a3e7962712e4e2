/** Which resolutions pictures are tested at, beside the one they are trained at. Knows nothing of what they show. */
import type { Clip } from '../../data/pictures/clip.ts';
import { type LengthBucket, TaskError } from '../task.ts';
import { patchGrid } from './patches.ts';

/** A size of pictures, with their patches. */
export interface Resolution {
  readonly bucket: LengthBucket;
  readonly height: number;
  readonly width: number;
  readonly rows: number;
  readonly columns: number;
  /** Examples that fit into memory as patches: an even number. */
  readonly mostExamples: number;
  /** Examples whose attention fits into memory at once. */
  readonly mostInBatch: number;
}

/** Patches along the longer side, as multiples of the trained ones. */
const BEYOND = [8 / 7, 10 / 7, 2] as const;
/** Attention over more patches takes too long to be compared, and in training, with all its gradients, too much memory. */
const MOST_PATCHES = 1024;
const MOST_TRAINED_PATCHES = 576;
/** Scores of one attention head. */
const MOST_SCORES = 2 ** 20;
/** Numbers in all batches of a resolution. */
const MOST_NUMBERS = 2 ** 26;

/**
 * The resolution of the pictures first, then larger ones, as long as they have at most `MOST_PATCHES`.
 *
 * @param patch - pixels along a side of a patch
 * @param areOthers - whether there are others than the trained one at all
 * @throws {TaskError} when the patch does not divide the size, or there are too many patches or too few
 */
export function resolutionsOf(
  { height, width, channels }: Clip,
  patch: number,
  areOthers: boolean,
): { readonly resolutions: readonly [Resolution, ...Resolution[]]; readonly notes: readonly string[] } {
  if (height % patch !== 0 || width % patch !== 0) {
    const divisors = Array.from({ length: Math.min(height, width) }, (_, index) => index + 1).filter(
      (divisor) => height % divisor === 0 && width % divisor === 0,
    );
    throw new TaskError(
      `image: patch: expected a divisor of ${height} and ${width} (${divisors.join(', ')}), got ${patch}; ` +
        'or give --resize for your own pictures',
    );
  }
  const { rows, columns } = patchGrid({ height, width }, patch);
  const longer = Math.max(rows, columns);
  const at = (side: number, trained: boolean): Resolution => {
    const [down, across] = [rows, columns].map((count) => Math.max(1, Math.round((count * side) / longer))) as [
      number,
      number,
    ];
    const numbers = down * across * patch * patch * channels;
    return {
      bucket: { label: String(side), minimum: side, maximum: side, trained },
      height: down * patch,
      width: across * patch,
      rows: down,
      columns: across,
      mostInBatch: Math.floor(MOST_SCORES / (down * across) ** 2),
      mostExamples: Math.max(2, 2 * Math.floor(MOST_NUMBERS / numbers / 2)),
    };
  };
  const trained = at(longer, true);
  if (rows * columns > MOST_TRAINED_PATCHES || rows * columns < 2) {
    throw new TaskError(
      `image: expected pictures of 2 to ${MOST_TRAINED_PATCHES} patches, got ${rows} × ${columns}; give another --patch or --resize`,
    );
  }
  const sides = [...new Set(BEYOND.map((times) => Math.round(longer * times)))].filter((side) => side > longer);
  const others = areOthers ? sides.map((side) => at(side, false)) : [];
  const used = others.filter((other) => other.rows * other.columns <= MOST_PATCHES);
  const resolutions = [trained, ...used] as const;
  const fewest = Math.min(...resolutions.map(({ mostExamples }) => mostExamples));
  return {
    resolutions,
    notes: [
      ...(used.length < others.length
        ? [`Resolutions of more than ${MOST_PATCHES} patches are not tested: attention over them would take too long.`]
        : []),
      ...(fewest < 1024
        ? [`At most ${fewest} test examples of the largest pictures are used, so that they fit into memory.`]
        : []),
    ],
  };
}
