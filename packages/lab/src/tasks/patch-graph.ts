/** The graph of a picture's patches, in which those side by side are joined, as positions of its nodes. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Positions } from 'posenc';
import { laplacianPositions, randomWalkPositions, shortestPathPositions } from 'posenc/positions';

/** What a node's position may be made of. */
export const PATCH_GRAPHS = ['distances', 'eigenvectors', 'walks'] as const;

/** Eigenvectors taken, and steps walked. */
export const PATCH_FEATURES = 8;

/** Positions of side · side nodes, row by row. */
export function patchGraph(side: number, kind: (typeof PATCH_GRAPHS)[number]): Positions {
  const nodes = side * side;
  const edges = Array.from({ length: nodes }, (_, node) => node).flatMap((node): [number, number][] => [
    ...((node + 1) % side === 0 ? [] : [[node, node + 1] as [number, number]]),
    ...(node + side >= nodes ? [] : [[node, node + side] as [number, number]]),
  ]);
  switch (kind) {
    case 'distances':
      return shortestPathPositions(nodes, edges);
    case 'eigenvectors':
      return laplacianPositions(nodes, edges, PATCH_FEATURES, (rows) => {
        const matrix = new Matrix(rows.map((row) => [...row]));
        const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
        return { values: realEigenvalues, vectors: eigenvectorMatrix.transpose().to2DArray() };
      });
    case 'walks':
      return randomWalkPositions(nodes, edges, PATCH_FEATURES);
  }
}
