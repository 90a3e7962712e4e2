/** `posenc/analysis`: what an encoding does, as data for pictures; nothing is trained. */

export { type Grid, inputGrid } from './grid.ts';
export { attentionPattern, type Pattern, type PatternOptions, type PatternShape } from './pattern.ts';
export { biasByDistance, type DistanceProfile, rotaryDecay, similarityByDistance, wavelengths } from './profiles.ts';
