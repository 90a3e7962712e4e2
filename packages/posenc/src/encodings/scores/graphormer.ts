/** Graphormer's bias: a learned number for each length of shortest path between two nodes. */
import { countNumbers, type EncodingContext, type ScoresEncoding } from '../../encoding.ts';
import { checkChoice, checkCount } from '../../numbers/check.ts';
import { normalTable } from '../../parts/declarations.ts';
import { integer, real, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';
import { MASKED } from '../../tensor/operations.ts';

/** Options of {@link graphormer}. */
export interface GraphormerOptions {
  readonly numHeads: number;
  /** Nodes of the graph, which is the number of distances per node. */
  readonly nodes: number;
  /** Paths from here on share a number. Default 20. */
  readonly maximumDistance?: number;
  /**
   * Pairs that are farther: `shared`: longer paths share the last number, and pairs without a path have one of their own;
   * `hidden`: pairs at maximumDistance or more, or without a path, do not see each other, as in the authors' code
   * (`spatial_pos_max` of `collator.py`, 20 there). Default `shared`.
   */
  readonly beyond?: 'shared' | 'hidden';
}

/**
 * Spatial encoding of Graphormer: table[length of the shortest path from i to j] is added to the scaled score, with a row
 * of its own for nodes that no path joins.
 *
 * A node's position is its row of distances: number j is the length of the shortest path to node j, −1 where there is
 * none (`shortestPathPositions`). Keys must be all nodes, in order.
 *
 * Source: Ying et al. 2021, "Do Transformers Really Perform Badly for Graph Representation?", arXiv 2106.05234,
 * equation 6, which says nothing of long paths; `hidden` as in microsoft/Graphormer. Its degrees (added to the input), its
 * edge features and its graph token, which has a number of its own, are not part of this encoding.
 *
 * Signals `rows` [batch, Tq, Tk] and `hidden` [batch, 1, Tq, Tk]; parameter `table` [maximumDistance + 2, numHeads], shared by
 * the layers; the last row is that of nodes without a path.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a distance is neither −1 nor an integer of
 *   at least 0, or keys are not all nodes
 */
export function graphormer(options: GraphormerOptions): ScoresEncoding {
  const numHeads = checkCount('graphormer: numHeads', options.numHeads);
  const nodes = checkCount('graphormer: nodes', options.nodes);
  const maximumDistance = checkCount('graphormer: maximumDistance', options.maximumDistance ?? 20);
  const beyond = checkChoice('graphormer: beyond', options.beyond ?? 'shared', ['shared', 'hidden']);
  const table = normalTable(
    'table',
    [maximumDistance + 2, numHeads],
    0.02,
    'model',
    'microsoft/Graphormer init_params: normal of 0.02',
  );
  const signals = (queries: Positions, keys: Positions) => {
    const { batch, length, values } = checkAxes('graphormer', queries, nodes);
    if (keys.length !== nodes) {
      throw new RangeError(`graphormer: keys: expected all ${nodes} nodes in order, got ${keys.length}`);
    }
    const bad = values.find((value) => value !== -1 && !(Number.isInteger(value) && value >= 0));
    if (bad !== undefined) {
      throw new RangeError(`graphormer: distance: expected −1 or an integer of at least 0, got ${bad}`);
    }
    const rows = values.map((value) => (value < 0 ? maximumDistance + 1 : Math.min(value, maximumDistance)));
    const isFar = (value: number): boolean => beyond === 'hidden' && (value < 0 || value >= maximumDistance);
    return {
      rows: integer([batch, length, nodes], rows),
      hidden: real(
        [batch, 1, length, nodes],
        values.map((value) => (isFar(value) ? MASKED : 0)),
      ),
    };
  };
  return {
    site: 'scores',
    name: 'graphormer',
    options: { numHeads, nodes, maximumDistance, beyond },
    parameters: [table],
    axes: nodes,
    relative: false,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'bidirectional',
    costs: (length) => ({ parameters: countNumbers([table]), tableBytes: 8 * length * nodes }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    bias: <T>({ operations, parameters, signals: given }: EncodingContext<T>) =>
      operations.add(
        operations.permute(operations.take(parameters.table as T, given.rows as T), [0, 3, 1, 2]),
        given.hidden as T,
      ),
  };
}
