/** What a record says of a person's own data: where it came from, and what its lengths count. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { DataSummary } from '../../src/record/data-summary.ts';
import { algorithmic } from '../../src/tasks/problems/algorithmic.ts';
import { standardInputFolder, withSourceName } from '../../src/tasks/shared/standard-input.ts';
import { executeRun } from '../../src/training/run.ts';

const cache = mkdtempSync(join(tmpdir(), 'posenc-piped-'));
beforeAll(() => {
  vi.stubEnv('POSENC_CACHE', cache);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

test('the source of what was piped in is “standard input”, the option stays its path', async () => {
  mkdirSync(standardInputFolder(), { recursive: true });
  const data = join(standardInputFolder(), '0123456789abcdef');
  const sums = Array.from({ length: 120 }, (_, index) => `${index} + 1,${index + 1}`);
  writeFileSync(data, `x,y\n${sums.join('\n')}\n`);
  const record = await executeRun(
    {
      task: { name: 'algorithmic', options: { data } },
      encoding: 'none',
      seed: 0,
      model: { modelDim: 8, numHeads: 1, feedForwardDim: 8, encoderLayers: 0, decoderLayers: 1 },
      training: { steps: 1, batchSize: 2, learningRate: 1e-3, warmupSteps: 0, weightDecay: 0, clipNorm: 1 },
      evaluation: { batchSize: 32 },
    },
    algorithmic,
  );
  expect(record.task.data).toMatchObject({ source: 'standard input', rows: 120 });
  expect(record.task.lengthUnit).toBe('tokens of question and answer');
  expect(record.configuration.task.options).toEqual({ data });
});

test('files elsewhere keep their names', () => {
  const named = (source: string): string => withSourceName({ source } as DataSummary).source;
  for (const source of [
    'pairs.csv',
    join(cache, 'data', 'x'),
    join(standardInputFolder(), 'a', 'b'),
    standardInputFolder(),
  ]) {
    expect(named(source)).toBe(source);
  }
  expect(named(join(standardInputFolder(), 'a'))).toBe('standard input');
});
