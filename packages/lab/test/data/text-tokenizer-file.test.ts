/** Users' own tokenizer files: tokens and places against Hugging Face tokenizers in Python; bad files. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadTextTokenizer, type TextTokenizer, trainTextTokenizer } from '../../src/data/text-tokenizer.ts';

interface Golden {
  readonly tokenizer: { added_tokens: { id: number; content: string }[]; model: Record<string, unknown> };
  readonly encoded: { text: string; ids: number[]; starts: number[]; ends: number[] }[];
}

/** Made with Hugging Face tokenizers by reference/text_tokenizer.py. */
const golden = JSON.parse(readFileSync(new URL('../fixtures/text-tokenizer.golden.json', import.meta.url), 'utf8'))
  .loaded as Record<string, Golden>;
const goldenOf = (name: string): Golden => golden[name] as Golden;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posenc-tokenizer-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (content: unknown, name = 'tokenizer.json'): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
};
const load = (name: string): TextTokenizer => loadTextTokenizer(write(goldenOf(name).tokenizer));

/** The file's numbers of the four special tokens, and how many numbers the file has, from its own text. */
const special: Record<string, readonly [(number | undefined)[], number]> = {
  WordPiece: [[0, 2, 3, undefined], 349],
  Unigram: [[0, undefined, 1, undefined], 243],
  'GPT-2': [[undefined, undefined, 0, undefined], 404],
  'byte fallback': [[undefined, 1, 2, undefined], 400],
  words: [[undefined, undefined, undefined, undefined], 171],
  'words, unknown fused': [[undefined, undefined, undefined, undefined], 171],
};

/** Samples in which a text names a token of Unigram, or our ranges hold more than those of Hugging Face. */
const named = (text: string): boolean => text.startsWith('<pad>');
const wider = (name: string, text: string): boolean =>
  // Marks that are stripped belong to the character they stood on.
  (!['GPT-2', 'byte fallback', 'Unigram'].includes(name) && /[\u0900-\u097F\u064B]/.test(text)) ||
  // Spaces that become one are all in its range.
  (name === 'Unigram' && / {2}| \u3000/.test(text));

describe.each(Object.keys(golden))('%s', (name) => {
  test('has the tokens of Hugging Face at the same places', () => {
    const tokenizer = load(name);
    const [fileIds, size] = special[name] as readonly [(number | undefined)[], number];
    const others = Array.from({ length: size }, (_, id) => id).filter((id) => !fileIds.includes(id));
    const order = [...fileIds, ...others];
    expect(tokenizer.vocabulary).toBe(order.length);
    let compared = 0;
    for (const { text, ids, starts, ends } of goldenOf(name).encoded) {
      if (name === 'Unigram' && named(text)) continue;
      const ours = tokenizer.encode(text);
      expect(Array.from(ours.ids, (id) => order[id])).toEqual(ids);
      if (wider(name, text)) {
        expect(starts.filter((start, at) => (ours.starts[at] as number) > start)).toEqual([]);
        expect(ends.filter((end, at) => (ours.ends[at] as number) < end)).toEqual([]);
        continue;
      }
      expect([...ours.starts], text).toEqual(starts);
      expect([...ours.ends], text).toEqual(ends);
      compared++;
    }
    expect(compared).toBeGreaterThan(17);
  });

  test('keeps its file', () => {
    expect(JSON.parse(load(name).toJson())).toEqual(goldenOf(name).tokenizer);
  });

  test('makes no special token from text, and its ranges never go back', () => {
    const tokenizer = load(name);
    const part = fc.oneof(
      fc.constantFrom('[PAD]', '<s>', '</s>', '<pad>', '[CLS]', '<|endoftext|>', ' ', 'free', 'e\u0301', 'snake_case'),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        const { ids, starts, ends } = tokenizer.encode(text);
        for (let at = 0; at < ids.length; at++) {
          expect(ids[at]).toBeGreaterThan(3);
          expect(starts[at]).toBeGreaterThanOrEqual(starts[at - 1] ?? 0);
          expect(ends[at]).toBeGreaterThanOrEqual(ends[at - 1] ?? 0);
          expect(ends[at]).toBeGreaterThan(starts[at] as number);
          expect(ends[at]).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 50 },
    );
  });
});

