import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  checkpointPath,
  defaultFolder,
  FolderError,
  openFolder,
  readFinished,
  recordPath,
  runName,
  writeRecord,
  writeWhole,
} from '../../src/comparison/folder.ts';
import { type Comparison, planComparison } from '../../src/comparison/plan.ts';
import { sampleRecord, sampleTask } from './samples.ts';

let parent: string;
let folder: string;
let comparison: Comparison;
const plan = (seeds: readonly number[] = [0], fingerprint?: string) =>
  planComparison({ task: sampleTask(fingerprint), encodings: ['none', 'alibi:direction=symmetric'], seeds });

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'posenc-'));
  folder = join(parent, 'comparison');
  comparison = await plan();
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('the folder of a comparison', () => {
  test('is named after the task and the identity', () => {
    expect(defaultFolder(comparison)).toBe(join('runs', `sample-${comparison.identity.slice(0, 8)}`));
  });

  test('names files after encoding and seed, in letters every file system takes', () => {
    const [, run] = comparison.runs;
    if (run === undefined) throw new Error('no run');
    expect(runName(run)).toBe('alibi-direction=symmetric-seed0');
    expect(recordPath('f', run)).toBe(join('f', 'records', 'alibi-direction=symmetric-seed0.json'));
    expect(checkpointPath('f', run)).toBe(join('f', 'checkpoints', 'alibi-direction=symmetric-seed0.safetensors'));
    expect(runName({ encoding: 'a:b=c/d\\e f', seed: 7 })).toMatch(/^[A-Za-z0-9.=+-]+$/);
  });

  test('holds its plan from the start, and keeps it when opened again', async () => {
    await openFolder(folder, comparison);
    const held = await readFile(join(folder, 'comparison.json'), 'utf8');
    expect(JSON.parse(held)).toMatchObject({ version: 1, identity: comparison.identity, runs: comparison.runs });
    await openFolder(folder, comparison);
    expect(await readFile(join(folder, 'comparison.json'), 'utf8')).toBe(held);
    expect((await readdir(folder)).sort()).toEqual(['checkpoints', 'comparison.json', 'records']);
  });

  test('is taken up by the same comparison in another order', async () => {
    const one = await planComparison({ task: sampleTask(), encodings: ['none', 'rotary'], seeds: [0, 1] });
    const other = await planComparison({ task: sampleTask(), encodings: ['rotary', 'none'], seeds: [1, 0] });
    await openFolder(folder, one);
    await expect(openFolder(folder, other)).resolves.toBeUndefined();
  });

  test('is refused to another comparison, saying what differs and what to do', async () => {
    await openFolder(folder, comparison);
    const before = await readFile(join(folder, 'comparison.json'), 'utf8');
    const opened = openFolder(folder, await plan([0, 1]));
    await expect(opened).rejects.toThrow(FolderError);
    await expect(opened).rejects.toThrow(/holds another comparison \(seeds 0 instead of 0, 1\); give another --output/);
    await expect(openFolder(folder, await plan([0], 'beef'))).rejects.toThrow(/on other data/);
    const longer = await planComparison({
      task: sampleTask(),
      encodings: ['none', 'alibi:direction=symmetric'],
      seeds: [0],
      overrides: { steps: 30 },
    });
    await expect(openFolder(folder, longer)).rejects.toThrow(/steps 20 instead of 30/);
    expect(await readFile(join(folder, 'comparison.json'), 'utf8')).toBe(before);
  });

  test('is refused when it holds other files, which stay as they are', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'thesis.tex'), 'x');
    await expect(openFolder(folder, comparison)).rejects.toThrow(/holds thesis\.tex; give another --output/);
    expect(await readdir(folder)).toEqual(['thesis.tex']);
  });

  test('is refused when its plan is broken', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'comparison.json'), '{');
    await expect(openFolder(folder, comparison)).rejects.toThrow(/not JSON/);
    await writeFile(join(folder, 'comparison.json'), '{"version": 1}');
    await expect(openFolder(folder, comparison)).rejects.toThrow(/identity/);
  });

  test('cannot lie inside a file', async () => {
    await writeFile(join(parent, 'file'), '');
    await expect(openFolder(join(parent, 'file'), comparison)).rejects.toThrow(/is a file, not a folder/);
    await expect(openFolder(join(parent, 'file', 'inner'), comparison)).rejects.toThrow(/is a file, not a folder/);
  });
});

describe('records', () => {
  test('come back as they were written', async () => {
    await openFolder(folder, comparison);
    const [run, other] = comparison.runs;
    if (run === undefined || other === undefined) throw new Error('no runs');
    await writeRecord(folder, sampleRecord(run));
    expect(await readFinished(folder, run)).toEqual(sampleRecord(run));
    expect(await readFinished(folder, other)).toBeUndefined();
  });

  test('that are broken or of another run are refused, never run over', async () => {
    await openFolder(folder, comparison);
    const [run, other] = comparison.runs;
    if (run === undefined || other === undefined) throw new Error('no runs');
    await writeFile(recordPath(folder, run), '{"version": 1, "configu');
    await expect(readFinished(folder, run)).rejects.toThrow(/none-seed0\.json.*delete it to run it again/);
    await writeFile(recordPath(folder, run), JSON.stringify(sampleRecord(other)));
    await expect(readFinished(folder, run)).rejects.toThrow(/got one of another run/);
  });
});

describe('writing a file', () => {
  test('leaves nothing behind when it fails, and what was there untouched', async () => {
    await mkdir(join(parent, 'taken'));
    await expect(writeWhole(join(parent, 'taken'), 'x')).rejects.toThrow(/cannot write/);
    expect(await readdir(parent)).toEqual(['taken']);
    await expect(writeWhole(join(parent, 'missing', 'file'), 'x')).rejects.toThrow(/no such file or folder/);
  });

  test.skipIf(process.platform !== 'linux')('says that the disk is full', async () => {
    // /dev/full refuses every byte; a link to it stands for the temporary file.
    const { symlink } = await import('node:fs/promises');
    const path = join(parent, 'record.json');
    await symlink('/dev/full', join(parent, `.record.json.${process.pid}.part`));
    await expect(writeWhole(path, 'x'.repeat(10))).rejects.toThrow(/the disk is full; free some space/);
    expect(await readdir(parent)).toEqual([]);
  });
});
