/** How an encoding treats distance: curves over the offset between query and key. Knows nothing of drawing. */
import type { Encoding, InputEncoding, QueryKeyEncoding, ScoresEncoding } from '../encoding.ts';
import { positionList, positionRange } from '../positions/positions.ts';
import { MASKED, type PlainTensor } from '../tensor/operations.ts';

/** A number for each distance 0, 1, 2 … */
export interface DistanceProfile {
  /** E.g. `head 3`. */
  readonly label: string;
  readonly values: readonly number[];
}

/**
 * Cosine similarity of the table's row at position `from` with the row `distance` further on.
 *
 * @param encoding - one whose vectors have a `table`: sinusoidal
 * @throws {RangeError} when it has none, because its rows are trained
 */
export function similarityByDistance(encoding: InputEncoding, distances: number, from = 0): DistanceProfile {
  const { table } = encoding.vectors(positionRange(from, from + distances));
  if (table === undefined) {
    throw new RangeError(`similarityByDistance: ${encoding.name}: expected a fixed table, but its rows are trained`);
  }
  const dim = table.shape.at(-1) as number;
  const row = (index: number): Float64Array => table.data.subarray(index * dim, (index + 1) * dim);
  const values = Array.from({ length: distances }, (_, distance) => {
    const [a, b] = [row(0), row(distance)];
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  });
  return { label: 'cosine similarity', values };
}

/**
 * The score of equal queries and keys of ones against distance, relative to distance 0: the mean of cos(distance · ωₖ)
 * (Su et al. 2021, arXiv 2104.09864, section 3.4.3).
 */
export function rotaryDecay(encoding: QueryKeyEncoding, distances: number): DistanceProfile {
  const { cos } = encoding.vectors(positionRange(distances));
  const pairs = cos?.shape.at(-1) as number;
  const values = Array.from({ length: distances }, (_, distance) => {
    const row = (cos as PlainTensor).data.subarray(distance * pairs, (distance + 1) * pairs);
    return row.reduce((sum, value) => sum + value, 0) / pairs;
  });
  return { label: 'relative score', values };
}

/** Positions after which each pair of channels has turned once, 2π/ωₖ; none for encodings without fixed frequencies. */
export function wavelengths(encoding: Encoding): readonly number[] {
  if (encoding.axes !== 1 || (encoding.site !== 'query-key' && encoding.site !== 'input')) return [];
  const { inverseFrequencies } = encoding.vectors(positionList([]));
  return Array.from(inverseFrequencies?.data ?? [], (frequency) => (2 * Math.PI) / frequency);
}

/**
 * What each head adds to the score of a key `offset` positions after the query, for offsets −distances … distances;
 * `NaN` where the key is hidden from that head. For T5, whose biases are trained, the bucket of each offset.
 */
export function biasByDistance(encoding: ScoresEncoding, distances: number): readonly DistanceProfile[] {
  const { bias, buckets } = encoding.signals(positionList([distances]), positionRange(2 * distances + 1));
  const count = 2 * distances + 1;
  if (buckets !== undefined) return [{ label: 'bucket', values: [...buckets.data] }];
  const heads = bias?.shape[1] ?? 0;
  return Array.from({ length: heads }, (_, head) => ({
    label: `head ${head + 1}`,
    values: Array.from(bias?.data.subarray(head * count, (head + 1) * count) ?? [], (value) =>
      value <= MASKED ? Number.NaN : value,
    ),
  }));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0);
}
