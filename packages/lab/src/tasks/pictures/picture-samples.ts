/** What records keep of pictures and clips: some examples with their pixels, and one whose attention is drawn. Knows no task. */
import type { Clip } from '../../data/pictures/clip.ts';
import type { Sample } from '../../record/sample.ts';
import type { Batch, LengthBucket, Portrait } from '../task.ts';
import { placeNames } from './patches.ts';

/** Examples of the trained bucket and of the farthest one. */
const SHOWN = { trained: 8, farthest: 4 };
/** The pixels of a bucket's examples take at most so many bytes, if there is more than one. */
const MOST_BYTES = 2 ** 17;
/** Attention over more patches is not drawn. */
const MOST_PATCHES = 400;

/** Of a bucket's examples, how many are kept: none between the trained bucket and the farthest one. */
export function shownCount(buckets: readonly LengthBucket[], bucket: LengthBucket, [first]: readonly Clip[]): number {
  if (first === undefined) return 0;
  const most = Math.max(1, Math.floor(MOST_BYTES / first.pixels.length));
  if (bucket.trained) return Math.min(SHOWN.trained, most);
  return bucket.label === buckets.at(-1)?.label ? Math.min(SHOWN.farthest, most) : 0;
}

/** A picture or clip with what was expected and what was answered. */
export function pictureSample(
  {
    id,
    bucket,
    expected,
    answer,
  }: { readonly id: string; readonly bucket: string; readonly expected: string; readonly answer: string },
  { frames, height, width, channels, pixels }: Clip,
  patch: number,
): Sample {
  const base64 = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength).toString('base64');
  const right = expected === answer;
  return {
    id,
    bucket,
    kind: 'picture',
    frames,
    height,
    width,
    channels,
    patch,
    pixels: base64,
    expected,
    answer,
    right,
  };
}

/** The example whose attention is drawn: the batch of it alone. Absent where it has too many patches. */
export function picturePortrait(
  batch: Batch,
  clip: Clip,
  patch: number,
  axes: 2 | 3,
): { readonly portrait?: Portrait } {
  const source = placeNames(clip, patch, axes);
  return source.length > MOST_PATCHES ? {} : { portrait: { batch, source } };
}
