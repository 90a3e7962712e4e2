/** `posenc/positions`: the position numbers of a batch. */
export { type Positions, positionList, positionRange } from './positions.ts';
