/**
 * One whole run: a model with one encoding trained on one task from one seed, evaluated by length, described by a
 * record. A run that is stopped, or killed, goes on from its checkpoint and ends with the same numbers.
 */
import { initializeJax } from 'posenc/jax';
import type { PlainTensor } from 'posenc/tensor';
import { createRandom } from '../data/random.ts';
import { buildModel } from '../model/build.ts';
import type { ModelShape, Tensors } from '../model/model.ts';
import { orderSensitivity } from '../model/order-sensitivity.ts';
import { countParameters, initializeParameters } from '../model/parameters.ts';
import type { DataSummary } from '../record/data-summary.ts';
import { RECORD_VERSION, type RunConfiguration, type RunRecord, runRecordSchema } from '../record/record.ts';
import type { AttentionPicture, Sample } from '../record/sample.ts';
import { withSourceName } from '../tasks/shared/standard-input.ts';
import type { EvaluationSet, PreparedTask, Scores, Task } from '../tasks/task.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { describeEnvironment } from './environment.ts';
import { createEvaluator, type Evaluator } from './evaluate.ts';
import { portraitAttention } from './portrait.ts';
import { learningRateAt } from './schedule.ts';
import { createTrainer, startingState, type Trainer, type TrainingState } from './step.ts';

/** How far a run is. */
export interface RunProgress {
  readonly phase: 'training' | 'evaluation';
  /** Steps done, those before a resumed checkpoint included. */
  readonly step: number;
  readonly steps: number;
  /** The latest training loss, once there is one. */
  readonly loss?: number;
}

/** How a run is carried out; none of it changes the numbers. */
export interface RunOptions {
  /** Where the checkpoint lies; without it, nothing is saved.  */
  readonly checkpointPath?: string;
  /** Steps between checkpoints. Default 100. */
  readonly checkpointEvery?: number;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Saves a checkpoint and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A run failed because its numbers did: the loss is no longer finite. */
export class DivergenceError extends Error {
  override readonly name = 'DivergenceError';
}

/** Everything of a run in progress that a checkpoint keeps beside the tensors. */
interface Progress {
  step: number;
  curve: { step: number; loss: number }[];
  validation: { step: number; scores: Record<string, Scores> }[];
  /** Sum and count of losses since the last point of the curve. */
  pending: { sum: number; count: number };
  stepMilliseconds: number[];
  trainingSeconds: number;
}

/** Points of the learning curve and validations in a run. */
const CURVE_POINTS = 40;
const VALIDATIONS = 4;
/** Refused rows that a record tells in detail. */
const TOLD_REFUSALS = 20;

/**
 * Trains and evaluates.
 *
 * The batch of step s is decided by the seed and s alone, and first values by the seed and the parameter's name, so
 * runs with equal seeds differ in their encoding only, and a resumed run needs no state of a generator.
 *
 * @throws {TaskError} when the task's data cannot be used
 * @throws {DivergenceError} when the loss is no longer finite
 * @throws {CheckpointError} when the checkpoint is damaged; one of another configuration is left unused
 * @throws the signal's reason, when it aborts
 */
export async function executeRun(
  configuration: RunConfiguration,
  task: Task,
  { checkpointPath, checkpointEvery = 100, onProgress = () => undefined, signal }: RunOptions = {},
): Promise<RunRecord> {
  const { training, seed } = configuration;
  const prepared = await task.prepare(configuration.task.options);
  const built = buildModel(configuration.encoding, modelShapeOf(configuration, prepared), prepared.maximumLength);
  const { model } = built;
  await initializeJax();

  const resumed = checkpointPath === undefined ? undefined : resume(checkpointPath, configuration);
  const progress: Progress = resumed?.progress ?? {
    step: 0,
    curve: [],
    validation: [],
    pending: { sum: 0, count: 0 },
    stepMilliseconds: [],
    trainingSeconds: 0,
  };
  const trainer = createTrainer(
    model,
    {
      weightDecay: training.weightDecay,
      clipNorm: training.clipNorm,
      decaying: new Set(model.parameters.filter(({ decay }) => decay).map(({ name }) => name)),
    },
    resumed?.state ?? startingState(initializeParameters(model, seed)),
  );
  const evaluator = createEvaluator(model, prepared.question, configuration.seed);
  const save = (): void => {
    if (checkpointPath !== undefined) {
      writeCheckpoint(checkpointPath, {
        tensors: flatten(trainer.state()),
        metadata: metadataOf(configuration, progress),
      });
    }
  };
  /** Lets messages in, and stops here if asked to. */
  const pause = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    if (signal?.aborted) {
      save();
      signal.throwIfAborted();
    }
  };
  const evaluate = (split: 'validation' | 'test') =>
    evaluateSplit(prepared, split, configuration.evaluation.batchSize, evaluator, trainer, pause);

