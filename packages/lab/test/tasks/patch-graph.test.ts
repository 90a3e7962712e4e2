/** Graphs of patches: distances, walks and eigenvectors of a grid, against what is known of grids. */
import { describe, expect, test } from 'vitest';
import { patchGraph } from '../../src/tasks/pictures/patch-graph.ts';

const SIDE = 4;

test('distances are those of rows and columns together', () => {
  const { values, length, axes } = patchGraph(SIDE, SIDE, 'distances');
  expect([length, axes]).toEqual([16, 16]);
  for (let a = 0; a < 16; a += 1) {
    for (let b = 0; b < 16; b += 1) {
      const steps = Math.abs(Math.floor(a / SIDE) - Math.floor(b / SIDE)) + Math.abs((a % SIDE) - (b % SIDE));
      expect(values[16 * a + b]).toBe(steps);
    }
  }
});

test('a walk on a grid comes back after even numbers of steps only, from a corner by one of two ways', () => {
  const { values, axes } = patchGraph(SIDE, SIDE, 'walks');
  for (let node = 0; node < 16; node += 1) {
    for (let step = 1; step <= axes; step += 2) expect(values[node * axes + step - 1]).toBe(0);
  }
  // From a corner to one of its two neighbours, which has three ways on.
  expect(values[1]).toBeCloseTo(1 / 3, 14);
});

describe('eigenvectors', () => {
  test('solve the equation of the normalised Laplacian, in ascending order and of length 1', () => {
    const { values, axes } = patchGraph(SIDE, SIDE, 'eigenvectors');
    const degree = (node: number): number =>
      [Math.floor(node / SIDE), node % SIDE].reduce((sum, place) => sum + (place % (SIDE - 1) === 0 ? 1 : 2), 0);
    const areJoined = (a: number, b: number): boolean =>
      Math.abs(Math.floor(a / SIDE) - Math.floor(b / SIDE)) + Math.abs((a % SIDE) - (b % SIDE)) === 1;
    let before = 0;
    for (let column = 0; column < axes; column += 1) {
      const vector = Array.from({ length: 16 }, (_, node) => values[node * axes + column] as number);
      const product = vector.map((value, a) =>
        vector.reduce(
          (sum, other, b) => (areJoined(a, b) ? sum - other / Math.sqrt(degree(a) * degree(b)) : sum),
          value,
        ),
      );
      const eigenvalue = product.reduce((sum, value, node) => sum + value * (vector[node] as number), 0);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 12);
      expect(eigenvalue).toBeGreaterThan(before - 1e-12);
      before = eigenvalue;
      product.forEach((value, node) => {
        expect(value).toBeCloseTo(eigenvalue * (vector[node] as number), 12);
      });
    }
    expect(before).toBeLessThan(2);
  });
});

test('a grid that is not square has neighbours within its rows alone', () => {
  const { values, length } = patchGraph(2, 3, 'distances');
  expect(length).toBe(6);
  // Patches 2 and 3 are the end of one row and the beginning of the next.
  expect(values[6 * 2 + 3]).toBe(3);
  expect(values[6 * 0 + 3]).toBe(1);
});
