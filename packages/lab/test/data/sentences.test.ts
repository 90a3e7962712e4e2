import { expect, test } from 'vitest';
import { readSentenceDocuments, wordsOf } from '../../src/data/sentences.ts';

test('words are tokens with a letter or a digit, in lower case', () => {
  expect(wordsOf(['The', 'jury', 'said', '``', '1/2', 'over-all', ',', '.'])).toEqual([
    ...['the', 'jury', 'said', '1/2', 'over-all'],
  ]);
  expect(wordsOf(['--'])).toEqual([]);
});

test('the corpus has 500 documents and about a million words', () => {
  const documents = readSentenceDocuments();
  expect(documents).toHaveLength(500);
  expect(documents[0]?.sentences[0]?.slice(0, 5)).toEqual(['the', 'fulton', 'county', 'grand', 'jury']);
  const words = documents.flatMap(({ sentences }) => sentences.map((sentence) => sentence.length));
  // The corpus was made of 500 samples of a little over 2,000 words each (Francis & Kučera 1964).
  expect(words.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1_000_000);
  expect(words.length).toBeGreaterThan(55_000);
});
