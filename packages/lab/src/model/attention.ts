/**
 * Multi-head attention that asks each encoding only for what its site offers.
 * Shape legend: B batch, Tq queries, Tk keys, D model width, H heads, E head width.
 */
import type { Encoding, InputEncoding } from 'posenc';
import type { Operations } from 'posenc/tensor';
import { linear } from './layers.ts';
import type { ModelParameter, Tensors } from './model.ts';
import { linearParameters } from './parameters.ts';
import { actsIn, encodingContext } from './stack-encodings.ts';

/** Where in a model an attention stands. */
export interface AttentionPlace {
  /** `encoder` or `decoder`. */
  readonly stack: string;
  /** Counted from 0. */
  readonly layer: number;
  readonly numHeads: number;
  /** In the order in which they apply; empty in cross-attention. */
  readonly encodings: readonly Encoding[];
}

/** Queries, keys and values [B, H, T, E] of one attention, the keys transformed by position already. */
export interface Heads<T> {
  readonly queries: T;
  readonly keys: T;
  readonly values: T;
}

/** Four linear maps D → D. */
export function attentionParameters(name: string, modelDim: number): ModelParameter[] {
  return ['queries', 'keys', 'values', 'output'].flatMap((part) =>
    linearParameters(`${name}.${part}`, modelDim, modelDim),
  );
}

/** x [B, T, D] → [B, H, T, E]. */
export function splitHeads<T>(operations: Operations<T>, x: T, numHeads: number): T {
  const [B, length, D] = operations.shape(x) as [number, number, number];
  return operations.permute(operations.reshape(x, [B, length, numHeads, D / numHeads]), [0, 2, 1, 3]);
}

/** [B, H, T, E] → [B, T, D]. */
export function mergeHeads<T>(operations: Operations<T>, x: T): T {
  const [B, H, length, E] = operations.shape(x) as [number, number, number, number];
  return operations.reshape(operations.permute(x, [0, 2, 1, 3]), [B, length, H * E]);
}

/** One linear map and the split into heads, e.g. the keys of cross-attention. */
export function project<T>(operations: Operations<T>, parameters: Tensors<T>, name: string, x: T, heads: number): T {
  return splitHeads(operations, linear(operations, parameters, name, x), heads);
}

/** Queries, keys and values of x [B, T, D] with every encoding applied that turns queries and keys. */
export function selfAttentionHeads<T>(
  operations: Operations<T>,
  parameters: Tensors<T>,
  signals: Tensors<T>,
  name: string,
  place: AttentionPlace,
  x: T,
): Heads<T> {
  const { stack, layer, numHeads, encodings } = place;
  const positioned = encodeInput(operations, parameters, signals, place, 'every-attention', x);
  const transformed = (role: 'query' | 'key', heads: T): T =>
    encodings.reduce((turned, encoding, index) => {
      if (encoding.site !== 'query-key' || !actsIn(encoding, layer)) return turned;
      const context = encodingContext(stack, encoding, index, layer, role, parameters, signals);
      return encoding.transform({ operations, ...context }, turned, role);
    }, heads);
  return {
    queries: transformed('query', project(operations, parameters, `${name}.queries`, positioned, numHeads)),
    keys: transformed('key', project(operations, parameters, `${name}.keys`, positioned, numHeads)),
    values: project(operations, parameters, `${name}.values`, x, numHeads),
  };
}

/** x [B, T, D] with the input encodings of one place applied. */
export function encodeInput<T>(
  operations: Operations<T>,
  parameters: Tensors<T>,
  signals: Tensors<T>,
  { stack, layer, encodings }: Pick<AttentionPlace, 'stack' | 'layer' | 'encodings'>,
  where: InputEncoding['place'],
  x: T,
): T {
  return encodings.reduce((hidden, encoding, index) => {
    if (encoding.site !== 'input' || encoding.place !== where || !actsIn(encoding, layer)) return hidden;
    const context = encodingContext(stack, encoding, index, layer, 'token', parameters, signals);
    return encoding.encode({ operations, ...context }, hidden);
  }, x);
}

/** What attention needs besides the heads. */
export interface Attended<T> {
  /** Additive, broadcasting to [B, H, Tq, Tk]; absent where everything is seen. */
  readonly mask: T;
  /** The layer's input at queries and at keys, [B, T, D]: for encodings that compute from content. */
  readonly hiddenQueries: T;
  readonly hiddenKeys: T;
  /** Is told the weights [B, H, Tq, Tk], unless an encoding replaces the step that makes them. */
  readonly observe?: (weights: T) => void;
}

/** softmax(queries · keysᵀ/√E + biases + mask) · values, merged and projected → [B, Tq, D]. */
export function attend<T>(
  operations: Operations<T>,
  parameters: Tensors<T>,
  signals: Tensors<T>,
  name: string,
  place: AttentionPlace,
  heads: Heads<T>,
  { observe, ...attended }: Attended<T>,
): T {
  const { add, matmul, multiply, permute, shape, softmax } = operations;
  const { stack, layer } = place;
  const { queries, keys, values } = heads;
  const scale = 1 / Math.sqrt(shape(values).at(-1) as number);
  const acting = place.encodings.map((encoding, index) => {
    const context = encodingContext(stack, encoding, index, layer, 'pair', parameters, signals);
    return { encoding, context: { operations, ...context, ...heads, ...attended, scale } };
  });
  const inLayer = acting.filter(({ encoding }) => actsIn(encoding, layer));

  let scores = multiply(matmul(queries, permute(keys, [0, 1, 3, 2])), scale); // [B, H, Tq, Tk]
  for (const { encoding, context } of inLayer) {
    if (encoding.site === 'scores') scores = add(scores, encoding.bias(context));
    if (encoding.site === 'content') scores = encoding.scores(context, scores);
  }
  const masked = add(scores, attended.mask);
  for (const { encoding, context } of inLayer) {
    if (encoding.site === 'structure') {
      return linear(operations, parameters, `${name}.output`, mergeHeads(operations, encoding.attend(context, masked)));
    }
  }
  const weights = softmax(masked);
  observe?.(weights);
  let output = matmul(weights, values); // [B, H, Tq, E]
  for (const { encoding, context } of inLayer) {
    if (encoding.site === 'content' && encoding.output !== undefined) {
      output = encoding.output(context, weights, output);
    }
  }
  return linear(operations, parameters, `${name}.output`, mergeHeads(operations, output));
}
