/**
 * `npm run bench -- train`: one training step of the lab's decoder, by model size, beside PyTorch's on the same model,
 * data and one thread where Python has it. Results are checked before anything is timed.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Table from 'cli-table3';
import { initializeJax } from 'posenc/jax';
import { float64Operations, type PlainTensor } from 'posenc/tensor';
import { createRandom } from '../packages/lab/src/data/random.ts';
import { buildModel } from '../packages/lab/src/model/build.ts';
import type { ModelShape } from '../packages/lab/src/model/model.ts';
import { countParameters, initializeParameters } from '../packages/lab/src/model/parameters.ts';
import type { Batch } from '../packages/lab/src/tasks/task.ts';
import { writeCheckpoint } from '../packages/lab/src/training/checkpoint.ts';
import { batchInputs, batchSignals } from '../packages/lab/src/training/inputs.ts';
import { labelsOf, meanLoss } from '../packages/lab/src/training/loss.ts';
import { createTrainer, startingState } from '../packages/lab/src/training/step.ts';

const VOCABULARY = 256;
const BATCH = 32;
const LENGTH = 64;
const LAYERS = 2;
const HEADS = 4;
const WARMUP = 3;
const LEARNING_RATE = 1e-3;
/** Losses of two implementations in float32 agree to this, relatively. */
const AGREEMENT = 1e-3;

/** What is timed. */
export interface TrainBenchOptions {
  readonly dims: readonly number[];
  readonly steps: number;
}

/** Times of one implementation at one size. */
interface Timing {
  readonly loss: number;
  readonly milliseconds: readonly number[];
}

/** One row of the result. */
export interface TrainBenchRow {
  readonly modelDim: number;
  readonly parameters: number;
  readonly posenc: Summary;
  /** Absent without PyTorch. */
  readonly pytorch?: Summary;
  /** posenc's median over PyTorch's. */
  readonly ratio?: number;
}

interface Summary {
  readonly medianMilliseconds: number;
  readonly fastestMilliseconds: number;
  readonly slowestMilliseconds: number;
  readonly tokensPerSecond: number;
}

/** Runs the benchmark; `say` is told how far it is. */
export async function benchTrain(
  { dims, steps }: TrainBenchOptions,
  say: (text: string) => void,
): Promise<{ readonly rows: readonly TrainBenchRow[]; readonly pytorch: string }> {
  await initializeJax();
  const python = process.env.PYTHON ?? 'python3';
  const pytorch = findPyTorch(python);
  const folder = mkdtempSync(join(tmpdir(), 'posenc-bench-'));
  const clean = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clean);
  process.once('SIGINT', () => process.exit(130));
  const rows: TrainBenchRow[] = [];
  for (const modelDim of dims) {
    say(`d = ${modelDim}: posenc`);
    const { model } = buildModel('rotary', shapeOf(modelDim), LENGTH);
    const parameters = initializeParameters(model, 0);
    const batch = randomBatch();
    const ours = timeOurs(model, parameters, batch, steps);
    if (modelDim === Math.min(...dims)) checkAgainst('float64', ours.loss, float64Loss(model, parameters, batch));
    const row = { modelDim, parameters: countParameters(model.parameters), posenc: summarize(ours) };
    if (pytorch === undefined) {
      rows.push(row);
      continue;
    }
    say(`d = ${modelDim}: PyTorch ${pytorch}`);
    const path = join(folder, `${modelDim}.safetensors`);
    const tokens = (data: Int32Array): PlainTensor => ({
      shape: [BATCH, LENGTH],
      data: Float64Array.from(data),
      type: 'real',
    });
    writeCheckpoint(path, {
      tensors: {
        ...parameters,
        tokens: tokens(batch.target?.data as Int32Array),
        labels: tokens(batch.labels as Int32Array),
      },
      metadata: { heads: String(HEADS), layers: String(LAYERS), rate: String(LEARNING_RATE) },
    });
    const script = join(import.meta.dirname, '../reference/bench_train.py');
    const { stdout } = await promisify(execFile)(python, [script, path, String(WARMUP), String(steps)]);
    const theirs = JSON.parse(stdout) as Timing;
    checkAgainst('PyTorch', ours.loss, theirs.loss);
    const peer = summarize(theirs);
    rows.push({ ...row, pytorch: peer, ratio: row.posenc.medianMilliseconds / peer.medianMilliseconds });
  }
  clean();
  return { rows, pytorch: pytorch ?? 'not found' };
}

