/** Layouts of channels convert both ways without loss, and mean the same on the other side. */
import * as fc from 'fast-check';
import { convertChannels, convertProjection, rotary, sinusoidal } from 'posenc';
import { positionList } from 'posenc/positions';
import { float64Operations, type PlainTensor, tensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { createTestRandom, randomTensor } from './support/random.ts';

const layouts = fc.constantFrom('interleaved' as const, 'halves' as const);

type Pairing = Parameters<typeof convertProjection>[2];

test('every conversion is undone by its reverse, bit for bit', () => {
  const shape = fc.record({
    numHeads: fc.integer({ min: 1, max: 3 }),
    pairs: fc.integer({ min: 1, max: 4 }),
    rest: fc.integer({ min: 0, max: 3 }),
    inputs: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(shape, layouts, layouts, ({ numHeads, pairs, rest, inputs }, from, to) => {
      const given = { numHeads, headDim: 2 * pairs + rest, rotaryDim: 2 * pairs, inputs };
      const weights = Float64Array.from({ length: numHeads * given.headDim * inputs }, (_, at) => at);
      const [a, b] = [from, to].map((layout) => (layout === 'halves' ? 'half' : layout)) as [Pairing, Pairing];
      expect(convertProjection(convertProjection(weights, given, a, b), given, b, a)).toEqual(weights);
      const table = Float64Array.from({ length: 6 * pairs }, (_, at) => at);
      expect(convertChannels(convertChannels(table, 2 * pairs, from, to), 2 * pairs, to, from)).toEqual(table);
    }),
  );
});

test('weights move as transformers moves those of Llama', () => {
  // permute: w.view(heads, dim / 2, 2, inputs).transpose(1, 2): rows 0, 2, 4, 1, 3, 5 of each head of six.
  const weights = Float64Array.from({ length: 2 * 6 * 2 }, (_, at) => Math.floor(at / 2));
  const moved = convertProjection(weights, { numHeads: 2, headDim: 6, inputs: 2 }, 'interleaved', 'half');
  expect([...moved].filter((_, at) => at % 2 === 0)).toEqual([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
});

test('the sinusoidal table of one layout becomes that of the other', () => {
  const positions = positionList([0, 1, 17, 4097]);
  const table = (layout: 'interleaved' | 'halves') =>
    sinusoidal({ dim: 8, layout }).vectors(positions).table as PlainTensor;
  expect(convertChannels(table('interleaved').data, 8, 'interleaved', 'halves')).toEqual(table('halves').data);
  expect(convertChannels(table('halves').data, 8, 'halves', 'interleaved')).toEqual(table('interleaved').data);
});

test('a projection converted for the other pairing gives the same scores', () => {
  const random = createTestRandom(7);
  const [headDim, rotaryDim, inputs, length] = [10, 6, 5, 4];
  const x = randomTensor([length, inputs], random);
  const weights = { query: randomTensor([headDim, inputs], random), key: randomTensor([headDim, inputs], random) };
  const { matmul, permute, reshape } = float64Operations;
  const scores = (pairing: 'interleaved' | 'half', converted: boolean) => {
    const encoding = rotary({ headDim, rotaryDim, pairing });
    const [query, key] = (['query', 'key'] as const).map((role) => {
      const { data } = weights[role];
      const shape = { numHeads: 1, headDim, rotaryDim, inputs };
      const own = converted ? convertProjection(data, shape, 'interleaved', 'half') : data;
      const projected = matmul(x, permute(tensor([headDim, inputs], own), [1, 0]));
      const signals = encoding.signals(positionList([0, 3, 4, 90]), role);
      const heads = reshape(projected, [1, 1, length, headDim]);
      return encoding.transform({ operations: float64Operations, parameters: {}, signals }, heads, role);
    }) as [PlainTensor, PlainTensor];
    return matmul(query, permute(key, [0, 1, 3, 2])).data;
  };
  const [before, after] = [scores('interleaved', false), scores('half', true)];
  for (const [at, value] of before.entries()) expect(after[at]).toBeCloseTo(value, 12);
  expect(
    Math.max(...scores('half', false).map((value, at) => Math.abs(value - (before[at] as number)))),
  ).toBeGreaterThan(0.1);
});

describe('refusals', () => {
  test.each([
    [() => convertChannels([1, 2, 3], 3, 'halves', 'interleaved'), /channels: expected an even number, got 3/],
    [() => convertChannels([1, 2, 3], 2, 'halves', 'interleaved'), /data: expected a multiple of 2 numbers, got 3/],
    [
      () => convertProjection([1, 2], { numHeads: 1, headDim: 2, inputs: 2 }, 'half', 'interleaved'),
      /weights: expected 1 · 2 · 2 = 4 numbers, got 2/,
    ],
    [
      () => convertProjection([1, 2], { numHeads: 1, headDim: 2, rotaryDim: 4, inputs: 1 }, 'half', 'interleaved'),
      /rotaryDim: expected at most headDim = 2, got 4/,
    ],
  ])('%#', (act, message) => expect(act).toThrow(message));
});
