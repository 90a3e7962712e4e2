/** `posenc`: the encodings and their contract. */
export type {
  AttentionContext,
  ContentEncoding,
  Costs,
  Encoding,
  EncodingContext,
  Initializer,
  InputEncoding,
  NoEncoding,
  OptionValue,
  ParameterDeclaration,
  Purpose,
  QueryKeyEncoding,
  RandomSource,
  ScoresEncoding,
  Signals,
  StructureEncoding,
} from './encoding.ts';
export { countNumbers, initialize } from './encoding.ts';
export {
  type AttentionTemperatureOptions,
  attentionTemperature,
} from './encodings/content/attention-temperature.ts';
export {
  type ContextAwareRotaryOptions,
  contextAwareRotary,
  type SelectiveRotaryOptions,
  selectiveRotary,
} from './encodings/content/contextual-rotary.ts';
export { type CopeOptions, cope } from './encodings/content/cope.ts';
export { type DapeOptions, dape } from './encodings/content/dape.ts';
export { type DebertaOptions, deberta, debertaBucket } from './encodings/content/deberta.ts';
export { type DecomposedOptions, decomposed } from './encodings/content/decomposed.ts';
export { type DualChunkAttentionOptions, dualChunkAttention } from './encodings/content/dual-chunk-attention.ts';
export { cable, type ForgettingOptions, forgetting } from './encodings/content/forgetting.ts';
export { type InklingOptions, inkling } from './encodings/content/inkling.ts';
export { type LambdaAttentionOptions, lambdaAttention } from './encodings/content/lambda-attention.ts';
export { type MusicTransformerOptions, musicTransformer } from './encodings/content/music-transformer.ts';
export { type PathOptions, path } from './encodings/content/path.ts';
export { type RectifiedRotaryOptions, rectifiedRotary } from './encodings/content/rectified-rotary.ts';
export { type SelfExtendOptions, selfExtend } from './encodings/content/self-extend.ts';
export { type ShawOptions, shaw } from './encodings/content/shaw.ts';
export { type SwinV2Options, swinV2 } from './encodings/content/swin-v2.ts';
export { type TransformerXlOptions, transformerXl } from './encodings/content/transformer-xl.ts';
export { type TupeOptions, tupe } from './encodings/content/tupe.ts';
export { type AbacusOptions, abacus } from './encodings/input/abacus.ts';
export { type AxialLearnedOptions, axialLearned } from './encodings/input/axial-learned.ts';
export {
  type ConvolutionalOptions,
  convolutional,
  type PositionalEncodingGeneratorOptions,
  positionalEncodingGenerator,
} from './encodings/input/convolutional.ts';
export { type CapeOptions, cape, randomized, shifted } from './encodings/input/drawn.ts';
export {
  type FourierFeaturesOptions,
  fourierFeatures,
  type LearnableFourierOptions,
  learnableFourier,
  type RandomFourierOptions,
  randomFourier,
} from './encodings/input/fourier-features.ts';
export { type GraphFeaturesOptions, laplacian, randomWalk } from './encodings/input/graph-features.ts';
export { type LearnedOptions, learned } from './encodings/input/learned.ts';
export { type LearnedGridOptions, learnedGrid } from './encodings/input/learned-grid.ts';
export { type SinusoidalOptions, sinusoidal } from './encodings/input/sinusoidal.ts';
export { type SinusoidalGridOptions, sinusoidalGrid } from './encodings/input/sinusoidal-grid.ts';
export { type SpaceTimeOptions, spaceTime } from './encodings/input/space-time.ts';
export { functionalTime, type TimeOptions, time2vec } from './encodings/input/time.ts';
export { none } from './encodings/none.ts';
export { type AxialRotaryOptions, axialRotary } from './encodings/rotary/axial-rotary.ts';
export { type FourierRotaryOptions, fourierRotary } from './encodings/rotary/fourier-rotary.ts';
export { type GrapeOptions, grape } from './encodings/rotary/grape.ts';
export {
  type LearnedRotaryOptions,
  learnedRotary,
  type MixedRotaryOptions,
  mixedRotary,
} from './encodings/rotary/learned-rotary.ts';
export { type LieRotaryOptions, lieRotary } from './encodings/rotary/lie-rotary.ts';
export { type MultimodalRotaryOptions, multimodalRotary } from './encodings/rotary/multimodal-rotary.ts';
export { type PolarOptions, polar } from './encodings/rotary/polar.ts';
export { type RotaryOptions, rotary } from './encodings/rotary/rotary.ts';
export { type XposOptions, xpos } from './encodings/rotary/xpos.ts';
export { type AlibiOptions, alibi, alibiSlopes } from './encodings/scores/alibi.ts';
export { type DynamicPositionBiasOptions, dynamicPositionBias } from './encodings/scores/dynamic-position-bias.ts';
export { type FireOptions, fire } from './encodings/scores/fire.ts';
export { type GraphormerOptions, graphormer } from './encodings/scores/graphormer.ts';
export { type KerpleOptions, kerple } from './encodings/scores/kerple.ts';
export { type SandwichOptions, sandwich } from './encodings/scores/sandwich.ts';
export { beit, type GridBiasOptions, swin } from './encodings/scores/swin.ts';
export { type T5Options, t5, t5Bucket } from './encodings/scores/t5.ts';
export { type AttentionSinksOptions, attentionSinks } from './encodings/structure/attention-sinks.ts';
export { type ScalableSoftmaxOptions, scalableSoftmax } from './encodings/structure/scalable-softmax.ts';
export { type ChannelLayout, convertChannels, convertProjection, type ProjectionShape } from './layouts.ts';
export { type ResampleOptions, resampleGrid, resampleWeights } from './numbers/resample.ts';
export type { FrequencyScaling, Spectrum } from './parts/spectrum.ts';
export type { Positions } from './positions/positions.ts';
export { highFrequencyScaling } from './scalings/high-frequency.ts';
export { linearScaling } from './scalings/linear.ts';
export { type Llama3Options, llama3Scaling } from './scalings/llama3.ts';
export { type LongRopeOptions, longRopeScaling } from './scalings/longrope.ts';
export { dynamicNtkScaling, ntkScaling } from './scalings/ntk.ts';
export { proportionalScaling } from './scalings/proportional.ts';
export { resonanceScaling } from './scalings/resonance.ts';
export { type YarnOptions, yarnScaling } from './scalings/yarn.ts';
