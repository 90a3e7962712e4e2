/** Records of a comparison as it comes out, with scores given by hand. */
import { RECORD_VERSION, type RunRecord, runRecordSchema } from '../../src/record/record.ts';

/** Phoneme error rates by encoding and seed: trained range, then beyond it. */
export const SCORES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  none: [
    [0.645, 0.724],
    [0.648, 0.731],
  ],
  sinusoidal: [
    [0.185, 0.555],
    [0.186, 0.562],
  ],
  rotary: [
    [0.225, 0.571],
    [0.23, 0.618],
  ],
  alibi: [
    [0.215, 0.49],
    [0.214, 0.486],
  ],
};

const TITLES: Readonly<Record<string, string>> = { alibi: 'ALiBi' };

/** One record. */
export function sampleRecord(encoding: string, seed: number, [trained, beyond]: readonly [number, number]): RunRecord {
  const score = (value: number) => ({ 'phoneme-error-rate': value });
  return runRecordSchema.parse({
    version: RECORD_VERSION,
    configuration: {
      task: { name: 'pronounce', options: {} },
      encoding,
      seed,
      model: { modelDim: 64, numHeads: 4, feedForwardDim: 256, encoderLayers: 1, decoderLayers: 1 },
      training: { steps: 600, batchSize: 64, learningRate: 0.002, warmupSteps: 100, weightDecay: 0.01, clipNorm: 1 },
      evaluation: { batchSize: 128 },
    },
    task: {
      title: 'Spelling <to> phonemes & back',
      fingerprint: 'a'.repeat(64),
      sizes: { train: 63215, validation: 256, test: 1024 },
      metrics: [{ name: 'phoneme-error-rate', title: 'phoneme error rate', better: 'lower', format: 'fraction' }],
      lengthUnit: 'letters',
      buckets: [
        { label: '3–8', minimum: 3, maximum: 8, trained: true, examples: 512 },
        { label: '13–16', minimum: 13, maximum: 16, trained: false, examples: 512 },
      ],
      baselines: [],
      notes: ['Stress is dropped.'],
    },
    encoding: {
      title: TITLES[encoding] ?? encoding,
      encoder: [{ name: encoding, options: encoding === 'alibi' ? { numHeads: 4, direction: 'left-right' } : {} }],
      decoder: [],
      parameters: 0,
      tableBytes: 2560,
      pitfalls: [],
      orderSensitivity: { permuted: encoding === 'none' ? 4e-16 : 0.2, reversed: encoding === 'none' ? 3e-16 : 0.1 },
    },
    parameters: 124138,
    curve: [
      { step: 300, loss: 1.5 },
      { step: 600, loss: 0.9 },
    ],
    validation: [
      { step: 300, scores: { '3–8': score(trained + 0.1) } },
      { step: 600, scores: { '3–8': score(trained) } },
    ],
    test: { '3–8': score(trained), '13–16': score(beyond) },
    costs: {
      medianStepMilliseconds: 50,
      trainingSeconds: 30,
      evaluationSeconds: 2,
      tokensPerSecond: 15000,
      peakMemoryBytes: 480e6,
    },
    environment: {
      versions: { node: '24.0.0', posenc: '0.1.0' },
      platform: 'linux x64',
      cpu: 'a processor',
      cores: 2,
      engine: 'jax-js wasm, one thread',
    },
    finishedAt: '2026-11-23T12:00:00.000Z',
  });
}

/** All sample records of the first `seeds` seeds. */
export function sampleRecords(seeds: number): RunRecord[] {
  return Object.entries(SCORES).flatMap(([encoding, list]) =>
    list.slice(0, seeds).map((scores, seed) => sampleRecord(encoding, seed, scores)),
  );
}
