/** The control data of `classify`: mails, made up here, since people's own are private. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { classify } from '../../src/tasks/text/classify.ts';
import { declareFetched } from './fetched-data.ts';
import { NOUNS, sentence } from './own-files.ts';

vi.mock('../../src/data/mail.ts', () => ({
  readMails: () =>
    Array.from({ length: 400 }, (_, index) => ({
      subject: `about ${sentence(index, 3, NOUNS)}`,
      // From 20 to 979 words.
      body: sentence(index, 20 + ((index * 37) % 960), NOUNS),
      spam: index % 2 === 0,
    })),
}));

const cache = mkdtempSync(join(tmpdir(), 'posenc-mails-'));
beforeAll(() => {
  vi.stubEnv('POSENC_CACHE', cache);
  const file = join(cache, 'data', 'spam', 'mails');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, 'mails');
  declareFetched(cache, 'spam', [file]);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

test('mails are trained on up to 128 tokens unless asked otherwise: a share of them would take hours', async () => {
  const trained = async (options: object) =>
    (await classify.prepare({ dataset: 'spam', ...options })).data?.trainedLength?.maximum;
  expect(await trained({})).toBe(128);
  expect(await trained({ trainedLength: 200 })).toBe(200);
  expect(await trained({ trainedPercentile: 90 })).toBeGreaterThan(500);
});
