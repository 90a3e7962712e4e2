/** Rotary encoding of tokens on a grid: some pairs of channels turn with the row, others with the column or the frame. */
import type { EncodingContext, OptionValue, QueryKeyEncoding } from '../../encoding.ts';
import { geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount, checkPositive } from '../../numbers/check.ts';
import { type DoubleDouble, multiply } from '../../numbers/double-double.ts';
import { type Pairing, type RotationPlan, rotationTable, turn } from '../../parts/rotation.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link axialRotary}. */
export interface AxialRotaryOptions {
  /** Width of one head. */
  readonly headDim: number;
  /** Numbers per token: 2 for images, 3 for video. Default 2. */
  readonly axes?: number;
  /** Channels that turn with each axis, all even, in the order of the axes. Default: equal shares; a rest is left alone. */
  readonly channels?: readonly number[];
  /** Default 10000; RoPE-ViT and DINOv3 take 100. */
  readonly base?: number;
  /** Channels k and k + n/2 of all n that turn, or 2k and 2k + 1. Default `half`. */
  readonly pairing?: Pairing;
  /**
   * `own`: each axis with c channels has base^(−2k/c); `shared`: the axes take turns in one series over all channels
   * (Pixtral); `pixel`: π·(1 … maximumFrequency/2) in equal steps. Default `own`.
   */
  readonly spectrum?: 'own' | 'shared' | 'pixel';
  /** Of the spectrum `pixel`. Default 10. */
  readonly maximumFrequency?: number;
  /**
   * What is turned by: `steps`, the positions themselves; `centered`, the centres of cells from −1 to 1 over the grid, in
   * whole turns (DINOv3); `corners`, from −1 at the first to 1 at the last cell. Default `steps`.
   */
  readonly coordinates?: 'steps' | 'centered' | 'corners';
  /** Cells along each axis: needed for `centered` and `corners`. */
  readonly extents?: readonly number[];
}

const TURN: DoubleDouble = [6.283185307179586, 2.4492935982947064e-16];
const HALF_TURN: DoubleDouble = [Math.PI, 1.2246467991473532e-16];

/**
 * Axial rotary encoding: the channels of a head are shared out among the axes, and each share is turned as in one
 * dimension, so that a score depends on row, column and frame distances.
 *
 * RoPE-ViT's own code (`compute_axial_cis` of naver-ai/rope-vit) gives the first half of the channels to the column:
 * for its weights give positions as (column, row), with `interleaved` and base 100.
 *
 * Source: Heo et al. 2024, "Rotary Position Embedding for Vision Transformer", arXiv 2403.13298, equation 10; equal to the
 * vision towers of Qwen2-VL (`half`, `own`), Pixtral (`shared`) and DINOv3 (`centered`, base 100) in Hugging Face
 * transformers 5.23.0, and to `get_axial_freqs` of rotary-embedding-torch 0.9.1 (`interleaved`; `pixel` with `corners`).
 * With three axes and shares of 16, 24 and 24 it is that of CogVideoX.
 *
 * Signals `cos`, `sin` [batch, 1, T, pairs].
 *
 * @throws {RangeError} when an option is out of range, channels are odd or more than the head has, extents are missing,
 *   or an option is given that the spectrum or the coordinates do not use
 */