test('decodes as the file says, without special tokens', () => {
  const decoded = (name: string, text: string): string => {
    const tokenizer = load(name);
    return tokenizer.decode([tokenizer.begin, ...tokenizer.encode(text).ids, tokenizer.end, tokenizer.padding]);
  };
  expect(decoded('WordPiece', 'All human beings')).toBe('all human beings');
  expect(decoded('Unigram', 'All human beings')).toBe('All human beings');
  expect(decoded('GPT-2', 'All human beings 人')).toBe(' All human beings 人');
  expect(decoded('byte fallback', 'All human beings 人')).toBe('All human beings 人');
  expect(load('GPT-2').decode([])).toBe('');
});

test('shows tokens by their text, and special ones by their name or what they are for', () => {
  const wordPiece = load('WordPiece');
  expect([0, 1, 2, 3, 4].map(wordPiece.text)).toEqual(['[PAD]', '[CLS]', '[SEP]', '(separator)', '[UNK]']);
  const gpt2 = load('GPT-2');
  expect([0, 1, 2, 3].map(gpt2.text)).toEqual(['(padding)', '(begin)', '<|endoftext|>', '(separator)']);
  expect(gpt2.text(gpt2.encode('x é').ids.at(-1) as number)).toMatch(/é|\\xA9/);
});

test('a trained tokenizer is the same when its file is loaded, under any name', () => {
  for (const normalization of ['NFC', 'NFKC', 'none'] as const) {
    for (const lowercase of [false, true]) {
      const trained = trainTextTokenizer(['na\u0303o nãο ΝΑΟΣ'.repeat(9)], {
        vocabulary: 300,
        normalization,
        lowercase,
      });
      mkdirSync(join(folder, 'mis ficheros 文字'), { recursive: true });
      const loaded = loadTextTokenizer(write(trained.toJson(), 'mis ficheros 文字/mi token.json'));
      expect(loaded.toJson()).toBe(trained.toJson());
      const text = 'a\u0303 ΝΑΟΣ ﬁ <pad>';
      expect(loaded.encode(text)).toEqual(trained.encode(text));
    }
  }
});

test('the same file is run part by part when it was changed, and gives the same tokens', () => {
  const trained = trainTextTokenizer(['one two, one two and three '.repeat(9)], { vocabulary: 300 });
  const changed = JSON.parse(trained.toJson());
  changed.post_processor = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true };
  const loaded = loadTextTokenizer(write(changed));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(loaded.encode(text)).toEqual(trained.encode(text));
    }),
    { numRuns: 50 },
  );
});

test('unknown characters that become one token end where a known one begins, at the end of a word another one', () => {
  const vocab = { '<unk>': 0, 'a</w>': 1, b: 2 };
  const model = { type: 'BPE', vocab, merges: [], unk_token: '<unk>', fuse_unk: true, end_of_word_suffix: '</w>' };
  const tokenizer = loadTextTokenizer(write({ model }));
  const ranges = (text: string): number[][] => {
    const { ids, starts, ends } = tokenizer.encode(text);
    return Array.from(ids, (id, at) => [id - 4, starts[at] as number, ends[at] as number]);
  };
  expect(ranges('xxa')).toEqual([
    [0, 0, 2],
    [1, 2, 3],
  ]);
  expect(ranges('xxb')).toEqual([[0, 0, 3]]);
  expect(ranges('xaxbx')).toEqual([
    [0, 0, 3],
    [2, 3, 4],
    [0, 4, 5],
  ]);
});

