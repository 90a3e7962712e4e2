/** Pictures and clips as sequences of patches that know their places. Knows no particular task. */
import type { Positions } from 'posenc';
import type { SequenceArray } from './task.ts';

/** Frames of equal square pictures, row-major [frames, size, size]; a picture is a clip of one frame. */
export interface Clip {
  readonly frames: number;
  readonly size: number;
  readonly pixels: Float32Array;
}

/**
 * The patches of clips of equal size, frame by frame and row by row: [clips, frames · (size/patch)², patch²].
 *
 * @param patch - pixels along a side of a patch; divides the size
 * @param axes - 2: positions are (row, column), for pictures; 3: (frame, row, column)
 * @throws {RangeError} when the patch does not divide the size
 */
export function patchSequences(clips: readonly Clip[], patch: number, axes: 2 | 3): SequenceArray {
  const { frames, size } = clips[0] as Clip;
  const side = size / patch;
  if (!Number.isInteger(side)) throw new RangeError(`patches: expected a divisor of ${size}, got ${patch}`);
  const length = frames * side * side;
  const features = patch * patch;
  const data = new Float32Array(clips.length * length * features);
  let at = 0;
  for (const { pixels } of clips) {
    forEachPlace(frames, side, (frame, row, column) => {
      for (let y = 0; y < patch; y += 1) {
        const start = (frame * size + row * patch + y) * size + column * patch;
        data.set(pixels.subarray(start, start + patch), at);
        at += patch;
      }
    });
  }
  const lengths = new Int32Array(clips.length).fill(length);
  return { data, length, lengths, positions: places(frames, side, axes) };
}

function places(frames: number, side: number, axes: 2 | 3): Positions {
  const values: number[] = [];
  forEachPlace(frames, side, (frame, row, column) => values.push(...(axes === 3 ? [frame] : []), row, column));
  return { values: Float64Array.from(values), batch: 1, length: frames * side * side, axes };
}

function forEachPlace(frames: number, side: number, visit: (frame: number, row: number, column: number) => void): void {
  for (let frame = 0; frame < frames; frame += 1) {
    for (let row = 0; row < side; row += 1) for (let column = 0; column < side; column += 1) visit(frame, row, column);
  }
}
