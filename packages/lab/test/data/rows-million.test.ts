import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { folder } from './rows-help.ts';

const ROWS = 1_000_000;
const BAD = 1000;

/** A program that reads the file named on its command line and prints what it saw and the memory it took, in MiB. */
const source = (file: string): string => JSON.stringify(new URL(`../../src/data/${file}`, import.meta.url).href);
const program = `
  import { createRefusals } from ${source('refusals.ts')};
  import { openRows } from ${source('rows.ts')};
  const path = process.argv[1];
  const refusals = createRefusals(path);
  let rows = 0, sum = 0, last;
  for await (const row of (await openRows(path, { refusals })).rows) {
    rows++;
    sum += Number(row.cells.id);
    last = row;
  }
  const memory = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ rows, sum, last, refused: refusals.count, memory }));
`;

test('a million rows with quoted line ends are read in less than 1 GB of memory', { timeout: 120_000 }, async () => {
  const path = join(folder, 'million.csv');
  const stream = createWriteStream(path);
  stream.write('id,text,label\n');
  for (let start = 0; start < ROWS; start += BAD) {
    const rows = Array.from({ length: BAD }, (_, index) => {
      const id = start + index;
      return index === 7 ? `${id},"x"y\n` : `${id},"row ${id}, first line – ñ\nsecond line",label ${id % 7}\n`;
    });
    if (!stream.write(rows.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  const flags = ['--conditions=posenc-source', '--input-type=module', '--eval', program, path];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  const { memory, ...seen } = JSON.parse(stdout);
  const bad = ROWS / BAD;
  expect(seen).toEqual({
    rows: ROWS - bad,
    sum: (ROWS * (ROWS - 1)) / 2 - (7 * bad + (BAD * bad * (bad - 1)) / 2),
    // The header, two lines of every row, one of a bad one.
    last: {
      line: 1 + 2 * ROWS - bad - 1,
      cells: { id: '999999', text: 'row 999999, first line – ñ\nsecond line', label: 'label 0' },
    },
    refused: bad,
  });
  expect(memory).toBeLessThan(500);
});
