/** Names on people's own files, and that no name that is tested is trained on. */
import { beforeAll, describe, expect, test } from 'vitest';
import { trainTextTokenizer } from '../../src/data/text-tokenizer.ts';
import { spansOf } from '../../src/tasks/metrics/spans.ts';
import { type PreparedTask, TaskError } from '../../src/tasks/task.ts';
import { entities, wordsOf } from '../../src/tasks/text/entities.ts';
import { holdOutNames, nameWords } from '../../src/tasks/text/held-out-names.ts';
import { joinWords } from '../../src/tasks/text/named-text.ts';
import { tagWindows } from '../../src/tasks/text/tagged-text.ts';
import { checkPortrait, countDrawn } from './laws.ts';
import {
  evaluatedRows,
  fraction,
  jsonLines,
  NOUNS,
  ownFile,
  type ReadRow,
  sentence,
  tokenizerOf,
  trainingRows,
} from './own-files.ts';
import { rightPredictions } from './predictions.ts';

const FIRST = 'Anna Boris Chen Dörte Émile Farah Göran Hana Ivo Jelena Κώστας Lior Мария Nadia Olu Pía'.split(' ');
const LAST = 'Abels Braun Castro Dube Ekman Fischer García Huang Ito Jansen Kaya Levi Mbeki Novák Okoye Петров'.split(
  ' ',
);
const PLACES = 'Oslo Lima Cairo Quito Perth Delhi Kyiv Accra'.split(' ');

/** A sentence with a person of one or two words and a place. */
function tagged(index: number, words: number): { tokens: string[]; tags: string[] } {
  const pick = (list: readonly string[], salt: number): string =>
    list[Math.floor(fraction(index * 13 + salt) * list.length)] as string;
  const filler = sentence(index, words, NOUNS).split(' ');
  const person = index % 2 === 0 ? [pick(FIRST, 1)] : [pick(FIRST, 1), pick(LAST, 2)];
  const tokens = [...person, ...filler, 'in', pick(PLACES, 3), '.'];
  const tags = [...person.map((_, at) => (at === 0 ? 'B-PER' : 'I-PER')), ...filler.map(() => 'O'), 'O', 'B-LOC', 'O'];
  return { tokens, tags };
}

const sentences = Array.from({ length: 900 }, (_, index) => tagged(index, 2 + (index % 6)));
const conll = (list: typeof sentences): string =>
  list.map(({ tokens, tags }) => tokens.map((token, at) => `${token} ${tags[at]}`).join('\n')).join('\n\n');
const file = ownFile('имена 名前.conll', `${conll(sentences)}\n`);

/** The names that are marked in rows of batches: tags are O, then B and I of each type. */
function markedNames(prepared: PreparedTask, rows: readonly ReadRow[]): string[] {
  const tokenizer = tokenizerOf(prepared);
  return rows.flatMap(({ tokens, labels }) => {
    const text = tokenizer.decode(tokens);
    const { starts } = tokenizer.encode(text);
    // Words stand where labels do, and end at the next space.
    const words = labels.flatMap((label, at) => {
      if (label < 0) return [];
      const start = (starts[at] as number) + (text[starts[at] as number] === ' ' ? 1 : 0);
      return [{ label, word: text.slice(start).split(' ')[0] as string }];
    });
    const tags = words.map(({ label }) =>
      label === 0 ? 'O' : `${label % 2 === 1 ? 'B' : 'I'}-${Math.ceil(label / 2)}`,
    );
    return spansOf(tags).map(({ start, end }) =>
      words
        .slice(start, end)
        .map(({ word }) => word)
        .join(' '),
    );
  });
}

function checkHeldOut(prepared: PreparedTask): void {
  const trained = markedNames(prepared, trainingRows(prepared, prepared.sizes.train));
  const words = new Set(trained.flatMap(nameWords));
  expect(words.size).toBeGreaterThan(5);
  const rows = (['validation', 'test'] as const).flatMap((split) =>
    prepared.evaluation(split, 64).flatMap((set) => evaluatedRows(set)),
  );
  const tested = markedNames(prepared, rows);
  expect(tested.length).toBeGreaterThan(20);
  // Each has a word that no trained name has.
  expect(tested.filter((name) => nameWords(name).every((word) => words.has(word)))).toEqual([]);
}

