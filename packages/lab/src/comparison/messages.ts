/**
 * What the main process and its workers say to each other. Every message is checked on arrival.
 * Knows nothing of processes.
 */
import { z } from 'zod';
import { runConfigurationSchema, runRecordSchema } from '../record/record.ts';
import type { RunProgress } from '../training/run.ts';

/** From the main process to a worker. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('run'),
    configuration: runConfigurationSchema,
    checkpointPath: z.string(),
    checkpointEvery: z.int().min(1),
  }),
  /** Save a checkpoint and stop. */
  z.object({ type: z.literal('stop') }),
]);
export type WorkerRequest = z.infer<typeof requestSchema>;

const runProgressSchema = z.object({
  phase: z.enum(['training', 'evaluation']),
  step: z.int(),
  steps: z.int(),
  // Any number: a run that diverges says NaN or Infinity before it fails.
  loss: z.custom<number>((value) => typeof value === 'number').exactOptional(),
}) satisfies z.ZodType<RunProgress>;

/** From a worker to the main process. */
export const replySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: runProgressSchema }),
  z.object({ type: z.literal('finished'), record: runRecordSchema }),
  /** The run cannot be done. `details` is a stack, for faults of our own. */
  z.object({ type: z.literal('failed'), reason: z.string(), details: z.string() }),
  /** Stopped on request, checkpoint saved. */
  z.object({ type: z.literal('stopped') }),
]);
export type WorkerReply = z.infer<typeof replySchema>;
