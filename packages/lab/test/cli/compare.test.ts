import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/run-cli.ts';
import { fakeWorkers } from '../comparison/fake-workers.ts';
import { fakeIo, posenc } from './fake-io.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posenc-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The forecasting task reads its data fastest. */
const compare = (...argv: string[]) => [
  'compare',
  '--task',
  'forecast',
  '--encodings',
  'none,rotary',
  '--seeds',
  '1',
  ...argv,
];

describe('posenc compare', () => {
  test('prints a table and the place of the report, and ends with 0', async () => {
    const { code, out, err } = await posenc(compare('--workers', '1'), { cwd: folder }, fakeWorkers().start);
    expect(code).toBe(0);
    const [name = ''] = await readdir(join(folder, 'runs'));
    expect(name).toMatch(/^forecast-[0-9a-f]{8}$/);
    expect(out).toContain(`Report: ${join('runs', name, 'report.html')}\n`);
    expect((await readdir(join(folder, 'runs', name))).sort()).toEqual([
      'checkpoints',
      'comparison.json',
      'records',
      'report.html',
      'report.json',
      'report.md',
    ]);
    expect(err.split('\n').map((line) => line.replace(/ in .*/, ''))).toEqual([
      'started none, seed 0',
      'finished none, seed 0',
      'started rotary, seed 0',
      'finished rotary, seed 0',
      '',
    ]);
  });

  test('goes on from what is finished when given again', async () => {
    await posenc(compare('--output', 'o'), { cwd: folder }, fakeWorkers({ rotary: 'fail' }).start);
    const { seen, start } = fakeWorkers();
    expect((await posenc(compare('--output', 'o'), { cwd: folder }, start)).code).toBe(0);
    expect(seen.runs.map(({ configuration }) => configuration.encoding)).toEqual(['rotary']);
  });

  test('--json prints the report as JSON and nothing else', async () => {
    const { code, out } = await posenc(compare('--output', 'o', '--json'), { cwd: folder }, fakeWorkers().start);
    expect(code).toBe(0);
    expect(() => JSON.parse(out)).not.toThrow();
    expect(out).toBe(await readFile(join(folder, 'o', 'report.json'), 'utf8'));
  });

  test('gives a report whose command makes the same comparison', async () => {
    const settings = ['--steps', '9', '--learning-rate', '3e-3', '--evaluation-batch-size', '16', '--clip-norm', '0.5'];
    const argv = ['compare', '--task', 'forecast', '--encodings', 'gru,alibi', '--seeds', '4,', ...settings];
    await posenc([...argv, '--horizon', '3', '--output', 'o'], { cwd: folder }, fakeWorkers().start);
    const { command } = JSON.parse(await readFile(join(folder, 'o', 'report.json'), 'utf8')) as { command: string };
    expect(command).toMatch(/^npx posenc compare /);
    const { seen, start } = fakeWorkers();
    const again = await posenc([...command.split(' ').slice(2), '--output', 'o'], { cwd: folder }, start);
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(seen.started).toBe(0);
  });

  test('--quiet prints only where the report is', async () => {
    const result = await posenc(compare('--output', 'o', '--quiet'), { cwd: folder }, fakeWorkers().start);
    expect(result).toMatchObject({ code: 0, out: `Report: ${join('o', 'report.html')}\n`, err: '' });
  });

  test('passes settings and options of the task to every run', async () => {
    const { seen, start } = fakeWorkers();
    const argv = compare(
      '--output',
      'o',
      '--steps',
      '9',
      '--learning-rate',
      '3e-3',
      '--model-dim',
      '32',
      '--horizon',
      '3',
    );
    await posenc([...argv, '--set', 'series=returns'], { cwd: folder }, start);
    expect(seen.runs.length).toBe(2);
    for (const { configuration } of seen.runs) {
      expect(configuration.task).toEqual({ name: 'forecast', options: { horizon: '3', series: 'returns' } });
      expect(configuration.training).toMatchObject({ steps: 9, learningRate: 3e-3 });
      expect(configuration.model.modelDim).toBe(32);
    }
  });

  test('ends with 1 when a run failed, says why, and reports the others', async () => {
    const workers = fakeWorkers({ none: 'crash' });
    const { code, out, err } = await posenc(compare('--output', 'o'), { cwd: folder }, workers.start);
    expect(code).toBe(1);
    expect(err).toContain('error: none, seed 0: the worker ended: signal SIGSEGV\nout of memory\n');
    expect(out).toContain('report.html');
  });

  test('ends with 1 when the report cannot be written, with what is finished on the screen', async () => {
    await posenc(compare('--output', 'o'), { cwd: folder }, fakeWorkers().start);
    await rm(join(folder, 'o', 'report.html'));
    await mkdir(join(folder, 'o', 'report.html', 'in-the-way'), { recursive: true });
    const { code, out, err } = await posenc(compare('--output', 'o'), { cwd: folder }, fakeWorkers().start);
    expect(code).toBe(1);
    expect(out).toContain('rotary');
    expect(err).toMatch(/^error: .*report\.html: cannot write: it is a folder/);
  });

  test('stopped by Ctrl-C ends with 130, and says how to go on', async () => {
    const io = fakeIo({ cwd: folder });
    const workers = fakeWorkers({ rotary: 'wait' });
    setTimeout(function interrupt() {
      if (workers.seen.runs.length < 2) setTimeout(interrupt, 10);
      else setTimeout(io.interrupt, 20);
    }, 10);
    expect(await main(compare('--output', 'o', '--workers', '1'), io, workers.start)).toBe(130);
    expect(io.err()).toContain('Stopping: saving checkpoints');
    expect(io.err()).toContain('1 of 2 runs are finished and kept in o. The same command goes on from there.');
    expect(await readdir(join(folder, 'o', 'records'))).toEqual(['none-seed0.json']);
    expect(workers.seen.alive).toBe(0);
  });

  test('stopped by a second Ctrl-C does not wait for the workers', async () => {
    const io = fakeIo({ cwd: folder });
    const { seen, start } = fakeWorkers({ none: 'deaf' });
    setTimeout(function interrupt() {
      if (seen.runs.length < 1) setTimeout(interrupt, 10);
      else for (const delay of [20, 40]) setTimeout(io.interrupt, delay);
    }, 10);
    expect(await main(compare('--output', 'o', '--workers', '1'), io, start)).toBe(130);
    expect(seen.alive).toBe(0);
  });

  test('shows live lines on a terminal and takes them away at the end', async () => {
    const { err } = await posenc(compare('--output', 'o'), { cwd: folder, isTTY: true }, fakeWorkers().start);
    expect(err).toContain('0 of 2 runs done');
    expect(err).toContain('finished rotary, seed 0');
    expect(err).toContain('\u001B[2K');
  });
});

