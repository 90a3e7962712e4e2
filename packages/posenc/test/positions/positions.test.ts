import { alibi, learned, rotary, sinusoidal, t5 } from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { describe, expect, test } from 'vitest';

describe('positionList', () => {
  test('keeps the numbers given, in their order', () => {
    const values = [4097, 0, -3, 0.25, 2 ** 53];
    expect(positionList(values)).toEqual({ values: Float64Array.from(values), batch: 1, length: 5, axes: 1 });
  });

  test('copies: a later change of the input changes nothing', () => {
    const source = Float64Array.of(1, 2);
    const positions = positionList(source);
    source[0] = 9;
    expect([...positions.values]).toEqual([1, 2]);
  });

  test('of nothing has length 0', () => expect(positionList([])).toMatchObject({ length: 0, batch: 1 }));

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d', (value) => {
    expect(() => positionList([0, value])).toThrow(TypeError);
    expect(() => positionList([0, value])).toThrow(`positions: expected finite numbers, got ${value} at index 1`);
  });

  test('refuses what is not a number, showing it', () => {
    expect(() => positionList([0, 'x' as unknown as number])).toThrow(/expected finite numbers, got x at index 1/);
    expect(() => positionList([undefined as unknown as number])).toThrow(TypeError);
  });
});

describe('positionRange', () => {
  test('of one number counts from 0', () => expect([...positionRange(4).values]).toEqual([0, 1, 2, 3]));

  test('of two numbers ends before the second', () => {
    expect([...positionRange(7, 9).values]).toEqual([7, 8]);
    expect([...positionRange(-2, 1).values]).toEqual([-2, -1, 0]);
    expect([...positionRange(2 ** 28, 2 ** 28 + 1).values]).toEqual([2 ** 28]);
  });

  test('may be empty', () => {
    expect(positionRange(0).length).toBe(0);
    expect(positionRange(5, 5).length).toBe(0);
  });

  test.each([
    [3, 2],
    [0, -1],
    [0.5, 2],
    [0, Number.NaN],
    [0, 2 ** 53],
  ])('from %d to %d is refused', (start, stop) => expect(() => positionRange(start, stop)).toThrow(RangeError));
});

test('positions made by hand that are not finite are refused by every encoding that has positions', () => {
  const positions = { values: Float64Array.of(0, Number.NaN), batch: 1, length: 2, axes: 1 };
  const encodings = [
    sinusoidal({ dim: 4 }),
    learned({ dim: 4, maximumPositions: 8 }),
    rotary({ headDim: 4 }),
    alibi({ numHeads: 2 }),
    t5({ numHeads: 2 }),
  ];
  for (const encoding of encodings) {
    expect(() => encoding.vectors(positions), encoding.name).toThrow(/expected .*got NaN/);
  }
});
