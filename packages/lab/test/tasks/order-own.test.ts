/** The task `order` on files of one's own: its sentences and words, its splits, and what is refused. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hashFraction } from '../../src/data/hash.ts';
import { order } from '../../src/tasks/order/order.ts';
import { sentencesOf } from '../../src/tasks/order/order-own.ts';
import type { Batch, EvaluationSet, PreparedTask, SequenceArray, TaskOptions } from '../../src/tasks/task.ts';

const folder = mkdtempSync(join(tmpdir(), 'posenc-order-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** `count` words drawn by the hash of a name, each with a given ending. */
function words(name: string, count: number, ending = ''): string {
  const syllables = ['ba', 'do', 'ki', 'lu', 'me', 'no', 'ri', 'sa', 'ti', 'vo'];
  const syllable = (index: number): string =>
    syllables[Math.floor(hashFraction(`${name} ${index}`) * syllables.length)] as string;
  return Array.from({ length: count }, (_, index) => syllable(2 * index) + syllable(2 * index + 1) + ending).join(' ');
}

/** As a sentence begins: without a capital, a full stop is taken for that of an abbreviation. */
function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Sentences of examples, as words, by the vocabulary that the training sentences give. */
function reader(training: readonly string[]): (tokens: readonly number[]) => string {
  const counts = new Map<string, number>();
  for (const word of training.join(' ').split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
  const vocabulary = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([word]) => word);
  return (tokens) => tokens.map((token) => (token === 1 ? '?' : vocabulary[token - 2])).join(' ');
}

function examplesOf(batches: readonly Batch[]): { readonly tokens: number[]; readonly label: number }[] {
  return batches.flatMap(({ size, source, labels }) => {
    const { data, length, lengths } = source as SequenceArray;
    return Array.from({ length: size }, (_, row) => ({
      tokens: [...data.subarray(row * length, row * length + (lengths[row] as number))],
      label: labels[row] as number,
    }));
  });
}

const inOrder = (prepared: PreparedTask): number[][] =>
  prepared
    .evaluation('test', 2)
    .flatMap(({ batches }) => examplesOf(batches))
    .filter(({ label }) => label === 0)
    .map(({ tokens }) => tokens);

describe('sentences and words', () => {
  test('of English: in lower case, without punctuation, a line break within a paragraph being a space', () => {
    expect(sentencesOf('It rained.\nThe well-known man\nstayed; why?\n\nA new paragraph — 3.5 % more!')).toEqual([
      ['it', 'rained'],
      ['the', 'well', 'known', 'man', 'stayed', 'why'],
      ['a', 'new', 'paragraph', '3.5', 'more'],
    ]);
    expect(sentencesOf("Don't.\r\n\r\n…")).toEqual([["don't"]]);
  });

  test('of scripts without spaces, as a reader would divide them', () => {
    expect(sentencesOf('我喜欢吃苹果。今日はとても暑いですね。')).toEqual([
      ['我', '喜欢', '吃', '苹果'],
      ['今日', 'は', 'とても', '暑い', 'です', 'ね'],
    ]);
    // “Thai has no spaces”: language, Thai, not have, gap between.
    expect(sentencesOf('ภาษาไทยไม่มีช่องว่าง')).toEqual([['ภาษา', 'ไทย', 'ไม่มี', 'ช่อง', 'ว่าง']]);
  });

  test('are composed', () => {
    expect(sentencesOf('Cafe\u0301 ОДИН.')).toEqual([['café', 'один']]);
  });
});

