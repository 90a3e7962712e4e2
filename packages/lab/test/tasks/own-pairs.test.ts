/** Translation on people's own files: columns, refusals, splits without leakage, lengths. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LengthError } from '../../src/tasks/shared/length-checks.ts';
import { nearDuplicateKey } from '../../src/tasks/shared/splits.ts';
import { type PreparedTask, TaskError } from '../../src/tasks/task.ts';
import { classify } from '../../src/tasks/text/classify.ts';
import { summarise } from '../../src/tasks/text/summarise.ts';
import { translate } from '../../src/tasks/text/translate.ts';
import { csv, fraction, jsonLines, NOUNS, ownFile, sentence, sourceTexts, tokenizerOf } from './own-files.ts';
import { rightPredictions } from './predictions.ts';

/** Pairs of a sentence of 2 … 9 words and its words backwards, written by one of 40 authors: `ak`, `al`, … */
const pairs = Array.from({ length: 400 }, (_, index) => {
  const source = sentence(index, 2 + (index % 8), NOUNS);
  const author = `${'abcdefgh'[Math.floor(index / 50)]}${'klmno'[Math.floor(index / 10) % 5]}`;
  return { source, target: source.split(' ').toReversed().join(' '), author };
});
const rows = pairs.map(({ source, target, author }) => [source, target, author]);
const table = ownFile('пары.csv', csv(['English', 'Übersetzung', 'author'], rows));
const columns = { data: table, source: 'English', target: 'Übersetzung' };
const all = { ...columns, trainedPercentile: 100 };

const splits = ['train', 'validation', 'test'] as const;
const textsOf = (prepared: PreparedTask) => splits.map((split) => sourceTexts(prepared, split));

describe('a table of pairs', () => {
  test('is read by the columns named, whatever the file is called', async () => {
    const { data, sizes, evaluation } = await translate.prepare(columns);
    expect(data).toMatchObject({
      source: table,
      format: 'csv',
      rows: 400,
      refused: { count: 0 },
      columns: [
        { name: 'English', use: 'source' },
        { name: 'Übersetzung', use: 'target' },
        { name: 'author', use: 'not used' },
      ],
    });
    expect(sizes.test).toBeGreaterThan(20);
    const buckets = evaluation('test', 64).map(({ bucket }) => bucket);
    expect(buckets[0]?.maximum).toBe(data?.trainedLength?.maximum);
  });

  test('gives the same pairs as TSV, JSON lines, and packed', async () => {
    const tsv = rows.map((cells) => cells.join('\t')).join('\n');
    const files = [
      ownFile('pairs.tsv', `source\ttarget\tauthor\n${tsv}\n`),
      ownFile('pairs.jsonl', jsonLines(pairs)),
      ownFile('pairs.jsonl.gz', gzipSync(jsonLines(pairs))),
      ownFile('pairs.json', JSON.stringify(pairs)),
    ];
    const [first, ...others] = await Promise.all(
      files.map((data) => translate.prepare({ data, trainedPercentile: 100 })),
    );
    const sorted = (prepared: PreparedTask) => textsOf(prepared).map((texts) => texts.toSorted());
    for (const other of others) expect(sorted(other)).toEqual(sorted(first as PreparedTask));
    expect(first?.sizes).toEqual((await translate.prepare(all)).sizes);
  });

  test('is scored best by its own targets', async () => {
    const prepared = await translate.prepare(all);
    expect(prepared.metrics?.map(({ name }) => name).toSorted()).toEqual(['bleu', 'chrf']);
    for (const set of prepared.evaluation('test', 64)) {
      expect(prepared.score('test', set.bucket, rightPredictions(prepared, set)).chrf).toBeCloseTo(100, 9);
    }
  });
});