describe('posenc compare refuses, with exit code 2 and before any worker starts,', () => {
  const cases: [string[], string][] = [
    [['--encodings', 'none,rotery'], 'did you mean rotary?'],
    [['--encodings', 'alibi:direction=symetric'], 'expected one of causal, symmetric, left-right, got symetric'],
    [['--encodings', 'rotary,rotary'], 'rotary is given twice'],
    [['--task', 'forcast'], 'Did you mean forecast?'],
    [['--set', 'horzon=3'], 'Did you mean horizon?'],
    [['--set', 'horizon=3', '--horizon', '4'], 'horizon is given twice'],
    [['--tokens', 'bpe'], 'got option tokens'],
    [['--model-dim', '30'], '30'],
    [['--data', 'MISSING'], 'missing.csv'],
    [['--data', 'EMPTY'], 'empty'],
    [['--data', 'TEXT', '--time', 'date', '--target', 'close'], 'line 3'],
    [['--data', 'SHORT', '--time', 'date', '--target', 'close'], 'rows'],
    [['--data', 'SHORT', '--time', 'date', '--target', 'clsoe'], 'date, close'],
    [['--data', 'LATIN', '--time', 'date', '--target', 'close'], 'UTF-8'],
  ];
  test.each(cases)('%j', async (argv, message) => {
    const files: Record<string, string | Buffer> = {
      EMPTY: '',
      TEXT: 'date,close\n2024-01-01,1\n2024-01-02,n/a\n',
      SHORT: 'date,close\n2024-01-01,1\n2024-01-02,2\n',
      LATIN: Buffer.from('date,close\n2024-01-01,caf\u00e9\n', 'latin1'),
    };
    const paths = await Promise.all(
      argv.map(async (word) => {
        if (word === 'MISSING') return join(folder, 'missing.csv');
        if (files[word] === undefined) return word;
        await writeFile(join(folder, `${word}.csv`), files[word]);
        return join(folder, `${word}.csv`);
      }),
    );
    const { seen, start } = fakeWorkers();
    const { code, out, err } = await posenc(compare('--output', 'o', ...paths), { cwd: folder }, start);
    expect(err).toMatch(/^error: [^\n]*\n$/);
    expect(err).toContain(message);
    expect({ code, out, started: seen.started }).toEqual({ code: 2, out: '', started: 0 });
    expect((await readdir(folder)).includes('o')).toBe(false);
  });

  test('a folder that holds another comparison, or something else', async () => {
    const { start } = fakeWorkers();
    await posenc(compare('--output', 'o'), { cwd: folder }, start);
    const other = await posenc(compare('--output', 'o', '--steps', '3'), { cwd: folder }, start);
    expect(other).toMatchObject({ code: 2, out: '' });
    expect(other.err).toMatch(
      /^error: .*o: holds another comparison \(steps 250 instead of 3\); give another --output.*\n$/,
    );
    await mkdir(join(folder, 'thesis'));
    await writeFile(join(folder, 'thesis', 'thesis.tex'), '');
    const thesis = await posenc(compare('--output', 'thesis'), { cwd: folder }, start);
    expect(thesis.err).toContain('holds thesis.tex; give another --output');
    expect(await readdir(join(folder, 'thesis'))).toEqual(['thesis.tex']);
  });

  test('a folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    const { code, err } = await posenc(compare('--output', 'file/inner'), { cwd: folder }, fakeWorkers().start);
    expect(code).toBe(2);
    expect(err).toContain('a part of the path is a file, not a folder; give another folder');
  });
});

