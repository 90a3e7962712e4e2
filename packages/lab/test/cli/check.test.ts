/** `posenc compare --check`, and data from standard input. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { classify } from '../../src/tasks/text/classify.ts';
import { fakeWorkers } from '../comparison/fake-workers.ts';
import { posenc } from './fake-io.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posenc prüfen 検査 '));
  vi.stubEnv('POSENC_CACHE', join(folder, 'cache'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Reviews whose class is the order of two words. */
const reviews = Array.from({ length: 240 }, (_, index) => {
  const words = [
    'good',
    'bad',
    `film ${'abcdefghij'[index % 10]}${'klmnopqr'[Math.floor(index / 30)]}${'stu'[Math.floor(index / 10) % 3]}`,
  ];
  const positive = index % 2 === 0;
  return `"${words[positive ? 0 : 1]} not ${words[positive ? 1 : 0]}, ${words[2]}",${positive ? 'yes' : 'no'}`;
});
const table = `Body,Liked\n${reviews.join('\n')}\n`;
const check = (...argv: string[]) => [
  ...['compare', '--task', 'classify', '--text', 'Body', '--label', 'Liked', '--check', '--encodings', 'none,rotary'],
  ...[
    '--seeds',
    '0,3',
    '--model-dim',
    '16',
    '--num-heads',
    '2',
    '--feed-forward-dim',
    '16',
    '--batch-size',
    '4',
    ...argv,
  ],
];

describe('--check', () => {
  test('says what was understood, and trains and writes nothing', async () => {
    const data = join(folder, 'Kritiken.csv');
    await writeFile(data, table);
    const { seen, start } = fakeWorkers();
    const { code, out, err } = await posenc(check('--data', data), { cwd: folder, columns: 80 }, start);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(seen.runs).toEqual([]);
    expect(await readdir(folder)).toEqual(['Kritiken.csv']);
    const lines = out.split('\n');
    expect(lines[0]).toBe('classify: Document classification');
    expect(lines).toEqual(
      expect.arrayContaining([
        'Data',
        `  ${data} (csv): 240 rows`,
        '  columns: Body (text), Liked (label)',
        '  refused: 0',
        '  classes',
        expect.stringMatching(/^ {4} no █+ 120$/),
        expect.stringMatching(/^ {4}yes █+ 120$/),
        expect.stringMatching(/^ {2}length in tokens: \d+ to \d+, median \d+$/),
        expect.stringMatching(
          /^ {2}trained on lengths up to \d+ \(the shortest 80 % of training examples\); the longest used is \d+$/,
        ),
        '  first examples',
        expect.stringMatching(/^ {4}(?:yes|no): (?:good|bad) not/),
        'Splits',
        expect.stringMatching(/^ {2}\d+ train, \d+ validation, \d+ test; divided by text, near-duplicates together$/),
        expect.stringMatching(/^ {2}test, .* tokens \(trained range\): \d+$/),
        '  4 runs: none, rotary; seeds 0, 3',
        expect.stringMatching(/^ {2}[\d.]+ ms a step with none, measured now; training takes about .* at a time/),
        expect.stringMatching(/^ {2}about [\d.]+ .B of memory for each run$/),
        'Nothing was trained and nothing written. Without --check, the same command starts.',
      ]),
    );
  });

  test('lists refused rows with their lines and reasons', async () => {
    const data = join(folder, 'holes.csv');
    await writeFile(data, `${table}"a text without a class",\n,yes\n`);
    const { out } = await posenc(check('--data', data), { cwd: folder });
    expect(out).toContain(
      '  refused: 2\n' +
        '    line 242: label: expected a text, got an empty cell\n' +
        '    line 243: text: expected a text, got an empty cell\n',
    );
  });

  test('--json prints the same as JSON', async () => {
    const data = join(folder, 'reviews.csv');
    await writeFile(data, table);
    const { code, out } = await posenc(check('--data', data, '--json'), { cwd: folder });
    expect(code).toBe(0);
    const parsed = JSON.parse(out) as Record<string, unknown>;
    expect(parsed).toMatchObject({
      task: { name: 'classify', lengthUnit: 'tokens' },
      data: { source: data, rows: 240, refused: { count: 0 } },
      runs: 4,
      encodings: ['none', 'rotary'],
      seeds: [0, 3],
    });
    const { secondsPerStep, trainingSeconds, memoryBytes } = parsed.estimate as Record<string, number>;
    // Four runs.
    expect(trainingSeconds).toBeCloseTo((secondsPerStep as number) * classify.defaults.steps * 4, 6);
    expect(memoryBytes).toBeGreaterThan(1e7);
  });

  test('is asked in the same words as the run it is about, and refuses what that would', async () => {
    const data = join(folder, 'one-row.csv');
    await writeFile(data, 'Body,Liked\na,b\n');
    const { code, out, err } = await posenc(check('--data', data), { cwd: folder });
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain('classify: expected at least 8 examples for train, got 1 of 1; give more rows');
    expect(await readdir(folder)).toEqual(['one-row.csv']);
  });

  test('stopped by a long tail, shows the lengths first, then what would stop the run', async () => {
    const data = join(folder, 'tail.csv');
    const long = `"${Array.from({ length: 900 }, () => 'good').join(' ')}",yes`;
    await writeFile(data, `${table}${long}\n`);
    const { code, out, err } = await posenc(check('--data', data), { cwd: folder });
    expect(code).toBe(2);
    expect(out).toContain('classify: Document classification\n\nData\n');
    expect(out).toMatch(/\n {2}length in tokens: \d+ to 9\d\d, median \d+\n/);
    // The bulk fills several stretches, though one text is a hundred times as long.
    expect(out.match(/^ +\d+(?:–\d+)? █+ \d+$/gm)?.length).toBeGreaterThan(2);
    expect(out).toMatch(/trained on lengths up to \d+ \(the shortest 80 % of training examples\)/);
    expect(out).toMatch(/\nThis would stop the comparison; nothing was trained and nothing written\.\n$/);
    expect(err).toMatch(
      /^error: classify: expected texts of at most \d+ tokens, got 1 longer one, the first is line 242; give --too-long cut/,
    );
    const json = await posenc(check('--data', data, '--json'), { cwd: folder });
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({
      task: { name: 'classify' },
      data: { source: data, rows: 241, lengths: { unit: 'tokens' } },
      error: expect.stringContaining('got 1 longer one'),
    });
  });

  test('counts in the unit of the data', async () => {
    const data = join(folder, 'sums.csv');
    const sums = Array.from({ length: 200 }, (_, index) => `${index} + 1,${index + 1}`);
    await writeFile(data, `x,y\n${sums.join('\n')}\n`);
    const small = ['--model-dim', '16', '--num-heads', '2', '--batch-size', '2', '--seeds', '1', '--encodings', 'none'];
    const { out } = await posenc(['compare', '--task', 'algorithmic', '--data', data, '--check', ...small], {
      cwd: folder,
    });
    expect(out).toContain('  1 run: none; seeds 0\n');
    expect(out).toMatch(/test, .* tokens of question and answer \(trained range\)/);
  });

  test('says which data would be better and how to get them', async () => {
    const { out } = await posenc(
      [
        ...check().slice(0, 3),
        '--check',
        '--encodings',
        'none',
        '--seeds',
        '1',
        '--model-dim',
        '16',
        '--num-heads',
        '2',
        '--batch-size',
        '2',
      ],
      { cwd: folder },
    );
    expect(out).toMatch(
      /note: .*are not on this machine: run `posenc data fetch classify`.* Until then, distance is used\./,
    );
  });
});

