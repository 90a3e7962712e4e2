/** A task, configurations and records small enough to read, for tests of the comparison and of the command line. */
import type { RunConfiguration, RunRecord } from '../../src/record/record.ts';
import type { PreparedTask, Task } from '../../src/tasks/task.ts';

const bucket = { label: '1–4', minimum: 1, maximum: 4, trained: true };

/** A task whose data is nothing but its fingerprint. */
export function sampleTask(fingerprint = 'f00d', architecture: PreparedTask['architecture'] = 'encoder-decoder'): Task {
  return {
    name: 'sample',
    title: 'A sample',
    description: 'A task for tests.',
    metrics: [{ name: 'error', title: 'error', better: 'lower', format: 'fraction' }],
    lengthUnit: 'letters',
    defaults: {
      modelDim: 8,
      numHeads: 2,
      feedForwardDim: 16,
      encoderLayers: architecture === 'decoder' ? 0 : 1,
      decoderLayers: architecture === 'encoder' ? 0 : 1,
      steps: 20,
      batchSize: 4,
      learningRate: 1e-3,
      warmupSteps: 5,
      encodings: ['none', 'rotary', 'alibi'],
    },
    options: [],
    prepare: () =>
      Promise.resolve({
        fingerprint,
        sizes: { train: 1, validation: 1, test: 1 },
        architecture,
        input: { kind: 'tokens', vocabulary: 5 },
        output: architecture === 'encoder' ? { kind: 'class', classes: 2 } : { kind: 'tokens', vocabulary: 5 },
        question: { kind: 'likelihood' },
        maximumLength: 4,
        trainingBatch: () => ({ size: 1, source: sequence, target: sequence, labels: new Int32Array(4) }),
        evaluation: unused,
        score: unused,
        baselines: [],
        notes: [],
      }),
  };
}

const sequence = { data: new Int32Array(4), length: 4, lengths: Int32Array.of(4) };

function unused(): never {
  throw new Error('the sample task is never trained');
}

export function sampleRecord(configuration: RunConfiguration): RunRecord {
  return {
    version: 1,
    configuration,
    task: {
      title: 'A sample',
      fingerprint: 'f00d',
      sizes: { train: 1, validation: 1, test: 1 },
      metrics: [{ name: 'error', title: 'error', better: 'lower', format: 'fraction' }],
      lengthUnit: 'letters',
      buckets: [{ ...bucket, examples: 1 }],
      baselines: [],
      notes: [],
    },
    encoding: { title: configuration.encoding, encoder: [], decoder: [], parameters: 0, tableBytes: 0, pitfalls: [] },
    parameters: 100,
    curve: [{ step: 20, loss: 0.5 }],
    validation: [{ step: 20, scores: { [bucket.label]: { error: 0.25 } } }],
    test: { [bucket.label]: { error: 0.25 } },
    costs: {
      medianStepMilliseconds: 1,
      trainingSeconds: 1,
      evaluationSeconds: 1,
      tokensPerSecond: 1,
      peakMemoryBytes: 1,
    },
    environment: { versions: { posenc: '0.1.0' }, platform: 'linux', cpu: 'a cpu', cores: 2, engine: 'jax' },
    finishedAt: '2026-01-01T00:00:00.000Z',
  };
}
