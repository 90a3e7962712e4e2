/** Clips with their frames in another order, and stretches of them. Knows no task and nothing of what clips show. */
import type { Clip } from '../../data/pictures/clip.ts';
import type { Uniform } from '../task.ts';

/** An order that differs is found at once in nearly all clips; this many draws without one mean that there is none. */
const MOST_DRAWS = 1000;

/** The clip with frame `order[i]` at place i. */
export function orderFrames(clip: Clip, order: readonly number[]): Clip {
  const size = clip.pixels.length / clip.frames;
  const pixels = new Uint8Array(order.length * size);
  order.forEach((frame, place) => {
    pixels.set(clip.pixels.subarray(frame * size, (frame + 1) * size), place * size);
  });
  return { ...clip, frames: order.length, pixels };
}

/** The clip played backwards. */
export function reverseFrames(clip: Clip): Clip {
  return orderFrames(clip, range(clip.frames).reverse());
}

/** `count` frames from `start` on. */
export function cutFrames(clip: Clip, start: number, count: number): Clip {
  const size = clip.pixels.length / clip.frames;
  return { ...clip, frames: count, pixels: clip.pixels.subarray(start * size, (start + count) * size) };
}

/**
 * The clip in a uniformly drawn order in which it shows something else than forwards and than backwards: a clip played
 * backwards may be a clip in order.
 *
 * @throws {RangeError} when it has no such order: it needs three frames that differ
 */
export function shuffleFrames(clip: Clip, uniform: Uniform): Clip {
  const kinds = frameKinds(clip);
  const backwards = kinds.toReversed();
  for (let draw = 0; draw < MOST_DRAWS; draw += 1) {
    const order = range(clip.frames);
    for (let last = order.length - 1; last > 0; last -= 1) {
      const other = Math.floor(uniform() * (last + 1));
      [order[last], order[other]] = [order[other] as number, order[last] as number];
    }
    const shown = order.map((frame) => kinds[frame]);
    if (shown.some((kind, at) => kind !== kinds[at]) && shown.some((kind, at) => kind !== backwards[at])) {
      return orderFrames(clip, order);
    }
  }
  throw new RangeError('shuffleFrames: expected a clip with three frames that differ');
}

/** For each frame, the number of the first frame that shows the same. */
export function frameKinds({ frames, pixels }: Clip): number[] {
  const size = pixels.length / frames;
  const bytes = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const frame = (at: number): Buffer => bytes.subarray(at * size, (at + 1) * size);
  return range(frames).map((at) => range(at).find((before) => frame(before).equals(frame(at))) ?? at);
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
