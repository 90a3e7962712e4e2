/** The task `language` on files of one's own: what is trained on, what is tested, and what is refused. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hashFraction } from '../../src/data/hash.ts';
import { loadTextTokenizer, trainTextTokenizer } from '../../src/data/text-tokenizer.ts';
import { language } from '../../src/tasks/language/language.ts';
import { bytePairTokens, characterTokens } from '../../src/tasks/language/language-tokens.ts';
import type { EvaluationSet, LengthBucket, PreparedTask, SequenceArray, TaskOptions } from '../../src/tasks/task.ts';

const folder = mkdtempSync(join(tmpdir(), 'posenc language Ж '));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const LETTERS = 'abcdefghij klmnopqr';

/** A text of letters drawn by the hash of its name: no two share a passage. */
function drawn(name: string, length: number, letters = LETTERS): string {
  const characters = [...letters];
  return Array.from(
    { length },
    (_, index) => characters[Math.floor(hashFraction(`${name} ${index}`) * characters.length)],
  )
    .join('')
    .trim();
}

/** The text of all characters that are trained on, by going through every training window. */
function trainingTexts(prepared: PreparedTask, textOf: (tokens: Int32Array) => string): string[] {
  const { train } = prepared.sizes;
  return Array.from({ length: train }, (_, index) => {
    const { target } = prepared.trainingBatch(1, () => (index + 0.5) / train);
    return textOf((target as SequenceArray).data as Int32Array);
  });
}

/** Longest contexts of test windows. */
function testTexts(prepared: PreparedTask, textOf: (tokens: Int32Array) => string): string[] {
  const { batches, examples } = prepared.evaluation('test', 64).at(-1) as ReturnType<
    PreparedTask['evaluation']
  >[number];
  return batches
    .flatMap(({ size, target }) => {
      const { data, length } = target as SequenceArray;
      return Array.from({ length: size }, (_, row) =>
        textOf(data.slice(row * length, (row + 1) * length) as Int32Array),
      );
    })
    .slice(0, examples);
}

/** What tokens stand for: characters by how often they are in the training texts, then by code; 2 is the first. */
function reader(training: string): (tokens: Int32Array) => string {
  const counts = new Map<string, number>();
  for (const character of training) counts.set(character, (counts.get(character) ?? 0) + 1);
  const characters = [...counts]
    .filter(([, count]) => count >= 10)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([character]) => character);
  return (tokens) => Array.from(tokens, (token) => characters[token - 2] ?? '�').join('');
}

