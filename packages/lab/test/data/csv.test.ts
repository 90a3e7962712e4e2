import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readTimedColumn, readTimedColumns } from '../../src/data/csv.ts';
import { DataError } from '../../src/data/data-error.ts';
import { readSeries } from '../../src/data/series.ts';

const folder = mkdtempSync(join(tmpdir(), 'posenc-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array, name = 'data.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message.replace(folder, '');
}

describe('a CSV is read', () => {
  test('by its column names, with the line of each row', async () => {
    const table = await readTimedColumn(file('date,open,close\n2024-01-01,1,2.5\n\n2024-01-02,3,-4e2\n'), {
      time: 'date',
      value: 'close',
    });
    expect([...table.values]).toEqual([2.5, -400]);
    expect([...table.times]).toEqual([Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 2)]);
    expect([...table.lines]).toEqual([2, 4]);
  });

  test('with the columns found when there is only one choice', async () => {
    const table = await readTimedColumn(file('price,Date\n1,2024-01-01\n2,2024-01-02'));
    expect([table.timeColumn, table.valueColumn, ...table.values]).toEqual(['Date', 'price', 1, 2]);
  });

  test.each([
    ['a byte order mark and Windows line ends', '\uFEFFtime,x\r\n2024,1\r\n2025,2\r\n'],
    ['semicolons', 'time;x\n2024;1\n2025;2\n'],
    ['tabs', 'time\tx\n2024\t1\n2025\t2\n'],
    ['UTF-16', Buffer.from('\uFEFFtime,x\n2024,1\n2025,2\n', 'utf16le')],
    ['gzip', gzipSync('time,x\n2024,1\n2025,2\n')],
    ['old Macintosh line ends', 'time,x\r2024,1\r2025,2\r'],
    ['quotes and spaces', '"time", "x"\n"2024", 1\n 2025 ,"2"\n'],
  ])('with %s', async (_, text) => {
    expect([...(await readTimedColumn(file(text))).values]).toEqual([1, 2]);
  });

  test('of several columns against time, from JSON lines as from a CSV', async () => {
    const rows = [
      { day: '2024-01-02', one: 1, two: -1.5 },
      { day: '2024-01-01', one: 2, two: 1e3 },
    ];
    const lines = file(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), 'data.jsonl');
    const csv = file('day,one,two\n2024-01-02,1,-1.5\n2024-01-01,2,1e3\n');
    const expected = {
      timeColumn: 'day',
      valueColumns: ['two', 'one'],
      times: Float64Array.of(Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 1)),
      values: [Float64Array.of(-1.5, 1000), Float64Array.of(1, 2)],
    };
    expect(await readTimedColumns(lines, { values: ['two', 'one'] })).toEqual({
      ...expected,
      lines: Int32Array.of(1, 2),
    });
    expect(await readTimedColumns(csv, { values: ['two', 'one'] })).toEqual({
      ...expected,
      lines: Int32Array.of(2, 3),
    });
    expect(await failure(readTimedColumns(csv, { values: ['one', 'one'] }))).toContain(
      'column one is to be forecast twice',
    );
    expect(await failure(readTimedColumns(csv, { values: [] }))).toContain('expected at least one column to forecast');
  });

  test('whatever its name, unless a hole is in it', async () => {
    expect([...(await readTimedColumn(file('time,x\n2024,1\n2025,2\n', 'prices.txt'))).values]).toEqual([1, 2]);
    const lines = file('{"time":"2024","x":1}\n{"time":"2025"}\n', 'hole.jsonl');
    expect(await failure(readTimedColumn(lines))).toContain('line 2: column x: expected a number, got an empty cell');
    const text = file('{"time":"2024","x":1}\n{"time":"2025",\n', 'broken.jsonl');
    expect(await failure(readTimedColumn(text))).toContain('line 2: not valid JSON');
  });

  test('in a file of many pieces, with a line number that is right at the end', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `${1_000_000_000 + index},${index},ñ`);
    const good = await readTimedColumn(file(`time,x,note\n${rows.join('\n')}`), { value: 'x' });
    expect(good.values).toEqual(Float64Array.from(rows.keys()));
    const bad = file(`time,x,note\n${rows.join('\n')}\n2001-09-10,oops,ñ\n`);
    expect(await failure(readTimedColumn(bad, { value: 'x' }))).toContain('line 60002: column x: expected a number');
  });
});

