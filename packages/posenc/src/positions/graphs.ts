/** Positions of the nodes of a graph. */
import { checkCount } from '../numbers/check.ts';
import type { Positions } from './positions.ts';

/**
 * Each node's row of distances to all nodes: the number of edges on the shortest path, either way along each; −1 where
 * there is none.
 *
 * @param edges - pairs of nodes, counted from 0; each may be passed both ways
 * @throws {RangeError} when an edge names a node that does not exist
 *
 * @example
 * ```ts
 * import { shortestPathPositions } from 'posenc/positions';
 *
 * shortestPathPositions(3, [[0, 1], [1, 2]]).values; // 0 1 2, 1 0 1, 2 1 0
 * ```
 */
export function shortestPathPositions(nodes: number, edges: readonly (readonly [number, number])[]): Positions {
  const neighbours = neighboursOf('shortestPathPositions', nodes, edges);
  const values = new Float64Array(nodes * nodes).fill(-1);
  for (let start = 0; start < nodes; start += 1) {
    values[start * nodes + start] = 0;
    const queue = [start];
    for (const node of queue) {
      for (const next of neighbours[node] as ReadonlySet<number>) {
        if (values[start * nodes + next] !== -1) continue;
        values[start * nodes + next] = (values[start * nodes + node] as number) + 1;
        queue.push(next);
      }
    }
  }
  return { values, batch: 1, length: nodes, axes: nodes };
}

/** The neighbours of each node, without itself. */
export function neighboursOf(
  name: string,
  nodes: number,
  edges: readonly (readonly [number, number])[],
): readonly ReadonlySet<number>[] {
  checkCount(`${name}: nodes`, nodes);
  const neighbours = Array.from({ length: nodes }, () => new Set<number>());
  for (const edge of edges) {
    for (const node of edge) {
      if (!(Number.isInteger(node) && node >= 0 && node < nodes)) {
        throw new RangeError(`${name}: edge: expected nodes from 0 to ${nodes - 1}, got ${node}`);
      }
    }
    const [a, b] = edge;
    if (a === b) continue;
    neighbours[a]?.add(b);
    neighbours[b]?.add(a);
  }
  return neighbours;
}

/**
 * For each node, how likely a random walk of 1 … steps steps from it ends where it began; 0 for a node without neighbours.
 * Edges count once and both ways, and an edge from a node to itself not at all.
 *
 * Source: Dwivedi et al. 2022, arXiv 2110.07875, equation 10; `get_rw_landing_probs` of rampasek/GraphGPS at 2801570, which
 * gives the same for graphs without such edges.
 *
 * @throws {RangeError} when an edge names a node that does not exist, or steps is not a positive integer
 */
export function randomWalkPositions(
  nodes: number,
  edges: readonly (readonly [number, number])[],
  steps: number,
): Positions {
  checkCount('randomWalkPositions: steps', steps);
  const neighbours = neighboursOf('randomWalkPositions', nodes, edges);
  const values = new Float64Array(nodes * steps);
  for (let start = 0; start < nodes; start += 1) {
    let chances = new Float64Array(nodes);
    chances[start] = 1;
    for (let step = 0; step < steps; step += 1) {
      const next = new Float64Array(nodes);
      chances.forEach((chance, node) => {
        const around = neighbours[node] as ReadonlySet<number>;
        for (const other of around) next[other] = (next[other] as number) + chance / around.size;
      });
      chances = next;
      values[start * steps + step] = chances[start] as number;
    }
  }
  return { values, batch: 1, length: nodes, axes: steps };
}

/** Eigenvalues in ascending order, and for each the eigenvector of length 1. */
export interface EigenDecomposition {
  readonly values: ArrayLike<number>;
  readonly vectors: readonly ArrayLike<number>[];
}

/**
 * For each node its entries of the eigenvectors of the graph's normalised Laplacian I − D^(−1/2)·A·D^(−1/2), without those
 * of eigenvalue 0 (one for each part of the graph), from the smallest eigenvalue up; 0 where there are fewer.
 *
 * Source: Dwivedi and Bresson 2021, arXiv 2012.09699, section 2.3, whose code leaves out the first eigenvector: the same for
 * graphs of one part. `get_lap_decomp_stats` of rampasek/GraphGPS keeps those of eigenvalue 0. Signs are those of the decomposition; where eigenvalues coincide, so is the basis.
 *
 * @param count - eigenvectors to take
 * @param decompose - the decomposition of a symmetric matrix, from a library: rows in, ascending eigenvalues out
 * @throws {RangeError} when an edge names a node that does not exist, or count is not a positive integer
 */
export function laplacianPositions(
  nodes: number,
  edges: readonly (readonly [number, number])[],
  count: number,
  decompose: (matrix: readonly (readonly number[])[]) => EigenDecomposition,
): Positions {
  checkCount('laplacianPositions: count', count);
  const neighbours = neighboursOf('laplacianPositions', nodes, edges);
  const matrix = neighbours.map((around, node) =>
    neighbours.map((others, other) => {
      if (node === other) return around.size === 0 ? 0 : 1;
      return around.has(other) ? -1 / Math.sqrt(around.size * others.size) : 0;
    }),
  );
  const { values: eigenvalues, vectors } = decompose(matrix);
  const kept = vectors.filter((_, index) => (eigenvalues[index] as number) > ZERO_EIGENVALUE).slice(0, count);
  const values = new Float64Array(nodes * count);
  kept.forEach((vector, column) => {
    for (let node = 0; node < nodes; node += 1) values[node * count + column] = vector[node] as number;
  });
  return { values, batch: 1, length: nodes, axes: count };
}

/** Eigenvalues below this are those of the parts of the graph. */
const ZERO_EIGENVALUE = 1e-8;
