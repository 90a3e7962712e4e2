/** Encodings of real-valued times: Time2Vec, and the functional encoding of TGAT. */
import {
  countNumbers,
  type EncodingContext,
  type InputEncoding,
  type OptionValue,
  type ParameterDeclaration,
} from '../../encoding.ts';
import { checkCount, checkPositive } from '../../numbers/check.ts';
import { joinPairs } from '../../parts/rotation.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link time2vec} and {@link functionalTime}. */
export interface TimeOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** What counts as 1, in units of the positions: 86400 reads seconds as days. Default 1. */
  readonly unit?: number;
  /** Subtracted first: `first` takes each sequence's earliest time, as an exact number, before any rounding. Default `zero`. */
  readonly origin?: 'zero' | 'first';
}

/** Times beyond this lose whole units in float32. */
const LARGEST_TIME = 2 ** 24;

/**
 * Time2Vec: ω₀·t + φ₀ in the first channel, sin(ωₖ·t + φₖ) in the others, with ω and φ learned, added to the embeddings.
 *
 * Source: Kazemi et al. 2019, "Time2Vec: Learning a Vector Representation of Time", arXiv 1907.05321, equation 1.
 *
 * Signal `times` [batch, T, 1]; parameters `frequencies`, `phases` [dim], shared by the layers.
 *
 * @throws {RangeError} when an option is out of range; from `signals`, when a time is beyond 2^24 units, where float32 no
 *   longer tells one from the next: seconds since 1970 need `origin: 'first'` or a larger unit
 */
export function time2vec(options: TimeOptions): InputEncoding {
  const dim = checkCount('time2vec: dim', options.dim);
  const uniform = { distribution: 'uniform', minimum: 0, maximum: 1, source: 'the authors’ code: uniform' } as const;
  const parameters: readonly ParameterDeclaration[] = [
    { name: 'frequencies', shape: [dim], sharing: 'model', initializer: uniform },
    { name: 'phases', shape: [dim], sharing: 'model', initializer: uniform },
  ];
  return {
    ...timed('time2vec', dim, options, parameters),
    encode: <T>({ operations, parameters: learned, signals }: EncodingContext<T>, x: T) => {
      const { add, concatenate, multiply, sin, slice } = operations;
      const angles = add(multiply(signals.times as T, learned.frequencies as T), learned.phases as T); // [b, T, dim]
      const linear = slice(angles, -1, 0, 1);
      return add(x, dim === 1 ? linear : concatenate([linear, sin(slice(angles, -1, 1, dim))], -1));
    },
  };
}

/**
 * Functional time encoding: √(2/dim)·[cos ω₁t, sin ω₁t, cos ω₂t, …] with ω learned, added to the embeddings; products of two
 * encodings depend on the difference of times.
 *
 * Source: Xu et al. 2020, "Inductive Representation Learning on Temporal Graphs", arXiv 2002.07962, equation 4 (with d = dim/2
 * frequencies); they start at 10^(−9k/(d − 1)), as in the authors' code. The times of mTAND (arXiv 2101.10318) are those of
 * {@link time2vec}; the Transformer Hawkes process (arXiv 2002.09291) uses `sinusoidal` at real times.
 *
 * Signal `times` [batch, T, 1]; parameter `frequencies` [dim/2], shared by the layers.
 *
 * @throws {RangeError} when an option is out of range or dim is odd; from `signals`, when a time is beyond 2^24 units
 */
export function functionalTime(options: TimeOptions): InputEncoding {
  const dim = checkCount('functional-time: dim', options.dim, 2);
  if (dim % 2 !== 0) throw new RangeError(`functional-time: dim: expected an even number, got ${dim}`);
  const count = dim / 2;
  const parameters: readonly ParameterDeclaration[] = [
    {
      name: 'frequencies',
      shape: [count],
      sharing: 'model',
      initializer: {
        distribution: 'drawn',
        draw: () => Array.from({ length: count }, (_, k) => 10 ** (count === 1 ? 0 : (-9 * k) / (count - 1))),
        source: 'TGAT: 10^(−linspace(0, 9))',
      },
    },
  ];
  return {
    ...timed('functional-time', dim, options, parameters),
    encode: <T>({ operations, parameters: learned, signals }: EncodingContext<T>, x: T) => {
      const { add, cos, multiply, sin } = operations;
      const angles = multiply(signals.times as T, learned.frequencies as T);
      const waves = joinPairs(operations, cos(angles), sin(angles), 'interleaved');
      return add(x, multiply(waves, Math.sqrt(1 / count)));
    },
  };
}

function timed(
  name: string,
  dim: number,
  options: TimeOptions,
  parameters: readonly ParameterDeclaration[],
): Omit<InputEncoding, 'encode'> {
  const unit = checkPositive(`${name}: unit`, options.unit ?? 1);
  const { origin = 'zero' } = options;
  if (origin !== 'zero' && origin !== 'first') {
    throw new RangeError(`${name}: origin: expected one of zero, first, got ${String(origin)}`);
  }
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkSingleAxis(name, positions);
    const times = new Float64Array(values.length);
    for (let row = 0; row < batch; row += 1) {
      const own = values.subarray(row * length, (row + 1) * length);
      const start = origin === 'first' ? own.reduce((least, value) => Math.min(least, value), own[0] ?? 0) : 0;
      own.forEach((value, at) => {
        times[row * length + at] = (value - start) / unit;
      });
    }
    const far = times.find((value) => Math.abs(value) > LARGEST_TIME);
    if (far !== undefined) {
      throw new RangeError(
        `${name}: time: expected at most 2^24 units from the origin, got ${far}: float32 cannot tell such times apart; ` +
          "set origin to 'first' (the earliest time of each sequence), or unit to what should count as 1",
      );
    }
    return { times: real([batch, length, 1], times) };
  };
  const made: Record<string, OptionValue> = { dim, unit, origin };
  return {
    site: 'input',
    name,
    place: 'embedding',
    options: made,
    parameters,
    axes: 1,
    relative: origin === 'first',
    largestPosition: origin === 'zero' ? LARGEST_TIME * unit : Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 4 * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
  };
}
