import { expect, test } from 'vitest';
import { packTokens } from '../../src/tasks/shared/packed-tokens.ts';

const sequences = [[1, 2, 3], [], [65_535], Array.from({ length: 5000 }, (_, index) => index), [7, 8]];

test.each([65_536, 70_000])('tokens of a vocabulary of %d come back as they were packed', (vocabulary) => {
  const all = vocabulary > 65_536 ? [...sequences, [69_999, 0]] : sequences;
  const packed = packTokens(all, vocabulary, (list) => Int32Array.from(list));
  expect([...packed.lengths]).toEqual(all.map(({ length }) => length));
  for (const [index, list] of all.entries()) expect([...packed.at(index)]).toEqual(list);
  expect([...packed.at(3, 2)]).toEqual([0, 1]);
  expect([...packed.at(1, 2)]).toEqual([]);
  // What is handed out is a copy.
  packed.at(0).fill(9);
  expect([...packed.at(0)]).toEqual([1, 2, 3]);
});
