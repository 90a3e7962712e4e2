/** Real worker processes training real, tiny models. */
import { fork, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { planComparison } from '../../src/comparison/plan.ts';
import { runComparison } from '../../src/comparison/run.ts';
import { findTask } from '../../src/tasks/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posenc-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const TINY = { modelDim: 8, numHeads: 2, feedForwardDim: 8, decoderLayers: 1, batchSize: 4 };
const plan = (encodings: readonly string[], steps: number) =>
  planComparison({
    task: findTask('forecast'),
    taskOptions: { context: 8, horizon: 2, testExamples: 8 },
    encodings,
    seeds: [0],
    overrides: { ...TINY, steps },
  });

describe('a comparison in worker processes', () => {
  test('that is stopped and taken up again ends with the numbers of one that was not', async () => {
    const comparison = await plan(['rotary'], 12);
    const stop = new AbortController();
    const stopped = await runComparison(comparison, join(folder, 'stopped'), {
      stop: stop.signal,
      onEvent: (event) => event.type === 'progress' && event.progress.step >= 3 && stop.abort(),
    });
    expect(stopped).toMatchObject({ records: [], failures: [], left: { length: 1 } });
    expect(await readdir(join(folder, 'stopped', 'checkpoints'))).toEqual(['rotary-seed0.safetensors']);

    const steps: number[] = [];
    const resumed = await runComparison(comparison, join(folder, 'stopped'), {
      onEvent: (event) => event.type === 'progress' && steps.push(event.progress.step),
    });
    const straight = await runComparison(comparison, join(folder, 'straight'));
    expect(steps[0]).toBeGreaterThan(3);
    const numbers = ({ records: [record] }: typeof straight) => [record?.test, record?.curve, record?.validation];
    expect(numbers(straight)[0]).toBeDefined();
    expect(numbers(resumed)).toEqual(numbers(straight));
    expect(await readdir(join(folder, 'stopped', 'checkpoints'))).toEqual([]);
  }, 60_000);
});

describe('a worker', () => {
  /** Starts one on a run that would take minutes. */
  const start = async () => {
    const { runs } = await plan(['none'], 100_000);
    const child = fork(join(import.meta.dirname, '../../src/comparison/worker.ts'), {
      execArgv: ['--conditions=posenc-source'],
      serialization: 'advanced',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const checkpointPath = join(folder, 'checkpoint.safetensors');
    child.send({ type: 'run', configuration: runs[0], checkpointPath, checkpointEvery: 1_000_000 });
    return { child, ended };
  };

  test('lets Ctrl-C pass, and saves a checkpoint when asked to stop', async () => {
    const { child, ended } = await start();
    const heard = new Promise<string>((resolve) => {
      let interruptedAt: number | undefined;
      child.on('message', (reply: { readonly type: string; readonly progress?: { readonly step: number } }) => {
        if (reply.progress === undefined) return resolve(reply.type);
        if (interruptedAt === undefined) {
          interruptedAt = reply.progress.step;
          child.kill('SIGINT');
        } else if (reply.progress.step === interruptedAt + 20) child.send({ type: 'stop' });
      });
      child.on('exit', () => resolve('ended'));
    });
    expect(await heard).toBe('stopped');
    expect(await readdir(folder)).toEqual(['checkpoint.safetensors']);
    child.disconnect();
    expect(await ended).toBe(0);
  }, 60_000);

  test('ends in the middle of a run when the main process is gone', async () => {
    const { child, ended } = await start();
    child.once('message', () => child.disconnect());
    expect(await ended).toBe(0);
  }, 60_000);
});

describe('the command itself', () => {
  const argv = ['--task', 'forecast', '--context', '8', '--horizon', '2', '--test-examples', '8', '--seeds', '1'];
  const sizes = ['--model-dim', '8', '--num-heads', '2', '--feed-forward-dim', '8', '--batch-size', '4'];
  /** Starts the program in a process group of its own, as a shell does. */
  const start = (...more: string[]) => {
    const main = join(import.meta.dirname, '../../src/cli/main.ts');
    const child = spawn(
      process.execPath,
      ['--conditions=posenc-source', main, 'compare', ...argv, ...sizes, '--output', folder, ...more],
      { detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const heard = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      heard.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      heard.err += text;
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    return { child, heard, ended };
  };

  test('compares, reports and ends with 0', async () => {
    const { heard, ended } = start('--encodings', 'none,alibi', '--steps', '3');
    expect(await ended, heard.err).toBe(0);
    expect(heard.out).toContain('naive');
    expect(heard.out).toContain(join(folder, 'report.html'));
    expect((await readdir(join(folder, 'records'))).sort()).toEqual(['alibi-seed0.json', 'none-seed0.json']);
  }, 60_000);

  test('stopped by Ctrl-C, which every process of the terminal receives, ends with 130 and leaves none behind', async () => {
    const { child, heard, ended } = start('--encodings', 'none,alibi', '--steps', '100000', '--workers', '2');
    child.stderr.once('data', () => setTimeout(() => process.kill(-(child.pid as number), 'SIGINT'), 300));
    expect(await ended, heard.err).toBe(130);
    expect(heard.err).toContain('0 of 2 runs are finished');
    expect(heard.err).not.toContain('failed');
    expect(() => process.kill(-(child.pid as number), 0)).toThrow('ESRCH');
  }, 60_000);
});
