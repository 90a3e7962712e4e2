import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { readSeriesRows, type SeriesColumns } from '../../src/data/series-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'posenc-series-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array, name = 'data.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The one column and the one series of a file. */
async function readColumn(path: string, columns?: SeriesColumns) {
  const { time, targets, series } = await readSeriesRows(path, columns);
  expect([targets.length, series.length]).toEqual([1, 1]);
  const [{ times, values, lines }] = series as [(typeof series)[number]];
  return { time, target: targets[0] as string, times, values: values[0] as Float64Array, lines };
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
    const table = await readColumn(file('date,open,close\n2024-01-01,1,2.5\n\n2024-01-02,3,-4e2\n'), {
      time: 'date',
      targets: 'close',
    });
    expect([...table.values]).toEqual([2.5, -400]);
    expect([...table.times]).toEqual([Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 2)]);
    expect([...table.lines]).toEqual([2, 4]);
  });

  test('with the columns found when there is only one choice', async () => {
    const table = await readColumn(file('price,Date\n1,2024-01-01\n2,2024-01-02'));
    expect([table.time, table.target, ...table.values]).toEqual(['Date', 'price', 1, 2]);
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
    expect([...(await readColumn(file(text))).values]).toEqual([1, 2]);
  });

  test('of several targets, features and groups, from JSON lines as from a CSV', async () => {
    const rows = [
      { day: '2024-01-02', name: 'a', one: 1, two: -1.5, three: 7 },
      { day: '2024-01-01', name: 'b', one: 2, two: 1e3, three: 8 },
      { day: '2024-01-01', name: 'a', one: 3, two: 2, three: 9 },
    ];
    const lines = file(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), 'data.jsonl');
    const table = rows.map((row) => `${Object.values(row).join(',')}\n`).join('');
    const csv = file(`day,name,one,two,three\n${table}`);
    const asked = { targets: 'two, one', features: 'three', group: 'name' };
    const expected = (first: number) => ({
      time: 'day',
      targets: ['two', 'one'],
      features: ['three'],
      group: 'name',
      rows: 3,
      series: [
        {
          group: 'a',
          times: Float64Array.of(Date.UTC(2024, 0, 2), Date.UTC(2024, 0, 1)),
          values: [Float64Array.of(-1.5, 2), Float64Array.of(1, 3), Float64Array.of(7, 9)],
          lines: Int32Array.of(first, first + 2),
        },
        {
          group: 'b',
          times: Float64Array.of(Date.UTC(2024, 0, 1)),
          values: [Float64Array.of(1000), Float64Array.of(2), Float64Array.of(8)],
          lines: Int32Array.of(first + 1),
        },
      ],
    });
    expect(await readSeriesRows(lines, asked)).toMatchObject(expected(1));
    expect(await readSeriesRows(csv, asked)).toMatchObject(expected(2));
    expect(await failure(readSeriesRows(csv, { targets: 'one,one' }))).toContain(
      'column one is a target twice; name it once',
    );
    expect(await failure(readSeriesRows(csv, { targets: 'one', features: 'one' }))).toContain(
      'column one cannot be both a target and a feature',
    );
    expect(await failure(readSeriesRows(csv, { targets: 'one', group: 'day' }))).toContain(
      'column day cannot be both the time and the group',
    );
    expect(await failure(readSeriesRows(csv, { targets: ',' }))).toContain('expected at least one column to forecast');
    expect(await failure(readSeriesRows(csv, { targets: 'one', features: 'four' }))).toContain(
      '--features: expected a column of the file (day, name, one, two, three), got four',
    );
  });

  test('with commas in a name', async () => {
    const path = file('time,"a,b",a,b\n2024,1,2,3\n2025,4,5,6\n');
    expect((await readSeriesRows(path, { targets: 'a,b' })).targets).toEqual(['a,b']);
    expect((await readSeriesRows(path, { targets: 'b,a' })).targets).toEqual(['b', 'a']);
  });

  test('from Parquet, with times and numbers as they are stored', async () => {
    // Written by pyarrow, reference/rows.py; whole numbers of more than 53 bits are not used here.
    const path = join(import.meta.dirname, '../fixtures/rows/snappy.parquet');
    const table = await readSeriesRows(path, { time: 'when', targets: 'small', allowedShare: 1 });
    expect([table.format, table.rows, table.refused.unit]).toEqual(['parquet', 5, 'row']);
    const [series] = table.series;
    expect([...(series?.times ?? [])].slice(0, 3)).toEqual([1, 2, 3].map((day) => Date.UTC(2024, 0, day, 12, 30)));
    expect([...(series?.values[0] ?? [])].slice(0, 3)).toEqual([1, 2, 3]);
  });

  test('without rows that cannot be used, where some are allowed: they are counted and leave a gap', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => {
      return `${1_700_000_000 + 60 * index},${index === 7 ? 'closed' : index}${index === 9 ? ',5' : ''}`;
    });
    const path = file(`time,x\n${rows.join('\n')}\n`);
    const table = await readSeriesRows(path, { allowedShare: 0.05 });
    expect(table.rows).toBe(60);
    expect(table.refused).toEqual({
      count: 2,
      unit: 'line',
      first: [
        { line: 9, reason: 'column x: expected a number such as 1234.5, got "closed"' },
        { line: 11, reason: 'expected as many fields as the header has, got 3 instead of 2' },
      ],
    });
    expect([...(table.series[0]?.lines ?? [])].slice(5, 10)).toEqual([7, 8, 10, 12, 13]);
    expect(await failure(readSeriesRows(path, { allowedShare: 0.01 }))).toMatch(
      /2 of 60 rows \(3\.3 %\) cannot be used, more than the 1 % allowed: line 9: column x.*--allow-refused 0\.04/,
    );
    expect(await failure(readSeriesRows(path))).toBe(
      '/data.csv: line 9: column x: expected a number such as 1234.5, got "closed"; mend it, or leave such rows out as ' +
        'gaps in time with --allow-refused 0.01',
    );
    const nameless = file('time,x,name\n2024,1,a\n2025,2,\n');
    expect(await failure(readSeriesRows(nameless, { targets: 'x', group: 'name' }))).toContain(
      'line 3: column name: expected the name of a series, got an empty cell',
    );
  });

  test('whatever its name, unless a hole is in it', async () => {
    expect([...(await readColumn(file('time,x\n2024,1\n2025,2\n', 'prices.txt'))).values]).toEqual([1, 2]);
    const lines = file('{"time":"2024","x":1}\n{"time":"2025"}\n', 'hole.jsonl');
    expect(await failure(readColumn(lines))).toContain('line 2: column x: expected a number, got an empty cell');
    const text = file('{"time":"2024","x":1}\n{"time":"2025",\n', 'broken.jsonl');
    expect(await failure(readColumn(text))).toContain('line 2: not valid JSON');
  });

  test('in a file of many pieces, with a line number that is right at the end', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `${1_000_000_000 + index},${index},ñ`);
    const good = await readColumn(file(`time,x,note\n${rows.join('\n')}`), { targets: 'x' });
    expect(good.values).toEqual(Float64Array.from(rows.keys()));
    const bad = file(`time,x,note\n${rows.join('\n')}\n2001-09-10,oops,ñ\n`);
    expect(await failure(readColumn(bad, { targets: 'x' }))).toContain('line 60002: column x: expected a number');
  });
});

