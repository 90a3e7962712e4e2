/**
 * Every encoding of the registry with every choice of its options, as functions that run on any engine.
 * A new encoding takes part by being registered; options that are numbers get a line in `numericOptions`.
 */
import type { AttentionContext, Encoding, EncodingContext, OptionValue, Positions, Signals } from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { type EncodingDescription, encodingDescriptions } from 'posenc/registry';
import type { EngineFunction, Operations, PlainTensor } from 'posenc/tensor';
import { filled } from 'posenc/tensor';
import { createTestRandom, randomTensor } from './random.ts';

type Options = Readonly<Record<string, OptionValue>>;

/** Values for options that are numbers, each tried beside the defaults. */
const numericOptions: Readonly<Record<string, readonly Options[]>> = {
  sinusoidal: [{ base: 500 }],
  learned: [{ maximumPositions: 80 }],
  rotary: [{ rotaryDim: 4 }, { base: 500 }],
  t5: [{ numBuckets: 8, maxDistance: 20 }, { scale: 8 }],
};

/** Six heads, which is no power of two; positions 0 … 63 representable. */
const shape = { modelDim: 48, numHeads: 6, headDim: 8, maximumLength: 64 } as const;
const batch = 2;

/** An encoding with a title that says how it was made. */
export interface EncodingCase {
  readonly title: string;
  readonly encoding: Encoding;
}

/** All of them, for causal and for bidirectional attention; each once, by the options it was made with. */
export const encodingCases: readonly EncodingCase[] = [
  ...new Map(
    encodingDescriptions
      .flatMap((description) =>
        (['causal', 'bidirectional'] as const).flatMap((attention) =>
          combinations(description).map((options) => description.create({ ...shape, attention }, options)),
        ),
      )
      .map((encoding) => [titleOf(encoding), { title: titleOf(encoding), encoding }]),
  ).values(),
];

function titleOf({ name, options }: Encoding): string {
  return [name, ...Object.entries(options).map(([option, value]) => `${option}=${value}`)].join(' ');
}

/** Every choice of the options that have finitely many, and each numeric variant beside the defaults. */
function combinations({ name, options }: EncodingDescription): readonly Options[] {
  let product: Options[] = [{}];
  for (const option of options) {
    if (option.type === 'number') continue;
    const choices: readonly OptionValue[] = option.type === 'boolean' ? [false, true] : option.type;
    product = product.flatMap((chosen) => choices.map((choice) => ({ ...chosen, [option.name]: choice })));
  }
  return [...product, ...(numericOptions[name] ?? [])];
}

/** Where queries and keys stand. */
export interface PositionCase {
  readonly title: string;
  readonly queries: Positions;
  readonly keys: Positions;
}

export const positionCases: readonly PositionCase[] = [
  { title: 'positions 0…4', queries: positionRange(5), keys: positionRange(5) },
  { title: 'positions from 37', queries: positionRange(37, 42), keys: positionRange(37, 42) },
  { title: 'gaps', queries: positionList([0, 3, 4, 19, 60]), keys: positionList([0, 3, 4, 19, 60]) },
  { title: 'one query row', queries: positionRange(40, 41), keys: positionList([0, 1, 17, 39, 40]) },
  { title: 'a batch of positions', queries: batchOf([0, 1, 2], [5, 9, 30]), keys: batchOf([0, 1, 2], [5, 9, 30]) },
  { title: 'positions from 131072', queries: positionRange(131072, 131075), keys: positionRange(131070, 131075) },
];

function batchOf(...rows: readonly (readonly number[])[]): Positions {
  return { values: Float64Array.from(rows.flat()), batch: rows.length, length: rows[0]?.length ?? 0, axes: 1 };
}

/** Whether an encoding can represent the positions of a case. */
export function isRepresentable(encoding: Encoding, { queries, keys }: PositionCase): boolean {
  return Math.max(...queries.values, ...keys.values) <= encoding.largestPosition;
}

/** What an engine runs: activations, learned parameters and signals by name, and the function of them. */
export interface EncodingRun {
  readonly run: EngineFunction;
  readonly parameters: Readonly<Record<string, PlainTensor>>;
}