describe('splits', () => {
  const rows = Array.from({ length: 120 }, (_, index) => {
    const author = `author${index % 12}`;
    return {
      author,
      text: `${capital(words(`${index} a`, 6))} ${author}. ${capital(words(`${index} b`, 9))} ${author}!`,
    };
  });
  const path = file('rows.csv', `by,text\n${rows.map(({ author, text }) => `${author},"${text}"`).join('\n')}\n`);
  const authorsOf = (sentences: readonly string[]): Set<string> =>
    new Set(sentences.map((sentence) => sentence.split(' ').find((word) => word.startsWith('author')) as string));

  test('keep a group together, and sentences are those of the file', async () => {
    const prepared = await order.prepare({ data: path, group: 'by', trainedPercentile: 100 });
    // 12 groups by their hashes: the first 20 % to test and the next 10 % to validation, ends rounded, are 2 and 2.
    const groups = [...new Set(rows.map(({ author }) => author))].sort(
      (a, b) => hashFraction(`group ${a}`) - hashFraction(`group ${b}`),
    );
    const training = rows
      .filter(({ author }) => groups.indexOf(author) >= 4)
      .flatMap(({ text }) => text.toLowerCase().slice(0, -1).split('. '));
    const textOf = reader(training);
    const { train } = prepared.sizes;
    expect(train).toBe(160);
    // Of each two drawn, the second is shuffled.
    const trained = Array.from({ length: train }, (_, index) => {
      const batch = prepared.trainingBatch(1, () => (index + 0.5) / train);
      return textOf(examplesOf([batch])[0]?.tokens as number[]);
    });
    expect(trained.toSorted()).toEqual(training.toSorted());
    const tested = inOrder(prepared).map(textOf);
    expect(tested).toHaveLength(40);
    // The names of authors held out are no words of the training sentences.
    for (const sentence of tested) expect(sentence.split(' ').at(-1)).toBe('?');
    expect(authorsOf(trained)).toEqual(new Set(groups.slice(4)));
    expect(prepared.data?.splitBy).toBe('by by');
  });

  test('keep sentences that differ by numbers, letter case and signs together', async () => {
    const bases = Array.from({ length: 60 }, (_, index) => words(`base ${index}`, 7));
    const lines = bases.flatMap((base) => [`${base} 17`, `${base.toUpperCase()} 3!`, `${base}, 2024.`]);
    const prepared = await order.prepare({ data: file('numbers.txt', lines.join('\n')) });
    // 60 keys: 12 for test, of three sentences each.
    expect(prepared.sizes.train).toBe(42 * 3);
    expect(prepared.sizes.test).toBe(12 * 3 * 2);
  });

  test('leave out held-out sentences that occur in a row of training, but for their numbers', async () => {
    const lines = Array.from(
      { length: 100 },
      (_, index) => `${words(`own ${index}`, 6)}. ${capital(words('same', 7))} ${index}.`,
    );
    const prepared = await order.prepare({ data: file('same.txt', lines.join('\n')), trainedPercentile: 100 });
    // 10 rows of validation and 20 of test repeat what training rows say.
    expect(prepared.notes.join(' ')).toContain('30 held-out ones that also occur in another split');
    expect(prepared.sizes.test).toBe(20 * 2);
  });

  test('of one long row are by sentence', async () => {
    const text = Array.from({ length: 100 }, (_, index) => `${capital(words(`long ${index}`, 6))}.`).join(' ');
    const prepared = await order.prepare({ data: file('one.json', JSON.stringify([{ text }])) });
    expect(prepared.data).toMatchObject({ rows: 1, splitBy: 'by sentence' });
    expect(prepared.sizes).toEqual({ train: 70, validation: 20, test: 40 });
  });
});

describe('lengths', () => {
  const lines = Array.from({ length: 400 }, (_, index) => words(`length ${index}`, 3 + (index % 20)));
  const path = file('lengths.txt', lines.join('\n'));

  test('are chosen by percentile, short sentences are counted', async () => {
    const prepared = await order.prepare({ data: path, trainedPercentile: 50 });
    // Of 5 to 22 words, half have at most 13 or 14.
    const trained = prepared.data?.trainedLength?.maximum as number;
    expect([13, 14]).toContain(trained);
    expect(prepared.data?.lengths).toMatchObject({ unit: 'words', minimum: 5, maximum: 22 });
    expect(prepared.notes.join(' ')).toContain('40 sentences of fewer than 5 words are not asked about');
    const buckets = prepared.evaluation('test', 2).map(({ bucket }) => bucket);
    expect(buckets[0]).toMatchObject({ minimum: 5, maximum: trained, trained: true });
    expect(buckets.at(-1)?.trained).toBe(false);
    for (const { bucket, batches } of prepared.evaluation('test', 2)) {
      for (const { tokens } of examplesOf(batches)) {
        expect(tokens.length).toBeGreaterThanOrEqual(bucket.minimum);
        expect(tokens.length).toBeLessThanOrEqual(bucket.maximum);
      }
    }
  });

  test('over the limit are refused with the first line and what to do, or cut and counted', async () => {
    // 20 lines of 22 words, the first is the 20th.
    await expect(order.prepare({ data: path, trainedLength: 10, longest: 21 })).rejects.toThrow(
      'order: expected sentences of at most 21 words, got 20 longer ones, the first is in line ',
    );
    await expect(order.prepare({ data: path, trainedLength: 10, longest: 21 })).rejects.toThrow(
      'give --too-long cut to keep their starts, or --longest 22',
    );
    // Of a folder, rows are files and have names.
    for (const [index, line] of lines.entries()) file(`pages/${index}.txt`, `${line}\n`);
    await expect(order.prepare({ data: join(folder, 'pages'), trainedLength: 10, longest: 21 })).rejects.toThrow(
      /got 20 longer ones, the first is in \d+\.txt; give/,
    );
    const cut = await order.prepare({ data: path, trainedLength: 10, longest: 21, tooLong: 'cut' });
    expect(cut.data?.tooLong).toEqual({ count: 20, action: 'cut' });
    expect(cut.maximumLength).toBe(21);
    // None is missing that is there when nothing is cut.
    expect(cut.sizes).toEqual((await order.prepare({ data: path, trainedLength: 10 })).sizes);
  });
});

