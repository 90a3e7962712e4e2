/** `posenc/positions`: the position numbers of a batch. */
export { packedPositions, paddingPositions } from './batches.ts';
export { type Positions, positionList, positionRange } from './positions.ts';