describe('no name that is tested is trained on', () => {
  test('in a file of one’s own', async () => {
    checkHeldOut(await entities.prepare({ data: file, trainedPercentile: 100 }));
  });

  test('in the proper nouns of the Brown corpus', async () => {
    // Windows would cut names in two: half of a held-out name may be a word that is trained on.
    checkHeldOut(await entities.prepare({ dataset: 'proper-nouns', longest: 2000 }));
  });

  test('unless asked for, and then there are such names', async () => {
    const kept = await entities.prepare({ data: file, trainedPercentile: 100, seenNames: 'keep' });
    expect(() => checkHeldOut(kept)).toThrow();
    expect(kept.notes.join(' ')).toContain('memory as much as context');
  });

  test('words that tell a name are those of two letters or more, without possessives and hyphens', () => {
    expect(nameWords('Anna-Maria O. Braun’s')).toEqual(['anna', 'maria', 'braun']);
    expect(nameWords("KENNEDY's")).toEqual(['kennedy']);
    expect(nameWords("the Joneses'")).toEqual(['the', 'joneses']);
    expect(nameWords("O'Brien")).toEqual(['brien']);
    expect(nameWords('Мария')).toEqual(['мария']);
  });

  test('a text is trained on only if none of its names is held out, and tested only if one is', () => {
    const texts = sentences.map(({ tokens, tags }, index) => ({ id: String(index), ...joinWords(tokens, tags) }));
    const { train, test: tested } = holdOutNames({ train: texts, validation: texts, test: texts });
    expect(train.length + tested.length).toBe(texts.length);
    for (const { names, words } of tested) {
      for (const [at, { scored }] of words.entries()) if (names[at] === undefined) expect(scored).toBe(true);
      expect(words.some(({ scored, tag }) => scored && tag !== 'O')).toBe(true);
    }
  });
});

describe('a CoNLL file', () => {
  let prepared: PreparedTask;
  beforeAll(async () => {
    prepared = await entities.prepare({ data: file, trainedPercentile: 90 });
  });

  test('is read with its types, and divided by text where there are no documents', () => {
    expect(prepared.data).toMatchObject({
      format: 'conll',
      splitBy: 'by text, near-duplicates together',
      refused: { count: 0 },
      classes: [
        { label: 'LOC', count: expect.any(Number) },
        { label: 'PER', count: expect.any(Number) },
      ],
    });
    expect(prepared.output).toEqual({ kind: 'tokens', vocabulary: 5 });
  });

  test('keeps documents whole where there are enough', async () => {
    const documents = sentences.map((one, index) =>
      index % 20 === 0 ? `-DOCSTART- O\n\n${conll([one])}` : conll([one]),
    );
    const { data } = await entities.prepare({
      data: ownFile('documents.conll', `${documents.join('\n\n')}\n`),
      trainedPercentile: 100,
    });
    expect(data?.splitBy).toBe('by group');
  });

  test('gives the same from lists of tokens and tags in JSON lines', async () => {
    const lists = await entities.prepare({ data: ownFile('lists.jsonl', jsonLines(sentences)), trainedPercentile: 90 });
    expect(lists.sizes.train).toBe(prepared.sizes.train);
    expect(lists.output).toEqual(prepared.output);
  });

  test('shows names as they stand in the text', () => {
    const [set] = prepared.evaluation('test', 64);
    if (set === undefined) throw new Error('expected a bucket');
    for (const sample of prepared.samples?.(set.bucket, rightPredictions(prepared, set)) ?? []) {
      if (sample.kind !== 'spans') throw new Error('expected spans');
      for (const { start, end, label } of sample.expected) {
        const name = sample.text.slice(start, end);
        const known = label === 'LOC' ? PLACES : [...FIRST, ...LAST];
        for (const word of name.split(' ')) expect(known).toContain(word);
      }
    }
  });

  test('refuses rows whose lists do not fit, with their lines', async () => {
    const broken = sentences.map(({ tokens, tags }, index) => ({
      tokens,
      tags: index === 5 ? tags.slice(1) : index === 8 ? tags.map((tag) => tag.replace('B-', 'X-')) : tags,
    }));
    const { data } = await entities.prepare({
      data: ownFile('broken.jsonl', jsonLines(broken)),
      trainedPercentile: 90,
    });
    expect(data?.refused.first).toEqual([
      { line: 6, reason: expect.stringMatching(/^expected one tag for each of \d+ tokens, got \d+$/) },
      { line: 9, reason: 'tags: expected O, B-X or I-X, got "X-PER"' },
    ]);
  });

  test('without any name, or with names of training alone, is an error', async () => {
    const nameless = sentences.map(({ tokens }) => ({ tokens, tags: tokens.map(() => 'O') }));
    await expect(entities.prepare({ data: ownFile('nameless.jsonl', jsonLines(nameless)) })).rejects.toThrow(
      /^entities: expected at least 8 texts for validation when names are held out, got 0 of \d+; give more rows, or --seen-names keep$/,
    );
    await expect(
      entities.prepare({ data: ownFile('nameless.jsonl', jsonLines(nameless)), seenNames: 'keep' }),
    ).rejects.toThrow(new TaskError('entities: expected tagged names in the training texts, got none but O'));
  });

  test.each([
    [{ tokens: 'words' }, /^entities: --tokens: expected a file of yours/],
    [{ language: 'spanish', dataset: 'proper-nouns' }, /^entities: --language: only verses have one/],
    [{ data: file, language: 'spanish' }, /^entities: expected --data or --language, got both/],
    [{ language: 'french', dataset: 'verses' }, /^entities: /],
    [{ seenNames: 'drop' }, /^entities: --seen-names: expected one of hold-out, keep, got drop/],
  ])('%j is refused', async (options, message) => {
    await expect(entities.prepare(options as Record<string, string>)).rejects.toThrow(message);
  });
});

