import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseIdx, readIdx } from '../../src/data/idx.ts';
import { realData } from './real-data.ts';

interface Case {
  readonly name: string;
  readonly file: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Packed by numpy: reference/readers.py. */
const golden = JSON.parse(
  readFileSync(new URL('../fixtures/data/idx.golden.json', import.meta.url), 'utf8'),
) as readonly Case[];

test.each(golden)('an array of $name is read as numpy wrote it', ({ name, file, shape, values }) => {
  const array = parseIdx(Buffer.from(file, 'base64'), 'a.idx');
  expect(array.shape).toEqual(shape);
  expect([...array.values]).toEqual(values);
  expect(array.values.BYTES_PER_ELEMENT).toBe(Number(name.at(-1)));
});

const header = (type: number, ...sizes: number[]): Buffer => {
  const bytes = Buffer.alloc(4 + sizes.length * 4);
  bytes[2] = type;
  bytes[3] = sizes.length;
  sizes.forEach((size, axis) => {
    bytes.writeUInt32BE(size, 4 + axis * 4);
  });
  return bytes;
};

test('what is no IDX is refused with what came', () => {
  const refuse = (bytes: Buffer, message: RegExp): void => expect(() => parseIdx(bytes, 'a.idx')).toThrow(message);
  refuse(Buffer.from('GIF89a'), /a\.idx: expected an IDX file.*got 47494638/);
  refuse(Buffer.alloc(0), /got an empty file/);
  refuse(Buffer.from([0, 0, 8]), /expected an IDX file.*got 000008/);
  refuse(header(10, 2), /expected an IDX file.*got 00000a01/);
  refuse(Buffer.from([0, 0, 8, 0]), /expected an IDX file.*got 00000800/);
  refuse(header(8, 2, 2).subarray(0, 10), /expected a header of 12 bytes for 2 axes, got 10 bytes/);
  refuse(Buffer.concat([header(8, 2, 2), Buffer.alloc(3)]), /expected 16 bytes for 2 × 2.*got 15: the file is cut off/);
  refuse(
    Buffer.concat([header(8, 2, 2), Buffer.alloc(5)]),
    /expected 16 bytes.*got 17: the file is longer than it says/,
  );
  refuse(header(8, 2 ** 32 - 1, 2 ** 32 - 1), /the file is cut off/);
  refuse(gzipSync(Buffer.concat([header(8, 1), Buffer.alloc(1)])).subarray(0, 20), /cannot be unpacked as gzip/);
  expect(() => readIdx('/nowhere/a.idx')).toThrow(/a\.idx: expected a file.*no such file.*again/);
});

const folder = realData('fashion');
if (folder !== undefined) {
  test('Fashion-MNIST has 70,000 images, as many of each class', () => {
    const read = (name: string) => readIdx(`${folder}/usr/share/datasets/fashion-mnist/${name}-ubyte.gz`);
    expect(read('train-images-idx3').shape).toEqual([60_000, 28, 28]);
    expect(read('t10k-images-idx3').shape).toEqual([10_000, 28, 28]);
    const labels = read('train-labels-idx1');
    const counts = Array.from({ length: 10 }, (_, label) => labels.values.filter((value) => value === label).length);
    expect(counts).toEqual(Array(10).fill(6000));
    // The first labels of the published file.
    expect([...labels.values.slice(0, 6)]).toEqual([9, 0, 0, 3, 0, 2]);
  });
}
