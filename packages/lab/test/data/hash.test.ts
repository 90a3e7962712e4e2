import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprint, hashFraction, orderByHash, splitOf } from '../../src/data/hash.ts';

test('hashFraction is FNV-1a finished by MurmurHash3: known values do not change between versions', () => {
  // FNV-1a of '' is 0x811c9dc5 and of 'a' 0xe40c292c (published test vectors); fmix32 by an independent run in Python.
  expect(hashFraction('') * 2 ** 32).toBe(fmix32(0x811c9dc5n));
  expect(hashFraction('a') * 2 ** 32).toBe(fmix32(0xe40c292cn));
  expect(hashFraction('foobar') * 2 ** 32).toBe(fmix32(0xbf9cf968n));
});

test('hashFraction is spread evenly, also over texts that differ in one character', () => {
  const bins = new Array<number>(10).fill(0);
  for (let index = 0; index < 20_000; index++) {
    const bin = Math.floor(hashFraction(`family ${index}`) * 10);
    bins[bin] = (bins[bin] as number) + 1;
  }
  // Pearson's chi-squared with 9 degrees of freedom: 27.9 is exceeded once in 1,000.
  expect(bins.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(27.9);
});

test('the order by hash does not depend on the order given', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 30 }), (texts) => {
      const same = (text: string): string => text;
      expect(orderByHash(texts.toReversed(), same)).toEqual(orderByHash(texts, same));
      expect(orderByHash(texts, same).toSorted()).toEqual(texts.toSorted());
    }),
  );
});

test('splits take the shares asked for', () => {
  const counts = { train: 0, validation: 0, test: 0 };
  for (let index = 0; index < 20_000; index++) counts[splitOf(`${index}`, { validation: 0.1, test: 0.2 })]++;
  expect(counts.validation / 20_000).toBeCloseTo(0.1, 1.5);
  expect(counts.test / 20_000).toBeCloseTo(0.2, 1.5);
});

test('a fingerprint is SHA-256 of the parts with their lengths, and tells where one part ends', () => {
  const expected = createHash('sha256')
    .update('2:ab4:')
    .update(Uint8Array.of(7, 0, 0, 0))
    .digest('hex');
  expect(fingerprint(['ab', Int32Array.of(7)])).toBe(expected);
  expect(fingerprint(['ab', 'c'])).not.toBe(fingerprint(['a', 'bc']));
});

/** The finaliser of MurmurHash3 in arbitrary precision. */
function fmix32(hash: bigint): number {
  const mask = 0xffffffffn;
  let h = hash;
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & mask;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & mask;
  h ^= h >> 16n;
  return Number(h);
}