/** The encoding at work at its site, on seeded activations. Learned parameters are drawn so that none is constant. */
export function runEncoding(encoding: Encoding, { queries, keys }: PositionCase): EncodingRun {
  const random = createTestRandom(11);
  const [queryLength, keyLength] = [queries.length, keys.length];
  const learned = prefixed(
    'learned',
    Object.fromEntries(encoding.parameters.map((declared) => [declared.name, randomTensor(declared.shape, random)])),
  );
  const draw = (...extents: number[]) => randomTensor([batch, ...extents], random);
  const queryTensor = draw(shape.numHeads, queryLength, shape.headDim);
  const keyTensor = draw(shape.numHeads, keyLength, shape.headDim);
  const valueTensor = draw(shape.numHeads, keyLength, shape.headDim);
  const attention = {
    queries: queryTensor,
    keys: keyTensor,
    values: valueTensor,
    hiddenQueries: draw(queryLength, shape.modelDim),
    hiddenKeys: draw(keyLength, shape.modelDim),
    mask: filled([1, 1, queryLength, keyLength], 0),
  };
  switch (encoding.site) {
    case 'none':
      return { run: (_, { x }) => x as never, parameters: { x: draw(queryLength, shape.modelDim) } };
    case 'input':
      return {
        run: (operations, all) => encoding.encode(contextOf(operations, all), all.x as never),
        parameters: {
          x: draw(queryLength, shape.modelDim),
          ...learned,
          ...prefixed('signals', encoding.signals(queries)),
        },
      };
    case 'query-key':
      return {
        run: (operations, all) => {
          const turned = encoding.transform(contextOf(operations, all, 'query'), all.queries as never, 'query');
          const keysTurned = encoding.transform(contextOf(operations, all, 'key'), all.keys as never, 'key');
          return operations.matmul(turned, operations.permute(keysTurned, [0, 1, 3, 2]));
        },
        parameters: {
          queries: queryTensor,
          keys: keyTensor,
          ...learned,
          ...prefixed('query', encoding.signals(queries, 'query')),
          ...prefixed('key', encoding.signals(keys, 'key')),
        },
      };
    case 'scores':
      return {
        run: (operations, all) => operations.add(all.scores as never, encoding.bias(contextOf(operations, all))),
        parameters: {
          scores: draw(shape.numHeads, queryLength, keyLength),
          ...learned,
          ...prefixed('signals', encoding.signals(queries, keys)),
        },
      };
    case 'content':
      return {
        run: (operations, all) => {
          const context = attentionOf(operations, all);
          const scores = operations.matmul(context.queries, operations.permute(context.keys, [0, 1, 3, 2]));
          const changed = encoding.scores(context, operations.multiply(scores, context.scale));
          const weights = operations.softmax(operations.add(changed, context.mask));
          const output = operations.matmul(weights, context.values);
          return encoding.output?.(context, weights, output) ?? output;
        },
        parameters: { ...attention, ...learned, ...prefixed('signals', encoding.signals(queries, keys)) },
      };
    case 'structure':
      return {
        run: (operations, all) => encoding.attend(attentionOf(operations, all)),
        parameters: { ...attention, ...learned, ...prefixed('signals', encoding.signals(queries, keys)) },
      };
  }
}

function contextOf<T>(
  operations: Operations<T>,
  all: Readonly<Record<string, T>>,
  signals: 'signals' | 'query' | 'key' = 'signals',
): EncodingContext<T> {
  return { operations, parameters: unprefixed('learned', all), signals: unprefixed(signals, all) };
}

function attentionOf<T>(operations: Operations<T>, all: Readonly<Record<string, T>>): AttentionContext<T> {
  const { queries, keys, values, hiddenQueries, hiddenKeys, mask } = all as Record<string, T> & AttentionContext<T>;
  const scale = 1 / Math.sqrt(shape.headDim);
  return { ...contextOf(operations, all), queries, keys, values, hiddenQueries, hiddenKeys, mask, scale };
}

function prefixed(prefix: string, record: Signals): Record<string, PlainTensor> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}.${name}`, value]));
}

function unprefixed<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  const chosen = Object.entries(record).filter(([name]) => name.startsWith(`${prefix}.`));
  return Object.fromEntries(chosen.map(([name, value]) => [name.slice(prefix.length + 1), value]));
}