describe('windows', () => {
  test('of any size tag every word of any text once, at its first token', () => {
    const alphabet = ['a', 'Bé', 'ﬁ', '𝄞', '数据', 'ñandú', '👩‍👩‍👧', "d'or", 'मैं', '—', '12'];
    const tokenizer = trainTextTokenizer([alphabet.join(' ').repeat(3)], { vocabulary: 320 });
    for (let index = 0; index < 300; index++) {
      const tokens = sentence(index, 1 + (index % 40), alphabet).split(' ');
      const { text, words } = joinWords(
        tokens,
        tokens.map(() => 'O'),
      );
      const encoded = tokenizer.encode(text);
      const length = 1 + Math.floor(fraction(index) * Math.min(encoded.ids.length, 30));
      const seen = new Map<number, number>();
      for (const [at, window] of tagWindows({ words }, encoded, length).entries()) {
        const first = Math.min(at * Math.max(1, Math.floor(length / 2)), encoded.ids.length - length);
        expect([...window.ids]).toEqual([...encoded.ids.subarray(first, first + length)]);
        for (const { token, word } of window.words) {
          expect(token).toBeLessThan(window.ids.length);
          seen.set(word, (seen.get(word) ?? 0) + 1);
          const { start, end } = words[word] as (typeof words)[number];
          // The token stands in its word, and the one before it does not.
          expect(encoded.starts[first + token]).toBeLessThan(end);
          expect(encoded.ends[first + token]).toBeGreaterThan(start);
          if (first + token > 0) expect(encoded.ends[first + token - 1]).toBeLessThanOrEqual(start);
        }
      }
      expect([...seen.keys()].toSorted((a, b) => a - b)).toEqual([...words.keys()]);
      expect([...seen.values()].every((count) => count === 1)).toBe(true);
    }
  });

  test('keep names whole: right answers score 1, and training batches have one size', async () => {
    const long = Array.from({ length: 900 }, (_, index) => tagged(index, 2 + (index % 40)));
    const data = ownFile('long.jsonl', jsonLines(long));
    const prepared = await entities.prepare({ data, trainedLength: 16, longest: 16 });
    expect(prepared.data?.tooLong?.action).toBe('windowed');
    for (const set of prepared.evaluation('test', 64)) {
      expect(set.examples).toBeGreaterThan(prepared.sizes.test);
      expect(prepared.score('test', set.bucket, rightPredictions(prepared, set))).toEqual({
        'span-f1': 1,
        'macro-span-f1': 1,
      });
    }
    const sizes = Array.from(
      { length: 20 },
      (_, index) => prepared.trainingBatch(24, () => fraction(index)).source?.lengths.length,
    );
    expect(new Set(sizes)).toEqual(new Set([24]));
    // Every window is drawn, not the first of each text alone.
    expect(countDrawn(prepared)).toBeGreaterThan(1.5 * prepared.sizes.train);
    if (prepared.portrait !== undefined) checkPortrait(prepared.portrait, prepared);
    expect(prepared.portrait?.source).toHaveLength(16);
    await expect(entities.prepare({ data, trainedLength: 16, longest: 16, tooLong: 'refuse' })).rejects.toThrow(
      /^entities: expected texts of at most 16 tokens, got \d+ longer ones, the first is line \d+; give --too-long window/,
    );
  });
});

test('words of a text between spaces: the first of a name begins it, those of the next name another', () => {
  const text = 'Then David’s son, Jesse-Ben, saw Mount Zion.';
  const at = (name: string, kind: 'PER' | 'LOC') => ({
    start: text.indexOf(name),
    end: text.indexOf(name) + name.length,
    kind,
    strong: 'H1',
  });
  const { words, names } = wordsOf(text, [at('David', 'PER'), at('Jesse-Ben', 'PER'), at('Mount Zion', 'LOC')]);
  expect(words.map(({ start, end, tag }) => `${text.slice(start, end)}/${tag}`)).toEqual([
    ...['Then/O', 'David’s/B-PER', 'son/O', 'Jesse-Ben/B-PER', 'saw/O', 'Mount/B-LOC', 'Zion/I-LOC'],
  ]);
  expect(names).toEqual([undefined, 'david', undefined, 'jesse-ben', undefined, 'mount zion', 'mount zion']);
});

test('tags that are numbers are refused with what to do', async () => {
  const numbered = sentences.map(({ tokens, tags }) => ({
    tokens,
    ner_tags: tags.map((tag) => (tag === 'O' ? 0 : 1)),
  }));
  await expect(entities.prepare({ data: ownFile('numbered.jsonl', jsonLines(numbered)) })).rejects.toThrow(
    /line 1: tags: expected names such as O, B-PER and I-PER, got numbers, \[1,0,0,0,.*\]; write the names in their place \(in Python, names = data\.features\["ner_tags"\]\.feature\.names/,
  );
});
