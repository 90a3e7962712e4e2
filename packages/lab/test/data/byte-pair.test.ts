import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAddresses } from '../../src/data/addresses.ts';
import { bytePairTokenizer, type Merge, trainBytePairs } from '../../src/data/byte-pair.ts';
import { characterTokenizer, frequentCharacters, UNKNOWN_TOKEN } from '../../src/data/tokenizer.ts';

/** Made with Hugging Face tokenizers by reference/tasks.py. */
const golden = JSON.parse(readFileSync(new URL('../fixtures/byte-pair.golden.json', import.meta.url), 'utf8')) as {
  trainingAddress: { year: number; president: string };
  tokens: number;
  merges: Merge[];
  sample: string;
  encoded: string[];
};

function trainingText(): string {
  const { year, president } = golden.trainingAddress;
  const address = readAddresses().find((one) => one.year === year && one.president === president);
  return (address as { text: string }).text.toLowerCase();
}

test('byte pairs are those that Hugging Face tokenizers learns, in the same order', () => {
  const text = trainingText();
  const alphabet = frequentCharacters([text], 1);
  expect(trainBytePairs([text], alphabet, golden.tokens)).toEqual(golden.merges);
});

test('a text is cut as Hugging Face tokenizers cuts it', () => {
  const tokenizer = bytePairTokenizer(frequentCharacters([trainingText()], 1), golden.merges);
  expect(Array.from(tokenizer.encode(golden.sample), tokenizer.textOf)).toEqual(golden.encoded);
});

test('the first merges of the example in Sennrich, Haddow & Birch 2016 are es, est and lo', () => {
  const words = 'low '.repeat(5) + 'lower '.repeat(2) + 'newest '.repeat(6) + 'widest '.repeat(3);
  const merges = trainBytePairs([words.replaceAll(' ', '\n')], frequentCharacters([words], 1), 14);
  expect(merges.slice(0, 3)).toEqual([
    ['e', 's'],
    ['es', 't'],
    ['l', 'o'],
  ]);
});

test('tokens put together give the text again, whatever the text', () => {
  const text = trainingText();
  const alphabet = frequentCharacters([text], 1);
  const tokenizer = bytePairTokenizer(alphabet, golden.merges);
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...alphabet, 'the', ' of', '  '), { maxLength: 60 }), (parts) => {
      const written = parts.join('');
      const tokens = tokenizer.encode(written);
      expect(Array.from(tokens, tokenizer.textOf).join('')).toBe(written);
      expect(tokens.every((token) => token > UNKNOWN_TOKEN && token < tokenizer.vocabulary)).toBe(true);
    }),
  );
});

test('unknown characters become the unknown token', () => {
  expect([...characterTokenizer(['a', 'b']).encode('aéb')]).toEqual([2, UNKNOWN_TOKEN, 3]);
  expect([...bytePairTokenizer(['a', 'b'], [['a', 'b']]).encode('abéa')]).toEqual([4, UNKNOWN_TOKEN, 2]);
});

test('a vocabulary smaller than its alphabet is refused', () => {
  expect(() => trainBytePairs(['abc'], ['a', 'b', 'c'], 2)).toThrow(
    'trainBytePairs: tokens: expected an integer of at least 3 (the alphabet), got 2',
  );
});
