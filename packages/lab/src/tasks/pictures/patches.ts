/** Pictures and clips as sequences of patches that know their places. Knows no particular task. */
import type { Positions } from 'posenc';
import type { Clip } from '../../data/pictures/clip.ts';
import type { SequenceArray } from '../task.ts';

/**
 * The patches of clips of equal height, width and channels, frame by frame and row by row, with values from 0 dark to 1
 * bright: [clips, frames · (height/patch) · (width/patch), patch · patch · channels]. Shorter clips are padded with zeros.
 *
 * @param patch - pixels along a side of a patch; divides height and width
 * @param axes - 2: positions are (row, column), for pictures; 3: (frame, row, column)
 * @param longest - frames to pad to; those of the longest clip unless given
 * @throws {RangeError} when the patch does not divide the size
 */
export function patchSequences(clips: readonly Clip[], patch: number, axes: 2 | 3, longest?: number): SequenceArray {
  const [first] = clips as readonly [Clip];
  const { rows, columns } = patchGrid(first, patch);
  const frames = longest ?? Math.max(...clips.map((clip) => clip.frames));
  const length = frames * rows * columns;
  const { width, height, channels } = first;
  const run = patch * channels;
  const data = new Float32Array(clips.length * length * patch * run);
  clips.forEach(({ pixels, frames: own }, index) => {
    let at = index * length * patch * run;
    forEachPlace(own, rows, columns, (frame, row, column) => {
      for (let y = 0; y < patch; y += 1) {
        const start = ((frame * height + row * patch + y) * width + column * patch) * channels;
        for (let x = 0; x < run; x += 1) data[at + x] = (pixels[start + x] as number) / 255;
        at += run;
      }
    });
  });
  const lengths = Int32Array.from(clips, (clip) => clip.frames * rows * columns);
  return { data, length, lengths, positions: places(frames, rows, columns, axes) };
}

/** Rows and columns of patches. @throws {RangeError} when the patch does not divide the size */
export function patchGrid(
  { height, width }: { readonly height: number; readonly width: number },
  patch: number,
): { readonly rows: number; readonly columns: number } {
  const [rows, columns] = [height / patch, width / patch];
  if (Number.isInteger(rows) && Number.isInteger(columns)) return { rows, columns };
  const size = height === width ? String(height) : `${height} and ${width}`;
  throw new RangeError(`patches: expected a divisor of ${size}, got ${patch}`);
}

/**
 * The picture with its patches in other places: place p, counted row by row, shows patch `order[p]`.
 *
 * @param order - each place once
 */
export function movePatches(picture: Clip, patch: number, order: readonly number[]): Clip {
  const { columns } = patchGrid(picture, patch);
  const { width, channels, pixels } = picture;
  const moved = new Uint8Array(pixels.length);
  const startOf = (place: number, y: number): number =>
    ((Math.floor(place / columns) * patch + y) * width + (place % columns) * patch) * channels;
  for (const [place, from] of order.entries()) {
    for (let y = 0; y < patch; y += 1) {
      const start = startOf(from, y);
      moved.set(pixels.subarray(start, start + patch * channels), startOf(place, y));
    }
  }
  return { ...picture, pixels: moved };
}

/** Names of the places in the order of the sequence: `row,column`, with axes 3 `frame,row,column`. */
export function placeNames(clip: Clip, patch: number, axes: 2 | 3): string[] {
  const { rows, columns } = patchGrid(clip, patch);
  const names: string[] = [];
  forEachPlace(clip.frames, rows, columns, (...place) => names.push(place.slice(3 - axes).join(',')));
  return names;
}

function places(frames: number, rows: number, columns: number, axes: 2 | 3): Positions {
  const values: number[] = [];
  forEachPlace(frames, rows, columns, (...place) => values.push(...place.slice(3 - axes)));
  return { values: Float64Array.from(values), batch: 1, length: frames * rows * columns, axes };
}

function forEachPlace(
  frames: number,
  rows: number,
  columns: number,
  visit: (frame: number, row: number, column: number) => void,
): void {
  for (let frame = 0; frame < frames; frame += 1) {
    for (let row = 0; row < rows; row += 1)
      for (let column = 0; column < columns; column += 1) visit(frame, row, column);
  }
}