  try {
    const validateEvery = Math.ceil(training.steps / VALIDATIONS);
    const curveEvery = Math.ceil(training.steps / CURVE_POINTS);
    while (progress.step < training.steps) {
      await pause();
      // Before the next step, not after the last one: a run that was stopped while it validated does it again.
      const due = progress.step > 0 && progress.step % validateEvery === 0;
      if (due && progress.validation.at(-1)?.step !== progress.step) {
        const { scores } = await evaluate('validation');
        progress.validation.push({ step: progress.step, scores });
      }
      const loss = trainOneStep(progress, configuration, prepared, trainer, curveEvery);
      onProgress({ phase: 'training', step: progress.step, steps: training.steps, loss });
      if (progress.step % checkpointEvery === 0 || progress.step === training.steps) save();
    }
    onProgress({ phase: 'evaluation', step: training.steps, steps: training.steps });
    const start = performance.now();
    const { scores: last } = await evaluate('validation');
    const validation = [...progress.validation, { step: training.steps, scores: last }];
    const { scores: test, samples } = await evaluate('test');
    const attention =
      prepared.portrait === undefined
        ? []
        : portraitAttention(model, trainer.parameters(), prepared.portrait, configuration.seed).map(rounded);
    const record = runRecordSchema.parse({
      version: RECORD_VERSION,
      configuration,
      task: describeTask(task, prepared, configuration.evaluation.batchSize),
      encoding: {
        title: built.title,
        encoder: built.encodings.encoder.map(({ name, options }) => ({ name, options })),
        decoder: built.encodings.decoder.map(({ name, options }) => ({ name, options })),
        parameters: built.positionParameters,
        tableBytes: built.tableBytes,
        pitfalls: [...built.pitfalls],
        ...(model.shape.encoderLayers > 0
          ? { orderSensitivity: orderSensitivity(configuration.encoding, model.shape) }
          : {}),
      },
      parameters: countParameters(model.parameters),
      curve: progress.curve,
      validation,
      test,
      ...(samples.length === 0 ? {} : { samples }),
      ...(attention.length === 0 ? {} : { attention }),
      costs: {
        ...trainingCosts(progress, prepared, training.batchSize),
        evaluationSeconds: (performance.now() - start) / 1000,
        peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      },
      environment: describeEnvironment(),
      finishedAt: new Date().toISOString(),
    } satisfies RunRecord);
    return record;
  } finally {
    evaluator.dispose();
    trainer.dispose();
  }
}

function trainOneStep(
  progress: Progress,
  { training, seed }: RunConfiguration,
  prepared: PreparedTask,
  trainer: Trainer,
  curveEvery: number,
): number {
  const step = progress.step + 1;
  const start = performance.now();
  const batch = prepared.trainingBatch(training.batchSize, createRandom(seed, 'batch', step).uniform);
  const loss = trainer.step(batch, step, learningRateAt(step, training), createRandom(seed, 'positions', step));
  const milliseconds = performance.now() - start;
  if (!Number.isFinite(loss)) {
    throw new DivergenceError(
      `training diverged: the loss at step ${step} is ${loss}; try a smaller learning rate or more warm-up steps`,
    );
  }
  progress.step = step;
  progress.stepMilliseconds.push(milliseconds);
  progress.trainingSeconds += milliseconds / 1000;
  progress.pending = { sum: progress.pending.sum + loss, count: progress.pending.count + 1 };
  if (step % curveEvery === 0 || step === training.steps) {
    progress.curve.push({ step, loss: progress.pending.sum / progress.pending.count });
    progress.pending = { sum: 0, count: 0 };
  }
  return loss;
}

async function evaluateSplit(
  prepared: PreparedTask,
  split: 'validation' | 'test',
  batchSize: number,
  evaluator: Evaluator,
  trainer: Trainer,
  pause: () => Promise<void>,
): Promise<{ readonly scores: Record<string, Scores>; readonly samples: Sample[] }> {
  const scores: Record<string, Scores> = {};
  const samples: Sample[] = [];
  for (const set of prepared.evaluation(split, batchSize)) {
    const predictions = await evaluator.ask(trainer.parameters(), set, pause);
    scores[set.bucket.label] = prepared.score(split, set.bucket, predictions);
    if (split === 'test') samples.push(...(prepared.samples?.(set.bucket, predictions) ?? []));
  }
  return { scores, samples };
}