describe('rows are documents', () => {
  const rows = Array.from({ length: 24 }, (_, index) => ({
    group: `author ${index % 8}`,
    text: drawn(`row ${index}`, 700),
  }));
  const path = file(
    'with group.csv',
    `author;body\n${rows.map(({ group, text }) => `${group};"${text}"`).join('\n')}\n`,
  );
  /** The rows whose text occurs in what is trained on or tested. */
  const groupsIn = (texts: readonly string[]): Set<string> =>
    new Set(rows.filter(({ text }) => texts.some((one) => text.includes(one))).map(({ group }) => group));

  test('a group is in one split, and windows are text of the file', async () => {
    const prepared = await language.prepare({ data: path, text: 'body', group: 'author', trainedLength: 16 });
    // 8 groups: one for test and one for validation, the first two by their hashes.
    const groups = [...new Set(rows.map(({ group }) => group))].sort(
      (one, other) => hashFraction(`group ${one}`) - hashFraction(`group ${other}`),
    );
    const trained = rows.filter(({ group }) => groups.indexOf(group) >= 2);
    const textOf = reader(trained.map(({ text }) => text).join(''));
    const [training, tested] = [trainingTexts(prepared, textOf), testTexts(prepared, textOf)];
    for (const text of training) expect(rows.some((row) => row.text.includes(text))).toBe(true);
    expect(groupsIn(training).size).toBe(6);
    expect(groupsIn(tested).size).toBe(1);
    for (const group of groupsIn(tested)) expect(groupsIn(training).has(group)).toBe(false);
    expect(prepared.data?.splitBy).toBe('by author');
    expect(prepared.data?.columns).toEqual([
      { name: 'author', use: 'group' },
      { name: 'body', use: 'text' },
    ]);
  });

  test('contexts are as long as test texts allow: here four times the trained length, not eight', async () => {
    const prepared = await language.prepare({ data: path, group: 'author', trainedLength: 100 });
    expect(prepared.evaluation('test', 4).map(({ bucket }) => [bucket.label, bucket.trained])).toEqual([
      ['100 (sliding window)', true],
    ]);
    const shorter = await language.prepare({ data: path, group: 'author', trainedLength: 16 });
    expect(shorter.evaluation('test', 4).map(({ bucket }) => bucket.maximum)).toEqual([16, 32, 64, 128]);
    const between = await language.prepare({ data: path, group: 'author', trainedLength: 40 });
    expect(between.evaluation('test', 4).map(({ bucket }) => bucket.maximum)).toEqual([40, 80, 160]);
    expect(between.notes.join(' ')).toContain('contexts of more than 160 tokens');
  });

  test('near-duplicates are in one split: the same texts in other letters, with other numbers', async () => {
    const bases = Array.from({ length: 15 }, (_, index) => drawn(`base ${index}`, 300));
    const lines = bases.flatMap((base) => [base, base.toUpperCase(), `${base}!`]);
    const prepared = await language.prepare({ data: file('near.txt', lines.join('\n')), trainedLength: 8 });
    const samples = prepared.evaluation('test', 64).flatMap(({ bucket, examples }) => {
      const nats = new Float64Array(examples);
      return prepared.samples?.(bucket, { kind: 'losses', nats, counts: new Int32Array(examples) }) ?? [];
    });
    const tested = new Set(
      samples.flatMap((sample) => {
        const text = (sample.kind === 'text' ? sample.source.slice(1) + sample.expected : '').toLowerCase();
        return bases.filter((base) => `${base}!`.toLowerCase().includes(text));
      }),
    );
    // 15 keys: 10 % and 5 % of them, rounded, are 2 and 1; three texts each.
    expect(prepared.notes.join(' ')).toContain('(0 of 36)');
    expect(tested.size).toBeLessThanOrEqual(2);
    expect(tested.size).toBeGreaterThan(0);
  });

  test('a passage quoted from a training text is not tested', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => drawn(`quote ${index}`, 400));
    const quotation = drawn('the quotation', 200);
    const quoting = texts.map((text) => text.slice(0, 200) + quotation + text.slice(200));
    const prepared = await language.prepare({ data: file('quoting.txt', quoting.join('\n')), trainedLength: 16 });
    const plain = await language.prepare({ data: file('plain.txt', texts.join('\n')), trainedLength: 16 });
    const left = (task: PreparedTask): number => Number(/left out: (\d+) were/.exec(task.notes.join(' '))?.[1]);
    expect(left(plain)).toBe(0);
    // Of three held-out texts, each stride of 8 that ends 16 or more characters into 200: 23 or 24.
    expect(left(prepared)).toBeGreaterThanOrEqual(3 * 23);
    expect(left(prepared)).toBeLessThanOrEqual(3 * 24);
  });

  test('JSON lines and a folder of .txt files are read as well', async () => {
    const lines = rows.map(({ text, group }) => JSON.stringify({ story: text, by: group })).join('\n');
    const options = { trainedLength: 16, testExamples: 10_000 };
    const fromLines = await language.prepare({ data: file('rows.jsonl', lines), text: 'story', ...options });
    const books = join(folder, 'books');
    mkdirSync(books);
    for (const [index, { text }] of rows.entries()) writeFileSync(join(books, `book ${index}.txt`), text);
    const fromFolder = await language.prepare({ data: books, ...options });
    expect(fromFolder.sizes).toEqual(fromLines.sizes);
    expect([fromLines.data?.rows, fromFolder.data?.rows]).toEqual([24, 24]);
    // The same texts are tested; their order is by their names.
    const contexts = (prepared: PreparedTask): string[] => testTexts(prepared, (tokens) => tokens.join(' ')).sort();
    expect(contexts(fromFolder)).toEqual(contexts(fromLines));
  });
});

