/** Swin v2: cosine attention, and a bias from a small network of two-dimensional distances on a logarithmic scale. */
import { type AttentionContext, type ContentEncoding, countNumbers } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { constantTable, linearLayer } from '../../parts/declarations.ts';
import { affine, atMost, relu, transpose, unitLength } from '../../parts/functions.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { pairwisePoints } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link swinV2}. */
export interface SwinV2Options {
  readonly numHeads: number;
  /** Rows of the window that distances are measured in: the pretrained one where a model was moved to another. */
  readonly rows: number;
  /** Columns of that window. */
  readonly columns: number;
  /** Width of the network. Default 512. */
  readonly width?: number;
}

/** The scale of the cosine never exceeds 100. */
const LARGEST_LOGARITHM = Math.log(100);

/**
 * Log-spaced continuous position bias with scaled cosine attention: the score is cos(q, k)·exp(min(τ, ln 100)) with τ
 * learned per head, plus 16·σ(network(d)), d = sign(Δ)·log₂(1 + |8Δ/(window − 1)|)/3 in both axes. At the edge of the
 * window d is log₂(9)/3 = 1.0566, not 1.
 *
 * Source: Liu et al. 2022, "Swin Transformer V2", arXiv 2111.09883, equations 2 to 4; `Swinv2SelfAttention` of Hugging
 * Face transformers 5.23.0.
 *
 * Signal `distances` [batch, Tq, Tk, 2]; parameters `logitScale` [numHeads, 1, 1], `hiddenWeight`, `hiddenBias`,
 * `outputWeight`, one copy per layer.
 *
 * @throws {RangeError} when an option is out of range
 */
export function swinV2(options: SwinV2Options): ContentEncoding {
  const numHeads = checkCount('swin-v2: numHeads', options.numHeads);
  const rows = checkCount('swin-v2: rows', options.rows);
  const columns = checkCount('swin-v2: columns', options.columns);
  const width = checkCount('swin-v2: width', options.width ?? 512);
  const parameters = [
    constantTable('logitScale', [numHeads, 1, 1], Math.log(10), 'layer', 'Swin v2: ln 10'),
    ...linearLayer('hidden', 2, width, 'layer'),
    ...linearLayer('output', width, numHeads, 'layer', { bias: false }),
  ];
  const scaled = (offset: number, extent: number): number => {
    // A window of one row has no distances to scale.
    const steps = (8 * offset) / Math.max(extent - 1, 1);
    return (Math.sign(steps) * Math.log2(1 + Math.abs(steps))) / 3;
  };
  const signals = (queries: Positions, keys: Positions) => {
    const { batch, data } = pairwisePoints('swin-v2', queries, keys, 2, 2, (query, key) => [
      scaled((query[0] as number) - (key[0] as number), rows),
      scaled((query[1] as number) - (key[1] as number), columns),
    ]);
    return { distances: real([batch, queries.length, keys.length, 2], data) };
  };
  return {
    site: 'content',
    name: 'swin-v2',
    options: { numHeads, rows, columns, width },
    parameters,
    axes: 2,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    replaces: 'scores',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 8 * length * length }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>({ operations, parameters: learned, signals: given, queries, keys }: AttentionContext<T>) => {
      const { add, exp, matmul, multiply, permute, sigmoid } = operations;
      const cosine = matmul(unitLength(operations, queries), transpose(operations, unitLength(operations, keys)));
      const bounded = atMost(operations, learned.logitScale as T, LARGEST_LOGARITHM);
      const hidden = affine(operations, given.distances as T, learned.hiddenWeight as T, learned.hiddenBias as T);
      const bias = affine(operations, relu(operations, hidden), learned.outputWeight as T);
      return add(multiply(cosine, exp(bounded)), multiply(sigmoid(permute(bias, [0, 3, 1, 2])), 16));
    },
  };
}
