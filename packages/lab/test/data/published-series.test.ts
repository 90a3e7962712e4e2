import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readElectricity, readExchange, readYields } from '../../src/data/published-series.ts';
import { realData } from './real-data.ts';
import { temporaryFolder, writeIn } from './temporary.ts';

/** A value of R in its binary form, by hand ("R Internals", section 1.8). */
const integer = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => {
    bytes.writeInt32BE(value, index * 4);
  });
  return bytes;
};
const doubles = (flags: number, values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => {
    bytes.writeDoubleBE(value, index * 8);
  });
  return Buffer.concat([integer(14 | flags, values.length), bytes]);
};
const char = (text: string): Buffer => Buffer.concat([integer(9, text.length), Buffer.from(text)]);
const strings = (...texts: string[]): Buffer => Buffer.concat([integer(16, texts.length), ...texts.map(char)]);
const pairs = (fields: Record<string, Buffer>): Buffer =>
  Buffer.concat([
    ...Object.entries(fields).flatMap(([name, value]) => [integer(2 | 0x400, 1), char(name), value]),
    integer(254),
  ]);
const HAS_ATTRIBUTES = 0x200;

function writeYields(values: readonly number[], attributes: Record<string, Buffer>): string {
  const folder = temporaryFolder();
  const tcmd = Buffer.concat([doubles(HAS_ATTRIBUTES, values), pairs(attributes)]);
  const data = Buffer.concat([Buffer.from('RDX2\nX\n'), integer(2, 0x40202, 0x20300), pairs({ tcmd })]);
  writeIn(folder, 'usr/lib/R/site-library/tseries/data/tcmd.rda', gzipSync(data));
  return folder;
}

const attributes = {
  dim: Buffer.concat([integer(13, 2), integer(2, 2)]),
  dimnames: Buffer.concat([integer(19, 2), integer(254), strings('tcm1yd', 'tcm10yd')]),
  tsp: doubles(0, [1962, 1962.5, 2]),
};

test('a matrix is read column after column, its times from start and frequency', () => {
  const series = readYields(writeYields([3.22, 3.24, 4.06, 4.03], attributes));
  expect(series.columns.map(({ name, values }) => [name, [...values]])).toEqual([
    ['1 year', [3.22, 3.24]],
    ['10 years', [4.06, 4.03]],
  ]);
  expect([...series.times]).toEqual([Date.UTC(1962, 0), Date.UTC(1962, 0) + (365 / 2) * 86_400_000]);
  expect(series.timesExact).toBe(false);
});

test('other shapes, missing values and missing files are refused', () => {
  expect(() => readYields(writeYields([1, 2, 3], attributes))).toThrow(/the matrix: expected 4 numbers, got 3/);
  expect(() => readYields(writeYields([1, 2, Number.NaN, 4], attributes))).toThrow(
    /the matrix: expected a number in each place, got NaN at 2/,
  );
  expect(() => readYields(writeYields([1, 2, 3, 4], { ...attributes, dimnames: strings('a', 'b') }))).toThrow(
    /expected 2 names of columns/,
  );
  const { dim, dimnames } = attributes;
  expect(() => readYields(writeYields([1, 2, 3, 4], { dim, dimnames }))).toThrow(/expected an object tsp, got none/);
  for (const read of [readYields, readExchange, readElectricity]) {
    expect(() => read('/nowhere')).toThrow(/expected a file of a data set, but there is no such file/);
  }
});

/** SHA-256 of little-endian doubles; those of the Python package rdata are printed by reference/readers.py. */
function sumOf(...arrays: readonly Float64Array[]): string {
  const hash = createHash('sha256');
  for (const array of arrays) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return hash.digest('hex');
}

const yields = realData('yields');
if (yields !== undefined) {
  test('the yields are those that rdata reads', () => {
    const { columns, times } = readYields(yields);
    expect(columns.map(({ name }) => name)).toEqual(['1 year', '3 years', '5 years', '10 years']);
    expect(sumOf(...columns.map(({ values }) => values))).toBe(
      'd5d5de0abb9b28513fdc76e74045b83487963c1e6d97c00b6d0be78cdc243576',
    );
    expect(times.length).toBe(9574);
    // The Federal Reserve's release H.15 for the first day of the series, 2 January 1962.
    expect(columns.map(({ values }) => values[0])).toEqual([3.22, 3.7, 3.88, 4.06]);
  });
}

const exchange = realData('exchange');
if (exchange !== undefined) {
  test('the quotes are those that rdata reads', () => {
    const { columns, times } = readExchange(exchange);
    expect(columns.map(({ values }) => sumOf(values))).toEqual([
      '0163616b6867a1bdf0caf685bf1e82ee9e23cf8d663a85ca7833482255e107a4',
    ]);
    expect(sumOf(times.map((time) => time / 1000))).toBe(
      '941e332d9097a3154c9ae156ba1cefc0320e9f3fe152a0a737a971caccb0c282',
    );
    const gaps = Array.from(times.slice(1), (time, index) => time - (times[index] as number));
    expect(gaps.filter((gap) => gap !== 1_800_000)).toHaveLength(261);
  });
}

const electricity = realData('electricity');
if (electricity !== undefined) {
  test('the demands are those that rdata reads, and end on a Sunday at half past eleven', () => {
    const { columns, times, seasons } = readElectricity(electricity);
    expect(columns.map(({ values }) => sumOf(values))).toEqual([
      'bf5e0b0766e3717ce810bb8f304ae7cff067f31ffa7d133dd005e05cf6f84d84',
    ]);
    expect(new Date(times.at(-1) as number).toISOString()).toBe('2000-08-27T23:30:00.000Z');
    expect(seasons).toEqual([48, 336]);
  });
}
