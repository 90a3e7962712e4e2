/** Learned vectors of patches and vectors of frames, added. */
import { countNumbers, type EncodingContext, type InputEncoding } from '../../encoding.ts';
import { cosSin, geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount } from '../../numbers/check.ts';
import { constantTable, normalTable } from '../../parts/declarations.ts';
import { integer, real, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link spaceTime}. */
export interface SpaceTimeOptions {
  /** Width of the embeddings; even for sinusoidal time. */
  readonly dim: number;
  /** Frames of the table: needed when time is learned, and no part of it otherwise. */
  readonly frames?: number;
  /** Rows of the grid. */
  readonly rows: number;
  /** Columns of the grid. */
  readonly columns: number;
  /** `learned`: a vector per frame (TimeSformer); `sinusoidal`: all sines, then all cosines (Kimi K2.5). Default `learned`. */
  readonly time?: 'learned' | 'sinusoidal';
}

/**
 * Space-time positions: a learned vector of the cell plus a vector of the frame.
 *
 * Source: Bertasius et al. 2021, "TimeSformer", arXiv 2102.05095, section 3 (`learned`); `Kimi_K25VisionPositionEmbeddings`
 * of Hugging Face transformers 5.23.0 (`sinusoidal`, for clips of several frames; a single image has no frame term there).
 *
 * Signals `cells` [batch, T], and `frames` [batch, T] or `waves` [batch, T, dim]; parameters `space` [rows·columns, dim], and
 * `time` [frames, dim] when learned, shared by the layers.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a position has no vector
 */
export function spaceTime(options: SpaceTimeOptions): InputEncoding {
  const name = 'space-time';
  const dim = checkCount(`${name}: dim`, options.dim);
  const rows = checkCount(`${name}: rows`, options.rows);
  const columns = checkCount(`${name}: columns`, options.columns);
  const time = checkChoice(`${name}: time`, options.time ?? 'learned', ['learned', 'sinusoidal']);
  if (time === 'sinusoidal' && dim % 2 !== 0) {
    throw new RangeError(`${name}: dim: expected an even number for sinusoidal time, got ${dim}`);
  }
  if (time === 'sinusoidal' && options.frames !== undefined) {
    throw new RangeError(
      `${name}: frames: expected none, as sinusoidal time has no table, got ${options.frames}; leave it out`,
    );
  }
  const frames = time === 'learned' ? checkCount(`${name}: frames`, options.frames ?? 0) : Number.POSITIVE_INFINITY;
  const parameters = [
    normalTable('space', [rows * columns, dim], 0.02, 'model', 'TimeSformer, as ViT: normal of 0.02'),
    ...(time === 'learned' ? [constantTable('time', [frames, dim], 0, 'model', 'TimeSformer: zeros')] : []),
  ];
  const frequencies = time === 'sinusoidal' ? geometricFrequencies(10000, dim / 2, 2, dim) : [];
  const index = (value: number, count: number, what: string): number => {
    if (Number.isInteger(value) && value >= 0 && value < count) return value;
    throw new RangeError(`${name}: ${what}: expected an integer from 0 to ${count - 1}, got ${value}`);
  };
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkAxes(name, positions, 3);
    const tokens = Array.from({ length: batch * length }, (_, token) => values.subarray(3 * token, 3 * token + 3));
    const cells = tokens.map(([, row, column]) => {
      return index(row as number, rows, 'row') * columns + index(column as number, columns, 'column');
    });
    const times = tokens.map(([frame]) => frame as number);
    const placed = { cells: integer([batch, length], cells) };
    if (time === 'learned') {
      const indices = times.map((frame) => index(frame, frames, 'frame'));
      return { ...placed, frames: integer([batch, length], indices) };
    }
    const waves = times.flatMap((frame) => {
      const pairs = frequencies.map((frequency) => cosSin(frame, frequency));
      return [...pairs.map(([, sin]) => sin), ...pairs.map(([cos]) => cos)];
    });
    return { ...placed, waves: real([batch, length, dim], waves) };
  };
  return {
    site: 'input',
    name,
    place: 'embedding',
    options: { dim, ...(time === 'learned' ? { frames } : {}), rows, columns, time },
    parameters,
    axes: 3,
    relative: false,
    largestPosition: Math.max(rows, columns, frames) - 1,
    attention: 'any',
    costs: (length) => ({
      parameters: countNumbers(parameters),
      tableBytes: 4 * length * (time === 'learned' ? 2 : 1 + dim),
    }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    encode: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>, x: T) => {
      const { add, take } = operations;
      const placed = add(x, take(learned.space as T, given.cells as T));
      return add(placed, time === 'learned' ? take(learned.time as T, given.frames as T) : (given.waves as T));
    },
  };
}
