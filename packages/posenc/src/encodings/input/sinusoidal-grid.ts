/** Sinusoids of rows and columns (and frames), added to the embeddings, in each of the layouts in use. */
import type { EncodingContext, InputEncoding, OptionValue } from '../../encoding.ts';
import { cosSin, geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount, checkExtents, checkPositive } from '../../numbers/check.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link sinusoidalGrid}. */
export interface SinusoidalGridOptions {
  /** Width of the embeddings; a multiple of 2·axes. */
  readonly dim: number;
  /** Numbers per token. Default 2. */
  readonly axes?: number;
  /**
   * Order of the channels, with axes in the order of the positions (row, column): `blocks`: sines of the first axis, its
   * cosines, sines of the second, …; `reversed`: the same with the last axis first; `sines-first`: sines of all axes, then
   * cosines of all; `interleaved`: sin, cos, sin, cos … of the first axis, then of the second. Default `blocks`.
   */
  readonly layout?: 'blocks' | 'reversed' | 'sines-first' | 'interleaved';
  /** Frequency k of an axis with n channels is base^(−2k/n). Default 10000. */
  readonly base?: number;
  /** Added to every coordinate: 1 in DETR, which counts from 1. Default 0. */
  readonly offset?: number;
  /** Coordinates are divided by the last cell's (plus 10⁻⁶) and multiplied by 2π, as in DETR. Default false. */
  readonly normalize?: boolean;
  /** Cells along each axis: needed with `normalize`. */
  readonly extents?: readonly number[];
}

/**
 * Sinusoidal encoding of a grid: each axis has an equal share of the channels and is encoded as in one dimension.
 *
 * Source and layouts: `blocks`: `build_2d_sinusoidal_position_embedding` of Hugging Face transformers 5.23.0 (RT-DETR,
 * AIMv2); `reversed`: MAE (`get_2d_sincos_pos_embed` of facebookresearch/mae at efb2a80) and DiT, whose first half is named
 * for rows and holds columns; `sines-first`: timm's `build_sincos2d_pos_embed`; `interleaved` with offset 1: DETR
 * (`PositionEmbeddingSine`, facebookresearch/detr at 29901c5). Weights trained with one do not fit another.
 *
 * Signal `table` [batch, T, dim].
 *
 * @throws {RangeError} when an option is out of range, dim is not a multiple of 2·axes, or extents are missing
 */
export function sinusoidalGrid(options: SinusoidalGridOptions): InputEncoding {
  const name = 'sinusoidal-grid';
  const axes = checkCount(`${name}: axes`, options.axes ?? 2);
  const dim = checkCount(`${name}: dim`, options.dim, 2 * axes);
  if (dim % (2 * axes) !== 0) throw new RangeError(`${name}: dim: expected a multiple of ${2 * axes}, got ${dim}`);
  const layout = checkChoice(`${name}: layout`, options.layout ?? 'blocks', [
    'blocks',
    'reversed',
    'sines-first',
    'interleaved',
  ]);
  const base = checkPositive(`${name}: base`, options.base ?? 10000);
  const { offset = 0, normalize = false, extents = [] } = options;
  if (!Number.isFinite(offset)) throw new RangeError(`${name}: offset: expected a finite number, got ${offset}`);
  if (normalize && extents.length !== axes) {
    throw new RangeError(`${name}: extents: expected ${axes} numbers of cells to normalize by, got ${extents.length}`);
  }
  if (normalize) checkExtents(name, extents);
  const count = dim / (2 * axes);
  const frequencies = geometricFrequencies(base, count, 2, 2 * count);
  const channelOf = (axis: number, k: number, isCos: 0 | 1): number => {
    switch (layout) {
      case 'blocks':
        return axis * 2 * count + isCos * count + k;
      case 'reversed':
        return (axes - 1 - axis) * 2 * count + isCos * count + k;
      case 'sines-first':
        return isCos * axes * count + axis * count + k;
      case 'interleaved':
        return axis * 2 * count + 2 * k + isCos;
    }
  };
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkAxes(name, positions, axes);
    const data = new Float64Array(batch * length * dim);
    values.forEach((value, at) => {
      const [token, axis] = [Math.floor(at / axes), at % axes];
      const steps = value + offset;
      const place = normalize ? (steps / ((extents[axis] as number) - 1 + offset + 1e-6)) * 2 * Math.PI : steps;
      frequencies.forEach((frequency, k) => {
        const [cos, sin] = cosSin(place, frequency);
        data[token * dim + channelOf(axis, k, 0)] = sin;
        data[token * dim + channelOf(axis, k, 1)] = cos;
      });
    });
    return { table: real([batch, length, dim], data) };
  };
  const made: Record<string, OptionValue> = { dim, axes, layout, base, offset, normalize };
  if (normalize) made.extents = extents;
  return {
    site: 'input',
    name,
    place: 'embedding',
    options: made,
    parameters: [],
    axes,
    relative: false,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: 0, tableBytes: 4 * length * dim }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    encode: <T>({ operations, signals: given }: EncodingContext<T>, x: T) => operations.add(x, given.table as T),
  };
}