/** The sizes of the model that a configuration and its data ask for. */
export function modelShapeOf({ model }: Pick<RunConfiguration, 'model'>, prepared: PreparedTask): ModelShape {
  const { architecture, extents, graph, input, output } = prepared;
  return {
    ...model,
    architecture,
    encoderLayers: architecture === 'decoder' ? 0 : model.encoderLayers,
    decoderLayers: architecture === 'encoder' ? 0 : model.decoderLayers,
    input,
    output,
    ...(extents === undefined ? {} : { extents }),
    ...(graph === undefined ? {} : { graph }),
  };
}

function describeTask(task: Task, prepared: PreparedTask, batchSize: number): RunRecord['task'] {
  return {
    title: task.title,
    fingerprint: prepared.fingerprint,
    sizes: prepared.sizes,
    metrics: [...(prepared.metrics ?? task.metrics)],
    lengthUnit: prepared.lengthUnit ?? task.lengthUnit,
    buckets: prepared
      .evaluation('test', batchSize)
      .map(({ bucket, examples }: EvaluationSet) => ({ ...bucket, examples })),
    baselines: prepared.baselines.map(({ name, title, orderBlind, scores }) => ({
      name,
      title,
      ...(orderBlind === undefined ? {} : { orderBlind }),
      scores: Object.fromEntries(Object.entries(scores).map(([label, values]) => [label, { ...values }])),
    })),
    ...(prepared.data === undefined ? {} : { data: shortened(prepared.data) }),
    notes: [...prepared.notes],
  };
}

/** Weights as a picture needs them: four digits. */
function rounded(picture: AttentionPicture): AttentionPicture {
  return { ...picture, weights: picture.weights.map((weight) => Math.round(weight * 1e4) / 1e4) };
}

/** A record tells the first of many refusals; `--check` tells them all. */
function shortened(data: DataSummary): DataSummary {
  return { ...withSourceName(data), refused: { ...data.refused, first: data.refused.first.slice(0, TOLD_REFUSALS) } };
}

function trainingCosts({ stepMilliseconds, trainingSeconds }: Progress, prepared: PreparedTask, batchSize: number) {
  const sorted = stepMilliseconds.toSorted((a, b) => a - b);
  const medianStepMilliseconds = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const batch = prepared.trainingBatch(batchSize, createRandom(0, 'costs').uniform);
  const tokens = [batch.source, batch.target].reduce(
    (sum, sequence) => sum + (sequence?.lengths.reduce((total, length) => total + length, 0) ?? 0),
    0,
  );
  return { medianStepMilliseconds, trainingSeconds, tokensPerSecond: (1000 * tokens) / medianStepMilliseconds };
}

/** Parameters and moments under one name each: `parameters.…`, `first.…`, `second.…`. */
function flatten({ parameters, moments }: TrainingState): Record<string, PlainTensor> {
  const list = (prefix: string, tensors: Tensors<PlainTensor>) =>
    Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor] as const);
  return Object.fromEntries([
    ...list('parameters', parameters),
    ...list('first', moments.first),
    ...list('second', moments.second),
  ]);
}

function metadataOf(configuration: RunConfiguration, progress: Progress): Record<string, string> {
  return { configuration: JSON.stringify(configuration), progress: JSON.stringify(progress) };
}

function resume(
  path: string,
  configuration: RunConfiguration,
): { readonly state: TrainingState; readonly progress: Progress } | undefined {
  const checkpoint = readCheckpoint(path);
  // A checkpoint of other settings says nothing about this run.
  if (checkpoint === undefined || checkpoint.metadata.configuration !== JSON.stringify(configuration)) return undefined;
  const part = (prefix: string): Record<string, PlainTensor> =>
    Object.fromEntries(
      Object.entries(checkpoint.tensors)
        .filter(([name]) => name.startsWith(`${prefix}.`))
        .map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]),
    );
  return {
    state: { parameters: part('parameters'), moments: { first: part('first'), second: part('second') } },
    progress: JSON.parse(checkpoint.metadata.progress as string) as Progress,
  };
}