describe('texts within a column of objects', () => {
  const data = join(import.meta.dirname, '../fixtures/rows/hugging-face-translation.parquet');

  test('are named with dots', async () => {
    const prepared = await translate.prepare({
      data,
      source: 'translation.en',
      target: 'translation.de',
      trainedPercentile: 100,
    });
    expect(prepared.data).toMatchObject({
      rows: 300,
      refused: { count: 0, unit: 'row' },
      columns: [{ name: 'translation', use: 'source: en, target: de' }],
    });
    const texts = textsOf(prepared).flat();
    expect(texts.length).toBeGreaterThan(200);
    for (const text of texts) expect(text).toMatch(/^the (?:stone|river|lamp|road|tower|field|bell)/);
    for (const example of prepared.data?.examples ?? []) {
      const [source, target] = example.split(' → ') as [string, string];
      expect(target.split(' ').toReversed().slice(1).join(' ')).toBe(source.replace('the ', ''));
    }
  });

  test.each([
    [
      { source: 'translation.fr', target: 'translation.de' },
      /row 1: source: expected translation\.fr, got translation: \{"en":"the/,
    ],
    [
      { source: 'translation', target: 'translation.de' },
      /row 1: source: expected a text, got \{"en":.*; a field of it is named with a dot: --source COLUMN\.en/,
    ],
    [
      { source: 'text.en', target: 'translation.de' },
      /--source: expected a column of the file \(translation\), got text\.en/,
    ],
  ])('%j is refused', async (options, message) => {
    await expect(translate.prepare({ data, ...options })).rejects.toThrow(message);
  });

  test('a column whose own name has a dot is that column', async () => {
    const dotted = rows.map(([source, target]) => [source as string, target as string]);
    const path = ownFile('dotted.csv', csv(['text.en', 'text.de'], dotted));
    const { data: summary } = await translate.prepare({ data: path, source: 'text.en', target: 'text.de' });
    expect(summary?.columns?.map(({ use }) => use)).toEqual(['source', 'target']);
  });
});

describe('no leakage', () => {
  test('texts that differ in numbers only count as one, and that is told', async () => {
    const numbered = Array.from({ length: 200 }, (_, index) => [`page ${index} of the book`, `Seite ${index}`]);
    await expect(
      translate.prepare({ data: ownFile('pages.csv', csv(['source', 'target'], numbered)) }),
    ).rejects.toThrow(
      'translate: expected at least 8 examples for validation, got 0 of 200, since those that differ only in letter case, ' +
        'numbers, punctuation and spaces count as one, which leaves 1; give more rows that differ',
    );
    const more = ownFile(
      'more-pages.csv',
      csv(['English', 'Übersetzung'], [...numbered, ...rows.map((cells) => cells.slice(0, 2))]),
    );
    const distinct = 1 + new Set(pairs.map(({ source }) => nearDuplicateKey(source))).size;
    const { notes } = await translate.prepare({ ...columns, data: more });
    expect(notes.join('\n')).toMatch(
      new RegExp(
        `^${600 - distinct} of 600 examples differ from another only in letter case, numbers, .*: such examples count as one`,
      ),
    );
  });

  test('copies that differ in case, punctuation and numbers are never in two splits', async () => {
    const copies = pairs.slice(0, 120).flatMap(({ source, target }, index) => [
      [`${source} at ${index}`, target],
      [`${source.toUpperCase()}, at ${index + 1}!`, target],
      [`« ${source} at 7`, target],
    ]);
    const prepared = await translate.prepare({
      data: ownFile('copies.csv', csv(['source', 'target'], copies)),
      trainedPercentile: 100,
    });
    const [train, validation, tested] = textsOf(prepared).map((texts) => new Set(texts.map(nearDuplicateKey)));
    expect(tested?.size).toBeGreaterThan(5);
    for (const key of tested ?? []) expect(train?.has(key) || validation?.has(key)).toBe(false);
    for (const key of validation ?? []) expect(train?.has(key)).toBe(false);
  });

  test('a group is never in two splits, and what two groups have alike is left out and counted', async () => {
    const authored = pairs.map(({ source, target, author }) => [`by ${author}: ${source}`, target, author]);
    const shared = pairs
      .filter((_, index) => index % 10 === 0)
      .map(({ author }) => ['the same for all', 'todos', author]);
    const prepared = await translate.prepare({
      data: ownFile('grouped.csv', csv(['source', 'target', 'who'], [...authored, ...shared])),
      group: 'who',
      trainedPercentile: 100,
    });
    expect(prepared.data?.splitBy).toBe('by who');
    const texts = textsOf(prepared);
    const authors = texts.map((list) => new Set(list.flatMap((text) => text.match(/^by \w+/) ?? [])));
    expect(authors.reduce((sum, { size }) => sum + size, 0)).toBe(40);
    expect(texts.filter((list) => list.includes('the same for all'))).toHaveLength(1);
    expect(prepared.notes.join(' ')).toMatch(/6 of 66 held-out texts are left out: another split has nearly the same/);
  });

  test('the tokenizer learns from training texts alone', async () => {
    const first = await translate.prepare(all);
    const training = new Set(sourceTexts(first, 'train'));
    const changed = (which: boolean) =>
      csv(
        ['English', 'Übersetzung'],
        pairs.map(({ source, target }) => [source, training.has(source) === which ? 'qz' : target]),
      );
    const heldOut = await translate.prepare({ ...all, data: ownFile('held-out.csv', changed(false)) });
    const trained = await translate.prepare({ ...all, data: ownFile('trained.csv', changed(true)) });
    expect(heldOut.files).toEqual(first.files);
    expect(trained.files).not.toEqual(first.files);
    expect(heldOut.fingerprint).not.toBe(first.fingerprint);
  });
});

describe('rows that cannot be used', () => {
  const holed = rows.map((cells, index) => (index % 50 === 7 ? [cells[0] as string, ' ', ''] : cells));
  const path = ownFile('holes.csv', csv(['source', 'target', 'author'], holed));

  test('stop the command when they are more than one in a hundred, with their lines', async () => {
    await expect(translate.prepare({ data: path })).rejects.toThrow(
      new RegExp(
        '^translate: .*8 of 400 rows \\(2 %\\) cannot be used, more than the 1 % allowed: ' +
          'line 9: target: expected a text, got an empty cell; line 59: .*--allow-refused 0.02',
      ),
    );
  });

  test('are counted and told where they are allowed', async () => {
    const { data } = await translate.prepare({ data: path, allowRefused: '0.02' });
    expect(data).toMatchObject({ rows: 400, refused: { count: 8, unit: 'line' } });
    expect(data?.refused.first.map(({ line }) => line)).toEqual([9, 59, 109, 159, 209, 259, 309, 359]);
  });

  test('are those without a group, where groups are asked for', async () => {
    const ungrouped = rows.map((cells, index) => (index === 3 ? [...cells.slice(0, 2), ''] : cells)) as string[][];
    const data = ownFile('ungrouped.csv', csv(['source', 'target', 'author'], ungrouped));
    const prepared = await translate.prepare({ data, group: 'author', trainedPercentile: 100 });
    expect(prepared.data?.refused).toMatchObject({
      count: 1,
      first: [{ line: 5, reason: 'group: expected a value, got an empty cell' }],
    });
  });
});

describe('lengths', () => {
  const longer = [...rows, [sentence(9, 200, NOUNS), 'x', 'ak'], [sentence(11, 150, NOUNS), 'x', 'al']];
  const data = ownFile('long.csv', csv(['source', 'target', 'author'], longer));

  test('beyond the limit are refused unless they may be cut, and then counted', async () => {
    await expect(translate.prepare({ data })).rejects.toThrow(
      /^translate: expected sources of at most \d+ tokens, got 2 longer ones, the first is line 40[23]; give --too-long cut to keep their starts, or --longest 200$/,
    );
    const prepared = await translate.prepare({ data, tooLong: 'cut' });
    expect(prepared.data?.tooLong).toEqual({ count: 2, action: 'cut' });
    const limit = prepared.data?.trainedLength?.limit as number;
    for (const text of sourceTexts(prepared, 'test')) {
      expect(tokenizerOf(prepared).encode(text).ids.length).toBeLessThanOrEqual(limit);
    }
    // Given room for the longest, nothing is cut.
    expect((await translate.prepare({ data, longest: 200 })).data?.tooLong).toBeUndefined();
  });

  test('of own data are those of four fifths, so that few are over four times as long', async () => {
    for (const task of [translate, summarise, classify]) {
      expect(task.options.find(({ name }) => name === 'trainedPercentile')?.description).toContain(
        '80 of your own data',
      );
    }
    expect((await translate.prepare(columns)).data?.trainedLength?.chosenBy).toBe(
      'the shortest 80 % of training examples',
    );
  });

  test('that stop the command come with what is known of the data', async () => {
    const error = await translate.prepare({ data }).catch((reason: unknown) => reason);
    if (!(error instanceof LengthError)) throw new Error(`expected a LengthError, got ${error}`);
    expect(error.data).toMatchObject({
      rows: 402,
      lengths: { maximum: 200 },
      trainedLength: { maximum: expect.any(Number) },
    });
    expect(error.data.lengths?.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(402);
  });

  test('trained on are at most as long as asked', async () => {
    const prepared = await translate.prepare({ ...columns, trainedLength: 5 });
    expect(prepared.trainingBatch(64, fractionOf(1)).source?.lengths.every((length) => length <= 5)).toBe(true);
    expect(prepared.data?.trainedLength).toMatchObject({ maximum: 5, limit: 20, chosenBy: 'as given' });
  });
});

function fractionOf(start: number): () => number {
  let draw = start;
  return () => fraction(draw++);
}

describe('wrong use', () => {
  const short = ownFile(
    'short.csv',
    csv(
      ['source', 'target'],
      rows.slice(0, 20).map((cells) => cells.slice(0, 2)),
    ),
  );
  const one = ownFile('one.csv', csv(['source', 'target'], [['a stone', 'una piedra']]));
  test.each([
    [{ source: 'English' }, /^translate: --source: expected a file of yours to go with it \(--data FILE\), got none/],
    [{ group: 'a' }, /^translate: --group: expected a file of yours/],
    [{ allowRefused: 0.1 }, /^translate: --allow-refused: expected a file of yours/],
    [{ ...columns, dataset: 'messages' }, /^translate: expected --data or --dataset, got both; leave one out$/],
    [{ dataset: 'poems' }, /^translate: --dataset: expected one of verses, messages, got poems$/],
    [{ dataset: 'verses' }, /^translate: .*not on this machine: run `posenc data fetch translate`/],
    [
      { data: table },
      /^translate: .*which column is the target\? Give --target with one of English, Übersetzung, author/,
    ],
    [{ ...columns, source: 'French' }, /^translate: .*--source: expected a column of the file .*got French/],
    [
      { ...columns, allowRefused: 'all' },
      /^translate: --allow-refused: expected a share from 0 to 1 such as 0.05, got all/,
    ],
    [{ ...columns, group: 'year' }, /^translate: .*--group: expected a column of the file .*got year/],
    [{ ...columns, label: 'author' }, /^translate: expected one of .*, got option label/],
    [{ ...columns, format: 'xlsx' }, /^translate: .*xlsx/],
    [{ data: `${table}.gone`, source: 'a', target: 'b' }, /^translate: .*\.gone/],
    [{ ...columns, tokenizer: table, vocabulary: 500 }, /^translate: expected --tokenizer or --vocabulary, got both/],
    [{ ...columns, tokenizer: table }, /^translate: .*пары\.csv/],
    [
      { data: short },
      /^translate: expected at least 8 examples for (train|validation|test), got \d of 20; give more rows/,
    ],
    [{ data: one }, /^translate: expected at least 8 examples for train, got 1 of 1; give more rows/],
  ])('%j', async (options, message) => {
    await expect(translate.prepare(options)).rejects.toThrow(TaskError);
    await expect(translate.prepare(options)).rejects.toThrow(message);
  });
});

test.each([
  ['The Dog, 12 times!', 'the dog 0 times'],
  ['the dog   13 times', 'the dog 0 times'],
  ['ＤＯＧ', 'dog'],
  // Numbers that are most of a text tell it from others.
  ['3 1 4 1 5', '3 1 4 1 5'],
  ['copy 3 1 4', 'copy 3 1 4'],
  // Marks of punctuation that are all of a text, too.
  ['( ( ) )', '( ( ) )'],
  ['👍 👍', '👍 👍'],
  // Vowel signs are part of their words.
  ['की दुनिया', 'की दुनिया'],
])('near-duplicates of %j are those of %j', (text, key) => {
  expect(nearDuplicateKey(text)).toBe(key);
});
