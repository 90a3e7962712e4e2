/** A small network of the distance, as a bias. */
import { countNumbers, type EncodingContext, type ScoresEncoding } from '../../encoding.ts';
import { checkChoice, checkCount } from '../../numbers/check.ts';
import { constantTable, linearLayer } from '../../parts/declarations.ts';
import { affine, layerNorm, silu } from '../../parts/functions.ts';
import { integer, real, withoutBatch } from '../../parts/signals.ts';
import { pairwise } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link dynamicPositionBias}. */
export interface DynamicPositionBiasOptions {
  readonly numHeads: number;
  /** Width of the hidden layers. */
  readonly width: number;
  /** Hidden layers, at least 1. Default 2. */
  readonly depth?: number;
  /** What the network reads: the distance i − j, or sign·ln(|i − j| + 1). Default `linear`. */
  readonly distance?: 'linear' | 'logarithm';
  /** Whether hidden layers are normalised. Default false. */
  readonly normalize?: boolean;
}

/**
 * Dynamic position bias: a network of the signed distance i − j, with SiLU between its layers, gives a bias per head. It
 * is evaluated once for each distance that occurs.
 *
 * Source: Wang et al. 2021, "CrossFormer", arXiv 2108.00154, section 3.3, in one dimension as in `DynamicPositionBias` of
 * x-transformers 2.31.10.
 *
 * Signals `distances` [N, 1], those that occur, and `rows` [batch, Tq, Tk]; parameters `layerKWeight`, `layerKBias` (with
 * `normalize` also `layerKGain` and, after the first layer, `layerKShift`), `outputWeight`, `outputBias`, shared by the layers of the model.
 *
 * @throws {RangeError} when an option is out of range
 */
export function dynamicPositionBias(options: DynamicPositionBiasOptions): ScoresEncoding {
  const name = 'dynamic-position-bias';
  const numHeads = checkCount(`${name}: numHeads`, options.numHeads);
  const width = checkCount(`${name}: width`, options.width);
  const depth = checkCount(`${name}: depth`, options.depth ?? 2);
  const distance = checkChoice(`${name}: distance`, options.distance ?? 'linear', ['linear', 'logarithm']);
  const normalize = options.normalize ?? false;
  const parameters = [
    ...Array.from({ length: depth }, (_, layer) => [
      ...linearLayer(`layer${layer}`, layer === 0 ? 1 : width, width, 'model'),
      ...(normalize
        ? [
            constantTable(`layer${layer}Gain`, [width], 1, 'model', 'PyTorch LayerNorm'),
            ...(layer === 0 ? [] : [constantTable(`layer${layer}Shift`, [width], 0, 'model', 'PyTorch LayerNorm')]),
          ]
        : []),
    ]).flat(),
    ...linearLayer('output', width, numHeads, 'model'),
  ];
  const read = (d: number): number => (distance === 'linear' ? d : Math.sign(d) * Math.log1p(Math.abs(d)));
  const signals = (queries: Positions, keys: Positions) => {
    const { batch, data } = pairwise(name, queries, keys, (offset) => -offset);
    const distances = [...new Set(data)].sort((a, b) => a - b);
    const rowOf = new Map(distances.map((value, row) => [value, row]));
    return {
      distances: real([distances.length, 1], distances.map(read)),
      rows: integer(
        [batch, queries.length, keys.length],
        data.map((value) => rowOf.get(value) as number),
      ),
    };
  };
  return {
    site: 'scores',
    name,
    options: { numHeads, width, depth, distance, normalize },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 4 * (length * length + 2 * length) }),
    signals,
    vectors: (positions) => {
      const { distances, rows } = signals(positions, positions);
      return { distances, ...withoutBatch(positions, { rows }) };
    },
    bias: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>) => {
      let hidden = given.distances as T;
      for (let layer = 0; layer < depth; layer += 1) {
        const of = (part: string): T => learned[`layer${layer}${part}`] as T;
        const shift = layer === 0 ? 0 : of('Shift');
        hidden = affine(operations, hidden, of('Weight'), of('Bias'));
        if (normalize) hidden = layerNorm(operations, hidden, of('Gain'), shift);
        hidden = silu(operations, hidden);
      }
      const table = affine(operations, hidden, learned.outputWeight as T, learned.outputBias as T); // [N, H]
      return operations.permute(operations.take(table, given.rows as T), [0, 3, 1, 2]);
    },
  };
}