describe('a CSV is refused', () => {
  test('if there is no such file, or it is a directory', async () => {
    expect(await failure(readTimedColumn(join(folder, 'none.csv')))).toBe('/none.csv: no such file');
    expect(await failure(readTimedColumn(join(file('x'), 'none.csv')))).toContain('no such file');
    mkdirSync(join(folder, 'directory'));
    expect(await failure(readTimedColumn(join(folder, 'directory')))).toBe(
      '/directory: expected a file, got a directory',
    );
    expect(await failure(readTimedColumn('a\0b'))).toContain('NUL');
  });

  test('if it is no ordinary file, or cannot be read', async () => {
    expect(await failure(readTimedColumn('/dev/null'))).toBe('/dev/null: expected an ordinary file');
    expect(await failure(readTimedColumn('x'.repeat(5000)))).toContain('cannot be read: ENAMETOOLONG');
  });

  test.each([
    ['it is empty', '', 'expected a table with a header line, got an empty file'],
    ['it has only empty lines', '\n\n', 'expected a table with a header line, got only empty lines'],
    ['it has a header only', 'time,x\n', 'expected rows of data, got a header line only'],
    [
      'it has one column',
      'time\n2024\n',
      'not a CSV: expected a time column and a number column, got the one column time',
    ],
    [
      'it is JSON',
      '[\n{"time": 2024,\n"x": 1}]',
      'expected CSV, as its name says, got what looks like a JSON list; give --format json',
    ],
    ['a row is short', 'time,x\n2024,1\n2025\n', 'line 3: not a CSV: expected as many fields as the header has, got 1'],
    ['a row is long', 'time,x\n2024,1,5\n', 'line 2: not a CSV: expected as many fields as the header has, got 3'],
    [
      'a quotation mark stays open',
      'time,x\n2024,"1\n2025,2\n',
      'not a CSV: a quotation mark is opened and never closed',
    ],
    ['a cell is text', 'time,x\n2024,1\n2025,n/a\n', 'line 3: column x: expected a number such as 1234.5, got "n/a"'],
    ['a number has a comma', 'time;x\n2024;1,5\n', 'line 2: column x: expected a number such as 1234.5, got "1,5"'],
    [
      'a number is infinite',
      'time,x\n2024,Infinity\n',
      'line 2: column x: expected a number such as 1234.5, got "Infinity"',
    ],
    ['a number is too large', 'time,x\n2024,1e999\n', 'line 2: column x: expected a number'],
    ['a number is hexadecimal', 'time,x\n2024,0x10\n', 'line 2: column x: expected a number'],
    [
      'a cell is empty',
      'time,x\n2024,\n',
      'line 2: column x: expected a number, got an empty cell; fill it or remove the row',
    ],
    [
      'a time is empty',
      'time,x\n,1\n',
      'line 2: column time: expected a time, got an empty cell; fill it or remove the row',
    ],
    [
      'a time is ambiguous',
      'time,x\n01/02/2024,1\n',
      'line 2: column time: expected a time such as 2024-01-31, 2024-01-31T12:00Z, 2024-01 or 2024, got "01/02/2024"',
    ],
    ['a day does not exist', 'time,x\n2024-01-01,1\n2023-02-29,2\n', 'line 3: column time: expected a time'],
    ['no column is a time', 'a,b\n1,2\n', 'which column is the time? Give --time with one of a, b'],
    [
      'there are several targets',
      'time,b,c\n2024,2,3\n',
      'which column is to be forecast? Give --target with one of time, b, c',
    ],
  ])('if %s', async (_, text, message) => {
    expect(await failure(readTimedColumn(file(text)))).toContain(message);
  });

  test('if a column asked for is not there, is there twice, or is both', async () => {
    const path = file('time,x,x\n2024,1,2\n');
    expect(await failure(readTimedColumn(path, { value: 'close' }))).toBe(
      '/data.csv: expected a column of the file (time, x, x), got close',
    );
    expect(await failure(readTimedColumn(path, { value: 'x' }))).toBe('/data.csv: more than one column is called x');
    expect(await failure(readTimedColumn(path, { time: 'time', value: 'time' }))).toBe(
      '/data.csv: column time cannot be both the time and the target',
    );
  });

  test.each([
    ['Latin-1', Buffer.from('time,x\n2024,1\n2025,caf\xe9\n', 'latin1'), 'line 3 is not UTF-8 text'],
    [
      'UTF-16 without a byte order mark',
      Buffer.from('time,x\n2024,1\n', 'utf16le'),
      'line 1 is not UTF-8 text (it holds a NUL byte, as binary files and UTF-16 do)',
    ],
    [
      'binary',
      Buffer.from([0x74, 0x0a, 0, 1, 2, 3]),
      'line 2 is not UTF-8 text (it holds a NUL byte, as binary files and UTF-16 do)',
    ],
  ])('if it is %s', async (_, bytes, message) => {
    expect(await failure(readTimedColumn(file(bytes)))).toBe(`/data.csv: ${message}; save the file as text in UTF-8`);
  });

  test('if a line never ends', async () => {
    expect(await failure(readTimedColumn(file(`time,x\n2024,1\n${'x'.repeat(3 * 2 ** 20)}`)))).toBe(
      '/data.csv: not a table: line 3 has no end',
    );
  });
});

