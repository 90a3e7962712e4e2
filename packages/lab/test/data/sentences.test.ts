import { expect, test } from 'vitest';
import { parseTaggedText, readSentenceDocuments } from '../../src/data/sentences.ts';

test('words are what comes before the last slash, in lower case, punctuation left out', () => {
  const text = '\n\tThe/at jury/nn said/vbd ``/`` 1/2/cd-tl over-all/jj ,/, ./.\n\n\t--/--\n\tNo/at ;/.\n';
  expect(parseTaggedText(text)).toEqual([['the', 'jury', 'said', '1/2', 'over-all'], ['no']]);
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
