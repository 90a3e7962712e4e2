import * as fc from 'fast-check';
import { initialize, learned } from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { float64Operations, type PlainTensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../support/close.ts';
import { createTestRandom, randomTensor } from '../support/random.ts';

const encoding = learned({ dim: 3, maximumPositions: 5 });
const table = randomTensor([5, 3], createTestRandom(2));

function encode(positions: readonly number[], x: PlainTensor): PlainTensor {
  const signals = encoding.signals(positionList(positions));
  return encoding.encode({ operations: float64Operations, parameters: { table }, signals }, x);
}

describe('laws', () => {
  test('row p of the table is added at position p', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 8 }), fc.integer(), (positions, seed) => {
        const x = randomTensor([2, positions.length, 3], createTestRandom(seed));
        const expected = x.data.map((value, index) => {
          const position = positions[Math.floor(index / 3) % positions.length] as number;
          return value + (table.data[position * 3 + (index % 3)] as number);
        });
        expect(encode(positions, x)).toEqual({ ...x, data: expected });
      }),
    );
  });

  test('what is added does not depend on content', () => {
    const random = createTestRandom(3);
    const added = () => {
      const x = randomTensor([1, 2, 3], random);
      return float64Operations.subtract(encode([4, 1], x), x);
    };
    expectClose(added(), added(), 1e-15);
  });

  test('a single position gets its row of the full table', () => {
    const zeros = { shape: [1, 1, 3], data: new Float64Array(3), type: 'real' } as const;
    for (let at = 0; at < 5; at += 1) expect(encode([at], zeros).data).toEqual(table.data.slice(at * 3, at * 3 + 3));
  });
});

describe('positions without a row are errors', () => {
  test.each([[5], [-1], [1.5], [2 ** 28]])('%d', (position) => {
    const ask = () => encoding.signals(positionList([0, position]));
    expect(ask).toThrow(RangeError);
    expect(ask).toThrow(`learned: position: expected an integer from 0 to 4, got ${position}; `);
    expect(ask).toThrow(Number.isInteger(position) ? 'the table has no row for it' : 'a table has no row between two');
    expect(() => encoding.vectors(positionList([position]))).toThrow(RangeError);
  });

  test('NaN, even when it did not come through positionList', () => {
    const positions = { values: Float64Array.of(Number.NaN), batch: 1, length: 1, axes: 1 };
    expect(() => encoding.signals(positions)).toThrow(/got NaN/);
  });

  test('several axes', () => {
    const grid = { values: Float64Array.of(0, 1), batch: 1, length: 1, axes: 2 };
    expect(() => encoding.signals(grid)).toThrow(/learned: positions: .*got 2 axes/);
  });
});

test.each([
  [{ dim: 0, maximumPositions: 4 }, /learned: dim: expected an integer of at least 1, got 0/],
  [{ dim: 4, maximumPositions: 0 }, /learned: maximumPositions: expected an integer of at least 1, got 0/],
  [{ dim: 4, maximumPositions: 4, standardDeviation: 0 }, /learned: standardDeviation: .*got 0/],
])('%o is refused', (options, message) => {
  expect(() => learned(options)).toThrow(RangeError);
  expect(() => learned(options)).toThrow(message);
});

test.each([0, 1])('length %i keeps its shape', (length) => {
  expect(encoding.signals(positionRange(length)).indices?.shape).toEqual([1, length]);
  expect(encoding.vectors(positionRange(length)).indices?.shape).toEqual([length]);
});

test('a batch of positions has indices for each sequence', () => {
  const batch = { values: Float64Array.of(0, 1, 3, 4), batch: 2, length: 2, axes: 1 };
  const expected = { shape: [2, 2], data: Float64Array.of(0, 1, 3, 4), type: 'integer' };
  expect(encoding.signals(batch).indices).toEqual(expected);
  expect(encoding.vectors(batch).indices).toEqual(expected);
});

test('the table starts as normal draws with the declared standard deviation', () => {
  const { parameters } = learned({ dim: 50, maximumPositions: 200, standardDeviation: 0.02 });
  const [declaration] = parameters;
  if (declaration === undefined) throw new Error('no parameter is declared');
  expect(declaration).toMatchObject({ name: 'table', shape: [200, 50], sharing: 'model' });
  const { data } = initialize(declaration, createTestRandom(9));
  const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
  expect(Math.abs(Math.sqrt(variance) / 0.02 - 1)).toBeLessThan(0.03); // 10,000 draws: four standard errors
});

test('facts: its last row is its largest position; it costs its parameters and an index for each position', () => {
  expect(encoding.largestPosition).toBe(4);
  expect(encoding.costs(2)).toEqual({ parameters: 15, tableBytes: 8 });
  expect(encoding.options).toEqual({ dim: 3, maximumPositions: 5, standardDeviation: 0.02 });
});
