/** Encodings that are trained with drawn positions: CAPE, SHAPE and randomized positions. */
import type { Encoding, EncodingContext, InputEncoding, Purpose, RandomSource } from '../../encoding.ts';
import { cosSin, geometricFrequencies } from '../../numbers/angles.ts';
import { checkCount, checkFactor, checkPositive } from '../../numbers/check.ts';
import { divideBy } from '../../numbers/double-double.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link cape}. */
export interface CapeOptions {
  /** Width of the embeddings; even. */
  readonly dim: number;
  /** Whole sequences are shifted by up to this many positions, either way. Default 5. */
  readonly maximumGlobalShift?: number;
  /** Each token is shifted by up to this much, either way; below 0.5 keeps the order. Default 0.5. */
  readonly maximumLocalShift?: number;
  /** Positions are multiplied by between 1 over this and this. Default 1.03; 1.1 for speech, 1.4 for images. */
  readonly maximumScaling?: number;
  /** Whether positions are counted from the mean of their sequence's, padding included. Default false; true for speech. */
  readonly normalize?: boolean;
  /** Multiplies all frequencies. Default 1. */
  readonly frequencyScale?: number;
}

/**
 * Continuous augmented positional embeddings: sinusoids of positions that are shifted, jittered and scaled at random in
 * training: x·√dim + sinusoid. At evaluation positions are only centred (with `normalize`).
 *
 * Source: Likhomanenko et al. 2021, "CAPE: Encoding Relative Positions with Continuous Augmented Positional Embeddings",
 * arXiv 2106.03143, section 3.3; `CAPE1d` of gcambara/cape at d456950, an independent implementation, whose settings for
 * text are the defaults here.
 *
 * Signal `table` [batch, T, dim] at the positions that `draw` gives.
 *
 * @throws {RangeError} when an option is out of range or dim is odd
 */
export function cape(options: CapeOptions): InputEncoding {
  const dim = checkCount('cape: dim', options.dim, 2);
  if (dim % 2 !== 0) throw new RangeError(`cape: dim: expected an even number, got ${dim}`);
  const { maximumGlobalShift = 5, maximumLocalShift = 0.5, normalize = false } = options;
  for (const [name, value] of Object.entries({ maximumGlobalShift, maximumLocalShift })) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new RangeError(`cape: ${name}: expected a number of at least 0, got ${value}`);
    }
  }
  const maximumScaling = checkFactor('cape: maximumScaling', options.maximumScaling ?? 1.03);
  const frequencyScale = checkPositive('cape: frequencyScale', options.frequencyScale ?? 1);
  const frequencies = geometricFrequencies(10000, dim / 2, 2, dim).map((frequency) =>
    divideBy(frequency, 1 / frequencyScale),
  );
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkSingleAxis('cape', positions);
    const data = new Float64Array(values.length * dim);
    values.forEach((position, row) => {
      frequencies.forEach((frequency, k) => {
        const [cos, sin] = cosSin(position, frequency);
        data[row * dim + 2 * k] = sin;
        data[row * dim + 2 * k + 1] = cos;
      });
    });
    return { table: real([batch, length, dim], data) };
  };
  const draw = (positions: Positions, sequences: number, random: RandomSource, purpose: Purpose): Positions => {
    const rows = Array.from({ length: sequences }, (_, sequence) => {
      const own = rowOf(checkSingleAxis('cape', positions), sequence);
      const middle = normalize ? own.reduce((sum, value) => sum + value, 0) / Math.max(own.length, 1) : 0;
      const centred = own.map((value) => value - middle);
      if (purpose === 'evaluation') return centred;
      const between = (reach: number): number => (2 * random.uniform() - 1) * reach;
      const shift = between(maximumGlobalShift);
      const factor = Math.exp(between(Math.log(maximumScaling)));
      return centred.map((value) => (value + shift + between(maximumLocalShift)) * factor);
    });
    return batchOf(rows);
  };
  return {
    site: 'input',
    name: 'cape',
    place: 'embedding',
    options: { dim, maximumGlobalShift, maximumLocalShift, maximumScaling, normalize, frequencyScale },
    parameters: [],
    axes: 1,
    relative: false,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    // The middle of a sequence moves as it grows.
    ...(normalize ? { cacheable: false as const } : {}),
    costs: (length) => ({ parameters: 0, tableBytes: 4 * length * dim }),
    draw,
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    encode: <T>({ operations, signals: given }: EncodingContext<T>, x: T) =>
      operations.add(operations.multiply(x, Math.sqrt(dim)), given.table as T),
  };
}

/**
 * SHAPE, shifted absolute positions: an encoding whose positions are moved by 0 … maximumShift in training, by one draw for
 * each sequence, so that it learns to ignore where a sequence starts.
 *
 * Source: Kiyono et al. 2021, "SHAPE: Shifted Absolute Position Embedding for Transformers", arXiv 2109.05644, section 3.
 *
 * @param encoding - an encoding of one axis that draws nothing itself; in the paper the sinusoidal one
 * @param options.maximumShift - default 100
 * @throws {RangeError} when maximumShift is not an integer of at least 0, or larger than the encoding's positions allow, or
 *   the encoding has several axes or draws positions of its own
 */