describe('wrong use', () => {
  test.each([
    [
      ['--task', 'classify', '--label', 'Liked'],
      'classify: --label: expected a file of yours to go with it (--data FILE), got none; leave it out',
    ],
    [
      ['--task', 'classify', '--data', 'a.csv', '--dataset', 'spam'],
      'classify: expected --data or --dataset, got both; leave one out',
    ],
    [['--task', 'classify', '--data', 'a.csv', '--time', 'day'], 'got option time'],
    [
      ['--task', 'classify', '--data', 'a.csv', '--set', 'data=b.csv'],
      'classify: data is given twice, by --data and by --set',
    ],
    [['--task', 'translate', '--data', 'nowhere.csv'], 'nowhere.csv'],
    [['--task', 'entities', '--too-long', 'cut'], 'entities: --too-long: expected one of window, refuse, got cut'],
  ])('%j', async (argv, message) => {
    for (const more of [[], ['--check']]) {
      const { code, out, err } = await posenc(['compare', ...argv, ...more], { cwd: folder }, fakeWorkers().start);
      expect(err).toContain(message);
      expect(code).toBe(2);
      expect(out).toBe('');
    }
  });
});

describe('data from standard input', () => {
  test('is kept under the hash of its content, whole, so that runs can read it again', async () => {
    const { code, out } = await posenc(check('--data', '-'), { cwd: folder, piped: table });
    expect(code).toBe(0);
    expect(out).toContain('  standard input (csv): 240 rows');
    expect(out).not.toContain(folder);
    const kept = join(folder, 'cache', 'standard-input');
    const [name = '', ...others] = await readdir(kept);
    expect(others).toEqual([]);
    expect(name).toMatch(/^[0-9a-f]{16}$/);
    expect(await readFile(join(kept, name), 'utf8')).toBe(table);
    await posenc(check('--data', '-'), { cwd: folder, piped: table });
    expect(await readdir(kept)).toEqual([name]);
    await posenc(check('--data', '-'), { cwd: folder, piped: `${table}more,yes\n` });
    expect(await readdir(kept)).toHaveLength(2);
  });

  test('may be JSON lines: the format is found by the content', async () => {
    const lines = reviews.map((line, index) => JSON.stringify({ Body: line, Liked: index % 2 }));
    const { out } = await posenc(check('--data', '-', '--json'), { cwd: folder, piped: `${lines.join('\n')}\n` });
    expect(JSON.parse(out)).toMatchObject({ data: { format: 'jsonl', rows: 240 } });
  });

  test('is called so in errors too, while runs are told where it is kept', async () => {
    const { err } = await posenc(['compare', '--task', 'classify', '--data', '-'], { cwd: folder, piped: table });
    expect(err).toContain('classify: standard input: which column is the label? Give --label with one of Body, Liked');
    const { seen, start } = fakeWorkers();
    await posenc(
      check('--data', '-').filter((one) => one !== '--check'),
      { cwd: folder, piped: table },
      start,
    );
    const [run] = seen.runs as [(typeof seen.runs)[number]];
    expect(JSON.stringify(run)).toContain(join('cache', 'standard-input'));
  });

  test('is expected to be piped in', async () => {
    const { code, err } = await posenc(check('--data', '-'), { cwd: folder });
    expect(code).toBe(2);
    expect(err).toContain('--data -: expected data on standard input, got a keyboard; pipe a file in, or name it');
  });
});
