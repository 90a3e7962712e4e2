/**
 * The encodings of one stack of layers: their parameters and signals by name, and what each offers at its site.
 * The rest of the model asks here and knows no encoding.
 */
import type { Encoding, Positions } from 'posenc';
import { positionRange } from 'posenc/positions';
import type { PlainTensor } from 'posenc/tensor';
import type { Drawing, ModelParameter, Tensors } from './model.ts';
import { under } from './parameters.ts';

/** Names of encoding n's parameters and signals start with this. */
function prefixOf(stack: string, encoding: Encoding, index: number): string {
  return `${stack}.positions.${index}.${encoding.name}`;
}

/** Parameters of all encodings of a stack: one copy, or one a layer, as each declares. */
export function encodingParameters(stack: string, encodings: readonly Encoding[], layers: number): ModelParameter[] {
  return encodings.flatMap((encoding, index) =>
    encoding.parameters.flatMap(({ name, shape, sharing, initializer }) => {
      const copies =
        sharing === 'model'
          ? [prefixOf(stack, encoding, index)]
          : Array.from({ length: layers }, (_, layer) => layer)
              .filter((layer) => actsIn(encoding, layer))
              .map((layer) => `${prefixOf(stack, encoding, index)}.${layer}`);
      return copies.map((prefix) => ({ name: `${prefix}.${name}`, shape, initializer, decay: false }));
    }),
  );
}

/** Whether an encoding acts in a layer, counted from 0. */
export function actsIn(encoding: Encoding, layer: number): boolean {
  return encoding.layers?.(layer) ?? true;
}

/**
 * All signals of a stack.
 *
 * @param positions - of the tokens that pass through the stack
 * @param keys - of the keys those tokens attend to: the same, or all rows of a cache
 * @param drawing - for encodings that draw their positions; without it none are drawn
 */
export function encodingSignals(
  stack: string,
  encodings: readonly Encoding[],
  positions: Positions,
  keys: Positions = positions,
  drawing?: Drawing,
): Record<string, PlainTensor> {
  const named = encodings.flatMap((encoding, index) => {
    const [atTokens, atKeys] = positionsFor(encoding, positions, keys, drawing);
    const prefix = prefixOf(stack, encoding, index);
    const list = (name: string, signals: Tensors<PlainTensor>) =>
      Object.entries(signals).map(([signal, value]) => [`${prefix}.${name}.${signal}`, value] as const);
    switch (encoding.site) {
      case 'none':
        return [];
      case 'input':
        return list('token', encoding.signals(atTokens));
      case 'query-key': {
        const largest = [atTokens, atKeys].reduce(
          (most, { values }) => values.reduce((a, b) => Math.max(a, b), most),
          0,
        );
        return [
          ...list('query', encoding.signals(atTokens, 'query', largest)),
          ...list('key', encoding.signals(atTokens, 'key', largest)),
        ];
      }
      case 'scores':
      case 'content':
      case 'structure':
        return list('pair', encoding.signals(atTokens, atKeys));
    }
    return encoding satisfies never;
  });
  return Object.fromEntries(named);
}

/** Positions as an encoding reads them: drawn where it draws, and counted along the sequence where tokens of a grid
 * meet an encoding of one axis. */
function positionsFor(
  encoding: Encoding,
  positions: Positions,
  keys: Positions,
  drawing: Drawing | undefined,
): readonly [Positions, Positions] {
  const read = (given: Positions): Positions =>
    encoding.axes === 1 && given.axes !== 1 ? positionRange(given.length) : given;
  if (drawing === undefined || encoding.draw === undefined) return [read(positions), read(keys)];
  const drawn = encoding.draw(read(positions), drawing.sequences, drawing.random, drawing.purpose);
  return [drawn, drawn];
}

/** What an encoding's differentiable part is given in a layer: its parameters and the signals of that role. */
export function encodingContext<T>(
  stack: string,
  encoding: Encoding,
  index: number,
  layer: number,
  role: 'token' | 'query' | 'key' | 'pair',
  parameters: Tensors<T>,
  signals: Tensors<T>,
): { readonly parameters: Tensors<T>; readonly signals: Tensors<T> } {
  const prefix = prefixOf(stack, encoding, index);
  return {
    parameters: { ...under(parameters, prefix), ...under(parameters, `${prefix}.${layer}`) },
    signals: under(signals, `${prefix}.${role}`),
  };
}