/** The result as a table. */
export function trainTable({ rows, pytorch }: Awaited<ReturnType<typeof benchTrain>>): string {
  const table = new Table({
    head: ['d', 'parameters', 'posenc ms/step', 'tokens/s', 'PyTorch ms/step', 'tokens/s', 'posenc / PyTorch'],
    colAligns: Array.from({ length: 7 }, () => 'right' as const),
    style: { head: [], border: [] },
  });
  const time = (summary: Summary): string =>
    `${summary.medianMilliseconds.toFixed(1)} (${summary.fastestMilliseconds.toFixed(1)}–${summary.slowestMilliseconds.toFixed(1)})`;
  const rate = (summary: Summary): string => Math.round(summary.tokensPerSecond).toLocaleString('en-US');
  for (const { modelDim, parameters, posenc, pytorch: peer, ratio } of rows) {
    table.push([
      modelDim,
      parameters.toLocaleString('en-US'),
      time(posenc),
      rate(posenc),
      ...(peer === undefined ? ['–', '–', '–'] : [time(peer), rate(peer), (ratio as number).toFixed(2)]),
    ]);
  }
  const note =
    pytorch === 'not found'
      ? 'PyTorch was not found: install it with pip install -r reference/requirements.txt and name its Python in $PYTHON.'
      : `PyTorch ${pytorch}, one thread, same model, weights and data; first losses agree within ${AGREEMENT}.`;
  return `Training step: decoder, ${LAYERS} layers, ${HEADS} heads, rotary, batch ${BATCH} × ${LENGTH} tokens, AdamW, one thread.\nMedian (fastest–slowest).\n${table.toString()}\n${note}\n`;
}

function shapeOf(modelDim: number): ModelShape {
  return {
    architecture: 'decoder',
    modelDim,
    numHeads: HEADS,
    feedForwardDim: 4 * modelDim,
    encoderLayers: 0,
    decoderLayers: LAYERS,
    input: { kind: 'tokens', vocabulary: VOCABULARY },
    output: { kind: 'tokens', vocabulary: VOCABULARY },
  };
}

function randomBatch(): Batch {
  const { uniform } = createRandom(0, 'bench');
  const draw = (): Int32Array => Int32Array.from({ length: BATCH * LENGTH }, () => Math.floor(uniform() * VOCABULARY));
  return {
    size: BATCH,
    target: { data: draw(), length: LENGTH, lengths: new Int32Array(BATCH).fill(LENGTH) },
    labels: draw(),
  };
}

function timeOurs(
  model: ReturnType<typeof buildModel>['model'],
  parameters: Readonly<Record<string, PlainTensor>>,
  batch: Batch,
  steps: number,
): Timing {
  const decaying = new Set(model.parameters.filter(({ decay }) => decay).map(({ name }) => name));
  const trainer = createTrainer(model, { weightDecay: 0.01, clipNorm: 1, decaying }, startingState(parameters));
  let loss = Number.NaN;
  const milliseconds: number[] = [];
  for (let step = 1; step <= WARMUP + steps; step += 1) {
    const start = performance.now();
    const value = trainer.step(batch, step, LEARNING_RATE, createRandom(0, 'positions', step));
    if (step === 1) loss = value;
    if (step > WARMUP) milliseconds.push(performance.now() - start);
  }
  trainer.dispose();
  return { loss, milliseconds };
}

function float64Loss(
  model: ReturnType<typeof buildModel>['model'],
  parameters: Readonly<Record<string, PlainTensor>>,
  batch: Batch,
): number {
  const inputs = { ...batchInputs(batch, 'decoder'), signals: batchSignals(model, batch) };
  const { answers, scored } = labelsOf(batch, model.shape.output);
  const logits = model.forward(float64Operations, parameters, inputs);
  return meanLoss(float64Operations, model.shape.output, logits, answers, scored).data[0] as number;
}

function checkAgainst(name: string, ours: number, theirs: number): void {
  if (!(Math.abs(ours - theirs) <= AGREEMENT * Math.abs(theirs))) {
    throw new Error(
      `bench train: expected the loss of ${name}, ${theirs}, got ${ours}: nothing is timed until they agree`,
    );
  }
}

function summarize({ milliseconds }: Timing): Summary {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const medianMilliseconds = sorted[Math.floor(sorted.length / 2)] as number;
  return {
    medianMilliseconds,
    fastestMilliseconds: sorted[0] as number,
    slowestMilliseconds: sorted.at(-1) as number,
    tokensPerSecond: (1000 * BATCH * LENGTH) / medianMilliseconds,
  };
}

/** PyTorch's version, where this Python has it. */
function findPyTorch(python: string): string | undefined {
  try {
    const check = 'import torch, safetensors; print(torch.__version__)';
    return execFileSync(python, ['-c', check], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
