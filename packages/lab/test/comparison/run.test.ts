import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFolder, recordPath, writeRecord } from '../../src/comparison/folder.ts';
import { type Comparison, planComparison } from '../../src/comparison/plan.ts';
import { type ComparisonEvent, runComparison } from '../../src/comparison/run.ts';
import { startProcess } from '../../src/comparison/worker-process.ts';
import { fakeWorkers } from './fake-workers.ts';
import { sampleRecord, sampleTask } from './samples.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posenc-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const plan = (encodings: readonly string[] = ['none', 'rotary', 'alibi'], seeds: readonly number[] = [0]) =>
  planComparison({ task: sampleTask(), encodings, seeds });

const encodings = (runs: readonly { readonly encoding: string }[]): string[] => runs.map(({ encoding }) => encoding);

describe('a comparison', () => {
  test('does every run once, as many at a time as there are workers, and leaves no worker behind', async () => {
    const comparison = await plan(['none', 'rotary', 'alibi', 't5'], [0, 1]);
    const { seen, start } = fakeWorkers();
    const events: ComparisonEvent[] = [];
    const outcome = await runComparison(comparison, folder, {
      workers: 3,
      startWorker: start,
      onEvent: (event) => events.push(event),
    });
    expect(outcome.records.map(({ configuration }) => configuration)).toEqual(comparison.runs);
    expect(outcome).toMatchObject({ failures: [], left: [] });
    expect(seen).toMatchObject({ started: 8, mostBusy: 3, alive: 0 });
    expect((await readdir(join(folder, 'records'))).length).toBe(8);
    for (const run of comparison.runs) {
      expect(events.filter((event) => event.run === run).map(({ type }) => type)).toEqual([
        'started',
        'progress',
        'finished',
      ]);
    }
  });

  test('tells each worker where its checkpoint is', async () => {
    const { seen, start } = fakeWorkers();
    await runComparison(await plan(['none']), folder, { workers: 8, startWorker: start, checkpointEvery: 7 });
    expect(seen.runs[0]).toMatchObject({
      checkpointPath: join(folder, 'checkpoints', 'none-seed0.safetensors'),
      checkpointEvery: 7,
    });
  });

  test('keeps finished runs and does only the others', async () => {
    const comparison = await plan();
    const [first] = comparison.runs;
    if (first === undefined) throw new Error('no run');
    await openFolder(folder, comparison);
    await writeRecord(folder, { ...sampleRecord(first), parameters: 4711 });
    const before = await readFile(recordPath(folder, first), 'utf8');
    const { seen, start } = fakeWorkers();
    const events: string[] = [];
    const outcome = await runComparison(comparison, folder, {
      workers: 1,
      startWorker: start,
      onEvent: ({ type, run }) => type !== 'progress' && events.push(`${type} ${run.encoding}`),
    });
    expect(encodings(seen.runs.map(({ configuration }) => configuration))).toEqual(['rotary', 'alibi']);
    expect(events[0]).toBe('kept none');
    expect(outcome.records.map(({ parameters }) => parameters)).toEqual([4711, 100, 100]);
    expect(await readFile(recordPath(folder, first), 'utf8')).toBe(before);
  });

  test('of which nothing is left starts no worker', async () => {
    const comparison = await plan();
    await runComparison(comparison, folder, { startWorker: fakeWorkers().start });
    const { seen, start } = fakeWorkers();
    expect((await runComparison(comparison, folder, { startWorker: start })).records.length).toBe(3);
    expect(seen.started).toBe(0);
  });

  test('goes on after a run that fails, and after a worker that crashes', async () => {
    const comparison = await plan(['none', 'rotary', 'alibi', 't5', 'learned']);
    const { seen, start } = fakeWorkers({ none: 'crash', rotary: 'fail', alibi: 'nonsense' });
    const outcome = await runComparison(comparison, folder, { workers: 1, startWorker: start });
    expect(encodings(outcome.records.map(({ configuration }) => configuration))).toEqual(['t5', 'learned']);
    expect(outcome.left).toEqual([]);
    expect(outcome.failures.map(({ run, reason, details }) => [run.encoding, reason, details])).toEqual([
      ['none', 'the worker ended: signal SIGSEGV', 'out of memory'],
      ['rotary', 'the loss is not a number', 'a stack'],
      ['alibi', expect.stringMatching(/message that is not understood: record/), ''],
    ]);
    expect(seen).toMatchObject({ started: 5, alive: 0 });
    expect((await readdir(join(folder, 'records'))).sort()).toEqual(['learned-seed0.json', 't5-seed0.json']);
  });

  test('that is asked to stop lets runs save, keeps what is finished and starts nothing more', async () => {
    const comparison = await plan(['none', 'rotary', 'alibi', 't5']);
    const { seen, start } = fakeWorkers({ rotary: 'wait', alibi: 'wait' });
    const stop = new AbortController();
    const outcome = await runComparison(comparison, folder, {
      workers: 2,
      startWorker: start,
      stop: stop.signal,
      onEvent: ({ type, run }) => type === 'started' && run.encoding === 'alibi' && setTimeout(() => stop.abort(), 20),
    });
    expect(encodings(outcome.records.map(({ configuration }) => configuration))).toEqual(['none']);
    expect(encodings(outcome.left)).toEqual(['rotary', 'alibi', 't5']);
    expect(outcome.failures).toEqual([]);
    expect(seen.alive).toBe(0);

    const again = await runComparison(comparison, folder, { startWorker: fakeWorkers().start });
    expect(encodings(again.records.map(({ configuration }) => configuration))).toEqual(encodings(comparison.runs));
  });

  test('that is ended at once does not wait for its workers, and calls no run failed', async () => {
    const { seen, start } = fakeWorkers({ none: 'wait' });
    const kill = new AbortController();
    setTimeout(() => kill.abort(), 20);
    const outcome = await runComparison(await plan(['none', 'rotary']), folder, {
      workers: 1,
      startWorker: start,
      kill: kill.signal,
    });
    expect(outcome).toMatchObject({ records: [], failures: [], left: { length: 2 } });
    expect(seen.alive).toBe(0);
  });

  test('that was stopped before it began does nothing', async () => {
    const { seen, start } = fakeWorkers();
    const outcome = await runComparison(await plan(), folder, { startWorker: start, stop: AbortSignal.abort() });
    expect(outcome.left.length).toBe(3);
    expect(seen.started).toBe(0);
  });

  test('whose records cannot be written ends with the reason, and stops the other runs', async () => {
    const comparison = await plan(['none', 'rotary', 'alibi', 't5']);
    const { seen, start } = fakeWorkers({ rotary: 'wait' });
    const breakFolder = async (): Promise<void> => {
      await rm(join(folder, 'records'), { recursive: true });
      await writeFile(join(folder, 'records'), 'in the way');
    };
    let broken: Promise<void> | undefined;
    const comparing = runComparison(comparison, folder, {
      workers: 2,
      startWorker: (listener) => {
        broken ??= breakFolder();
        const worker = start(listener);
        return { ...worker, send: (request) => void broken?.then(() => worker.send(request)) };
      },
    });
    await expect(comparing).rejects.toThrow(/none-seed0\.json: cannot write: a part of the path is a file/);
    expect(seen.alive).toBe(0);
    expect(seen.runs.length).toBe(2);
  });

  test('refuses a number of workers that is none', async () => {
    for (const workers of [0, 1.5, Number.NaN]) {
      await expect(runComparison(await plan(), folder, { workers })).rejects.toThrow(/workers: expected an integer/);
    }
  });
});