describe('whatever a file holds, it is read or refused by a DataError', () => {
  const run = async (content: string | Uint8Array): Promise<void> => {
    const path = file(content, 'fuzz.csv');
    try {
      const { times, values } = await readTimedColumn(path);
      expect(times.length).toBe(values.length);
      expect(values.length).toBeGreaterThan(0);
      expect([...times, ...values].every(Number.isFinite)).toBe(true);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
    }
  };
  const cell = fc.constantFrom(
    '1',
    '-2.5',
    '',
    '2024-01-01',
    '2024-13-01',
    '"',
    '"a,b"',
    ' ',
    'time',
    'x',
    'é',
    '\r',
    '1e5',
  );
  const separator = fc.constantFrom(',', ';', '\t', '\n', '\r\n', ',', '\n');

  test('bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), run), { numRuns: 200 });
  });

  test('text', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), run), { numRuns: 200 });
  });

  test('nearly tables', async () => {
    const nearly = fc
      .array(fc.tuple(cell, separator), { maxLength: 40 })
      .map((parts) => `time,x\n${parts.flat().join('')}`);
    await fc.assert(fc.asyncProperty(nearly, run), { numRuns: 400 });
  });
});

describe('a series', () => {
  test('is sorted, and says so', async () => {
    const series = await readSeries(file('time,x\n2024-01-02,2\n2024-01-01,1\n2024-01-04,4\n2024-01-03,3\n'));
    expect([...series.values]).toEqual([1, 2, 3, 4]);
    expect(series.notes).toEqual([
      'x: 4 values from 2024-01-01 to 2024-01-04, frequency: business days.',
      'The rows were not in order of time and were sorted.',
    ]);
    const descending = await readSeries(file('time,x\n2024-01-03,2\n2024-01-02,1\n2024-01-01,4\n'));
    expect(descending.notes[1]).toBe('The rows were in descending order and were sorted.');
  });

  test('reports steps that are not the usual one', async () => {
    const days = [1, 2, 3, 4, 5, 6, 7, 8, 12, 13];
    const rows = days.map((day) => `2024-01-${`${day}`.padStart(2, '0')},${day}`);
    expect((await readSeries(file(`time,x\n${rows.join('\n')}\n`))).notes).toEqual([
      'x: 10 values from 2024-01-01 to 2024-01-13, frequency: days; 1 of 9 steps are not the usual one ' +
        '(the longest goes from 2024-01-08 to 2024-01-12) and are treated as if they were.',
    ]);
  });

  test('with two values at one time is refused with both lines', async () => {
    const message = await failure(readSeries(file('time,x\n2024-01-01,1\n2024-01-02,2\n2024-01-01,3\n')));
    expect(message).toContain('lines 2 and 4 have the same time 2024-01-01: expected one row for each time');
  });

  test('S&P 500 holds 5,105 days and the closes of its first and last', async () => {
    const series = await readSeries(undefined);
    expect(series.values.length).toBe(5105);
    expect([series.values[0], series.values.at(-1)]).toEqual([1455.219971, 2874.560059]);
    expect([series.frequency.name, series.frequency.season]).toEqual(['business days', 5]);
  });
});
