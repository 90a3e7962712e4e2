import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { file, fixtures, read } from './rows-help.ts';

const NAMES = ['f.csv', 'f.tsv', 'f.jsonl', 'f.json', 'f.parquet', 'f.txt', 'f.conll', 'f'];

/** Reads what can be read; anything but rows with rising lines or a DataError fails. */
async function survives(name: string, content: string | Uint8Array): Promise<void> {
  const path = file(name, content);
  try {
    const { lines, refused } = await read(path);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(new Set(lines).size).toBe(lines.length);
    for (const { line, reason } of refused) {
      expect(line).toBeGreaterThan(0);
      expect(reason).not.toBe('');
    }
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
}

describe('whatever a file holds, it is read or refused by a DataError', () => {
  const name = fc.constantFrom(...NAMES);

  test('bytes', async () => {
    const marks = fc
      .constantFrom('', '\xef\xbb\xbf', '\xff\xfe', '\xfe\xff', 'PAR1', '\x1f\x8b\x08')
      .map((mark) => Buffer.from(mark, 'latin1'));
    const property = fc.asyncProperty(name, marks, fc.uint8Array({ maxLength: 200 }), (path, mark, bytes) =>
      survives(path, Buffer.concat([mark, bytes])),
    );
    await fc.assert(property, { numRuns: 200 });
  });

  test('nearly rows', async () => {
    const part = fc.constantFrom(
      ...['a', '1', '"', '""', ',', ';', '\t', '\n', '\r\n', '\r', ' ', '{', '}', '[', ']', '{"a":', '"b"', ':', '\\'],
      ...['null', 'é', '😀', '-DOCSTART-', 'O', 'B-X', 'I-X', 'x B-X\n', '{"data":[', '{"paragraphs":[', '\uFEFF', '#'],
    );
    const property = fc.asyncProperty(name, fc.array(part, { maxLength: 40 }), (path, parts) =>
      survives(path, parts.join('')),
    );
    await fc.assert(property, { numRuns: 400 });
  });

  test('files of other programs with some bytes changed', async () => {
    const known = readdirSync(fixtures).filter((one) => !one.endsWith('.golden.json'));
    const change = fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat({ max: 255 }));
    const property = fc.asyncProperty(
      fc.constantFrom(...known),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (one, changes, kept) => {
        const bytes = readFileSync(join(fixtures, one));
        for (const [at, byte] of changes) bytes[Math.floor(at * bytes.length)] = byte;
        await survives(one, kept < 0.3 ? bytes.subarray(0, Math.ceil(kept * bytes.length)) : bytes);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });
});

describe('a table written by the rules of RFC 4180 is read as it was', () => {
  const text = fc
    .string({
      unit: fc.oneof(fc.constantFrom('"', ',', ';', '\t', '\n', '\r\n', ' ', 'é', '😀', '\u2028'), fc.string()),
    })
    .filter((cell) => cell.isWellFormed() && !cell.includes('\0'));
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((columns) =>
      fc.array(fc.array(text, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
    );
  const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;

  test.each([',', ';', '\t'])('with %j between cells', async (delimiter) => {
    const property = fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (rows, end, ended) => {
      const names = (rows[0] as string[]).map((_, index) => `c${index}`);
      const lines = [names, ...rows.map((row) => row.map(quote))].map((cells) => cells.join(delimiter));
      const content = lines.join(end) + (ended ? end : '');
      const path = file('r.csv', content.length % 2 === 0 ? content : gzipSync(content));
      const { cells, lines: starts, refused } = await read(path, { format: delimiter === '\t' ? 'tsv' : 'csv' });
      expect(refused).toEqual([]);
      const kept = delimiter === '\t' ? rows.map((row) => row.map((cell) => cell.trim())) : rows;
      expect(cells.map((row) => names.map((name) => row[name]))).toEqual(kept);
      expect(starts).toEqual(rows.map((_, index) => 2 + index + newlines(lines.slice(1, index + 1))));
    });
    await fc.assert(property, { numRuns: 150 });
  });

  function newlines(texts: readonly string[]): number {
    return texts.join('').split('\n').length - 1;
  }
});
