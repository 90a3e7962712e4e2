/** Transformer-XL: content and sinusoidal distances meet in the score, each with a learned bias of its own. */
import {
  type AttentionContext,
  type ContentEncoding,
  countNumbers,
  type ParameterDeclaration,
} from '../../encoding.ts';
import { cosSin, geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount } from '../../numbers/check.ts';
import { normalTable } from '../../parts/declarations.ts';
import { affine, transpose } from '../../parts/functions.ts';
import { distinctDistances, pickPerPair, productIndices } from '../../parts/pairs.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link transformerXl}. */
export interface TransformerXlOptions {
  readonly numHeads: number;
  /** Width of one head. */
  readonly headDim: number;
  /** Width of the sinusoids of distances; even. */
  readonly modelDim: number;
  /** Whether the two biases are one for all layers (`untie_r: false`) or each layer's own. Default `layer`. */
  readonly sharing?: 'model' | 'layer';
}

/**
 * Transformer-XL's relative attention: ((q + u)·k + (q + v)·(W·R[i − j]))/√E, with R the sinusoidal encoding of the
 * distance (all sines, then all cosines) and u, v learned per head.
 *
 * Source: Dai et al. 2019, "Transformer-XL", arXiv 1901.02860, section 3.3; equal to XLNet's `rel_attn_core` in Hugging
 * Face transformers 5.23.0 (without segments and `clamp_len`), in both directions.
 *
 * Signals `sinusoids` [N, modelDim] of the distances that occur, `products` [batch, Tq, Tk]; parameters `contentBias`,
 * `positionBias` [numHeads, 1, headDim] and `projectionWeight` [modelDim, numHeads·headDim], one copy per layer.
 *
 * @throws {RangeError} when an option is out of range or modelDim is odd
 */
export function transformerXl(options: TransformerXlOptions): ContentEncoding {
  const name = 'transformer-xl';
  const numHeads = checkCount(`${name}: numHeads`, options.numHeads);
  const headDim = checkCount(`${name}: headDim`, options.headDim);
  const modelDim = checkCount(`${name}: modelDim`, options.modelDim, 2);
  if (modelDim % 2 !== 0) throw new RangeError(`${name}: modelDim: expected an even number, got ${modelDim}`);
  const sharing = checkChoice(`${name}: sharing`, options.sharing ?? 'layer', ['model', 'layer']);
  const frequencies = geometricFrequencies(10000, modelDim / 2, 2, modelDim);
  const source = 'XLNet: initializer_range 0.02';
  const bias = (parameter: string): ParameterDeclaration =>
    normalTable(parameter, [numHeads, 1, headDim], 0.02, sharing, source);
  const parameters = [
    bias('contentBias'),
    bias('positionBias'),
    normalTable('projectionWeight', [modelDim, numHeads * headDim], 0.02, 'layer', source),
  ];
  const signals = (queries: Positions, keys: Positions) => {
    const { distances, rowOf } = distinctDistances(name, queries, keys);
    const sinusoids = distances.flatMap((distance) => {
      const waves = frequencies.map((frequency) => cosSin(distance, frequency));
      return [...waves.map(([, sin]) => sin), ...waves.map(([cos]) => cos)];
    });
    return {
      sinusoids: real([distances.length, modelDim], sinusoids),
      products: productIndices(name, queries, keys, distances.length, rowOf),
    };
  };
  return {
    site: 'content',
    name,
    options: { numHeads, headDim, modelDim, sharing },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({
      parameters: countNumbers(parameters),
      tableBytes: 4 * (length * length + (2 * length - 1) * modelDim),
    }),
    signals,
    vectors: (positions) => {
      const { sinusoids, products } = signals(positions, positions);
      return { sinusoids, ...withoutBatch(positions, { products }) };
    },
    scores: <T>(
      { operations, parameters: learned, signals: given, queries, keys, scale }: AttentionContext<T>,
      scores: T,
    ) => {
      const { add, matmul, multiply, permute, reshape, shape } = operations;
      const projected = affine(operations, given.sinusoids as T, learned.projectionWeight as T); // [N, H·E]
      const [count] = shape(projected) as [number];
      const distances = permute(reshape(projected, [count, numHeads, headDim]), [1, 2, 0]); // [H, E, N]
      const position = matmul(add(queries, learned.positionBias as T), distances); // [B, H, Tq, N]
      const content = matmul(learned.contentBias as T, transpose(operations, keys)); // [B, H, 1, Tk]
      const added = add(content, pickPerPair(operations, position, given.products as T));
      return add(scores, multiply(added, scale));
    },
  };
}
