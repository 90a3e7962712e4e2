import { expect, test } from 'vitest';
import { parseBrown, readBrown } from '../../src/data/brown.ts';

test('a token is what comes before the last slash, its tag what comes after; empty lines are none', () => {
  expect(parseBrown('\n\tThe/at 1/2/cd-tl //nn\n\n\tNo/at ;/.\n', 'ca01')).toEqual([
    { tokens: ['The', '1/2', '/'], tags: ['at', 'cd-tl', 'nn'] },
    { tokens: ['No', ';'], tags: ['at', '.'] },
  ]);
});

test('the corpus has its published numbers: 500 texts, 57,340 sentences, 1,161,192 tokens, 15 genres', () => {
  const documents = readBrown();
  expect(new Set(documents.map(({ name }) => name)).size).toBe(500);
  expect(new Set(documents.map(({ genre }) => genre)).size).toBe(15);
  expect(documents[0]?.genre).toBe('news');
  const sentences = documents.flatMap((document) => document.sentences);
  expect(sentences).toHaveLength(57_340);
  expect(sentences.reduce((sum, { tokens }) => sum + tokens.length, 0)).toBe(1_161_192);
});

test('a token without a tag is refused with the line', () => {
  expect(() => parseBrown('a/at\nb/nn c\n', 'ca01')).toThrow(/ca01: line 2: expected word\/tag, got c/);
  expect(() => parseBrown('/at', 'ca01')).toThrow(/got \/at/);
});
