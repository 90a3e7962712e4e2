/** TUPE: positions attend to positions with projections of their own, apart from content. */
import { type AttentionContext, type ContentEncoding, countNumbers } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { constantTable, normalTable } from '../../parts/declarations.ts';
import { affine, layerNorm, splitHeads, transpose } from '../../parts/functions.ts';
import { integer, real, withoutBatch } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link tupe}. */
export interface TupeOptions {
  readonly numHeads: number;
  /** Width of the positions' vectors, and of all heads together. */
  readonly modelDim: number;
  /** Positions 0 … maximumPositions − 1 exist. */
  readonly maximumPositions: number;
  /**
   * Whether position 0 is a class token, whose scores get two learned numbers instead. Joining a relative bias gives the
   * class token positions again. Default false.
   */
  readonly untieFirst?: boolean;
}

/**
 * Transformer with untied positional encoding: qᵢ·kⱼ/√(2E) + (pᵢU)·(pⱼW)/√(2E), with learned vectors p of positions
 * (normalised) and projections U, W of their own; the same for all layers. TUPE-R is this joined with T5's bias of scale 1.
 *
 * Source: Ke, He, Liu 2021, "Rethinking Positional Encoding in Language Pre-training", arXiv 2006.15595, equations 7 and 10;
 * starting values as in guolinke/TUPE at 4c64ff7. There the two numbers of a class token are products of two more rows of
 * the table; here they are free, as in the paper.
 *
 * Signals `queryRows` [batch, Tq], `keyRows` [batch, Tk]; with `untieFirst` also `fromFirst` and `toFirst`
 * [batch, 1, Tq, Tk]. Parameters `table` [maximumPositions, modelDim], `gain`, `shift` [modelDim], `queryWeight`,
 * `queryBias`, `keyWeight`, `keyBias`; with `untieFirst` also `first` [2, numHeads, 1, 1]: from the class token, and to it.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a position has no vector
 */
export function tupe(options: TupeOptions): ContentEncoding {
  const numHeads = checkCount('tupe: numHeads', options.numHeads);
  const modelDim = checkCount('tupe: modelDim', options.modelDim);
  const maximumPositions = checkCount('tupe: maximumPositions', options.maximumPositions);
  const untieFirst = options.untieFirst ?? false;
  if (modelDim % numHeads !== 0) {
    throw new RangeError(`tupe: modelDim: expected a multiple of numHeads = ${numHeads}, got ${modelDim}`);
  }
  const source = 'guolinke/TUPE: init_bert_params, normal of 0.02, biases 0';
  const linear = (name: string) => [
    normalTable(`${name}Weight`, [modelDim, modelDim], 0.02, 'model', source),
    constantTable(`${name}Bias`, [modelDim], 0, 'model', source),
  ];
  const parameters = [
    normalTable('table', [maximumPositions, modelDim], 0.02, 'model', source),
    constantTable('gain', [modelDim], 1, 'model', 'PyTorch LayerNorm'),
    constantTable('shift', [modelDim], 0, 'model', 'PyTorch LayerNorm'),
    ...linear('query'),
    ...linear('key'),
    ...(untieFirst ? [constantTable('first', [2, numHeads, 1, 1], 0, 'model', 'chosen here: zeros')] : []),
  ];
  const rowsOf = (positions: Positions) => {
    const { batch, length, values } = checkSingleAxis('tupe', positions);
    const bad = values.find((value) => !(Number.isInteger(value) && value >= 0 && value < maximumPositions));
    if (bad !== undefined) {
      throw new RangeError(
        `tupe: position: expected an integer from 0 to ${maximumPositions - 1}, got ${bad}; the table has no row for it`,
      );
    }
    return integer([batch, length], values);
  };
  const signals = (queries: Positions, keys: Positions) => {
    const rows = { queryRows: rowsOf(queries), keyRows: rowsOf(keys) };
    if (!untieFirst) return rows;
    const batch = Math.max(queries.batch, keys.batch);
    const pairs = queries.length * keys.length;
    const marked = (test: (query: number, key: number) => boolean) =>
      real(
        [batch, 1, queries.length, keys.length],
        Float64Array.from({ length: batch * pairs }, (_, at) => {
          const row = Math.floor(at / pairs);
          const query =
            (queries.batch === 1 ? 0 : row * queries.length) + (Math.floor(at / keys.length) % queries.length);
          const key = (keys.batch === 1 ? 0 : row * keys.length) + (at % keys.length);
          return Number(test(queries.values[query] as number, keys.values[key] as number));
        }),
      );
    return { ...rows, fromFirst: marked((i) => i === 0), toFirst: marked((i, j) => i !== 0 && j === 0) };
  };
  return {
    site: 'content',
    name: 'tupe',
    options: { numHeads, modelDim, maximumPositions, untieFirst },
    parameters,
    axes: 1,
    relative: false,
    largestPosition: maximumPositions - 1,
    attention: 'any',
    costs: (length) => ({
      parameters: countNumbers(parameters),
      tableBytes: 8 * length + (untieFirst ? 8 * length * length : 0),
    }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: <T>({ operations, parameters: learned, signals: given, scale }: AttentionContext<T>, scores: T) => {
      const { add, matmul, multiply, slice, take, where } = operations;
      const vectors = layerNorm(operations, learned.table as T, learned.gain as T, learned.shift as T);
      const heads = (name: 'query' | 'key'): T => {
        const all = affine(operations, vectors, learned[`${name}Weight`] as T, learned[`${name}Bias`] as T);
        return splitHeads(operations, take(all, given[`${name}Rows`] as T), numHeads);
      };
      const products = matmul(heads('query'), transpose(operations, heads('key')));
      let positions = multiply(products, scale / Math.SQRT2);
      if (untieFirst) {
        positions = where(given.fromFirst as T, firstOf(0), positions);
        positions = where(given.toFirst as T, firstOf(1), positions);
      }
      return add(multiply(scores, Math.SQRT1_2), positions);

      function firstOf(which: 0 | 1): T {
        return slice(learned.first as T, 0, which, which + 1);
      }
    },
  };
}