describe('posenc report', () => {
  test('makes every format again from the records alone', async () => {
    await posenc(compare('--output', 'o'), { cwd: folder }, fakeWorkers().start);
    const kept = await readFile(join(folder, 'o', 'report.json'), 'utf8');
    await rm(join(folder, 'o', 'comparison.json'));
    const json = await posenc(['report', 'o', '--format', 'json'], { cwd: folder });
    expect(json).toMatchObject({ code: 0, err: '' });
    expect(json.out).toBe(kept);
    const files = ['none', 'rotary'].map((encoding) => join('o', 'records', `${encoding}-seed0.json`));
    expect((await posenc(['report', ...files, '--format', 'json'], { cwd: folder })).out).toBe(kept);
    for (const format of ['terminal', 'markdown', 'html']) {
      const { code, out } = await posenc(['report', 'o', '--format', format], { cwd: folder });
      expect(code).toBe(0);
      expect(out.length).toBeGreaterThan(10);
    }
    const written = await posenc(['report', 'o', '--format', 'json', '--output', 'again.json'], { cwd: folder });
    expect(written).toMatchObject({ code: 0, out: '', err: '' });
    expect(await readFile(join(folder, 'again.json'), 'utf8')).toBe(kept);
  });

  test('refuses what holds no records, with exit code 2', async () => {
    await writeFile(join(folder, 'broken.json'), '{');
    await writeFile(join(folder, 'other.json'), '{"version": 1}');
    await mkdir(join(folder, 'empty'));
    const cases: [string, string][] = [
      ['missing', 'missing: no such file or folder'],
      ['empty', 'expected records of finished runs (records/*.json), found none'],
      ['broken.json', 'broken.json'],
      ['other.json', 'other.json'],
    ];
    for (const [place, message] of cases) {
      const { code, out, err } = await posenc(['report', place], { cwd: folder });
      expect(err).toMatch(/^error: [^\n]*\n$/);
      expect(err).toContain(message);
      expect({ code, out }).toEqual({ code: 2, out: '' });
    }
    expect((await posenc(['report', 'empty', '--format', 'pdf'], { cwd: folder })).err).toContain(
      'Allowed choices are',
    );
  });
});
