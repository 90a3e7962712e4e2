import { expect, test } from 'vitest';
import { parseSentences, readProperNouns } from '../../src/data/proper-nouns.ts';

test('proper nouns and the parts of titles beside them are one span', () => {
  const text = `

	The/at Fulton/np-tl County/nn-tl Grand/jj-tl Jury/nn-tl said/vbd Friday/nr of/in Atlanta's/np$ race/nn

	and/or/cc John's/np+bez at/in City/nn-tl of/in-tl Light/nn-tl ,/, Los/fw-at-tl Angeles/fw-nns-tl Americans/nps //nn
`;
  const [first, second, ...rest] = parseSentences(text, 'ca01');
  expect(rest).toEqual([]);
  expect(first?.spans).toEqual([
    { start: 1, end: 5, kind: 'name' },
    { start: 8, end: 9, kind: 'name' },
  ]);
  expect(second?.tokens).toEqual([
    'and/or',
    "John's",
    'at',
    'City',
    'of',
    'Light',
    ',',
    'Los',
    'Angeles',
    'Americans',
    '/',
  ]);
  expect(second?.spans).toEqual([
    { start: 1, end: 2, kind: 'name' },
    { start: 3, end: 6, kind: 'title' },
    { start: 9, end: 10, kind: 'name' },
  ]);
});

test('the corpus has its published numbers: 500 texts, 57,340 sentences, 1,161,192 tokens, 15 genres', () => {
  const sentences = readProperNouns();
  expect(new Set(sentences.map(({ document }) => document)).size).toBe(500);
  expect(sentences).toHaveLength(57_340);
  expect(sentences.reduce((sum, { tokens }) => sum + tokens.length, 0)).toBe(1_161_192);
  expect(new Set(sentences.map(({ genre }) => genre)).size).toBe(15);
  const [first] = sentences;
  expect(first?.genre).toBe('news');
  expect(first?.spans.map(({ start, end }) => first.tokens.slice(start, end).join(' '))).toEqual([
    'Fulton County Grand Jury',
    "Atlanta's",
  ]);
});

test('a token without a tag is refused with the line', () => {
  expect(() => parseSentences('a/at\nb/nn c\n', 'ca01')).toThrow(/ca01: line 2: expected word\/tag, got c/);
  expect(() => parseSentences('/at', 'ca01')).toThrow(/got \/at/);
});
