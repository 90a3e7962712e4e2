/** `posenc/positions`: the position numbers of a batch. */
export { packedPositions, paddingPositions } from './batches.ts';
export { digitPositions } from './digits.ts';
export {
  type EigenDecomposition,
  laplacianPositions,
  randomWalkPositions,
  shortestPathPositions,
} from './graphs.ts';
export { gridPositions } from './grids.ts';
export { type MultimodalSegment, multimodalPositions } from './multimodal.ts';
export { type Positions, positionList, positionRange } from './positions.ts';