describe('one long text', () => {
  // Numbers tell where in the text a window is from.
  const text = Array.from({ length: 4000 }, (_, index) => String(10_000 + index)).join(' ');
  const numbersIn = (texts: readonly string[]): number[] =>
    texts.flatMap((one) => [...one.matchAll(/\b\d{5}\b/g)].map(([number]) => Number(number)));

  test.each([
    ['a row', { data: file('row.json', JSON.stringify([{ text }])) }],
    ['joined lines', { data: file('lines.txt', text.replaceAll(/((?:\d+ ){9}\d+) /g, '$1\n')), documents: 'joined' }],
  ])('%s is divided in order, with a gap of the longest context', async (_, options) => {
    const prepared = await language.prepare({ ...options, trainedLength: 16 });
    const joined = 'documents' in options ? text.replaceAll(/((?:\d+ ){9}\d+) /g, '$1\n') : text;
    const textOf = reader(joined.slice(0, Math.round(joined.length * 0.75)));
    const trained = numbersIn(trainingTexts(prepared, textOf));
    const tested = numbersIn(testTexts(prepared, textOf));
    // 23,999 characters; the first 75 % are trained on, 15 % of them are the test but for the first 8 · 16.
    expect(Math.max(...trained)).toBe(12_998);
    expect(prepared.sizes.train).toBe(Math.round(23_999 * 0.75) - 16);
    expect(Math.min(...tested)).toBeGreaterThanOrEqual(10_000 + Math.floor((0.85 * 23_999 + 128) / 6));
    expect(Math.min(...tested)).toBeLessThan(13_600);
    expect(prepared.data?.splitBy).toContain('128 tokens between the parts are left out');
  });
});

