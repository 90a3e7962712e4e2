/** What an encoding makes of tokens that differ in nothing but their place. Knows nothing of drawing. */
import { type Encoding, type EncodingContext, initialize, type RandomSource, type Signals } from '../encoding.ts';
import type { Positions } from '../positions/positions.ts';
import { float64Operations } from '../tensor/float64.ts';
import { MASKED, type PlainTensor } from '../tensor/operations.ts';
import { filled } from '../tensor/plain.ts';

/** Numbers for each pair of a query and a key. */
export interface Pattern {
  /** `similarity`: cosine of what is added at the two places; `score`: the score of equal queries and keys. */
  readonly what: 'similarity' | 'score';
  readonly heads: number;
  /** [heads, queries, keys], row-major; `NaN` where a key is hidden. */
  readonly values: Float64Array;
}

/** The sizes of the attention a pattern is looked at in. */
export interface PatternShape {
  readonly modelDim: number;
  readonly numHeads: number;
  readonly headDim: number;
}

/**
 * The pattern of an encoding with parameters as they start, for tokens of equal content: embeddings of 0 for encodings
 * that act on them, queries and keys of 1/√headDim otherwise, under a causal mask where the encoding is causal.
 *
 * @param random - draws the starting values of learned parameters
 */
export function attentionPattern(
  encoding: Encoding,
  queries: Positions,
  keys: Positions,
  shape: PatternShape,
  random: RandomSource,
): Pattern {
  const operations = float64Operations;
  const parameters = Object.fromEntries(
    encoding.parameters.map((declared) => [declared.name, initialize(declared, random)]),
  );
  const context = (signals: Signals): EncodingContext<PlainTensor> => ({ operations, parameters, signals });
  const { modelDim, numHeads, headDim } = shape;
  const [Tq, Tk] = [queries.length, keys.length];
  const content = (length: number) => filled([1, numHeads, length, headDim], headDim ** -0.5);
  const products = (q: PlainTensor, k: PlainTensor) => operations.matmul(q, operations.permute(k, [0, 1, 3, 2]));
  const score = (scores: PlainTensor): Pattern => {
    const heads = scores.shape[1] as number;
    const values = operations.add(scores, filled([1, heads, Tq, Tk], 0)).data.slice();
    hideFuture(values, encoding, queries, keys);
    return { what: 'score', heads, values: values.map((value) => (value <= MASKED / 2 ? Number.NaN : value)) };
  };
  switch (encoding.site) {
    case 'none':
      return score(products(content(Tq), content(Tk)));
    case 'input': {
      const added = (positions: Positions) =>
        encoding.encode(context(encoding.signals(positions)), filled([1, positions.length, modelDim], 0));
      return { what: 'similarity', heads: 1, values: cosines(added(queries), added(keys)) };
    }
    case 'query-key': {
      const largest = [queries, keys].reduce((most, { values }) => values.reduce((a, b) => Math.max(a, b), most), 0);
      const turned = (positions: Positions, role: 'query' | 'key') =>
        encoding.transform(context(encoding.signals(positions, role, largest)), content(positions.length), role);
      return score(products(turned(queries, 'query'), turned(keys, 'key')));
    }
    case 'scores':
      return score(encoding.bias(context(encoding.signals(queries, keys))));
    case 'content':
      return score(
        encoding.scores(
          {
            ...context(encoding.signals(queries, keys)),
            queries: content(Tq),
            keys: content(Tk),
            values: content(Tk),
            hiddenQueries: filled([1, Tq, modelDim], modelDim ** -0.5),
            hiddenKeys: filled([1, Tk, modelDim], modelDim ** -0.5),
            scale: 1,
            mask: causalMask(encoding, queries, keys),
          },
          products(content(Tq), content(Tk)),
        ),
      );
    case 'structure':
      return score(products(content(Tq), content(Tk)));
  }
}

/** [1, 1, Tq, Tk]: `MASKED` after the query where the encoding is causal, else 0. */
function causalMask(encoding: Encoding, queries: Positions, keys: Positions): PlainTensor {
  const mask = filled([1, 1, queries.length, keys.length], 0);
  forFuture(encoding, queries, keys, (at) => {
    mask.data[at] = MASKED;
  });
  return mask;
}

function hideFuture(values: Float64Array, encoding: Encoding, queries: Positions, keys: Positions): void {
  const pairs = queries.length * keys.length;
  forFuture(encoding, queries, keys, (at) => {
    for (let start = 0; start < values.length; start += pairs) values[start + at] = MASKED;
  });
}

function forFuture(encoding: Encoding, queries: Positions, keys: Positions, hide: (pair: number) => void): void {
  if (encoding.attention !== 'causal' || encoding.axes !== 1) return;
  queries.values.forEach((query, row) => {
    keys.values.forEach((key, column) => {
      if (key > query) hide(row * keys.length + column);
    });
  });
}

/** Cosine of each row of a with each row of b; 0 where one of them is 0. */
function cosines(a: PlainTensor, b: PlainTensor): Float64Array {
  const dim = a.shape.at(-1) as number;
  const rows = (tensor: PlainTensor) =>
    Array.from({ length: tensor.data.length / dim }, (_, row) => tensor.data.subarray(row * dim, (row + 1) * dim));
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, at) => sum + value * (y[at] as number), 0);
  const keys = rows(b);
  return Float64Array.from(
    rows(a).flatMap((x) =>
      keys.map((y) => {
        const lengths = Math.sqrt(dot(x, x) * dot(y, y));
        return lengths === 0 ? 0 : dot(x, y) / lengths;
      }),
    ),
  );
}
