/** A million rows of a person's own file, as a task prepares them: in a process of its own, whose memory is measured. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const ROWS = 1_000_000;
/** MiB of objects at most: where more is free, V8 lets garbage lie. */
const HEAP = 640;
const WORDS = 'river stone bird green old walks sings over under garden tree house child tall wind blue'.split(' ');

/** A task, and how a row of its file is written: words that no other row has in this order, and the row's number. */
export interface MillionRows {
  /** Its file among the tasks: `text/classify`. */
  readonly task: string;
  readonly file: string;
  readonly header?: string;
  readonly row: (words: readonly string[], row: number) => string;
  readonly options?: Readonly<Record<string, string | number>>;
}

const spelt = (words: readonly string[]): string => words.join(' ');

/** Those that are tested at every change. */
const FAST = ['text/classify', 'text/entities', 'problems/algorithmic'];

/** Every task that reads rows of text. */
const MILLION_ROWS: readonly MillionRows[] = [
  {
    task: 'text/classify',
    file: 'rows.csv',
    header: 'text,label',
    row: (words, row) => `${spelt(words)},class ${row % 4}`,
  },
  {
    task: 'text/translate',
    file: 'rows.csv',
    header: 'source,target',
    row: (words) => `${spelt(words)},${spelt(words.toReversed())}`,
  },
  {
    task: 'text/summarise',
    file: 'rows.csv',
    header: 'text,target',
    row: (words) => `${spelt(words)},${spelt(words.toReversed())}`,
  },
  {
    task: 'text/question',
    file: 'rows.csv',
    header: 'question,context,answer',
    row: (words, row) => `what is number ${row % 7}?,${spelt(words)},${words[0]}`,
  },
  {
    task: 'text/entities',
    file: 'rows.jsonl',
    row: (words, row) => {
      const name = `N${(row * 7919) % 40_000}`;
      return JSON.stringify({ tokens: [name, ...words], tags: ['B-PER', ...words.map(() => 'O')] });
    },
  },
  {
    task: 'text/pronounce',
    file: 'rows.csv',
    header: 'word,pronunciation',
    row: (words) => `${words.join('')},${words.map((word) => word.toUpperCase()).join(' ')}`,
  },
  { task: 'order/order', file: 'rows.csv', header: 'text', row: (words) => spelt(words) },
  {
    task: 'problems/algorithmic',
    file: 'rows.csv',
    header: 'source,target',
    row: (words) => `${spelt(words)},${spelt(words.toReversed())}`,
  },
  {
    task: 'language/language',
    file: 'rows.csv',
    header: 'text',
    // Not of words: a passage that training has too is not asked about.
    row: (_, row) => createHash('sha256').update(String(row)).digest('hex'),
    options: { trainedLength: 16 },
  },
];

export const fastTasks = MILLION_ROWS.filter(({ task }) => FAST.includes(task));
export const slowTasks = MILLION_ROWS.filter(({ task }) => !FAST.includes(task));

/** Prints the sizes of the task's splits and the memory that preparing it took, in bytes. */
const program = (task: string): string => `
  const { ${task.split('/')[1]}: task } = await import(${JSON.stringify(new URL(`../../src/tasks/${task}.ts`, import.meta.url).href)});
  const { sizes, data } = await task.prepare(JSON.parse(process.argv[1]));
  console.log(JSON.stringify({ sizes, rows: data.rows, memory: process.resourceUsage().maxRSS * 1024 }));
`;

/** One test for each of these: a million rows are read, most are trained on, and memory stays under 1 GB. */
export function testMillionRows(tasks: readonly MillionRows[]): void {
  test.each(tasks)('$task prepares a million rows in less than 1 GB of memory', { timeout: 180_000 }, async (task) => {
    const { sizes, rows, memory } = await prepareMillionRows(task);
    expect(rows).toBe(ROWS);
    expect(sizes.train).toBeGreaterThan(ROWS / 2);
    expect(memory).toBeLessThan(1e9);
  });
}

/** What preparing a million rows took. */
async function prepareMillionRows({ task, file, header, row, options }: MillionRows): Promise<{
  readonly sizes: { readonly train: number };
  readonly rows: number;
  readonly memory: number;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'posenc-million-'));
  try {
    const data = join(folder, file);
    const stream = createWriteStream(data);
    if (header !== undefined) stream.write(`${header}\n`);
    for (let start = 0; start < ROWS; start += 1000) {
      const rows = Array.from({ length: 1000 }, (_, index) => {
        // The number of the row in base sixteen, so that every row differs from every other.
        const digits = (start + index).toString(16).padStart(6, '0');
        return `${row(
          Array.from(digits, (digit) => WORDS[Number.parseInt(digit, 16)] as string),
          start + index,
        )}\n`;
      });
      if (!stream.write(rows.join(''))) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'finish');
    const flags = [
      `--max-old-space-size=${HEAP}`,
      '--conditions=posenc-source',
      '--input-type=module',
      '--eval',
      program(task),
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, JSON.stringify({ ...options, data })]);
    return JSON.parse(stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
