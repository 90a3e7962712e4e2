/**
 * The plan of a comparison: the same model trained with each encoding and each seed, everything else equal, checked
 * before anything starts. Knows nothing of folders, processes and screens.
 */
import { createHash } from 'node:crypto';
import { encodingDescriptions } from 'posenc/registry';
import { createRandom } from '../data/random.ts';
import { type BuiltModel, buildModel } from '../model/build.ts';
import type { ModelShape } from '../model/model.ts';
import type { RunConfiguration } from '../record/record.ts';
import type { PreparedTask, Task, TaskOptions } from '../tasks/task.ts';
import { batchSignals } from '../training/inputs.ts';
import { modelShapeOf } from '../training/run.ts';

/** A grid of runs over one task. */
export interface Comparison {
  /** SHA-256, in hexadecimal, over the data and the configurations, whatever their order. */
  readonly identity: string;
  readonly task: { readonly name: string; readonly title: string };
  /** SHA-256 of the task's data. */
  readonly fingerprint: string;
  /** Encodings that `all` stands for but this task's model cannot have, with the reason. */
  readonly leftOut: readonly { readonly encoding: string; readonly reason: string }[];
  /** What was decided because of what is on this machine, in words. */
  readonly notices: readonly string[];
  /** Files worth keeping beside the records, by name: `tokenizer.json`. */
  readonly files: Readonly<Record<string, string>>;
  /** In the order in which they start: every encoding with the first seed, then with the second. */
  readonly runs: readonly RunConfiguration[];
}

/** Sizes and settings that replace the task's own; the same for every encoding. */
export interface ComparisonOverrides {
  readonly modelDim?: number;
  readonly numHeads?: number;
  readonly feedForwardDim?: number;
  readonly encoderLayers?: number;
  readonly decoderLayers?: number;
  readonly steps?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly warmupSteps?: number;
  readonly weightDecay?: number;
  readonly clipNorm?: number;
  readonly evaluationBatchSize?: number;
}

/** What to compare. */
export interface ComparisonRequest {
  readonly task: Task;
  readonly taskOptions?: TaskOptions;
  /**
   * As typed: `rotary`, `alibi:direction=symmetric`, `gru`; `all` stands for every encoding that the task's model can
   * have. The task's own list when absent.
   */
  readonly encodings?: readonly string[] | undefined;
  readonly seeds: readonly number[];
  readonly overrides?: ComparisonOverrides;
}

/** Settings that no task changes. */
const WEIGHT_DECAY = 0.01;
const CLIP_NORM = 1;
const EVALUATION_BATCH_SIZE = 128;
/** In a list of encodings, every one that fits. */
const ALL = 'all';

/**
 * Reads the task's data once, builds every model once, and lists the runs.
 *
 * @throws {TaskError} when the data or the task's options cannot be used
 * @throws {RangeError} when an encoding, a seed or a size cannot be used, or an encoding comes twice
 */
export async function planComparison(request: ComparisonRequest): Promise<Comparison> {
  return (await planWithData(request)).comparison;
}

/** A plan and the data it was made with. */
export interface PlanWithData {
  readonly comparison: Comparison;
  readonly prepared: PreparedTask;
}

/** As `planComparison`, with the data. */
export async function planWithData({
  task,
  taskOptions: asked = {},
  encodings = task.defaults.encodings,
  seeds,
  overrides = {},
}: ComparisonRequest): Promise<PlanWithData> {
  checkSeeds(seeds);
  if (encodings.length === 0) throw new RangeError('compare: encodings: expected at least one, got none');
  const settings = settingsOf(task, overrides);
  const { options: taskOptions, notice } = (await task.resolve?.(asked)) ?? { options: asked };
  const prepared = await task.prepare(taskOptions);
  checkLayers(task.name, prepared.architecture, overrides);
  const shape = modelShapeOf(settings, prepared);
  const fit = (encoding: string): BuiltModel => buildForTask(encoding, shape, prepared);
  const { chosen, leftOut } = expandAll(encodings, fit);
  checkEncodings(chosen, fit);

  const runs = seeds.flatMap((seed) =>
    chosen.map((encoding) => ({
      task: { name: task.name, options: { ...taskOptions } },
      encoding,
      seed,
      ...settings,
    })),
  );
  const comparison = {
    identity: identityOf(prepared.fingerprint, runs),
    task: { name: task.name, title: task.title },
    fingerprint: prepared.fingerprint,
    leftOut,
    notices: notice === undefined ? [] : [notice],
    files: prepared.files ?? {},
    runs,
  };
  return { comparison, prepared };
}

/** SHA-256 over data and configurations, in hexadecimal. The order of runs and of keys does not matter. */
export function identityOf(fingerprint: string, runs: readonly RunConfiguration[]): string {
  const hash = createHash('sha256').update(`${fingerprint}\n`);
  for (const run of runs.map(canonicalJson).sort()) hash.update(`${run}\n`);
  return hash.digest('hex');
}

