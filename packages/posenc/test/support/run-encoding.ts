/** An encoding at work at its site, as a function that runs on any engine. */
import type { AttentionContext, Encoding, EncodingContext, Positions, Signals } from 'posenc';
import type { EngineFunction, Operations, PlainTensor } from 'posenc/tensor';

/** What an engine runs: activations, learned parameters and signals by name, and the function of them. */
export interface EncodingRun {
  readonly run: EngineFunction;
  readonly parameters: Readonly<Record<string, PlainTensor>>;
}

type Tensors = Readonly<Record<string, PlainTensor>>;

/** What of the site is looked at; each site has a default. */
export type Looked = 'output' | 'scores' | 'queries' | 'keys';

/**
 * The run of an encoding on given activations.
 *
 * none, input: encode(x) of `x`. query-key: transformed `queries` times transformed `keys` (or one of the two).
 * scores: the bias, added to `scores` when they are given. content: the attention's output (or the scores).
 * structure: its output. Names in `parameters`: activations as given, `learned.NAME`, `signals.NAME`.
 */
export function runEncoding(
  encoding: Encoding,
  positions: { readonly queries: Positions; readonly keys: Positions },
  activations: Tensors,
  learned: Tensors,
  looked?: Looked,
): EncodingRun {
  const { queries, keys } = positions;
  const given = { ...activations, ...prefixed('learned', learned) };
  switch (encoding.site) {
    case 'none':
      return { run: (_, { x }) => x as never, parameters: given };
    case 'input':
      return {
        run: (operations, all) => encoding.encode(contextOf(operations, all), all.x as never),
        parameters: { ...given, ...prefixed('signals', encoding.signals(queries)) },
      };
    case 'query-key': {
      const largest = [queries, keys].reduce((most, { values }) => values.reduce((a, b) => Math.max(a, b), most), 0);
      return {
        run: (operations, all) => {
          const turned = (role: 'query' | 'key') =>
            encoding.transform(
              contextOf(operations, all, role),
              all[role === 'query' ? 'queries' : 'keys'] as never,
              role,
            );
          if (looked === 'queries') return turned('query');
          if (looked === 'keys') return turned('key');
          return operations.matmul(turned('query'), operations.permute(turned('key'), [0, 1, 3, 2]));
        },
        parameters: {
          ...given,
          ...prefixed('query', encoding.signals(queries, 'query', largest)),
          ...prefixed('key', encoding.signals(keys, 'key', largest)),
        },
      };
    }
    case 'scores':
      return {
        run: (operations, all) => {
          const bias = encoding.bias(contextOf(operations, all));
          return all.scores === undefined ? bias : operations.add(all.scores, bias);
        },
        parameters: { ...given, ...prefixed('signals', encoding.signals(queries, keys)) },
      };
    case 'content':
      return {
        run: (operations, all) => {
          const context = attentionOf(operations, all);
          const changed = encoding.scores(context, scaledScores(context));
          if (looked === 'scores') return changed;
          const weights = operations.softmax(operations.add(changed, context.mask));
          const output = operations.matmul(weights, context.values);
          return encoding.output?.(context, weights, output) ?? output;
        },
        parameters: { ...given, ...prefixed('signals', encoding.signals(queries, keys)) },
      };
    case 'structure':
      return {
        run: (operations, all) => {
          const context = attentionOf(operations, all);
          return encoding.attend(context, operations.add(scaledScores(context), context.mask));
        },
        parameters: { ...given, ...prefixed('signals', encoding.signals(queries, keys)) },
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
  const scale = 1 / Math.sqrt(operations.shape(queries).at(-1) as number);
  return { ...contextOf(operations, all), queries, keys, values, hiddenQueries, hiddenKeys, mask, scale };
}

function scaledScores<T>({ operations, queries, keys, scale }: AttentionContext<T>): T {
  return operations.multiply(operations.matmul(queries, operations.permute(keys, [0, 1, 3, 2])), scale);
}

function prefixed(prefix: string, record: Signals): Record<string, PlainTensor> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}.${name}`, value]));
}

function unprefixed<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  const chosen = Object.entries(record).filter(([name]) => name.startsWith(`${prefix}.`));
  return Object.fromEntries(chosen.map(([name, value]) => [name.slice(prefix.length + 1), value]));
}
