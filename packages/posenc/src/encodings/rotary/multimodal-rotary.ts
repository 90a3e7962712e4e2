/** Multimodal rotary encoding: pairs of channels turn with time, row or column, which are equal for text. */
import type { EncodingContext, QueryKeyEncoding } from '../../encoding.ts';
import { geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount, checkPositive } from '../../numbers/check.ts';
import type { DoubleDouble } from '../../numbers/double-double.ts';
import { type Pairing, type RotationPlan, rotationTable, turn } from '../../parts/rotation.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link multimodalRotary}. */
export interface MultimodalRotaryOptions {
  /** Width of one head. */
  readonly headDim: number;
  /** Channels that are turned, from the first on; even. The rest is left alone. Default: all. */
  readonly rotaryDim?: number;
  /** Pairs that turn with each of time, row and column; their sum is rotaryDim/2. */
  readonly sections: readonly number[];
  /**
   * `chunked`: the first pairs to time, the next to rows, the last to columns (Qwen2-VL); `interleaved`: time, row,
   * column in turn while rows and columns last, the rest to time (Qwen3-VL); rows and columns must fit. Default
   * `chunked`.
   */
  readonly order?: 'chunked' | 'interleaved';
  /** Default 1000000. */
  readonly base?: number;
  /** Default `half`. */
  readonly pairing?: Pairing;
}

/**
 * M-RoPE: one series of frequencies over the head, each pair turned by the token's time, row or column. Where the three
 * are equal, as they are for text, it is plain rotary.
 *
 * Source: Wang et al. 2024, "Qwen2-VL", arXiv 2409.12191, section 2.1 (`chunked`); Qwen3-VL, arXiv 2511.21631
 * (`interleaved`); equal to `Qwen2VLRotaryEmbedding`, `Qwen3VLTextRotaryEmbedding` and `Glm4vTextRotaryEmbedding`
 * (`chunked`, half of the channels, pairing `interleaved`) of Hugging Face transformers 5.23.0. Positions come from
 * `multimodalPositions`.
 *
 * Signals `cos`, `sin` [batch, 1, T, rotaryDim/2].
 *
 * @throws {RangeError} when an option is out of range, the sections have not a sum of rotaryDim/2, or do not fit in
 *   turn
 */
export function multimodalRotary(options: MultimodalRotaryOptions): QueryKeyEncoding {
  const name = 'multimodal-rotary';
  const headDim = checkCount(`${name}: headDim`, options.headDim, 2);
  const rotaryDim = checkCount(`${name}: rotaryDim`, options.rotaryDim ?? headDim, 2);
  if (rotaryDim % 2 !== 0 || rotaryDim > headDim) {
    throw new RangeError(
      `${name}: rotaryDim: expected an even number of at most headDim = ${headDim}, got ${rotaryDim}`,
    );
  }
  const { sections } = options;
  const base = checkPositive(`${name}: base`, options.base ?? 1000000);
  const order = checkChoice(`${name}: order`, options.order ?? 'chunked', ['chunked', 'interleaved']);
  const pairing = checkChoice(`${name}: pairing`, options.pairing ?? 'half', ['half', 'interleaved']);
  const [time = 0, rows = 0, columns = 0] = sections;
  const isFine = sections.length === 3 && sections.every((count) => Number.isInteger(count) && count >= 0);
  if (!isFine || 2 * (time + rows + columns) !== rotaryDim) {
    throw new RangeError(
      `${name}: sections: expected three numbers of pairs with a sum of rotaryDim/2 = ${rotaryDim / 2}, ` +
        `got ${sections.join(', ')}`,
    );
  }
  const axisOf = (pair: number): number => {
    if (order === 'chunked') return pair < time ? 0 : pair < time + rows ? 1 : 2;
    if (pair % 3 === 1 && pair < 3 * rows) return 1;
    return pair % 3 === 2 && pair < 3 * columns ? 2 : 0;
  };
  const pairs = Array.from({ length: rotaryDim / 2 }, (_, pair) => axisOf(pair));
  const counts = [0, 1, 2].map((axis) => pairs.filter((other) => other === axis).length);
  if (counts.some((count, axis) => count !== sections[axis])) {
    throw new RangeError(
      `${name}: sections: expected rows and columns of at most a third of ${rotaryDim / 2} pairs for the order ` +
        `${order}, got ${sections.join(', ')}, which would turn ${counts.join(', ')}; give more to time`,
    );
  }
  const plan: RotationPlan = geometricFrequencies(base, rotaryDim / 2, 2, rotaryDim).map((frequency, pair) =>
    [0, 1, 2].map((axis): DoubleDouble => (axis === pairs[pair] ? frequency : [0, 0])),
  );
  const signals = (positions: Positions) => {
    const { cos, sin } = rotationTable(checkAxes(name, positions, 3), plan);
    const shape = [positions.batch, 1, positions.length, rotaryDim / 2];
    return { cos: real(shape, cos), sin: real(shape, sin) };
  };
  return {
    site: 'query-key',
    name,
    options: { headDim, rotaryDim, sections, order, base, pairing },
    parameters: [],
    axes: 3,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: 0, tableBytes: 4 * length * rotaryDim }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    transform: <T>({ operations, signals: given }: EncodingContext<T>, x: T) =>
      turn(operations, x, given.cos as T, given.sin as T, pairing),
  };
}
