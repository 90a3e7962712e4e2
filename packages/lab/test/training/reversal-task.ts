/** A tiny task for tests of training: write a word of three letters backwards. Order is everything, and it is soon learnt. */
import type { RunConfiguration } from '../../src/record/record.ts';
import { evaluationSet, tokenSequences } from '../../src/tasks/shared/batches.ts';
import type { Batch, LengthBucket, PreparedTask, Task } from '../../src/tasks/task.ts';

const LETTERS = 6;
const BEGIN = 1;
const END = 2;
const FIRST = 3;
const LENGTH = 3;
const BUCKET: LengthBucket = { label: '3', minimum: 3, maximum: 3, trained: true };

const words = Array.from({ length: LETTERS ** LENGTH }, (_, index) =>
  Array.from({ length: LENGTH }, (_, at) => FIRST + (Math.floor(index / LETTERS ** at) % LETTERS)),
);
const trained = words.filter((_, index) => index % 4 !== 0);
const held = words.filter((_, index) => index % 4 === 0);

function collate(examples: readonly number[][]): Batch {
  const answers = examples.map((word) => word.toReversed());
  return {
    size: examples.length,
    source: tokenSequences(examples, LENGTH),
    target: tokenSequences(
      answers.map((answer) => [BEGIN, ...answer]),
      LENGTH + 1,
    ),
    labels: Int32Array.from(answers.flatMap((answer) => [...answer, END])),
  };
}

const prepared: PreparedTask = {
  fingerprint: 'reversal',
  sizes: { train: trained.length, validation: held.length, test: held.length },
  architecture: 'encoder-decoder',
  input: { kind: 'tokens', vocabulary: FIRST + LETTERS },
  output: { kind: 'tokens', vocabulary: FIRST + LETTERS },
  question: { kind: 'generate', startToken: BEGIN, endToken: END, maximumLength: LENGTH + 2 },
  maximumLength: LENGTH + 2,
  trainingBatch: (size, uniform) =>
    collate(Array.from({ length: size }, () => trained[Math.floor(uniform() * trained.length)] as number[])),
  evaluation: (_, batchSize) => [evaluationSet(BUCKET, held, batchSize, collate)],
  score: (_, __, predictions) => {
    if (predictions.kind !== 'sequences') throw new TypeError('expected sequences');
    const right = predictions.sequences.filter(
      (sequence, index) => sequence.join() === (held[index] as number[]).toReversed().join(),
    );
    return { accuracy: right.length / held.length };
  },
  baselines: [],
  notes: [],
};

export const reversal: Task = {
  name: 'reversal',
  title: 'Words backwards',
  description: 'For tests.',
  metrics: [{ name: 'accuracy', title: 'accuracy', better: 'higher', format: 'fraction' }],
  lengthUnit: 'letters',
  defaults: {
    modelDim: 16,
    numHeads: 2,
    feedForwardDim: 32,
    encoderLayers: 1,
    decoderLayers: 1,
    steps: 40,
    batchSize: 32,
    learningRate: 1e-2,
    warmupSteps: 5,
    encodings: ['none', 'sinusoidal'],
  },
  options: [],
  prepare: async () => prepared,
};

/** A run of the tiny task. */
export function reversalRun(encoding: string, steps: number, seed = 0): RunConfiguration {
  const { modelDim, numHeads, feedForwardDim, encoderLayers, decoderLayers, batchSize, learningRate, warmupSteps } =
    reversal.defaults;
  return {
    task: { name: reversal.name, options: {} },
    encoding,
    seed,
    model: { modelDim, numHeads, feedForwardDim, encoderLayers, decoderLayers },
    training: { steps, batchSize, learningRate, warmupSteps, weightDecay: 0.01, clipNorm: 1 },
    evaluation: { batchSize: 27 },
  };
}
