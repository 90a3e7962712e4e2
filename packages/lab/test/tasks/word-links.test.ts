/** Links of words and what attention says of them: a case worked out by hand. */
import { expect, test } from 'vitest';
import { alignmentScores } from '../../src/tasks/metrics/alignment.ts';
import { attendedLinks, tokenLinks, wordLinks, wordsWithin } from '../../src/tasks/text/word-links.ts';

// Source “white house”, its first word of two tokens; target “casa blanca”, its last word of two tokens.
const source = {
  words: [
    { start: 0, end: 5, strongs: ['H1'] },
    { start: 6, end: 11, strongs: ['H2'] },
  ],
  tokens: { starts: [0, 3, 5], ends: [3, 5, 11] },
};
const target = {
  words: [
    { start: 0, end: 4, strongs: ['H2'] },
    { start: 5, end: 11, strongs: ['H1'] },
  ],
  tokens: { starts: [0, 4, 8], ends: [4, 8, 11] },
};
const links = wordLinks(source.words, target.words);
const attention = (rows: readonly (readonly number[])[]) => ({
  rows: rows.length,
  columns: (rows[0] as readonly number[]).length,
  weights: Float32Array.from(rows.flat()),
});

test('words with a number in common are linked; surely where one of each side has it', () => {
  expect(links).toEqual({
    sure: [
      [0, 1],
      [1, 0],
    ],
    possible: [
      [0, 1],
      [1, 0],
    ],
  });
  const the = { start: 0, end: 1, strongs: ['H9', 'H9'] };
  const none = { start: 2, end: 3, strongs: [] };
  expect(wordLinks([the, the, none], [none, the])).toEqual({
    sure: [],
    possible: [
      [0, 1],
      [1, 1],
    ],
  });
});

test('a word that one side has twice is surely linked on neither', () => {
  const [once, twice] = [
    { start: 0, end: 1, strongs: ['H9'] },
    { start: 2, end: 3, strongs: ['H9'] },
  ];
  expect(wordLinks([once], [once, twice]).sure).toEqual([]);
  expect(wordLinks([once, twice], [once]).sure).toEqual([]);
});

test('words behind the end of a text that was cut, or across it, are not there', () => {
  const cut = { starts: [0, 3], ends: [3, 5] };
  expect(wordsWithin(source.words, cut)).toEqual([source.words[0]]);
  expect(wordsWithin(source.words, { starts: [0], ends: [3] })).toEqual([]);
  expect(wordsWithin(source.words, { starts: [], ends: [] })).toEqual([]);
});

test('tokens of surely linked words are linked, target first', () => {
  expect(tokenLinks(source, target)).toEqual([
    [1, 0],
    [1, 1],
    [2, 0],
    [2, 1],
    [0, 2],
  ]);
});

test('attention to what a word translates has no error', () => {
  const perfect = attention([
    [0.1, 0, 0.9],
    [0.5, 0.4, 0.1],
    [0.1, 0.8, 0.1],
  ]);
  const found = attendedLinks(perfect, source, target, links);
  expect(found.predicted.toSorted()).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect(alignmentScores([found]).errorRate).toBe(0);
});

test('equal attention looks most at the word of most tokens: one of two links is right, so the error is a half', () => {
  const even = attention([
    [1 / 3, 1 / 3, 1 / 3],
    [1 / 3, 1 / 3, 1 / 3],
    [1 / 3, 1 / 3, 1 / 3],
  ]);
  const found = attendedLinks(even, source, target, links);
  expect(found.predicted.toSorted()).toEqual([
    [0, 0],
    [0, 1],
  ]);
  // 1 − (|A ∩ S| + |A ∩ P|) / (|A| + |S|) = 1 − (1 + 1) / (2 + 2).
  expect(alignmentScores([found]).errorRate).toBe(0.5);
});

test('attention to the other word is wrong throughout; padding beside the source says nothing', () => {
  const crossed = attention([
    [0.5, 0.5, 0, 9],
    [0, 0, 1, 9],
    [0, 0, 1, 9],
  ]);
  expect(alignmentScores([attendedLinks(crossed, source, target, links)]).errorRate).toBe(1);
});