describe('tokens', () => {
  test('are characters by code point, composed, the rare ones unknown', async () => {
    const lines = Array.from({ length: 20 }, (_, index) =>
      drawn(`emoji ${index}`, 500, '日本語😀e\u0301 かな'.normalize('NFC')),
    );
    const decomposed = lines.map((line) => line.normalize('NFD')).join('\n');
    const prepared = await language.prepare({ data: file('日本語.txt', decomposed), trainedLength: 16 });
    // 日 本 語 😀 é space か な, and two that stand for none.
    expect(prepared.input).toEqual({ kind: 'tokens', vocabulary: 10 });
    const [set] = prepared.evaluation('test', 64);
    const examples = set?.examples as number;
    const predictions = {
      kind: 'losses',
      nats: new Float64Array(examples).fill(8 * Math.LN2),
      counts: new Int32Array(examples),
    } as const;
    // A bit for each of 8 characters of a window, none of them rare.
    expect(prepared.score('test', set?.bucket as LengthBucket, predictions)['bits-per-character']).toBeCloseTo(1, 12);
  });

  test('of characters: the most frequent first, as many as there is room for', () => {
    const tokens = characterTokens(['aaab', 'bc😀😀'], { minimumCount: 2, vocabulary: 4 });
    expect(tokens.vocabulary).toBe(4);
    expect([...tokens.encode('ab😀c').tokens]).toEqual([2, 3, 1, 1]);
    const more = characterTokens(['aaab', 'bc😀😀'], { minimumCount: 2, vocabulary: 100 });
    expect([...more.encode('ab😀c').tokens]).toEqual([2, 3, 4, 1]);
    expect(more.decode(Uint16Array.of(4, 2, 1))).toBe('😀a\uFFFD');
  });

  test('of bytes: a character counts once, with its first byte', () => {
    const tokens = bytePairTokens(trainTextTokenizer([], { vocabulary: 260 }));
    // 日 is three bytes in UTF-8, 😀 four, é two.
    expect([...tokens.encode('a日😀é').characters]).toEqual([1, 1, 0, 0, 1, 0, 0, 0, 1, 0]);
    const merged = bytePairTokens(trainTextTokenizer(['the the the the 日日日 日日日'], { vocabulary: 300 }));
    const text = 'the 日日日 the é😀';
    const { tokens: ids, characters } = merged.encode(text);
    expect(ids.length).toBeLessThan(16);
    expect(characters.reduce((sum, count) => sum + count, 0)).toBe([...text].length);
  });

  test('of a tokenizer that does not know a word: its token is that of unknown characters, which is not scored', () => {
    const path = file('words.json', wordPiece(['the', 'cat', 'sat', 'un', '##til']));
    const tokens = bytePairTokens(loadTextTokenizer(path));
    const { tokens: ids, characters } = tokens.encode('the dog sat until');
    expect(Array.from(ids, tokens.textOf)).toEqual(['the', '\uFFFD', 'sat', 'un', '##til']);
    expect(ids[1]).toBe(1);
    expect([...ids].filter((id) => id === 1)).toHaveLength(1);
    expect([...characters]).toEqual([3, 4, 4, 3, 3]);
    expect(tokens.decode(ids)).toContain('[UNK]');
    // Whatever another number is, it is none of the special four.
    expect(Math.min(...[...ids].filter((id) => id !== 1))).toBeGreaterThan(3);
  });

  test('may be byte pairs, kept as a tokenizer.json', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => drawn(`bpe ${index}`, 600));
    const data = file('bpe.txt', lines.join('\n'));
    const prepared = await language.prepare({ data, tokens: 'bpe', vocabulary: 320, trainedLength: 16 });
    expect(prepared.input).toEqual({ kind: 'tokens', vocabulary: 320 });
    const tokenizer = file('tokenizer.json', prepared.files?.['tokenizer.json'] as string);
    const again = await language.prepare({ data, tokens: 'bpe', tokenizer, trainedLength: 16 });
    expect(again.fingerprint).toBe(prepared.fingerprint);
  });
});

test('a sample tells what a passage cost: bits, characters and their quotient', async () => {
  const lines = Array.from({ length: 20 }, (_, index) => drawn(`sample ${index}`, 500));
  const prepared = await language.prepare({ data: file('samples.txt', lines.join('\n')), trainedLength: 16 });
  const [{ bucket, examples }] = prepared.evaluation('test', 64) as [EvaluationSet];
  const nats = Float64Array.from({ length: examples }, (_, index) => (index + 1) * Math.LN2);
  const samples = prepared.samples?.(bucket, { kind: 'losses', nats, counts: new Int32Array(examples) }) ?? [];
  expect(samples).toHaveLength(4);
  for (const [index, sample] of samples.entries()) {
    if (sample.kind !== 'text') throw new TypeError('expected a text');
    expect(sample.answer).toBe(`${index + 1}.0 bits ÷ 8 characters`);
    expect(sample.score).toEqual({ metric: 'bits-per-character', value: (index + 1) / 8 });
    const line = lines.find((one) => one.includes(sample.source.slice(1) + sample.expected));
    expect(line).toBeDefined();
  }
  // The portrait reads what stands before the last token of the first window.
  const [first] = samples;
  const shown = (prepared.portrait?.target ?? []).join('').replaceAll('␣', ' ');
  expect(shown).toHaveLength(48);
  expect(first?.kind === 'text' && (shown + first.expected.at(-1)).endsWith(first.expected)).toBe(true);
});

/** A tokenizer of whole words and their parts. */
function wordPiece(words: readonly string[]): string {
  const vocab = Object.fromEntries(['[PAD]', '[UNK]', '[CLS]', '[SEP]', ...words].map((word, id) => [word, id]));
  return JSON.stringify({
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    model: {
      type: 'WordPiece',
      vocab,
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
    },
  });
}