describe('a worker process', () => {
  test('that crashes is told with its exit code and the end of its error output', async () => {
    const program = join(folder, 'program.mjs');
    await writeFile(
      program,
      `process.on('message', () => { process.stderr.write('x'.repeat(9000) + 'no memory left', () => process.exit(7)); });`,
    );
    const comparison = await plan(['none']);
    const outcome = await runOutside(comparison, program);
    expect(outcome.failures).toMatchObject([{ reason: 'the worker ended: exit code 7' }]);
    expect(outcome.failures[0]?.details).toMatch(/^x+no memory left$/);
    expect(outcome.failures[0]?.details.length).toBeLessThan(5000);
  });

  test('that ends before it hears anything, or is not there, fails the run', async () => {
    const program = join(folder, 'program.mjs');
    await writeFile(program, 'process.exit(3)');
    expect((await runOutside(await plan(['none']), program)).failures).toMatchObject([
      { reason: 'the worker ended: exit code 3' },
    ]);
    const missing = await runOutside(await plan(['none']), join(folder, 'missing.mjs'));
    expect(missing.failures[0]?.details).toMatch(/Cannot find module/);
  });

  test('keeps numbers that JSON cannot hold', async () => {
    const program = join(folder, 'program.mjs');
    const loss = '{ type: "progress", progress: { phase: "training", step: 1, steps: 2, loss: NaN } }';
    await writeFile(program, `process.on('message', () => process.send(${loss}, () => process.exit(0)));`);
    const losses: unknown[] = [];
    await runOutside(await plan(['none']), program, (event) => {
      if (event.type === 'progress') losses.push(event.progress.loss);
    });
    expect(losses).toEqual([Number.NaN]);
  });

  function runOutside(
    comparison: Comparison,
    path: string,
    onEvent: (event: ComparisonEvent) => void = () => undefined,
  ) {
    return runComparison(comparison, join(folder, 'comparison'), {
      workers: 1,
      onEvent,
      startWorker: (listener) => startProcess(listener, { path, execArgv: [] }),
    });
  }
});
