/** Splits by the hashes of keys: as `orderByHash` orders whole keys, though only hashes are kept. */
import { describe, expect, test } from 'vitest';
import { hashFraction, orderByHash } from '../../src/data/hash.ts';
import { leaveOutKnown, splitExamples } from '../../src/tasks/shared/splits.ts';

const shares = { validation: 0.2, test: 0.3 };

/** Two texts of one hash, found by trying. */
function collision(): [string, string] {
  const seen = new Map<number, string>();
  for (let index = 0; ; index++) {
    const text = `text ${index}`;
    const hash = hashFraction(text);
    const other = seen.get(hash);
    if (other !== undefined) return [other, text];
    seen.set(hash, text);
  }
}

describe('examples', () => {
  // 300 examples of 60 keys.
  const examples = Array.from({ length: 300 }, (_, index) => ({
    id: `example ${index}`,
    key: `key ${(index * 7) % 60}`,
  }));
  const keyOf = ({ key }: (typeof examples)[number]) => key;
  const idOf = ({ id }: (typeof examples)[number]) => id;

  test('go where the rank of their key by hash says, whole, in the order of their own hashes', () => {
    const splits = splitExamples('t', examples, { keyOf, idOf, shares });
    const ranked = orderByHash([...new Set(examples.map(keyOf))], (key) => key);
    const [test, validation] = [new Set(ranked.slice(0, 18)), new Set(ranked.slice(18, 30))];
    const ordered = orderByHash(examples, idOf);
    expect(splits.test).toEqual(ordered.filter(({ key }) => test.has(key)));
    expect(splits.validation).toEqual(ordered.filter(({ key }) => validation.has(key)));
    expect(splits.train).toEqual(ordered.filter(({ key }) => !test.has(key) && !validation.has(key)));
    expect(splitExamples('t', examples.toReversed(), { keyOf, idOf, shares })).toEqual(splits);
  });

  test('are told apart where the hashes of their keys are equal', () => {
    const pair = collision();
    const some = [...pair, ...pair, ...pair].map((key, index) => ({ id: `same hash ${index}`, key }));
    const notes: string[] = [];
    splitExamples('t', [...examples, ...some], { keyOf, idOf, shares, alike: true, notes });
    // 306 examples of 62 keys.
    expect(notes[0]).toMatch(/^244 of 306 examples differ from another only in/);
  });
});

test('held-out texts that another split has nearly the same are left out', () => {
  const texts = (from: number, count: number) =>
    Array.from(
      { length: count },
      (_, index) => `text ${[...(from + index).toString(6)].map((digit) => 'abcdef'[Number(digit)]).join('')}`,
    );
  const notes: string[] = [];
  const splits = { train: texts(0, 50), validation: texts(45, 20), test: texts(60, 20) };
  const { train, validation, test: tested } = leaveOutKnown('t', splits, (text) => text.toUpperCase(), notes);
  // 45 … 49 are trained on; 60 … 64 are validated on.
  expect([train, validation, tested]).toEqual([texts(0, 50), texts(50, 15), texts(65, 15)]);
  expect(notes).toEqual([expect.stringMatching(/^10 of 40 held-out texts are left out/)]);
});
