/** Positions of text with images and videos in it: time, row and column for each token. */
import { checkChoice, checkCount } from '../numbers/check.ts';
import type { Positions } from './positions.ts';

/** A run of text tokens, or of an image's or a video's tokens in the order frame, row, column. */
export type MultimodalSegment =
  | { readonly text: number }
  | {
      /** Frames, rows and columns of tokens, after any merging of patches. */
      readonly grid: readonly [frames: number, rows: number, columns: number];
      /** Time between frames, in positions; products, in float32 as in transformers, are cut to integers. Default 1. */
      readonly interval?: number;
    };

/**
 * Positions for M-RoPE. Text counts up in all three numbers at once. A grid's token stands at its frame, row and column,
 * counted from where the text stopped; text then goes on beyond the grid.
 *
 * Where it goes on has changed in Hugging Face transformers: since commit c281a2de89 (February 2026) it is the start plus
 * the larger of rows and columns (`extent`, the default); before, and in transformers.js 4.2.0, the largest number used
 * plus 1 (`maximum`). They differ for videos with more frames than rows and columns.
 *
 * Qwen2-VL takes a video as one grid, Qwen2.5-VL as one grid with an `interval` (tokens per second times seconds per
 * frame of tokens). Qwen3-VL takes it as one grid per frame, with the tokens of a timestamp before each.
 *
 * Source: Wang et al. 2024, "Qwen2-VL", arXiv 2409.12191, section 2.1; `get_rope_index` of Qwen2-VL, Qwen2.5-VL and
 * Qwen3-VL in Hugging Face transformers 5.23.0.
 *
 * @throws {RangeError} when a count is not a positive integer (text may be 0) or the interval is negative
 *
 * @example
 * ```ts
 * import { multimodalPositions } from 'posenc/positions';
 *
 * multimodalPositions([{ text: 1 }, { grid: [1, 2, 2] }, { text: 1 }]).values; // 0 0 0, 1 1 1, 1 1 2, 1 2 1, 1 2 2, 3 3 3
 * // Qwen3-VL: two frames, each after four tokens of its timestamp.
 * multimodalPositions([{ text: 4 }, { grid: [1, 2, 2] }, { text: 4 }, { grid: [1, 2, 2] }]).length; // 16
 * ```
 */
export function multimodalPositions(
  segments: readonly MultimodalSegment[],
  { next = 'extent' }: { readonly next?: 'extent' | 'maximum' } = {},
): Positions {
  checkChoice('multimodalPositions: next', next, ['extent', 'maximum']);
  const values: number[] = [];
  let start = 0;
  for (const segment of segments) {
    if ('text' in segment) {
      const count = checkCount('multimodalPositions: text', segment.text, 0);
      for (let token = 0; token < count; token += 1) values.push(start + token, start + token, start + token);
      start += count;
      continue;
    }
    const { grid, interval = 1 } = segment;
    const [frames, rows, columns] = grid.map((count) => checkCount('multimodalPositions: grid', count)) as [
      number,
      number,
      number,
    ];
    if (!(Number.isFinite(interval) && interval >= 0)) {
      throw new RangeError(`multimodalPositions: interval: expected a number of at least 0, got ${interval}`);
    }
    const timeOf = (frame: number): number => Math.trunc(Math.fround(frame * Math.fround(interval)));
    for (let frame = 0; frame < frames; frame += 1) {
      const time = start + timeOf(frame);
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) values.push(time, start + row, start + column);
      }
    }
    start += next === 'extent' ? Math.max(rows, columns) : Math.max(timeOf(frames - 1) + 1, rows, columns);
  }
  return { values: Float64Array.from(values), batch: 1, length: values.length / 3, axes: 3 };
}