describe('a CSV is refused', () => {
  test('if there is no such file, or it is a directory', async () => {
    expect(await failure(readColumn(join(folder, 'none.csv')))).toBe('/none.csv: no such file');
    expect(await failure(readColumn(join(file('x'), 'none.csv')))).toContain('no such file');
    mkdirSync(join(folder, 'directory'));
    expect(await failure(readColumn(join(folder, 'directory')))).toBe('/directory: expected a file, got a directory');
    expect(await failure(readColumn('a\0b'))).toContain('NUL');
  });

  test('if it is no ordinary file, or cannot be read', async () => {
    expect(await failure(readColumn('/dev/null'))).toBe('/dev/null: expected an ordinary file');
    expect(await failure(readColumn('x'.repeat(5000)))).toContain('cannot be read: ENAMETOOLONG');
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
    ['a cell is empty', 'time,x\n2024,\n', 'line 2: column x: expected a number, got an empty cell'],
    ['a time is empty', 'time,x\n,1\n', 'line 2: column time: expected a time, got an empty cell'],
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
      'which column is to be forecast? Give --target with one or several of time, b, c',
    ],
  ])('if %s', async (_, text, message) => {
    expect(await failure(readColumn(file(text)))).toContain(message);
  });

  test('if a column asked for is not there, is there twice, or is both', async () => {
    const path = file('time,x,x\n2024,1,2\n');
    expect(await failure(readColumn(path, { targets: 'close' }))).toBe(
      '/data.csv: --target: expected a column of the file (time, x, x), got close',
    );
    expect(await failure(readColumn(path, { targets: 'x' }))).toBe(
      '/data.csv: more than one column is called x; rename one of them',
    );
    expect(await failure(readColumn(path, { time: 'time', targets: 'time' }))).toBe(
      '/data.csv: column time cannot be both the time and a target',
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
    expect(await failure(readColumn(file(bytes)))).toBe(`/data.csv: ${message}; save the file as text in UTF-8`);
  });

  test('if a line never ends', async () => {
    expect(await failure(readColumn(file(`time,x\n2024,1\n${'x'.repeat(3 * 2 ** 20)}`)))).toBe(
      '/data.csv: not a table: line 3 has no end',
    );
  });
});

describe('whatever a file holds, it is read or refused by a DataError', () => {
  const run = async (content: string | Uint8Array): Promise<void> => {
    const path = file(content, 'fuzz.csv');
    try {
      const { times, values } = await readColumn(path);
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
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), run), { numRuns: 100 });
  });

  test('text', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), run), { numRuns: 100 });
  });

  test('nearly tables', async () => {
    const nearly = fc
      .array(fc.tuple(cell, separator), { maxLength: 40 })
      .map((parts) => `time,x\n${parts.flat().join('')}`);
    await fc.assert(fc.asyncProperty(nearly, run), { numRuns: 200 });
  });
});