export function shifted<One extends Encoding>(encoding: One, options: { readonly maximumShift?: number } = {}): One {
  checkUndrawn('shifted', encoding);
  const maximumShift = checkCount('shifted: maximumShift', options.maximumShift ?? 100, 0);
  const largestPosition = encoding.largestPosition - maximumShift;
  if (largestPosition < 0) {
    throw new RangeError(
      `shifted: maximumShift: expected at most ${encoding.largestPosition}, the largest position of ${encoding.name}, ` +
        `got ${maximumShift}`,
    );
  }
  return {
    ...encoding,
    name: 'shifted',
    options: { ...encoding.options, maximumShift },
    largestPosition,
    draw: (positions: Positions, sequences: number, random: RandomSource, purpose: Purpose) => {
      if (purpose === 'evaluation') return positions;
      return batchOf(
        Array.from({ length: sequences }, (_, sequence) => {
          const shift = Math.floor(random.uniform() * (maximumShift + 1));
          return rowOf(positions, sequence).map((value) => value + shift);
        }),
      );
    },
  };
}

/**
 * Randomized positions: a sequence of n tokens stands at n distinct positions drawn from 0 … maximumPosition and sorted; a
 * new draw for each batch, in training and at evaluation. Longer inputs then show positions seen in training.
 *
 * Source: Ruoss et al. 2023, "Randomized Positional Encodings Boost Length Generalization of Transformers",
 * arXiv 2305.16843, section 3; `models/positional_encodings.py` of google-deepmind/randomized_positional_encodings at
 * e8c6474. Only the order of the given positions matters.
 *
 * @param encoding - an encoding of one axis that draws nothing itself
 * @param options.maximumPosition - the largest position; default 2047
 * @throws {RangeError} when maximumPosition exceeds the encoding's, or it has several axes or draws itself; from `draw`, when a sequence has more tokens than there
 *   are positions
 */
export function randomized<One extends Encoding>(
  encoding: One,
  options: { readonly maximumPosition?: number } = {},
): One {
  checkUndrawn('randomized', encoding);
  const maximumPosition = checkCount('randomized: maximumPosition', options.maximumPosition ?? 2047);
  if (maximumPosition > encoding.largestPosition) {
    throw new RangeError(
      `randomized: maximumPosition: expected at most ${encoding.largestPosition}, the largest position of ` +
        `${encoding.name}, got ${maximumPosition}`,
    );
  }
  return {
    ...encoding,
    name: 'randomized',
    options: { ...encoding.options, maximumPosition },
    cacheable: false,
    draw: (positions: Positions, _: number, random: RandomSource) => {
      const { batch, length } = checkSingleAxis('randomized', positions);
      if (length > maximumPosition + 1) {
        throw new RangeError(
          `randomized: positions: expected at most ${maximumPosition + 1} tokens, got ${length}; raise maximumPosition`,
        );
      }
      const drawn = drawSorted(maximumPosition + 1, length, random);
      const rows = Array.from({ length: batch }, (__, row) => {
        // The token of rank r gets the r-th position.
        const own = rowOf(positions, row);
        const ranks = [...own.keys()].sort((a, b) => (own[a] as number) - (own[b] as number));
        const placed = new Float64Array(length);
        ranks.forEach((token, rank) => {
          placed[token] = drawn[rank] as number;
        });
        return placed;
      });
      return batchOf(rows);
    },
  };
}

/** Draws do not add up: an encoding's own would be lost, and drawn lines say nothing of grids. */
function checkUndrawn(name: string, { axes, draw, name: inner }: Encoding): void {
  if (axes !== 1) throw new RangeError(`${name}: encoding: expected one of one axis, got ${inner} of ${axes}`);
  if (draw !== undefined) {
    throw new RangeError(
      `${name}: encoding: expected one that leaves positions alone, got ${inner}, which draws its own`,
    );
  }
}

/** `count` distinct integers below `total`, in ascending order, every set equally likely (Floyd's algorithm). */
function drawSorted(total: number, count: number, random: RandomSource): readonly number[] {
  const chosen = new Set<number>();
  for (let last = total - count; last < total; last += 1) {
    const candidate = Math.floor(random.uniform() * (last + 1));
    chosen.add(chosen.has(candidate) ? last : candidate);
  }
  return [...chosen].sort((a, b) => a - b);
}

function rowOf({ batch, length, values }: Positions, sequence: number): Float64Array {
  const row = batch === 1 ? 0 : sequence;
  return values.subarray(row * length, (row + 1) * length);
}

function batchOf(rows: readonly Float64Array[]): Positions {
  const length = rows[0]?.length ?? 0;
  const values = new Float64Array(rows.length * length);
  rows.forEach((row, index) => {
    values.set(row, index * length);
  });
  return { values, batch: rows.length, length, axes: 1 };
}
