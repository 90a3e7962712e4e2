/**
 * The run record: one JSON document per trained model, with everything a report needs. Reports read records and
 * nothing else. The schema is versioned and checked whenever a record is read.
 */
import { z } from 'zod';
import { dataSummarySchema } from './data-summary.ts';
import { attentionSchema, sampleSchema } from './sample.ts';

/** Raised when the meaning of a field changes. */
export const RECORD_VERSION = 1;

const optionValue = z.union([z.string(), z.number(), z.boolean()]);
const encodingOption = z.union([optionValue, z.array(z.number()).readonly()]);
const scores = z.record(z.string(), z.number());

const metric = z.object({
  name: z.string(),
  title: z.string(),
  better: z.enum(['lower', 'higher']),
  format: z.enum(['fraction', 'number']),
  unit: z.string().optional(),
  chance: z.number().optional(),
  along: z.object({ axis: z.string(), label: z.string() }).optional(),
});

/** What decides a run's numbers: two runs with equal configurations on one machine kind give equal records. */
export const runConfigurationSchema = z.object({
  task: z.object({ name: z.string(), options: z.record(z.string(), optionValue) }),
  /** As typed: `alibi:direction=symmetric`. The control `gru` is a model without attention. */
  encoding: z.string(),
  seed: z.int(),
  model: z.object({
    modelDim: z.int(),
    numHeads: z.int(),
    feedForwardDim: z.int(),
    encoderLayers: z.int(),
    decoderLayers: z.int(),
  }),
  training: z.object({
    steps: z.int(),
    batchSize: z.int(),
    /** Peak of the schedule. */
    learningRate: z.number(),
    warmupSteps: z.int(),
    weightDecay: z.number(),
    /** Largest global norm of a gradient. */
    clipNorm: z.number(),
  }),
  evaluation: z.object({ batchSize: z.int() }),
});
export type RunConfiguration = z.infer<typeof runConfigurationSchema>;

export const runRecordSchema = z.object({
  version: z.literal(RECORD_VERSION),
  configuration: runConfigurationSchema,
  task: z.object({
    title: z.string(),
    fingerprint: z.string(),
    sizes: z.object({ train: z.int(), validation: z.int(), test: z.int() }),
    metrics: z.array(metric).min(1),
    lengthUnit: z.string(),
    buckets: z.array(
      z.object({
        label: z.string(),
        minimum: z.number(),
        maximum: z.number(),
        trained: z.boolean(),
        examples: z.int(),
      }),
    ),
    baselines: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        /** Whether it sees the same input without its order. */
        orderBlind: z.boolean().optional(),
        scores: z.record(z.string(), scores),
      }),
    ),
    /** What was read; absent in records of tasks that do not tell. */
    data: dataSummarySchema.optional(),
    notes: z.array(z.string()),
  }),
  encoding: z.object({
    /** As shown: `ALiBi (symmetric)`. */
    title: z.string(),
    /** Names and options of the encoder's and the decoder's encodings, with defaults filled in. */
    encoder: z.array(z.object({ name: z.string(), options: z.record(z.string(), encodingOption) })),
    decoder: z.array(z.object({ name: z.string(), options: z.record(z.string(), encodingOption) })),
    parameters: z.int(),
    tableBytes: z.int(),
    pitfalls: z.array(z.string()),
    /**
     * How far the answer of an untrained encoder moves, relative to its size, when its tokens are permuted and when they
     * are reversed: 0 where that is invisible. Absent where the model has no encoder.
     */
    orderSensitivity: z.object({ permuted: z.number(), reversed: z.number() }).optional(),
  }),
  parameters: z.int(),
  /** Mean training loss in nats (or squared error) over the steps up to and including `step`, since the last entry. */
  curve: z.array(z.object({ step: z.int(), loss: z.number() })),
  /** Validation scores by bucket label, at a few steps. */
  validation: z.array(z.object({ step: z.int(), scores: z.record(z.string(), scores) })),
  /** Final test scores by bucket label. */
  test: z.record(z.string(), scores),
  /** A few test examples and what the model answered. */
  samples: z.array(sampleSchema).optional(),
  /** What the model attended to in one test example. */
  attention: z.array(attentionSchema).optional(),
  costs: z.object({
    medianStepMilliseconds: z.number(),
    trainingSeconds: z.number(),
    evaluationSeconds: z.number(),
    tokensPerSecond: z.number(),
    peakMemoryBytes: z.int(),
  }),
  environment: z.object({
    versions: z.record(z.string(), z.string()),
    platform: z.string(),
    cpu: z.string(),
    cores: z.int(),
    engine: z.string(),
  }),
  finishedAt: z.iso.datetime(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
