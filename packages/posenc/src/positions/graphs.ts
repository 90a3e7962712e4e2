/** Positions of the nodes of a graph. */
import { checkCount } from '../numbers/check.ts';
import type { Positions } from './positions.ts';

/**
 * Each node's row of distances to all nodes: the number of edges on the shortest path, −1 where there is none.
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
