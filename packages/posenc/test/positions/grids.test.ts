/** Positions of grids: row by row, a class token before them; and what is wrong with positions made by hand. */
import { alibi, learned, rotary, swinV2 } from 'posenc';
import { gridPositions, positionList } from 'posenc/positions';
import { describe, expect, test } from 'vitest';

test('cells are listed row by row, of frames frame by frame', () => {
  expect(gridPositions([2, 3])).toEqual({
    values: Float64Array.of(0, 0, 0, 1, 0, 2, 1, 0, 1, 1, 1, 2),
    batch: 1,
    length: 6,
    axes: 2,
  });
  const clip = gridPositions([2, 1, 2]);
  expect([...clip.values]).toEqual([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1]);
  expect([...gridPositions([1, 2], { classToken: true }).values]).toEqual([-1, -1, 0, 0, 0, 1]);
  expect(() => gridPositions([2, 0])).toThrow(
    /gridPositions: extents: axis 1: expected an integer of at least 1, got 0/,
  );
});

describe('positions are refused', () => {
  const three = { values: new Float64Array(3), batch: 1, length: 2, axes: 2 };

  test('when there are not as many numbers as they say', () => {
    const grid = gridPositions([1, 2]);
    const message = /positions: expected batch · length · axes = 1 · 2 · 2 numbers, got 3/;
    expect(() => swinV2({ numHeads: 1, rows: 2, columns: 2 }).signals(three, grid)).toThrow(message);
    const short = { values: Float64Array.of(0, 1), batch: 1, length: 4, axes: 1 };
    expect(() => alibi({ numHeads: 1 }).signals(short, short)).toThrow(/1 · 4 · 1 numbers, got 2/);
    expect(() => rotary({ headDim: 2 }).signals(short, 'query')).toThrow(/1 · 4 · 1 numbers, got 2/);
  });

  test('when they are too large for their angles to mean anything', () => {
    expect(() => rotary({ headDim: 4 }).vectors(positionList([1e30]))).toThrow(
      /finite numbers of at most 2\^53, got 1e\+30/,
    );
    expect(() => rotary({ headDim: 4 }).vectors(positionList([2 ** 53]))).not.toThrow();
  });

  test('when a table has no row between two, with advice that helps', () => {
    const encoding = learned({ dim: 4, maximumPositions: 8 });
    expect(() => encoding.signals(positionList([0.5]))).toThrow(/choose an encoding that reads real numbers/);
    expect(() => encoding.signals(positionList([8]))).toThrow(/make maximumPositions larger/);
  });
});

test('a scaling that is none is refused when the encoding is made', () => {
  for (const scaling of ['llama3', { type: 'llama3', factor: 8 }]) {
    expect(() => rotary({ headDim: 8, scaling: scaling as never })).toThrow(
      /rotary: scaling: expected what.*llama3Scaling/,
    );
  }
});
