/**
 * Converting between the layouts of channels: interleaved pairs (2k, 2k + 1) and halves (k, k + n/2), for tables and for
 * the weights of projections. Nothing is lost: the numbers only change places.
 */
import { checkChoice, checkCount } from './numbers/check.ts';

/** Where the two channels of pair k stand: 2k and 2k + 1, or k and k + n/2. */
export type ChannelLayout = 'interleaved' | 'halves';

/** Which channels make a pair: k and k + dim/2 (`half`), or 2k and 2k + 1 (`interleaved`). */
export type Pairing = 'half' | 'interleaved';

/**
 * Rows of channels in another layout: a sinusoidal table, cos and sin repeated for both channels of a pair, or anything
 * whose last axis holds the channels.
 *
 * @param data - row-major, the channels last
 * @param channels - how many there are; even
 * @throws {RangeError} when channels is odd or does not divide the length, or a layout is unknown
 */
export function convertChannels(
  data: ArrayLike<number>,
  channels: number,
  from: ChannelLayout,
  to: ChannelLayout,
): Float64Array {
  const order = channelOrder('convertChannels', channels, from, to);
  if (data.length % channels !== 0) {
    throw new RangeError(`convertChannels: data: expected a multiple of ${channels} numbers, got ${data.length}`);
  }
  return Float64Array.from({ length: data.length }, (_, at) => {
    const channel = order[at % channels] as number;
    return data[at - (at % channels) + channel] as number;
  });
}

/** What {@link convertProjection} needs to know of the weights. */
export interface ProjectionShape {
  /** Heads of queries, or of keys where they are fewer. */
  readonly numHeads: number;
  /** Width of one head. */
  readonly headDim: number;
  /** Channels that are turned, from the first on; even. The others stay where they are. Default: all. */
  readonly rotaryDim?: number;
  /** Numbers per output channel: the width of the input, or 1 for a bias. */
  readonly inputs: number;
}

/**
 * The weights of a query or key projection for a rotary encoding of the other pairing, as PyTorch stores them:
 * [numHeads·headDim, inputs], row-major. Biases of queries and keys, and weights of their normalisation, move likewise, with
 * `inputs: 1`. Values and outputs are left alone.
 *
 * Source: `permute` of `convert_llama_weights_to_hf.py` in Hugging Face transformers 5.23.0 (interleaved to halves).
 *
 * @throws {RangeError} when rotaryDim is odd or larger than headDim, or the weights have another size
 *
 * @example
 * ```ts
 * import { convertProjection } from 'posenc';
 *
 * const meta = Float64Array.from({ length: 4 * 3 }, (_, at) => at); // one head of 4, input of 3
 * convertProjection(meta, { numHeads: 1, headDim: 4, inputs: 3 }, 'interleaved', 'half'); // rows 0, 2, 1, 3
 * ```
 */
export function convertProjection(
  weights: ArrayLike<number>,
  shape: ProjectionShape,
  from: Pairing,
  to: Pairing,
): Float64Array {
  const name = 'convertProjection';
  const layoutOf = (what: string, pairing: Pairing): ChannelLayout =>
    checkChoice(`${name}: ${what}`, pairing, ['interleaved', 'half']) === 'half' ? 'halves' : 'interleaved';
  const numHeads = checkCount(`${name}: numHeads`, shape.numHeads);
  const headDim = checkCount(`${name}: headDim`, shape.headDim, 2);
  const inputs = checkCount(`${name}: inputs`, shape.inputs);
  const rotaryDim = shape.rotaryDim ?? headDim;
  if (rotaryDim > headDim) {
    throw new RangeError(`${name}: rotaryDim: expected at most headDim = ${headDim}, got ${rotaryDim}`);
  }
  const order = channelOrder(name, rotaryDim, layoutOf('from', from), layoutOf('to', to));
  if (weights.length !== numHeads * headDim * inputs) {
    throw new RangeError(
      `${name}: weights: expected ${numHeads} · ${headDim} · ${inputs} = ${numHeads * headDim * inputs} numbers, ` +
        `got ${weights.length}`,
    );
  }
  return Float64Array.from({ length: weights.length }, (_, at) => {
    const row = Math.floor(at / inputs);
    const channel = row % headDim;
    const source = channel < rotaryDim ? row - channel + (order[channel] as number) : row;
    return weights[source * inputs + (at % inputs)] as number;
  });
}

/** For each channel of the new layout, its place in the old one. */
function channelOrder(name: string, channels: number, from: ChannelLayout, to: ChannelLayout): readonly number[] {
  checkCount(`${name}: channels`, channels, 2);
  if (channels % 2 !== 0) throw new RangeError(`${name}: channels: expected an even number, got ${channels}`);
  checkChoice(`${name}: from`, from, ['interleaved', 'halves']);
  checkChoice(`${name}: to`, to, ['interleaved', 'halves']);
  const half = channels / 2;
  const placeOf = (layout: ChannelLayout, pair: number, second: 0 | 1): number =>
    layout === 'interleaved' ? 2 * pair + second : pair + second * half;
  const order = new Array<number>(channels);
  for (let pair = 0; pair < half; pair += 1) {
    for (const second of [0, 1] as const) order[placeOf(to, pair, second)] = placeOf(from, pair, second);
  }
  return order;
}
