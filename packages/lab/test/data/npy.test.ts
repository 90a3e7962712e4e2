/** NumPy files: what NumPy wrote, and what nobody should read. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeNpy, looksLikeNpy, readNpy } from '../../src/data/npy.ts';
import { goldenFile, goldens } from '../fixtures/pictures/goldens.ts';

describe('arrays read as NumPy 2.4.6 wrote them', () => {
  test.each(Object.entries(goldens.arrays))('%s', (name, { shape, values }) => {
    const array = decodeNpy(goldenFile(`${name}.npy`), name);
    expect(array.shape).toEqual(shape);
    expect([...array.values]).toEqual(values.map((value) => (typeof value === 'boolean' ? Number(value) : value)));
  });

  test('also compressed, from a path with spaces and other letters', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'npy ')), 'números 数.npy.gz');
    writeFileSync(path, gzipSync(goldenFile('bytes.npy')));
    expect((await readNpy(path)).shape).toEqual([3, 4, 4]);
  });
});

describe('what is not such an array is refused', () => {
  const integers = goldenFile('integers.npy');
  test.each([
    ['objects', goldenFile('objects.npy'), /x\.npy: expected an array of numbers or texts, got Python objects, which/],
    ['complex numbers', goldenFile('complex.npy'), /got the type <c16; convert it with astype/],
    ['an archive', goldenFile('archive.npz'), /got an archive \(\.npz\); save its arrays one by one/],
    ['a picture', goldenFile('grey.png'), /x\.npy: expected a NumPy array \(\.npy\), got another file/],
    ['an empty file', Buffer.alloc(0), /expected a NumPy array/],
    ['a file without values', integers.subarray(0, 128), /is cut off: fewer values than its header says/],
    ['a file cut in its last value', integers.subarray(0, -1), /is cut off/],
    ['a file cut in its header', integers.subarray(0, 40), /is cut off/],
    ['a file with more values', Buffer.concat([integers, Buffer.alloc(8)]), /expected 56 bytes of values, got 64/],
    ['a newer format', Buffer.from(integers).fill(9, 6, 7), /expected NumPy's format 1 to 3, got 9/],
    ['records', Buffer.from(integers.toString('latin1').replace("'<i8'", "[['a'"), 'latin1'), /one of records/],
    ['a damaged header', Buffer.from(integers.toString('latin1').replace('shape', 'shame'), 'latin1'), /is damaged/],
  ])('%s', (_, bytes, message) => {
    expect(() => decodeNpy(bytes, 'x.npy')).toThrow(message);
  });

  test('a shape that no memory holds is cut off, not allocated', () => {
    const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (9999999999, 99), }";
    const bytes = Buffer.concat([integers.subarray(0, 8), Buffer.from([header.length, 0]), Buffer.from(header)]);
    expect(() => decodeNpy(bytes, 'x.npy')).toThrow(/cut off/);
  });

  test('the first bytes tell', () => {
    expect(looksLikeNpy(integers)).toBe(true);
    expect(looksLikeNpy(goldenFile('grey.png'))).toBe(false);
  });
});
