/** Sizes and settings of the tasks on texts, and the encodings they compare, unless one says otherwise. */
import type { TaskDefaults } from '../task.ts';

const ENCODINGS = ['none', 'sinusoidal', 'rotary', 'alibi'] as const;

/** An encoder that answers of a text: its class, tags, a span. */
export const TEXT_ENCODER: Omit<TaskDefaults, 'steps'> = {
  modelDim: 64,
  numHeads: 4,
  feedForwardDim: 128,
  encoderLayers: 2,
  decoderLayers: 0,
  batchSize: 32,
  learningRate: 2e-3,
  warmupSteps: 50,
  encodings: ENCODINGS,
};

/** An encoder–decoder that writes one text for another. */
export const TEXT_WRITER: Omit<TaskDefaults, 'steps'> = {
  modelDim: 64,
  numHeads: 4,
  feedForwardDim: 256,
  encoderLayers: 1,
  decoderLayers: 1,
  batchSize: 32,
  learningRate: 4e-3,
  warmupSteps: 100,
  encodings: ENCODINGS,
};
