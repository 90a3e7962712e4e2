/** Values and gradients of every encoding's differentiable part are those of PyTorch in float64. */
import type { Encoding, EncodingContext } from 'posenc';
import { positionList } from 'posenc/positions';
import { findEncoding } from 'posenc/registry';
import { type EngineFunction, type Operations, valueAndGradient } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { expectClose, tolerances } from '../support/close.ts';
import { fromStored, fromStoredRecord, type GradientCase, golden } from '../support/encoding-golden.ts';

const shape = { modelDim: 6, numHeads: 3, headDim: 8, maximumLength: 7, attention: 'bidirectional' } as const;

describe('values and gradients are those of PyTorch', () => {
  test.each(golden.gradients)('$title', (one) => {
    const result = valueAndGradient(functionOf(one), fromStoredRecord(one.parameters), fromStored(one.cotangent));
    expectClose(result.value, fromStored(one.value), tolerances.float64.forward);
    expect(Object.keys(result.gradients).sort()).toEqual(Object.keys(one.gradients).sort());
    for (const [name, expected] of Object.entries(one.gradients)) {
      const actual = result.gradients[name];
      if (actual === undefined) throw new Error(`no gradient of ${name}`);
      expectClose(actual, fromStored(expected), tolerances.float64.gradient, `gradient ${name}`);
    }
  });
});

/** What PyTorch computed, around our encoding: x·encode(x), turned q·k, or softmax(scores + bias). */
function functionOf(one: GradientCase): EngineFunction {
  const encoding = create(one);
  const queries = positionList(one.queries);
  const keys = positionList(one.keys ?? []);
  return (operations, { table, ...inputs }) => {
    const context = <T>(engine: Operations<T>, signals: Readonly<Record<string, T>>, rows?: T): EncodingContext<T> => ({
      operations: engine,
      signals,
      parameters: rows === undefined ? {} : { table: rows },
    });
    const bring = (signals: ReturnType<typeof fromStoredRecord>) =>
      Object.fromEntries(Object.entries(signals).map(([name, value]) => [name, operations.constant(value)]));
    const input = (name: string) => inputs[name] as NonNullable<(typeof inputs)[string]>;
    switch (encoding.site) {
      case 'input': {
        const encoded = encoding.encode(context(operations, bring(encoding.signals(queries)), table), input('x'));
        return operations.multiply(input('x'), encoded);
      }
      case 'query-key': {
        const [q, k] = (['query', 'key'] as const).map((role) => {
          const signals = bring(encoding.signals(role === 'query' ? queries : keys, role));
          return encoding.transform(context(operations, signals), input(role === 'query' ? 'q' : 'k'), role);
        }) as [typeof table & {}, typeof table & {}];
        return operations.matmul(q, operations.permute(k, [0, 1, 3, 2]));
      }
      case 'scores': {
        const signals = bring(encoding.signals(queries, keys));
        return operations.softmax(operations.add(input('scores'), encoding.bias(context(operations, signals, table))));
      }
      default:
        throw new Error(`no gradient case for the site ${encoding.site}`);
    }
  };
}

/** ALiBi's direction and T5's causal form follow the attention they are made for. */
function create({ encoding, options }: GradientCase): Encoding {
  const causal = options.direction === 'causal' || options.bidirectional === false;
  const numHeads = typeof options.numHeads === 'number' ? options.numHeads : shape.numHeads;
  const { numHeads: _, dim: __, headDim: ___, ...rest } = options;
  return findEncoding(encoding).create({ ...shape, numHeads, attention: causal ? 'causal' : 'bidirectional' }, rest);
}
