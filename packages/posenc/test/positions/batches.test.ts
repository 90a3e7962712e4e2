import * as fc from 'fast-check';
import { learned } from 'posenc';
import { packedPositions, paddingPositions, positionRange } from 'posenc/positions';
import { describe, expect, test } from 'vitest';

describe('paddingPositions', () => {
  test('tokens are counted, slots are not', () => {
    const positions = paddingPositions([
      [0, 0, 1, 1, 1],
      [1, 1, 1, 1, 0],
      [1, 0, 1, 0, 1],
      [0, 0, 0, 0, 0],
    ]);
    expect(positions).toMatchObject({ batch: 4, length: 5, axes: 1 });
    expect([...positions.values]).toEqual([0, 0, 0, 1, 2, 0, 1, 2, 3, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0]);
  });

  test('where there are tokens, it is the cumulative sum of the mask minus 1', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1), { maxLength: 30 }), (row) => {
        const { values } = paddingPositions([row]);
        let sum = 0;
        row.forEach((isToken, slot) => {
          sum += isToken;
          expect(values[slot]).toBe(isToken === 1 ? sum - 1 : 0);
        });
      }),
    );
  });

  test('without padding each row counts from 0', () => {
    expect(paddingPositions([new Uint8Array(4).fill(1)])).toEqual(positionRange(4));
  });

  test('padding can be represented by a table of the longest sequence', () => {
    const mask = [
      [0, 0, 1, 1],
      [1, 1, 1, 0],
    ];
    expect(learned({ dim: 2, maximumPositions: 3 }).signals(paddingPositions(mask)).indices?.shape).toEqual([2, 4]);
  });

  test.each([
    [[], 'expected at least one row, got none'],
    [[[1, 1], [1]], 'expected rows of length 2, got 1 at row 1'],
    [[[1, 0.5]], 'expected 1 for a token or 0 for padding, got 0.5 at row 0'],
    [[[1], [Number.NaN]], 'expected 1 for a token or 0 for padding, got NaN at row 1'],
  ])('%j is refused', (mask, message) => {
    expect(() => paddingPositions(mask)).toThrow(new RangeError(`paddingPositions: mask: ${message}`));
  });
});

describe('packedPositions', () => {
  test('each sequence begins again at 0', () => {
    expect(packedPositions([3, 0, 2, 1])).toEqual({
      values: Float64Array.of(0, 1, 2, 0, 1, 0),
      batch: 1,
      length: 6,
      axes: 1,
    });
  });

  test('one sequence is a range, and none is empty', () => {
    expect(packedPositions([5])).toEqual(positionRange(5));
    expect(packedPositions([]).length).toBe(0);
  });

  test.each([-1, 1.5, Number.NaN])('length %d is refused', (length) => {
    expect(() => packedPositions([2, length])).toThrow(/packedPositions: length: expected an integer of at least 0/);
  });
});
