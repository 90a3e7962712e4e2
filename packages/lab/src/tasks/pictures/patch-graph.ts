/** The graph of a picture's patches, in which those side by side are joined, as positions of its nodes. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Positions } from 'posenc';
import { laplacianPositions, randomWalkPositions, shortestPathPositions } from 'posenc/positions';

/** What a node's position may be made of. */
export const PATCH_GRAPHS = ['distances', 'eigenvectors', 'walks'] as const;

/** Eigenvectors taken, and steps walked. */
export const PATCH_FEATURES = 8;

/** Positions of rows · columns nodes, row by row. */
export function patchGraph(rows: number, columns: number, kind: (typeof PATCH_GRAPHS)[number]): Positions {
  const nodes = rows * columns;
  const edges = Array.from({ length: nodes }, (_, node) => node).flatMap((node): [number, number][] => [
    ...((node + 1) % columns === 0 ? [] : [[node, node + 1] as [number, number]]),
    ...(node + columns >= nodes ? [] : [[node, node + columns] as [number, number]]),
  ]);
  switch (kind) {
    case 'distances':
      return shortestPathPositions(nodes, edges);
    case 'eigenvectors':
      return laplacianPositions(nodes, edges, PATCH_FEATURES, (laplacian) => {
        const matrix = new Matrix(laplacian.map((row) => [...row]));
        const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
        return { values: realEigenvalues, vectors: eigenvectorMatrix.transpose().to2DArray() };
      });
    case 'walks':
      return randomWalkPositions(nodes, edges, PATCH_FEATURES);
  }
}
