/** Pictures at other sizes. Knows nothing of what they show. */
import type { Clip } from './clip.ts';

/** The pixels an output pixel is mixed from: `weights[i]` of pixel `first + i`, together 1. */
interface Mixture {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Every frame at another size, by linear interpolation between pixel centres, and where it becomes smaller by the mean of
 * all pixels under a triangle of that width, so that nothing is skipped (as Pillow's `BILINEAR`, and as PyTorch's
 * `interpolate` with `antialias` true and `align_corners` false). The shape of the picture is not kept.
 */
export function resizeClip(clip: Clip, height: number, width: number): Clip {
  if (clip.height === height && clip.width === width) return clip;
  const { frames, channels, pixels } = clip;
  const size = clip.height * clip.width * channels;
  const resized = new Uint8Array(frames * height * width * channels);
  for (let frame = 0; frame < frames; frame += 1) {
    const values = resizePlanes(pixels.subarray(frame * size, (frame + 1) * size), clip, height, width);
    resized.set(values.map(Math.round), frame * values.length);
  }
  return { ...clip, height, width, pixels: resized };
}

/**
 * One frame, before rounding.
 *
 * @param values - [height, width, channels]
 * @returns [toHeight, toWidth, channels]
 */
export function resizePlanes(
  values: ArrayLike<number>,
  from: { readonly height: number; readonly width: number; readonly channels: number },
  toHeight: number,
  toWidth: number,
): Float64Array {
  const { height, width, channels } = from;
  const across = new Float64Array(height * toWidth * channels);
  mixtures(width, toWidth).forEach(({ first, weights }, column) => {
    for (let row = 0; row < height; row += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (let index = 0; index < weights.length; index += 1) {
          sum += (weights[index] as number) * (values[(row * width + first + index) * channels + channel] as number);
        }
        across[(row * toWidth + column) * channels + channel] = sum;
      }
    }
  });
  const rowLength = toWidth * channels;
  const resized = new Float64Array(toHeight * rowLength);
  mixtures(height, toHeight).forEach(({ first, weights }, row) => {
    for (let place = 0; place < rowLength; place += 1) {
      let sum = 0;
      for (let index = 0; index < weights.length; index += 1) {
        sum += (weights[index] as number) * (across[(first + index) * rowLength + place] as number);
      }
      resized[row * rowLength + place] = sum;
    }
  });
  return resized;
}

function mixtures(from: number, to: number): Mixture[] {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, index) => {
    const center = scale * (index + 0.5);
    const first = Math.max(Math.floor(center - reach + 0.5), 0);
    const end = Math.min(Math.floor(center + reach + 0.5), from);
    const heights = Array.from({ length: end - first }, (_, at) =>
      Math.max(0, 1 - Math.abs((first + at + 0.5 - center) / reach)),
    );
    const sum = heights.reduce((total, height) => total + height, 0);
    return { first, weights: heights.map((height) => height / sum) };
  });
}