describe('refused, with what to do:', () => {
  test('a tokenizer that knows few of the words', async () => {
    const words = 'river stone bird green old walks sings over'.split(' ');
    const lines = Array.from({ length: 40 }, (_, line) =>
      Array.from({ length: 120 }, (_, at) => words[Math.floor(hashFraction(`word ${line} ${at}`) * words.length)]).join(
        ' ',
      ),
    );
    const data = file('few-known.txt', lines.join('\n'));
    const tokenizer = file('half.json', wordPiece(words.slice(0, 4)));
    await expect(language.prepare({ data, tokens: 'bpe', tokenizer, trainedLength: 16 })).rejects.toThrow(
      /^language: --tokenizer: expected tokens for the test texts, but (4|5)\d(\.\d)? % of theirs are the unknown token/,
    );
    const most = file('most.json', wordPiece([...words.slice(0, 7), 'ov']));
    const rarely = lines.map((line) =>
      line.replaceAll(/over(?! over)/g, (word, at: number) => (at % 7 === 0 ? word : 'old')),
    );
    const prepared = await language.prepare({
      data: file('rarely.txt', rarely.join('\n')),
      tokens: 'bpe',
      tokenizer: most,
      trainedLength: 16,
    });
    expect(prepared.notes.join(' ')).toMatch(
      /but for \d(\.\d)? % of the tokens of test texts that this tokenizer does not know/,
    );
  });

  const short = Array.from({ length: 30 }, (_, index) => drawn(`short ${index}`, 30)).join('\n');
  const cases: [string, TaskOptions | (() => TaskOptions), string][] = [
    [
      'texts shorter than the trained length',
      () => ({ data: file('short.txt', short) }),
      'language: expected training texts of more than 64 tokens, got none: the longest text has 30; give more or longer ' +
        'texts, a smaller --trained-length, or --documents joined where rows are parts of one text',
    ],
    [
      'a short text divided in order',
      () => ({ data: file('page.txt', drawn('page', 3000)) }),
      'got 0: the longest text has 3000 and each of so few texts is divided in order, with 512 tokens left out between',
    ],
    [
      'two groups',
      () => ({ data: file('two.csv', `text,by\n${drawn('x', 900)},a\n${drawn('y', 900)},b\n`), group: 'by' }),
      'language: expected texts of at least 3 groups that differ, one for each split, got 2; give more texts, or leave --group out',
    ],
    [
      'a row without its group',
      () => ({ data: file('none.csv', `text,by\n${drawn('x', 900)},\n${drawn('y', 900)},b\n`), group: 'by' }),
      'line 2: group: expected a value, got an empty cell',
    ],
    [
      'characters that training texts do not have',
      () => {
        const lines = Array.from({ length: 20 }, (_, index) =>
          Array.from({ length: 400 }, (_unused, at) => String.fromCodePoint(0x4e00 + index * 400 + at)).join(''),
        );
        return { data: file('characters.txt', `${lines.join('\n')}\n${drawn('z', 900)}`), trainedLength: 16 };
      },
      'of them occur fewer than 10 times there or are beyond the vocabulary',
    ],
    [
      'a tokenizer for characters',
      () => ({ data: file('t.txt', short), tokenizer: 'x.json' }),
      'expected --tokens bpe to go with it',
    ],
    [
      'a length of 7',
      () => ({ data: file('l.txt', short), trainedLength: 7 }),
      '--trained-length: expected an integer of at least 8, got 7',
    ],
    [
      'a length without a file',
      { trainedLength: 32 },
      'language: --trained-length: expected a file of yours to go with it (--data FILE), got none; leave it out',
    ],
  ];
  test.each(cases)('%s', async (_, options, message) => {
    await expect(language.prepare(typeof options === 'function' ? options() : options)).rejects.toThrow(message);
  });
});
