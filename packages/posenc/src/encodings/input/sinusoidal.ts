/** Sinusoids of the position, added to the embeddings. */
import type { InputEncoding } from '../../encoding.ts';
import { cosSin, geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount, checkPositive } from '../../numbers/check.ts';
import { real } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';
import type { PlainTensor } from '../../tensor/operations.ts';

/** Options of {@link sinusoidal}. */
export interface SinusoidalOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** `interleaved`: sin, cos, sin, cos … (the paper); `halves`: all sines, then all cosines (most code). Default `interleaved`. */
  readonly layout?: 'interleaved' | 'halves';
  /**
   * Frequency k is base^(−e): `paper`: e = 2k/dim; `tensor2tensor`: e = k/(dim/2 − 1), so that the last frequency is
   * exactly 1/base. Default `paper`.
   */
  readonly exponent?: 'paper' | 'tensor2tensor';
  /** Default 10000. */
  readonly base?: number;
}

/**
 * Sinusoidal encoding: for k = 0 … dim/2−1 the pair sin(p·ωₖ), cos(p·ωₖ), with ωₖ = base^(−2k/dim).
 *
 * Source: Vaswani et al. 2017, "Attention Is All You Need", arXiv 1706.03762, section 3.5. The `tensor2tensor` exponent
 * is that of `get_timing_signal_1d` (tensor2tensor at bafdc1b6), which Whisper, fairseq and M2M-100 share.
 *
 * An odd width has the channel left over where its layout has it elsewhere: a last sine without its cosine (`interleaved`:
 * keras-hub 0.32.0; `halves`: RoFormer in transformers 5.23.0), or with `tensor2tensor` a last channel of zeros.
 *
 * Signal `table` [batch, T, dim], within 2e-16 for positions up to 2^40.
 *
 * @throws {RangeError} when an option is out of range, or `dim` is odd with `tensor2tensor` and `interleaved`
 *
 * @example
 * ```ts
 * import { sinusoidal } from 'posenc';
 * import { positionList } from 'posenc/positions';
 *
 * sinusoidal({ dim: 8 }).vectors(positionList([1])).table; // 0.8415, 0.5403, 0.0998, 0.9950, …
 * ```
 */
export function sinusoidal(options: SinusoidalOptions): InputEncoding {
  const { layout = 'interleaved', exponent = 'paper', base = 10000 } = options;
  const dim = checkCount('sinusoidal: dim', options.dim, 2);
  checkChoice('sinusoidal: layout', layout, ['interleaved', 'halves']);
  checkChoice('sinusoidal: exponent', exponent, ['paper', 'tensor2tensor']);
  checkPositive('sinusoidal: base', base);
  if (dim % 2 !== 0 && exponent === 'tensor2tensor' && layout === 'interleaved') {
    throw new RangeError(
      `sinusoidal: dim: expected an even number, got ${dim}: of odd widths with exponent=tensor2tensor there is only the ` +
        'layout halves',
    );
  }
  // An odd width has one more sine than cosines, or with tensor2tensor's exponent a channel of zeros at the end.
  const sines = exponent === 'paper' ? Math.ceil(dim / 2) : Math.floor(dim / 2);
  const cosines = Math.floor(dim / 2);
  // A width of 2 has the one frequency 1 under both exponents.
  const [step, denominator] = exponent === 'paper' ? [2, dim] : [1, Math.max(sines - 1, 1)];
  const frequencies = geometricFrequencies(base, sines, step, denominator);

  const table = (positions: Positions): PlainTensor => {
    const { batch, length, values } = checkSingleAxis('sinusoidal', positions);
    const data = new Float64Array(values.length * dim);
    values.forEach((position, row) => {
      frequencies.forEach((frequency, k) => {
        const [cos, sin] = cosSin(position, frequency);
        data[row * dim + (layout === 'interleaved' ? 2 * k : k)] = sin;
        if (k < cosines) data[row * dim + (layout === 'interleaved' ? 2 * k + 1 : sines + k)] = cos;
      });
    });
    return { shape: [batch, length, dim], data, type: 'real' };
  };

  return {
    site: 'input',
    name: 'sinusoidal',
    place: 'embedding',
    options: { dim, layout, exponent, base },
    parameters: [],
    axes: 1,
    relative: false,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: 0, tableBytes: 4 * length * dim }),
    signals: (positions) => ({ table: table(positions) }),
    vectors: (positions) => ({
      inverseFrequencies: real(
        [frequencies.length],
        frequencies.map(([high]) => high),
      ),
      table: withoutBatch(table(positions)),
    }),
    encode: ({ operations, signals }, x) => operations.add(x, signals.table as typeof x),
  };
}

function withoutBatch(tensor: PlainTensor): PlainTensor {
  const [batch, length, dim] = tensor.shape as [number, number, number];
  return batch === 1 ? { ...tensor, shape: [length, dim] } : tensor;
}
