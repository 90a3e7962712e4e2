import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDictionaryEntries, readTextEntries } from '../../src/data/sword.ts';
import { writeDictionary, writeText } from './modules.ts';
import { temporaryFolder } from './temporary.ts';

const texts = new Map([
  [2, 'In the beginning'],
  [3, 'EN el principio crió'],
  [7, 'El fin'],
]);

test('texts are found in their blocks, and entries without a text are empty', () => {
  const entries = readTextEntries(writeText(temporaryFolder(), 'en', 'ot', 9, texts));
  expect(Array.from({ length: entries.length }, (_, index) => entries.at(index))).toEqual(
    Array.from({ length: 9 }, (_, index) => texts.get(index) ?? ''),
  );
});

/** Changes a file of a text module and reads entry 2 of it. */
const readBroken = (ending: string, change: (bytes: Buffer) => Buffer): string => {
  const base = writeText(temporaryFolder(), 'en', 'ot', 9, texts);
  writeFileSync(base + ending, change(readFileSync(base + ending)));
  return readTextEntries(base).at(2);
};
const set = (at: number, value: number) => (bytes: Buffer) => {
  bytes.writeUInt32LE(value, at);
  return bytes;
};

test('a damaged text module is refused, with the file and what to do', () => {
  const cases: readonly (readonly [string, (bytes: Buffer) => Buffer, RegExp])[] = [
    ['.bzv', (bytes) => bytes.subarray(1), /ot\.bzv: expected records of 10 bytes, got 89 bytes.*fetch it again/],
    ['.bzs', () => Buffer.alloc(0), /ot\.bzs: expected records of 12 bytes, got 0 bytes/],
    ['.bzv', set(20, 5), /ot\.bzv: expected one of 2 blocks, got 5/],
    ['.bzv', set(24, 1000), /ot\.bzz: expected at least 1016 bytes.*lies outside/],
    ['.bzs', set(8, 99), /ot\.bzz: block 0: expected 99 bytes, got \d+/],
    ['.bzs', set(0, 3), /ot\.bzz: cannot unpack \d+ bytes at 3/],
    ['.bzs', set(4, 10_000), /ot\.bzz: expected at least 10000 bytes/],
  ];
  for (const [ending, change, message] of cases) expect(() => readBroken(ending, change), ending).toThrow(message);
  expect(() => readTextEntries('/nowhere/ot')).toThrow(/ot\.bzs: expected a file of a data set, but there is no such/);
  const base = writeText(temporaryFolder(), 'es', 'nt', 4, new Map([[3, 'crió']]));
  const entries = readFileSync(`${base}.bzv`);
  entries.writeUInt16LE(4, 38);
  writeFileSync(`${base}.bzv`, entries);
  expect(() => readTextEntries(base).at(3)).toThrow(/nt\.bzz: expected UTF-8 text/);
});

test('a dictionary gives its entries in order, also those of later blocks and of one key', () => {
  const written = Array.from(
    { length: 70 },
    (_, index) => [String(index).padStart(5, '0'), `<def>${index} é</def>`] as const,
  );
  const entries = [...written, ['00069', 'again'] as const];
  expect(readDictionaryEntries(writeDictionary(temporaryFolder(), 'strongs', entries))).toEqual(entries);
});

test('a damaged dictionary is refused', () => {
  const base = writeDictionary(temporaryFolder(), 'strongs', [['00001', 'one']]);
  const keys = readFileSync(`${base}.dat`);
  writeFileSync(`${base}.dat`, Buffer.from(keys.toString('latin1').replace('\n', ' '), 'latin1'));
  expect(() => readDictionaryEntries(base)).toThrow(/dict\.dat: entry 0: expected a key, a line end and 8 bytes/);
  writeFileSync(`${base}.dat`, keys.subarray(0, 10));
  expect(() => readDictionaryEntries(base)).toThrow(/dict\.dat: expected at least 15 bytes, got 10/);
});
