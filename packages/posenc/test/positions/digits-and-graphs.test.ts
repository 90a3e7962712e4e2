import * as fc from 'fast-check';
import { digitPositions, laplacianPositions, randomWalkPositions, shortestPathPositions } from 'posenc/positions';
import { describe, expect, test } from 'vitest';

describe('digits', () => {
  const digits = (text: string) => [...text].map((token) => /\d/.test(token));
  test('are counted within each number, from either end', () => {
    expect([...digitPositions(digits('95+105=')).values]).toEqual([1, 2, 0, 1, 2, 3, 0]);
    expect([...digitPositions(digits('95+105='), { from: 'right' }).values]).toEqual([2, 1, 0, 3, 2, 1, 0]);
    expect(digitPositions([]).length).toBe(0);
  });
});

describe('graphs', () => {
  test('edges that name no node are refused', () => {
    for (const act of [
      () => shortestPathPositions(2, [[0, 2]]),
      () => randomWalkPositions(2, [[-1, 0]], 3),
      () => laplacianPositions(2, [[0, 0.5]], 1, () => ({ values: [], vectors: [] })),
    ]) {
      expect(act).toThrow(/edge: expected nodes from 0 to 1/);
    }
  });

  test('shortest paths are a metric on each part', () => {
    const graph = fc
      .integer({ min: 1, max: 7 })
      .chain((nodes) =>
        fc.tuple(fc.constant(nodes), fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 10 })),
      );
    fc.assert(
      fc.property(graph, ([nodes, edges]) => {
        const { values } = shortestPathPositions(nodes, edges);
        const distance = (a: number, b: number) => values[a * nodes + b] as number;
        for (let a = 0; a < nodes; a += 1) {
          for (let b = 0; b < nodes; b += 1) {
            expect(distance(a, b)).toBe(distance(b, a));
            for (let c = 0; c < nodes; c += 1) {
              if (distance(a, c) >= 0 && distance(c, b) >= 0) {
                expect(distance(a, b)).toBeLessThanOrEqual(distance(a, c) + distance(c, b));
                expect(distance(a, b)).toBeGreaterThanOrEqual(0);
              }
            }
          }
        }
      }),
    );
  });

  test('the Laplacian of a path of three has the eigenvectors of the textbook', () => {
    // I − D^(−1/2) A D^(−1/2) has eigenvalues 0, 1, 2; that of 1 is (1, 0, −1)/√2, that of 2 is (1, −√2, 1)/2.
    const asked: (readonly (readonly number[])[])[] = [];
    const { values } = laplacianPositions(
      3,
      [
        [0, 1],
        [1, 2],
      ],
      3,
      (matrix) => {
        asked.push(matrix);
        const [root, half] = [Math.SQRT1_2, 0.5];
        return {
          values: [0, 1, 2],
          vectors: [
            [half, root, half],
            [root, 0, -root],
            [half, -root, half],
          ],
        };
      },
    );
    const [[matrix]] = [asked];
    expect(matrix?.flat().map((value) => Math.round(value * 1e12) / 1e12)).toEqual(
      [1, -Math.SQRT1_2, 0, -Math.SQRT1_2, 1, -Math.SQRT1_2, 0, -Math.SQRT1_2, 1].map(
        (value) => Math.round(value * 1e12) / 1e12,
      ),
    );
    expect([...values]).toEqual([Math.SQRT1_2, 0.5, 0, 0, -Math.SQRT1_2, 0, -Math.SQRT1_2, 0.5, 0]);
  });
});
