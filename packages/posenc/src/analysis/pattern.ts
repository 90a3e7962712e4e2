/** What an encoding makes of tokens, by their place. Knows nothing of drawing. */
import { type Encoding, type EncodingContext, initialize, type RandomSource, type Signals } from '../encoding.ts';
import type { Positions } from '../positions/positions.ts';
import { float64Operations } from '../tensor/float64.ts';
import { MASKED, type PlainTensor } from '../tensor/operations.ts';
import { filled } from '../tensor/plain.ts';

/** Numbers for each pair of a query and a key. */
export interface Pattern {
  /**
   * `similarity`: cosine of what is added at the two places; `score`: the score of a query and a key; `weight`: what
   * softmax, or what stands in its place, makes of their scores under a causal mask.
   */
  readonly what: 'similarity' | 'score' | 'weight';
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

/** What {@link attentionPattern} looks at. */
export interface PatternOptions {
  /**
   * `equal`: embeddings of 0 for encodings that act on them, queries and keys of 1/√headDim otherwise, so that only places
   * differ; `random`: normal draws, and learned parameters moved from their start by normal draws of this deviation, so that
   * tables of zeros and encodings that follow the content show something. Default `equal`.
   */
  readonly tokens?: 'equal' | 'random';
}

/** Deviation of the draws that learned parameters are moved by. */
const MOVED = 0.5;

/**
 * The pattern of an encoding, under a causal mask where the encoding is causal, or acts after the mask.
 *
 * @param random - draws the starting values of learned parameters, and tokens
 */
export function attentionPattern(
  encoding: Encoding,
  queries: Positions,
  keys: Positions,
  shape: PatternShape,
  random: RandomSource,
  { tokens = 'equal' }: PatternOptions = {},
): Pattern {
  const operations = float64Operations;
  const drawn = (extents: readonly number[], deviation: number): PlainTensor => {
    const zeros = filled(extents, 0);
    return { ...zeros, data: zeros.data.map(() => deviation * random.normal()) };
  };
  const parameters = Object.fromEntries(
    encoding.parameters.map((declared) => {
      const start = initialize(declared, random);
      return [declared.name, tokens === 'equal' ? start : operations.add(start, drawn(declared.shape, MOVED))];
    }),
  );
  const context = (signals: Signals): EncodingContext<PlainTensor> => ({ operations, parameters, signals });
  const { modelDim, numHeads, headDim } = shape;
  const [Tq, Tk] = [queries.length, keys.length];
  const content = (length: number) =>
    tokens === 'equal'
      ? filled([1, numHeads, length, headDim], headDim ** -0.5)
      : drawn([1, numHeads, length, headDim], headDim ** -0.25);
  const products = (q: PlainTensor, k: PlainTensor) => operations.matmul(q, operations.permute(k, [0, 1, 3, 2]));
  const score = (scores: PlainTensor): Pattern => {
    const heads = scores.shape[1] as number;
    const values = operations.add(scores, filled([1, heads, Tq, Tk], 0)).data.slice();
    hideFuture(values, encoding.attention === 'causal' && encoding.axes === 1, queries, keys);
    return { what: 'score', heads, values: values.map((value) => (value <= MASKED / 2 ? Number.NaN : value)) };
  };
  const attention = (isCausal: boolean) => {
    const hidden = (length: number) =>
      tokens === 'equal' ? filled([1, length, modelDim], modelDim ** -0.5) : drawn([1, length, modelDim], 1);
    const hiddenKeys = hidden(Tk);
    const mask = filled([1, 1, Tq, Tk], 0);
    hideFuture(mask.data, isCausal, queries, keys);
    return {
      queries: content(Tq),
      keys: content(Tk),
      values: content(Tk),
      hiddenQueries: queries === keys ? hiddenKeys : hidden(Tq),
      hiddenKeys,
      scale: 1,
      mask,
    };
  };
  switch (encoding.site) {
    case 'none':
      return score(products(content(Tq), content(Tk)));
    case 'input': {
      const added = (positions: Positions) => {
        const x =
          tokens === 'equal' ? filled([1, positions.length, modelDim], 0) : drawn([1, positions.length, modelDim], 1);
        return operations.subtract(encoding.encode(context(encoding.signals(positions)), x), x);
      };
      // What is made from the tokens is made once, and compared with itself.
      const atKeys = added(keys);
      return { what: 'similarity', heads: 1, values: cosines(queries === keys ? atKeys : added(queries), atKeys) };
    }
    case 'query-key': {
      const largest = [queries, keys].reduce((most, { values }) => values.reduce((a, b) => Math.max(a, b), most), 0);
      const turned = (positions: Positions, role: 'query' | 'key') =>
        encoding.transform(context(encoding.signals(positions, role, largest)), content(positions.length), role);
      return score(products(turned(queries, 'query'), turned(keys, 'key')));
    }
    case 'scores':
      return score(encoding.bias(context(encoding.signals(queries, keys))));
    case 'content': {
      const at = attention(encoding.attention === 'causal');
      return score(
        encoding.scores({ ...context(encoding.signals(queries, keys)), ...at }, products(at.queries, at.keys)),
      );
    }
    case 'structure': {
      const at = attention(true);
      const identity = filled([1, numHeads, Tk, Tk], 0);
      for (let row = 0; row < numHeads * Tk; row += 1) identity.data[row * Tk + (row % Tk)] = 1;
      const scores = operations.add(products(at.queries, at.keys), at.mask);
      const weights = encoding.attend({ ...context(encoding.signals(queries, keys)), ...at, values: identity }, scores);
      const values = weights.data.slice();
      hideFuture(values, true, queries, keys);
      return {
        what: 'weight',
        heads: numHeads,
        values: values.map((value) => (value === MASKED ? Number.NaN : value)),
      };
    }
  }
}

/** Puts `MASKED` where a key stands after the query. */
function hideFuture(values: Float64Array, isCausal: boolean, queries: Positions, keys: Positions): void {
  if (!isCausal) return;
  const pairs = queries.length * keys.length;
  queries.values.forEach((query, row) => {
    keys.values.forEach((key, column) => {
      if (key <= query) return;
      for (let at = row * keys.length + column; at < values.length; at += pairs) values[at] = MASKED;
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
