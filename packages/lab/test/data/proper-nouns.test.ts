import { expect, test } from 'vitest';
import { parseBrown } from '../../src/data/brown.ts';
import { properNouns, readProperNouns } from '../../src/data/proper-nouns.ts';

test('proper nouns and the parts of titles beside them are one span', () => {
  const text = `
	The/at Fulton/np-tl County/nn-tl Grand/jj-tl Jury/nn-tl said/vbd Friday/nr of/in Atlanta's/np$ race/nn
	and/or/cc John's/np+bez at/in City/nn-tl of/in-tl Light/nn-tl ,/, Los/fw-at-tl Angeles/fw-nns-tl Americans/nps //nn
`;
  expect(parseBrown(text, 'ca01').map(({ tags }) => properNouns(tags))).toEqual([
    [
      { start: 1, end: 5, kind: 'name' },
      { start: 8, end: 9, kind: 'name' },
    ],
    [
      { start: 1, end: 2, kind: 'name' },
      { start: 3, end: 6, kind: 'title' },
      { start: 9, end: 10, kind: 'name' },
    ],
  ]);
});

test('the first sentence of the corpus has two', () => {
  const [first] = readProperNouns();
  expect(first?.document).toBe('ca01');
  expect(first?.spans.map(({ start, end }) => first.tokens.slice(start, end).join(' '))).toEqual([
    'Fulton County Grand Jury',
    "Atlanta's",
  ]);
});
