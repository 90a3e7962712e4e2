import { describe, expect, test } from 'vitest';
import { readPronunciations } from '../../src/data/pronunciations.ts';
import { stemFamilies } from '../../src/data/stem-families.ts';

describe('a family holds', () => {
  test.each([
    ['walk', 'walks'],
    ['walk', 'walked'],
    ['walk', 'walkers'],
    ['box', 'boxes'],
    ['hope', 'hoping'],
    ['hop', 'hopping'],
    ['try', 'tries'],
    ['try', 'tried'],
    ['die', 'dying'],
    ['simple', 'simply'],
    ['happy', 'happily'],
    ['panic', 'panicked'],
    ['go', 'goes'],
    ['build', 'buildings'],
    ['quick', 'quickly'],
    ['full', 'fully'],
    ['basic', 'basically'],
    ['big', 'biggest'],
    ['happy', 'happiest'],
    // Relatives of a word that is not in the list.
    ['strolled', 'strolling'],
    ['waltzes', 'waltzer'],
  ])('%s and %s', (a, b) => {
    const families = stemFamilies([a, b, 'zebra']);
    expect(families.get(a)).toBe(families.get(b));
    expect(families.get('zebra')).toBe('zebra');
  });

  test.each([
    ['string', 'stred'],
    ['bring', 'bred'],
    ['cat', 'dog'],
    ['bus', 'bush'],
  ])('not %s and %s', (a, b) => {
    const families = stemFamilies([a, b]);
    expect(families.get(a)).not.toBe(families.get(b));
  });
});

test('families are named by their first member and do not depend on the order of the words', async () => {
  const words = (await readPronunciations(3, 16)).map(({ word }) => word);
  const families = stemFamilies(words);
  const backwards = stemFamilies(words.toReversed());
  const members = new Map<string, string[]>();
  let differing = 0;
  for (const word of words) {
    const family = families.get(word) as string;
    if (backwards.get(word) !== family) differing++;
    members.set(family, [...(members.get(family) ?? []), word]);
  }
  expect(differing).toBe(0);
  expect([...members].filter(([name, group]) => name !== group.toSorted()[0])).toEqual([]);
  // Joining too much stays harmless: the largest of about 85,000 families has 44 words.
  expect(Math.max(...[...members.values()].map((group) => group.length))).toBeLessThan(60);
  expect(members.size).toBeGreaterThan(80_000);
});