export function axialRotary(options: AxialRotaryOptions): QueryKeyEncoding {
  const name = 'axial-rotary';
  const headDim = checkCount(`${name}: headDim`, options.headDim, 2);
  const axes = checkCount(`${name}: axes`, options.axes ?? 2, 1);
  const share = 2 * Math.floor(headDim / (2 * axes));
  const channels = options.channels ?? Array.from({ length: axes }, () => share);
  const base = checkPositive(`${name}: base`, options.base ?? 10000);
  const pairing = checkChoice(`${name}: pairing`, options.pairing ?? 'half', ['half', 'interleaved']);
  const spectrum = checkChoice(`${name}: spectrum`, options.spectrum ?? 'own', ['own', 'shared', 'pixel']);
  const coordinates = checkChoice(`${name}: coordinates`, options.coordinates ?? 'steps', [
    'steps',
    'centered',
    'corners',
  ]);
  if (options.maximumFrequency !== undefined && spectrum !== 'pixel') {
    throw new RangeError(
      `${name}: maximumFrequency: expected none for the spectrum ${spectrum}; take it out, or take pixel`,
    );
  }
  const maximumFrequency = checkPositive(`${name}: maximumFrequency`, options.maximumFrequency ?? 10);
  if (options.extents !== undefined && coordinates === 'steps') {
    throw new RangeError(`${name}: extents: expected none for steps, got ${options.extents.join(', ')}; take them out`);
  }
  const extents = (options.extents ?? []).map((cells) => checkCount(`${name}: extents`, cells));
  checkChannels(name, channels, axes, headDim);
  if (coordinates !== 'steps' && extents.length !== axes) {
    throw new RangeError(
      `${name}: extents: expected ${axes} numbers of cells for ${coordinates}, got ${extents.length}`,
    );
  }
  if (spectrum === 'shared' && channels.some((count) => count !== channels[0])) {
    throw new RangeError(`${name}: channels: expected equal shares for a shared spectrum, got ${channels.join(', ')}`);
  }

  const frequenciesOf = (axis: number): readonly DoubleDouble[] => {
    const count = channels[axis] as number;
    if (spectrum === 'own') return geometricFrequencies(base, count / 2, 2, count);
    if (spectrum === 'pixel') {
      return Array.from({ length: count / 2 }, (_, k) => {
        const step = count === 2 ? 0 : (k * (maximumFrequency / 2 - 1)) / (count / 2 - 1);
        return multiply(HALF_TURN, [1 + step, 0]);
      });
    }
    const all = geometricFrequencies(base, (axes * count) / 2, 2, axes * count);
    return all.filter((_, k) => k % axes === axis);
  };
  const plan: RotationPlan = channels.flatMap((_, axis) =>
    frequenciesOf(axis).map((frequency) =>
      Array.from({ length: axes }, (__, other): DoubleDouble => {
        if (other !== axis) return [0, 0];
        return coordinates === 'centered' ? multiply(frequency, TURN) : frequency;
      }),
    ),
  );
  const place = (value: number, axis: number): number => {
    const cells = extents[axis] ?? 1;
    if (coordinates === 'centered') return (2 * (value + 0.5)) / cells - 1;
    if (coordinates === 'corners') return cells === 1 ? -1 : (2 * value) / (cells - 1) - 1;
    return value;
  };
  const signals = (positions: Positions) => {
    checkAxes(name, positions, axes);
    const values = positions.values.map((value, at) => place(value, at % axes));
    const { cos, sin } = rotationTable({ ...positions, values }, plan);
    const shape = [positions.batch, 1, positions.length, plan.length];
    return { cos: real(shape, cos), sin: real(shape, sin) };
  };
  const made: Record<string, OptionValue> = { headDim, axes, channels, base, pairing, spectrum, coordinates };
  if (spectrum === 'pixel') made.maximumFrequency = maximumFrequency;
  if (coordinates !== 'steps') made.extents = extents;

  return {
    site: 'query-key',
    name,
    options: made,
    parameters: [],
    axes,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: 0, tableBytes: 8 * length * plan.length }),
    signals,
    vectors: (positions) => ({
      inverseFrequencies: real(
        [plan.length, axes],
        plan.flatMap((pair) => pair.map(([high]) => high)),
      ),
      ...withoutBatch(positions, signals(positions)),
    }),
    transform: <T>({ operations, signals: given }: EncodingContext<T>, x: T) =>
      turn(operations, x, given.cos as T, given.sin as T, pairing),
  };
}

function checkChannels(name: string, channels: readonly number[], axes: number, headDim: number): void {
  const total = channels.reduce((sum, count) => sum + count, 0);
  const isFine = channels.every((count) => Number.isInteger(count) && count >= 0 && count % 2 === 0);
  if (channels.length !== axes || !isFine || total > headDim || total === 0) {
    throw new RangeError(
      `${name}: channels: expected ${axes} even numbers with a sum of at most ${headDim}, got ${channels.join(', ')}`,
    );
  }
}
