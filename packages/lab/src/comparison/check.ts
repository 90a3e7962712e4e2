/**
 * The dry run of a comparison: everything is read and divided as for training, a few steps are timed, and nothing is
 * kept. Prints nothing.
 */
import { initializeJax } from 'posenc/jax';
import { createRandom } from '../data/random.ts';
import { buildModel } from '../model/build.ts';
import { initializeParameters } from '../model/parameters.ts';
import type { DataSummary } from '../record/data-summary.ts';
import { withSourceName } from '../tasks/shared/standard-input.ts';
import type { LengthBucket } from '../tasks/task.ts';
import { modelShapeOf } from '../training/run.ts';
import { learningRateAt } from '../training/schedule.ts';
import { createTrainer, startingState } from '../training/step.ts';
import { type ComparisonRequest, planWithData } from './plan.ts';

/** What a comparison would do. */
export interface ComparisonCheck {
  readonly task: { readonly name: string; readonly title: string; readonly lengthUnit: string };
  readonly fingerprint: string;
  readonly sizes: { readonly train: number; readonly validation: number; readonly test: number };
  readonly buckets: readonly (LengthBucket & { readonly examples: number })[];
  readonly data?: DataSummary;
  readonly notices: readonly string[];
  readonly notes: readonly string[];
  readonly runs: number;
  readonly encodings: readonly string[];
  readonly seeds: readonly number[];
  /** Measured with the first encoding. */
  readonly estimate: {
    readonly secondsPerStep: number;
    /** Training of all runs, one after another. */
    readonly trainingSeconds: number;
    /** Of one run's process, in bytes, without evaluation. */
    readonly memoryBytes: number;
  };
}

/** Steps that are timed; the first compiles and is not counted. */
const TIMED_STEPS = 3;

/** @throws whatever `planComparison` does, for the same reasons */
export async function checkComparison(request: ComparisonRequest): Promise<ComparisonCheck> {
  const { comparison, prepared } = await planWithData(request);
  const { runs } = comparison;
  const [run] = runs as [(typeof runs)[number]];
  const seconds: number[] = [];
  await initializeJax();
  const { model } = buildModel(run.encoding, modelShapeOf(run, prepared), prepared.maximumLength);
  const trainer = createTrainer(
    model,
    { weightDecay: run.training.weightDecay, clipNorm: run.training.clipNorm, decaying: new Set() },
    startingState(initializeParameters(model, run.seed)),
  );
  try {
    for (let step = 1; step <= TIMED_STEPS + 1; step += 1) {
      const start = performance.now();
      const batch = prepared.trainingBatch(run.training.batchSize, createRandom(run.seed, 'batch', step).uniform);
      trainer.step(batch, step, learningRateAt(step, run.training), createRandom(run.seed, 'positions', step));
      if (step > 1) seconds.push((performance.now() - start) / 1000);
    }
  } finally {
    trainer.dispose();
  }
  const secondsPerStep = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)] as number;
  return {
    task: { ...comparison.task, lengthUnit: prepared.lengthUnit ?? request.task.lengthUnit },
    fingerprint: comparison.fingerprint,
    sizes: prepared.sizes,
    buckets: prepared
      .evaluation('test', run.evaluation.batchSize)
      .map(({ bucket, examples }) => ({ ...bucket, examples })),
    ...(prepared.data === undefined ? {} : { data: withSourceName(prepared.data) }),
    notices: comparison.notices,
    notes: prepared.notes,
    runs: runs.length,
    encodings: [...new Set(runs.map(({ encoding }) => encoding))],
    seeds: [...new Set(runs.map(({ seed }) => seed))],
    estimate: {
      secondsPerStep,
      trainingSeconds: secondsPerStep * run.training.steps * runs.length,
      memoryBytes: process.memoryUsage().rss,
    },
  };
}