describe('files that cannot be used', () => {
  const message = (path: string): string => {
    try {
      loadTextTokenizer(path);
    } catch (error) {
      expect((error as Error).name).toBe('DataError');
      return (error as Error).message.replaceAll(path, 'PATH');
    }
    return '';
  };
  const changed = (name: string, change: (content: never) => void): string => {
    const content = structuredClone(goldenOf(name).tokenizer);
    change(content as never);
    return message(write(content));
  };

  test('no file, a directory, no text, no JSON', () => {
    expect(message(join(folder, 'none.json'))).toBe('PATH: no such file');
    expect(message(folder)).toBe('PATH: expected a tokenizer.json, got a directory');
    expect(message('a\0b')).toBe('expected the path of a tokenizer.json, got one with a NUL character');
    expect(message(write(Buffer.from([0x7b, 0xff])))).toBe(
      'PATH: expected a tokenizer.json in UTF-8, got bytes that are no UTF-8',
    );
    expect(message(write('{"model": '))).toMatch(/^PATH: expected a tokenizer.json, got a file that is not JSON: /);
  });

  test('JSON that is something else', () => {
    const other =
      'PATH: expected a tokenizer.json with a "model", got JSON without one; vocab.json and tokenizer_config.json are ' +
      'other files of the same folder';
    for (const content of ['null', '[]', '7', '{"the": 5}', '{"model": "bert"}']) {
      expect(message(write(content))).toBe(other);
    }
    expect(changed('WordPiece', ({ model }: Golden['tokenizer']) => delete model.vocab)).toMatch(
      /^PATH: not a tokenizer.json of Hugging Face tokenizers: model.vocab: /,
    );
  });

  test('a vocabulary too large for small models', () => {
    const vocab = Object.fromEntries(Array.from({ length: 65_537 }, (_, id) => [`w${id}`, id]));
    expect(message(write({ model: { type: 'WordPiece', vocab, unk_token: 'w0' } }))).toBe(
      'PATH: expected at most 65,536 tokens, got 65,537: too many for a model as small as those compared here; ' +
        'train one on your texts instead by leaving --tokenizer out',
    );
  });

  test('parts that cannot be run', () => {
    const advice = 'which cannot be run here; train a tokenizer by leaving --tokenizer out';
    const model = { type: 'WordLevel', vocab: { a: 0 } };
    expect(message(write({ model }))).toBe(
      `PATH: expected a model of type BPE, WordPiece or Unigram, got WordLevel, ${advice}`,
    );
    expect(
      changed('Unigram', ({ model }: Golden['tokenizer']) => {
        model.byte_fallback = true;
      }),
    ).toBe(`PATH: its Unigram model falls back to bytes, ${advice}`);
    expect(
      changed('words', ({ model }: Golden['tokenizer']) => {
        model.continuing_subword_prefix = '##';
      }),
    ).toBe(`PATH: its BPE model has a continuing_subword_prefix, ${advice}`);
    expect(
      changed('words', (content: Record<string, unknown>) => {
        content.pre_tokenizer = { type: 'Split', pattern: { String: 'x' }, behavior: 'MergedWithNext', invert: false };
      }),
    ).toBe(`PATH: its pre-tokenizer splits by MergedWithNext, ${advice}`);
    expect(
      changed('words', (content: Record<string, unknown>) => {
        content.normalizer = { type: 'Nmt' };
      }),
    ).toBe('PATH: @huggingface/tokenizers cannot run it: Unknown Normalizer type: Nmt');
    expect(
      changed('WordPiece', ({ model }: Golden['tokenizer']) => {
        model.unk_token = '[NONE]';
      }),
    ).toBe('PATH: expected a WordPiece model with an unk_token of its vocabulary, got [NONE]');
  });

  test('a text that the tokenizer cannot place or write', () => {
    const content = structuredClone(goldenOf('words').tokenizer) as unknown as Record<string, unknown>;
    content.normalizer = { type: 'Replace', pattern: { Regex: 'a b' }, content: '' };
    const path = write(content);
    expect(() => loadTextTokenizer(path).encode('one a b two')).toThrow(
      `${path}: its normalizer Replace changes a text in a way that leaves no way to tell where its characters were; ` +
        'train a tokenizer by leaving --tokenizer out',
    );
    const model = { type: 'BPE', vocab: { a: 0, b: 1 }, merges: [] };
    const bare = loadTextTokenizer(write({ model }));
    expect([...bare.encode('abba').ids]).toEqual([4, 5, 5, 4]);
    expect(() => bare.encode('abc')).toThrow(
      'cannot tell which part of "abc" its tokens stand for, or it has no token for a part of it',
    );
  });
});
