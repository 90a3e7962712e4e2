import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { positionRange } from 'posenc/positions';
import { float64Operations, type PlainTensor } from 'posenc/tensor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/data/random.ts';
import { buildModel } from '../../src/model/build.ts';
import { initializeParameters } from '../../src/model/parameters.ts';
import type { RunRecord } from '../../src/record/record.ts';
import type { Batch } from '../../src/tasks/task.ts';
import { createEvaluator } from '../../src/training/evaluate.ts';
import { batchInputs } from '../../src/training/inputs.ts';
import { DivergenceError, executeRun, modelShapeOf } from '../../src/training/run.ts';
import { createTrainer, startingState } from '../../src/training/step.ts';
import { reversal, reversalRun } from './reversal-task.ts';

const STEPS = 40;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posenc-run-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Everything of a record that must not depend on when and how fast it was made. */
function numbersOf({ configuration, task, encoding, parameters, curve, validation, test: scores }: RunRecord) {
  return { configuration, task, encoding, parameters, curve, validation, test: scores };
}

describe('a run', () => {
  test('learns the tiny task with positions, and cannot without', async () => {
    const [sinusoidal, none] = [
      await executeRun(reversalRun('sinusoidal', 150), reversal),
      await executeRun(reversalRun('none', 150), reversal),
    ];
    expect(sinusoidal.test['3']?.accuracy).toBeGreaterThan(0.9);
    expect(none.test['3']?.accuracy).toBeLessThan(0.5);
  });

  test('with the same seed gives the same numbers, with another seed others', async () => {
    const [first, second, other] = [
      await executeRun(reversalRun('rotary', 10), reversal),
      await executeRun(reversalRun('rotary', 10), reversal),
      await executeRun(reversalRun('rotary', 10, 1), reversal),
    ];
    expect(numbersOf(second)).toEqual(numbersOf(first));
    expect(other.curve).not.toEqual(first.curve);
  });

  test.each([7, 20, STEPS])(
    'killed at step %i and started again ends with the numbers of one left alone',
    async (at) => {
      const configuration = reversalRun('learned', STEPS);
      const checkpointPath = join(folder, `killed-${at}.safetensors`);
      const child = fork(join(import.meta.dirname, 'killed-run.ts'), ['learned', String(STEPS), checkpointPath], {
        execArgv: ['--conditions=posenc-source'],
      });
      child.on('message', (step) => {
        if (step === at) child.kill('SIGKILL');
      });
      const signal = await new Promise((resolve) => child.on('exit', (_, name) => resolve(name)));
      expect(signal).toBe('SIGKILL');
      expect(existsSync(checkpointPath)).toBe(true);
      const resumed = await executeRun(configuration, reversal, { checkpointPath, checkpointEvery: 3 });
      const alone = await executeRun(configuration, reversal);
      expect(numbersOf(resumed)).toEqual(numbersOf(alone));
    },
  );

  test('stops when asked, saves where it is and goes on from there', async () => {
    const configuration = reversalRun('alibi', STEPS);
    const checkpointPath = join(folder, 'stopped.safetensors');
    const stopping = new AbortController();
    const stopped = executeRun(configuration, reversal, {
      checkpointPath,
      checkpointEvery: 1000,
      signal: stopping.signal,
      onProgress: ({ step }) => step === 11 && stopping.abort(),
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    const steps: number[] = [];
    const resumed = await executeRun(configuration, reversal, {
      checkpointPath,
      onProgress: ({ phase, step }) => phase === 'training' && steps.push(step),
    });
    expect(steps[0]).toBe(12);
    expect(numbersOf(resumed)).toEqual(numbersOf(await executeRun(configuration, reversal)));
  });

  test('that diverges fails with the step and what to do', async () => {
    const configuration = reversalRun('none', 30);
    const wild = { ...configuration, training: { ...configuration.training, learningRate: 1e30, warmupSteps: 1 } };
    await expect(executeRun(wild, reversal)).rejects.toThrow(DivergenceError);
    await expect(executeRun(wild, reversal)).rejects.toThrow(/loss at step \d+ is .*smaller learning rate/);
  });
});

describe('generation', () => {
  test.each(['sinusoidal', 'learned', 'rotary', 'alibi', 't5', 'shaw', 'sinusoidal+rotary:layers=not-2n', 'gru'])(
    'with %s, and a cache where it can keep one, gives what decoding the whole prefix again gives',
    async (encoding) => {
      const prepared = await reversal.prepare({});
      const configuration = reversalRun(encoding, 12);
      const { model } = buildModel(encoding, modelShapeOf(configuration, prepared), prepared.maximumLength);
      const settings = { weightDecay: 0, clipNorm: 1, decaying: new Set<string>() };
      const trainer = createTrainer(model, settings, startingState(initializeParameters(model, 3)));
      for (let step = 1; step <= 12; step += 1) {
        trainer.step(
          prepared.trainingBatch(32, createRandom(3, 'batch', step).uniform),
          step,
          5e-3,
          createRandom(3, 'positions'),
        );
      }
      const evaluator = createEvaluator(model, prepared.question, 3);
      const [set] = prepared.evaluation('test', 27);
      const answers = await evaluator.ask(trainer.parameters(), set as never, async () => undefined);
      const { parameters } = trainer.state();
      if (answers.kind !== 'sequences') throw new TypeError('expected sequences');
      const batch = set?.batches[0] as Batch;
      expect(answers.sequences.slice(0, batch.size)).toEqual(generateByPrefix(model, parameters, batch, 5));
      evaluator.dispose();
      trainer.dispose();
    },
  );
});

/** Greedy decoding in float64 that runs the whole prefix for every token. */
function generateByPrefix(
  model: ReturnType<typeof buildModel>['model'],
  parameters: Readonly<Record<string, PlainTensor>>,
  batch: Batch,
  maximumLength: number,
): number[][] {
  const { source, sourceMask } = batchInputs(batch, 'encoder-decoder') as Required<ReturnType<typeof batchInputs>>;
  const prefixes = Array.from({ length: batch.size }, () => [1]);
  for (let length = 1; length <= maximumLength; length += 1) {
    const target: PlainTensor = {
      shape: [batch.size, length],
      data: Float64Array.from(prefixes.flat()),
      type: 'integer',
    };
    const signals = model.signals({ source: positionRange(3), target: positionRange(length) });
    const { shape, data } = model.forward(float64Operations, parameters, { source, sourceMask, target, signals });
    const vocabulary = shape[2] as number;
    prefixes.forEach((prefix, row) => {
      const start = (row * length + length - 1) * vocabulary;
      const logits = [...data.subarray(start, start + vocabulary)];
      prefix.push(logits.indexOf(Math.max(...logits)));
    });
  }
  return prefixes.map(([, ...tokens]) => {
    const end = tokens.indexOf(2);
    return end < 0 ? tokens : tokens.slice(0, end);
  });
}
