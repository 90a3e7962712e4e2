/** Sandwich: the inner product of two sinusoidal encodings as a bias. */
import type { ScoresEncoding } from '../../encoding.ts';
import { cosSin, geometricFrequencies } from '../../numbers/angles.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { pairwise } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link sandwich}. */
export interface SandwichOptions {
  readonly numHeads: number;
  /** Channels of the sinusoidal encodings whose product is taken; even. Default 128. */
  readonly channels?: number;
  /** Default 10000. */
  readonly base?: number;
}

/**
 * Sandwich: Σₖ cos((i − j)·base^(−2k/channels)), k = 0 … channels/2 − 1, divided by 8h/H in head h = 1 … H, is added to
 * the scaled score. Without learned numbers, it falls with the logarithm of the distance.
 *
 * Source: Chi, Fan, Rudnicky, Ramadge 2023, "Dissecting Transformer Length Extrapolation via the Lens of Receptive Field
 * Analysis", arXiv 2212.10356, section 6 and the code of its appendix.
 *
 * Signal `bias` [batch, numHeads, Tq, Tk].
 *
 * @throws {RangeError} when an option is out of range or channels is odd
 */
export function sandwich(options: SandwichOptions): ScoresEncoding {
  const numHeads = checkCount('sandwich: numHeads', options.numHeads);
  const channels = checkCount('sandwich: channels', options.channels ?? 128, 2);
  if (channels % 2 !== 0) throw new RangeError(`sandwich: channels: expected an even number, got ${channels}`);
  const base = checkPositive('sandwich: base', options.base ?? 10000);
  const frequencies = geometricFrequencies(base, channels / 2, 2, channels);

  const signals = (queries: Positions, keys: Positions) => {
    const products = new Map<number, number>();
    const product = (offset: number): number => {
      const distance = Math.abs(offset);
      const known = products.get(distance);
      if (known !== undefined) return known;
      const sum = frequencies.reduce((total, frequency) => total + cosSin(distance, frequency)[0], 0);
      products.set(distance, sum);
      return sum;
    };
    const { batch, data } = pairwise('sandwich', queries, keys, product);
    const pairs = queries.length * keys.length;
    const bias = new Float64Array(batch * numHeads * pairs);
    bias.forEach((_, at) => {
      const head = Math.floor(at / pairs) % numHeads;
      const row = Math.floor(at / (pairs * numHeads));
      bias[at] = (data[row * pairs + (at % pairs)] as number) / ((8 * (head + 1)) / numHeads);
    });
    return { bias: real([batch, numHeads, queries.length, keys.length], bias) };
  };

  return {
    site: 'scores',
    name: 'sandwich',
    options: { numHeads, channels, base },
    parameters: [],
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: 0, tableBytes: 4 * numHeads * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    bias: ({ signals: given }) => given.bias as NonNullable<typeof given.bias>,
  };
}
