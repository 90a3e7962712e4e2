import { expect, test } from 'vitest';
import { collectPronunciations, PHONEMES, readPronunciations } from '../../src/data/pronunciations.ts';

test('comments, stress and numbers are cut, alternates gathered, other spellings left out', () => {
  const entries = [
    ["'em", 'AH0 M'],
    ['aalborg', 'AO1 L B AO0 R G # place, danish'],
    ['read(2)', 'R IY1 D'],
    ['read', 'R EH1 D'],
    ['record', 'R AH0 K AO1 R D'],
    ['record(2)', 'R EH1 K ER0 D'],
    ['record(3)', 'R EH0 K ER1 D'],
    ['a', 'AH0'],
    ["cat's", 'K AE1 T S'],
  ] as const;
  expect(collectPronunciations(entries, 3, 16)).toEqual([
    { word: 'aalborg', variants: [['AO', 'L', 'B', 'AO', 'R', 'G']] },
    {
      word: 'read',
      variants: [
        ['R', 'EH', 'D'],
        ['R', 'IY', 'D'],
      ],
    },
    {
      word: 'record',
      variants: [
        ['R', 'AH', 'K', 'AO', 'R', 'D'],
        ['R', 'EH', 'K', 'ER', 'D'],
      ],
    },
  ]);
});

test('the dictionary holds 117,000 words and exactly the 39 phonemes', async () => {
  const words = await readPronunciations(3, 16);
  expect(words.length).toBeGreaterThan(100_000);
  expect(new Set(words.map(({ word }) => word)).size).toBe(words.length);
  expect(new Set(words.flatMap(({ variants }) => variants.flat()))).toEqual(new Set(PHONEMES));
  expect(PHONEMES).toHaveLength(39);
  expect(words.find(({ word }) => word === 'phoneme')?.variants).toEqual([['F', 'OW', 'N', 'IY', 'M']]);
});
