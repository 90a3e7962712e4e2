/** A million rows of a person's own file, as a task prepares them: in a process of its own, whose memory is measured. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'posenc-million-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ROWS = 1_000_000;
const WORDS = 'river stone bird green old walks sings over under garden tree house child tall wind blue'.split(' ');

/** Prints the sizes of the task's splits and the memory that preparing it took, in MiB. */
const program = (task: string): string => `
  const { ${task} } = await import(${JSON.stringify(new URL(`../../src/tasks/text/${task}.ts`, import.meta.url).href)});
  const { sizes, data } = await ${task}.prepare({ data: process.argv[1] });
  console.log(JSON.stringify({ sizes, rows: data.rows, memory: process.resourceUsage().maxRSS / 1024 }));
`;

test.each([
  ['classify', 'text,label'],
  ['translate', 'source,target'],
  ['summarise', 'text,target'],
])('%s prepares a million rows in less than 1 GB of memory', { timeout: 180_000 }, async (task, header) => {
  const path = join(folder, `${task}.csv`);
  const stream = createWriteStream(path);
  stream.write(`${header}\n`);
  for (let start = 0; start < ROWS; start += 1000) {
    const rows = Array.from({ length: 1000 }, (_, index) => {
      const row = start + index;
      // The number of the row in base sixteen, so that every row differs from every other.
      const words = [...row.toString(16)].map((digit) => WORDS[Number.parseInt(digit, 16)]);
      return `${words.join(' ')},${task === 'classify' ? `class ${row % 4}` : words.toReversed().join(' ')}\n`;
    });
    if (!stream.write(rows.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  const flags = ['--conditions=posenc-source', '--input-type=module', '--eval', program(task), path];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  const { sizes, rows, memory } = JSON.parse(stdout);
  expect(rows).toBe(ROWS);
  expect(sizes.train).toBeGreaterThan(ROWS / 2);
  // In bytes: less than 1 GB.
  expect(memory * 2 ** 20).toBeLessThan(0.9e9);
});