/** JSON with the keys of every object in alphabetical order: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

type Settings = Pick<RunConfiguration, 'model' | 'training' | 'evaluation'>;

function settingsOf({ defaults }: Task, overrides: ComparisonOverrides): Settings {
  const count = (name: keyof ComparisonOverrides, fallback: number, minimum: number): number => {
    const value = overrides[name] ?? fallback;
    if (Number.isSafeInteger(value) && value >= minimum) return value;
    throw new RangeError(`compare: ${name}: expected an integer of at least ${minimum}, got ${value}`);
  };
  const real = (name: keyof ComparisonOverrides, fallback: number, orZero: boolean): number => {
    const value = overrides[name] ?? fallback;
    if (Number.isFinite(value) && (value > 0 || (orZero && value === 0))) return value;
    throw new RangeError(`compare: ${name}: expected a number ${orZero ? 'of at least' : 'above'} 0, got ${value}`);
  };
  const steps = count('steps', defaults.steps, 1);
  const fallbackWarmup = Math.min(defaults.warmupSteps, Math.floor(steps / 2));
  const warmupSteps = count('warmupSteps', fallbackWarmup, 0);
  if (warmupSteps > steps) {
    throw new RangeError(`compare: warmupSteps: expected at most the ${steps} steps of the run, got ${warmupSteps}`);
  }
  return {
    model: {
      modelDim: count('modelDim', defaults.modelDim, 1),
      numHeads: count('numHeads', defaults.numHeads, 1),
      feedForwardDim: count('feedForwardDim', defaults.feedForwardDim, 1),
      encoderLayers: count('encoderLayers', defaults.encoderLayers, 0),
      decoderLayers: count('decoderLayers', defaults.decoderLayers, 0),
    },
    training: {
      steps,
      batchSize: count('batchSize', defaults.batchSize, 1),
      learningRate: real('learningRate', defaults.learningRate, false),
      warmupSteps,
      weightDecay: real('weightDecay', WEIGHT_DECAY, true),
      clipNorm: real('clipNorm', CLIP_NORM, false),
    },
    evaluation: { batchSize: count('evaluationBatchSize', EVALUATION_BATCH_SIZE, 1) },
  };
}

/** Layers of a stack that the task does not have would be ignored. */
function checkLayers(name: string, architecture: PreparedTask['architecture'], overrides: ComparisonOverrides): void {
  const missing = architecture === 'decoder' ? 'encoder' : architecture === 'encoder' ? 'decoder' : undefined;
  if (missing === undefined || (overrides[`${missing}Layers`] ?? 0) === 0) return;
  throw new RangeError(`compare: ${missing}Layers: the task ${name} has no ${missing}; leave it out`);
}

function checkSeeds(seeds: readonly number[]): void {
  if (seeds.length === 0) throw new RangeError('compare: seeds: expected at least one, got none');
  for (const [index, seed] of seeds.entries()) {
    if (!Number.isSafeInteger(seed) || seed < 0 || seed >= 2 ** 31) {
      throw new RangeError(`compare: seeds: expected integers from 0 to ${2 ** 31 - 1}, got ${seed}`);
    }
    if (seeds.indexOf(seed) < index) throw new RangeError(`compare: seeds: ${seed} is given twice`);
  }
}

/** The model, once it has read the positions of a training batch: what cannot read them is told before hours of training. */
function buildForTask(encoding: string, shape: ModelShape, prepared: PreparedTask): BuiltModel {
  const built = buildModel(encoding, shape, prepared.maximumLength);
  const random = createRandom(0, 'plan');
  batchSignals(built.model, prepared.trainingBatch(1, random.uniform), { random, purpose: 'training' });
  return built;
}

/** What `all` stands for: every encoding with its defaults that this model can have, and why the others cannot be had. */
function expandAll(
  encodings: readonly string[],
  fit: (encoding: string) => BuiltModel,
): { readonly chosen: readonly string[]; readonly leftOut: Comparison['leftOut'] } {
  if (!encodings.includes(ALL)) return { chosen: encodings, leftOut: [] };
  const fitting: string[] = [];
  const leftOut: { encoding: string; reason: string }[] = [];
  for (const { name } of encodingDescriptions) {
    if (encodings.includes(name)) continue;
    try {
      fit(name);
      fitting.push(name);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      leftOut.push({ encoding: name, reason: error.message });
    }
  }
  return { chosen: encodings.flatMap((encoding) => (encoding === ALL ? fitting : [encoding])), leftOut };
}

/** Builds each model, so that a wrong option is told before hours of training, and refuses the same model twice. */
function checkEncodings(encodings: readonly string[], fit: (encoding: string) => BuiltModel): void {
  const seen = new Map<string, string>();
  for (const encoding of encodings) {
    const key = modelKey(fit(encoding));
    const same = seen.get(key);
    if (same === encoding) throw new RangeError(`compare: encodings: ${encoding} is given twice`);
    if (same !== undefined) {
      throw new RangeError(`compare: encodings: ${same} and ${encoding} are the same model here; leave one out`);
    }
    seen.set(key, encoding);
  }
}

function modelKey({ encodings }: BuiltModel): string {
  const facts = ({ name, options }: BuiltModel['encodings']['encoder'][number]) => ({ name, options });
  return canonicalJson({
    encoder: encodings.encoder.map(facts),
    decoder: encodings.decoder.map(facts),
  });
}
