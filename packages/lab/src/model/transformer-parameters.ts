/** What a transformer is made of: its parameters by name, and which sizes and encodings go together. */
import { attentionParameters } from './attention.ts';
import { checkOutput, headParameters } from './heads.ts';
import type { InputKind, ModelEncodings, ModelParameter, ModelShape } from './model.ts';
import { embeddingParameters, linearParameters, normParameters } from './parameters.ts';
import { actsIn, encodingParameters } from './stack-encodings.ts';
import { decoderInput, type Stack } from './transformer-layers.ts';

/** All parameters, in the order in which they are applied. */
export function parametersOf(shape: ModelShape, encodings: ModelEncodings): ModelParameter[] {
  const { modelDim, output } = shape;
  const embedding = (stack: Stack, input: InputKind): ModelParameter[] =>
    input.kind === 'tokens'
      ? embeddingParameters(`${stack}.embedding`, input.vocabulary, modelDim)
      : linearParameters(`${stack}.embedding`, input.features, modelDim);
  const attention = (name: string): ModelParameter[] => [
    ...normParameters(`${name}.norm`, modelDim),
    ...attentionParameters(name, modelDim),
  ];
  const stack = (which: Stack, layers: number, input: InputKind, crosses: boolean): ModelParameter[] =>
    layers === 0
      ? []
      : [
          ...embedding(which, input),
          ...encodingParameters(which, encodings[which], layers),
          ...Array.from({ length: layers }, (_, layer) => `${which}.layers.${layer}`).flatMap((name) => [
            ...attention(`${name}.attention`),
            ...(crosses ? attention(`${name}.cross`) : []),
            ...normParameters(`${name}.feedForward.norm`, modelDim),
            ...linearParameters(`${name}.feedForward.wide`, modelDim, shape.feedForwardDim),
            ...linearParameters(`${name}.feedForward.narrow`, shape.feedForwardDim, modelDim),
          ]),
          ...normParameters(`${which}.norm`, modelDim),
        ];
  return [
    ...stack('encoder', shape.encoderLayers, shape.input, false),
    ...stack('decoder', shape.decoderLayers, decoderInput(shape), shape.architecture === 'encoder-decoder'),
    ...headParameters(output, modelDim),
  ];
}

/** @throws {RangeError} when sizes, layers, architecture and output do not go together */
export function checkShape(shape: ModelShape): void {
  const { architecture, modelDim, numHeads, encoderLayers, decoderLayers } = shape;
  if (modelDim % numHeads !== 0) {
    throw new RangeError(`model: modelDim: expected a multiple of numHeads = ${numHeads}, got ${modelDim}`);
  }
  const expectedLayers = { encoder: [true, false], decoder: [false, true], 'encoder-decoder': [true, true] }[
    architecture
  ];
  for (const [index, [name, layers]] of [
    ['encoderLayers', encoderLayers] as const,
    ['decoderLayers', decoderLayers] as const,
  ].entries()) {
    if (expectedLayers[index] ? layers < 1 : layers !== 0) {
      const wanted = expectedLayers[index] ? 'at least 1' : '0';
      throw new RangeError(`model: ${name}: expected ${wanted} for architecture ${architecture}, got ${layers}`);
    }
  }
  checkOutput(shape);
}

/**
 * An encoding whose part another one replaces would be ignored.
 *
 * @throws {RangeError} when two encodings replace the same step of a layer
 */
export function checkTogether(stack: Stack, encodings: ModelEncodings, layers: number): void {
  for (let layer = 0; layer < layers; layer += 1) {
    const acting = encodings[stack].filter((encoding) => actsIn(encoding, layer));
    const [structure, second] = acting.filter(({ site }) => site === 'structure');
    const ignored = second ?? acting.find((encoding) => encoding.site === 'content' && encoding.output !== undefined);
    if (structure === undefined || ignored === undefined) continue;
    throw new RangeError(
      `model: encodings: expected at most one that makes the output in ${stack} layer ${layer}, ` +
        `got ${structure.name} and ${ignored.name}; give them different layers`,
    );
  }
}
