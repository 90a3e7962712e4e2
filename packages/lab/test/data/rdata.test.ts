import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type RValue, readLazyLoaded, readRda } from '../../src/data/rdata.ts';
import { temporaryFolder, writeIn } from './temporary.ts';

interface Golden {
  readonly files: readonly { readonly name: string; readonly file: string; readonly values: Record<string, unknown> }[];
  readonly lazy: { readonly rdx: string; readonly rdb: string; readonly values: Record<string, unknown> };
}

/** Files that R wrote, with their values by the Python package rdata: reference/readers.py. */
const golden = JSON.parse(
  readFileSync(new URL('../fixtures/data/rdata.golden.json', import.meta.url), 'utf8'),
) as Golden;
const folder = temporaryFolder();

/** A value as reference/readers.py writes it. */
function dump(value: RValue): unknown {
  const attributes = Object.fromEntries(Object.entries(value.attributes).map(([name, one]) => [name, dump(one)]));
  if (value.type === 'list') {
    // A linked list keeps its tags as names.
    return { type: 'list', values: value.values.map(dump), attributes };
  }
  if (value.type === 'character') return { type: 'character', values: [...value.values], attributes };
  if (value.type === 'double' || value.type === 'integer' || value.type === 'logical') {
    const values = Array.from(value.values, (number) => (Number.isFinite(number) ? number : String(number)));
    return { type: value.type, values, attributes };
  }
  return { type: value.type, attributes };
}

test.each(golden.files)('$name holds what rdata reads', ({ name, file, values }) => {
  const read = readRda(writeIn(folder, name, Buffer.from(file, 'base64')));
  expect(Object.fromEntries([...read].map(([key, value]) => [key, dump(value)]))).toEqual(values);
});

test('a lazy-load pair holds what rdata reads', () => {
  writeIn(folder, 'Rdata.rdx', Buffer.from(golden.lazy.rdx, 'base64'));
  writeIn(folder, 'Rdata.rdb', Buffer.from(golden.lazy.rdb, 'base64'));
  for (const [name, value] of Object.entries(golden.lazy.values)) {
    expect(dump(readLazyLoaded(`${folder}/Rdata`, name)), name).toEqual(value);
  }
  expect(() => readLazyLoaded(`${folder}/Rdata`, 'tulips')).toThrow(
    /Rdata\.rdx: expected an object tulips, got ts, vector/,
  );
  writeIn(folder, 'Rdata.rdb', Buffer.from(golden.lazy.rdb, 'base64').subarray(0, 90));
  expect(() => readLazyLoaded(`${folder}/Rdata`, 'vector')).toThrow(/Rdata\.rdb: expected at least \d+ bytes, got 90/);
});

test('what is no data of R, cut off or unreadable is refused', () => {
  const refuse = (bytes: Uint8Array | string, message: RegExp): void =>
    expect(() => readRda(writeIn(folder, 'bad.rda', bytes))).toThrow(message);
  const { file } = golden.files.find(({ name }) => name === 'ts__xdr__version_3.rda') as Golden['files'][number];
  const plain = gunzipSync(Buffer.from(file, 'base64'));
  refuse('time,value\n', /bad\.rda: expected a file saved by R/);
  refuse(
    Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]),
    /expected gzip or bzip2, got xz; unpack it with `xz -d` first/,
  );
  refuse(Buffer.from(file, 'base64').subarray(0, 40), /cannot be unpacked/);
  refuse(Buffer.concat([plain, Buffer.alloc(4)]), /expected the end, got 4 bytes more/);
  refuse(Buffer.from(plain.toString('latin1').replace('RDX3\nX', 'RDX3\nA'), 'latin1'), /expected R’s binary form XDR/);
  for (let end = 6; end < plain.length; end++) {
    refuse(plain.subarray(0, end), /bad\.rda: (byte \d+ of the unpacked data: expected|expected)/);
  }
  // A list of one function: R's type 3.
  const closure = Buffer.from('RDX2\nX\n\0\0\0\x02\0\x04\x02\0\0\x02\x03\0\0\0\0\x03', 'latin1');
  refuse(closure, /expected a vector or a list, got R’s type 3/);
  expect(() => readRda('/nowhere/a.rda')).toThrow(/a\.rda: expected a file of a data set, but there is no such file/);
});

test('a sequence stored by a rule may fall', () => {
  const integers = (...values: number[]): string =>
    values.map((value) => String.fromCharCode(...[24, 16, 8, 0].map((bit) => (value >>> bit) & 0xff))).join('');
  const symbol = (name: string): string => integers(1, 9, name.length) + name;
  const double = (value: number): string => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return bytes.toString('latin1');
  };
  const rule = integers(2) + symbol('compact_intseq') + integers(2) + symbol('base') + integers(254);
  const state = integers(14, 3) + double(3) + double(10) + double(-1);
  const list = integers(0x402) + symbol('falling') + integers(238) + rule + state + integers(254, 254);
  const path = writeIn(folder, 'rule.rda', Buffer.from(`RDX2\nX\n${integers(2, 0x40202, 0x20300)}${list}`, 'latin1'));
  const value = readRda(path).get('falling') as RValue & { readonly values: Float64Array };
  expect([value.type, ...value.values]).toEqual(['integer', 10, 9, 8]);
});
