import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bunzip2 } from '../../src/data/bunzip2.ts';

interface Case {
  readonly name: string;
  readonly packed: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Packed by CPython's bz2: reference/readers.py. */
const golden = JSON.parse(
  readFileSync(new URL('../fixtures/data/bunzip2.golden.json', import.meta.url), 'utf8'),
) as readonly Case[];

test.each(golden)('unpacks $name', ({ packed, bytes, sha256 }) => {
  const plain = bunzip2(Buffer.from(packed, 'base64'), 'a.bz2', bytes);
  expect(plain.length).toBe(bytes);
  expect(createHash('sha256').update(plain).digest('hex')).toBe(sha256);
});

const words = Buffer.from((golden.find(({ name }) => name === 'words') as Case).packed, 'base64');

test('what is damaged, cut off or too large is refused', () => {
  const refuse = (bytes: Uint8Array, message: RegExp, limit = 2 ** 20): void =>
    expect(() => bunzip2(bytes, 'a.bz2', limit)).toThrow(message);
  refuse(Buffer.from('hello, world'), /a\.bz2: not unpacked as bzip2: it does not begin as bzip2 does/);
  refuse(words.subarray(0, 500), /not unpacked as bzip2: .*; fetch the file again/);
  refuse(words.subarray(0, words.length - 1), /not unpacked as bzip2/);
  refuse(words, /it holds more than expected/, 1000);
  const changed = (at: number): Buffer => {
    const bytes = Buffer.from(words);
    bytes[at] = (bytes[at] as number) ^ 0x10;
    return bytes;
  };
  refuse(changed(5), /not unpacked as bzip2/);
  refuse(changed(11), /Bad block CRC|Data error/);
  refuse(changed(words.length - 2), /Bad stream CRC/);
});

test('a changed byte is noticed, or lies where nothing is said', () => {
  const { bytes, sha256 } = golden.find(({ name }) => name === 'words') as Case;
  let noticed = 0;
  for (let at = 0; at < words.length; at += 7) {
    const copy = Buffer.from(words);
    copy[at] = (copy[at] as number) ^ (1 << (at % 8));
    try {
      const plain = bunzip2(copy, 'a.bz2', bytes * 2);
      expect(createHash('sha256').update(plain).digest('hex'), `byte ${at}`).toBe(sha256);
    } catch (error) {
      expect(String(error), `byte ${at}`).toMatch(/^DataError: a\.bz2: not unpacked as bzip2/);
      noticed++;
    }
  }
  expect(noticed).toBeGreaterThan(0.95 * Math.ceil(words.length / 7));
});