test('samples show the words as asked, and which order they were taken for', async () => {
  const lines = Array.from({ length: 200 }, (_, index) => words(`sample ${index}`, 8));
  const prepared = await order.prepare({ data: file('samples.txt', lines.join('\n')) });
  const [{ bucket, batches, examples }] = prepared.evaluation('test', 2) as [EvaluationSet];
  const labels = examplesOf(batches).map(({ label }) => label);
  // All are taken for shuffled.
  const samples = prepared.samples?.(bucket, { kind: 'classes', classes: new Int32Array(examples).fill(1) }) ?? [];
  expect(samples).toHaveLength(6);
  for (const [index, sample] of samples.entries()) {
    if (sample.kind !== 'text') throw new TypeError('expected a text');
    const label = labels[index] as number;
    expect(sample).toMatchObject({ expected: ['in order', 'shuffled'][label], answer: 'shuffled', right: label === 1 });
    // Words that training sentences lack are question marks.
    const pattern = new RegExp(`^${sample.source.replaceAll('?', '[a-z]+')}$`);
    expect(lines.some((line) => pattern.test(line))).toBe(label === 0);
  }
  const { portrait } = prepared;
  expect(portrait?.source).toEqual(
    samples.flatMap((one) => (one.kind === 'text' && one.expected === 'in order' ? [one.source.split(' ')] : []))[0],
  );
  expect(portrait?.batch.source?.data).toHaveLength(8);
  expect([...(portrait?.batch.labels ?? [])]).toEqual([0]);
});

describe('refused, with what to do:', () => {
  const few = Array.from({ length: 12 }, (_, index) => words(`few ${index}`, 6)).join('\n');
  const cases: [string, () => TaskOptions, string][] = [
    [
      'a row without words',
      () => ({ data: file('dots.txt', `${few}\n…!\n`) }),
      'line 13: text: expected words, got …!',
    ],
    ['a few sentences', () => ({ data: file('few.txt', few) }), 'order: expected at least 8 examples for'],
    [
      'a row without its group',
      () => ({ data: file('group.csv', 'text,by\na b c d e f,\nb c d e f g,x\n'), group: 'by' }),
      'line 2: group: expected a value, got an empty cell',
    ],
    [
      'no such column',
      () => ({ data: file('c.csv', 'words,by\na b,x\n') }),
      'which column is the text? Give --text with one of words, by',
    ],
    [
      'lengths without a file',
      () => ({ trainedLength: 10 }),
      'order: --trained-length: expected a file of yours to go with it (--data FILE), got none; leave it out',
    ],
    [
      'sentences that are one word again and again',
      () => ({
        data: file(
          'same word.txt',
          Array.from({ length: 100 }, (_, index) => 'da '.repeat(5 + (index % 60))).join('\n'),
        ),
        longest: 100,
      }),
      'words for train, each different and of at least two different words, got none; give more text',
    ],
  ];
  test.each(cases)('%s', async (_, options, message) => {
    await expect(order.prepare(options())).rejects.toThrow(message);
  });
});
