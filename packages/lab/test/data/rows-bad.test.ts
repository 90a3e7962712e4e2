import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createRefusals } from '../../src/data/refusals.ts';
import { unreadable } from '../../src/data/rows/bytes.ts';
import { openRows } from '../../src/data/rows.ts';
import { failure, file, fixtures, folder, read } from './rows-help.ts';

describe('a place without a file of rows', () => {
  test('is named', async () => {
    expect(await failure(read(join(folder, 'no.csv')))).toBe('no.csv: no such file');
    expect(await failure(read(join(file('x', 'x'), 'no.csv')))).toBe('x/no.csv: no such file');
    expect(await failure(read('a\0b'))).toContain('NUL');
    expect(await failure(read('/dev/null'))).toBe('/dev/null: expected an ordinary file');
    file('mixed/a.png', 'x');
    expect(await failure(read(join(folder, 'mixed')))).toBe(
      'mixed: expected a file, or a folder of .txt files, got a folder with a.png',
    );
  });

  test('that may not be read is named', () => {
    // The tests may run as a user who may read everything.
    const error = Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' });
    expect(unreadable('secret.csv', error).message).toBe('secret.csv: no permission to read this file');
  });
});

describe('a file that is something else says what it looks like and what to do', () => {
  const zip = (inside: string): Buffer => Buffer.from(`PK\x03\x04\x14\0\0\0\x08\0${inside}`, 'latin1');
  test.each([
    ['csv', zip('[Content_Types].xml xl/workbook.xml'), 'an Excel workbook (.xlsx); save its sheet as CSV in UTF-8'],
    ['csv', zip('[Content_Types].xml word/document.xml'), 'a Word document; save it as plain text in UTF-8'],
    ['csv', zip('data.csv'), 'a zip archive; unpack it first and give one of the files in it'],
    ['csv', "7z\xbc\xaf'\x1c\0\x04", 'a 7z archive; unpack it first'],
    ['csv', '\x89PNG\r\n\x1a\n\0\0', 'a PNG image'],
    ['txt', '\xff\xd8\xff\xe0\0\x10JFIF', 'a JPEG image'],
    ['csv', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0', 'an old Excel or Word document'],
    ['jsonl', '\xfd7zXZ\0\0', 'a file compressed with xz; decompress it, or compress with gzip instead'],
    ['csv', '\x28\xb5\x2f\xfd\0', 'a file compressed with zstd'],
    ['csv', 'SQLite format 3\0', 'an SQLite database'],
    ['csv', '<!DOCTYPE html>\n<html>', 'a web page; download the file itself, not the page about it'],
    ['csv', '%PDF-1.7\n', 'a PDF document'],
    ['csv', '\xff\xfe\0\0a\0\0\0', 'text in UTF-32'],
    ['csv', '{"a": 1}\n{"a": 2}\n', 'JSON lines; give --format jsonl'],
    ['tsv', '[{"a": 1}]', 'a JSON list; give --format json'],
    ['jsonl', '[\n{"a": 1}]', 'a JSON list; give --format json'],
    ['jsonl', '{\n"data": [\n', 'SQuAD JSON; give --format squad'],
    ['jsonl', 'a,b\n1,2\n', 'something else; give --format csv, tsv or text if it is that'],
    ['json', 'a,b\n1,2\n', 'something else'],
    ['parquet', 'a,b\n1,2\n', 'something else'],
  ])('.%s holding %j', async (extension, content, message) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
    const text = await failure(read(file(`wrong.${extension}`, bytes)));
    expect(text).toContain(`got what looks like ${message}`);
    if (extension === 'csv') expect(text).toContain('wrong.csv: expected CSV, as its name says, got');
    expect(await failure(read(file(`wrong.${extension}.gz`, gzipSync(bytes))))).toContain(message);
  });

  test('Parquet under another name', async () => {
    const bytes = readFileSync(join(fixtures, 'none.parquet'));
    for (const name of ['x.csv', 'x.txt.md', 'x.json']) {
      expect(await failure(read(file(name, bytes)))).toContain('looks like Parquet; give --format parquet');
    }
    expect((await read(file('x.dat', bytes))).format).toBe('parquet');
    expect((await read(file('x.csv', bytes), { format: 'parquet' })).cells.length).toBe(5);
  });

  test('as asked for and not as named', async () => {
    expect(await failure(read(file('x.csv', 'a,b\n1,2\n'), { format: 'json' }))).toBe(
      'x.csv: expected a JSON list, as --format says, got what looks like something else; ' +
        'give --format csv, tsv or text if it is that',
    );
  });
});

describe('text that is none', () => {
  test.each([
    ['Latin-1', Buffer.from('a,b\n1,2\n3,caf\xe9\n', 'latin1'), 'line 3 is not UTF-8 text; save the file'],
    ['a NUL byte', 'a,b\n1,2\n3,\0\n', 'line 3 is not UTF-8 text (it holds a NUL byte, as binary files and UTF-16 do)'],
    ['UTF-16 without a mark', Buffer.from('a,b\n1,2\n', 'utf16le'), 'line 1 is not UTF-8 text (it holds a NUL byte'],
    ['half a pair in UTF-16', Buffer.from('\uFEFFa,b\n1,\ud83d\n', 'utf16le'), 'line 2 is not UTF-16 text; save'],
    ['a NUL in UTF-16', Buffer.from('\uFEFFa,b\n1,\0\n', 'utf16le'), 'line 2 is not UTF-8 text (it holds a NUL'],
    [
      'an odd byte in UTF-16',
      Buffer.concat([Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), Buffer.from('x')]),
      'line 3 is not UTF-16 text: the file ends in the middle of a character',
    ],
  ])('%s', async (_, bytes, message) => {
    for (const name of ['x.csv', 'x.txt']) expect(await failure(read(file(name, bytes)))).toContain(message);
  });

  test('far behind the beginning, with the right line', async () => {
    const rows = Array.from({ length: 100_000 }, (_, index) => `${index},ñ😀`);
    const text = `a,b\n${rows.join('\n')}\n`;
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const bytes = Buffer.from(`\uFEFF${text}`, encoding);
      expect((await read(file('x.csv', bytes))).rows.at(-1)).toEqual({
        line: 100_001,
        cells: { a: '99999', b: 'ñ😀' },
      });
      const bad = encoding === 'utf8' ? Buffer.from('1,\xe9\n', 'latin1') : Buffer.from('1,\ude00\n', encoding);
      expect(await failure(read(file('x.csv', Buffer.concat([bytes, bad]))))).toContain('line 100002 is not UTF-');
    }
  });
});

test('characters cut by the end of a piece stay whole', async () => {
  for (const start of ['', 'x', 'é']) {
    const text = `${start}${'😀'.repeat(200_000)}`;
    for (const encoding of ['utf8', 'utf16le'] as const) {
      const { cells } = await read(file('x.txt', Buffer.from(`\uFEFF${text}`, encoding)));
      expect(cells[0]?.text === text).toBe(true);
    }
  }
});

describe('a table with bad rows keeps the others', () => {
  test('ragged rows', async () => {
    const { cells, lines, refused } = await read(file('x.csv', 'a,b\n1,2\n3\n\n4,5,6\n7,8\n'));
    expect(cells).toEqual([
      { a: '1', b: '2' },
      { a: '7', b: '8' },
    ]);
    expect(lines).toEqual([2, 6]);
    expect(refused).toEqual([
      { line: 3, reason: 'expected as many fields as the header has, got 1 instead of 2' },
      { line: 5, reason: 'expected as many fields as the header has, got 3 instead of 2' },
    ]);
  });

  test('wrong quotation marks, without losing the next line', async () => {
    const reason = 'a quotation mark within a cell is not doubled, or one is never closed';
    const text = 'a,b\n1,"x" y\n2,5" disk\n3,"open\n4,"fine"\n\n5,"quoted\nnewline"\n6,"a ""b"""\n7,"x"y\n';
    const { cells, lines, refused } = await read(file('x.csv', text));
    expect(cells).toEqual([
      { a: '4', b: 'fine' },
      { a: '5', b: 'quoted\nnewline' },
      { a: '6', b: 'a "b"' },
    ]);
    expect(lines).toEqual([5, 7, 9]);
    expect(refused).toEqual([2, 3, 4, 10].map((line) => ({ line, reason })));
  });

  test('quotation marks within cells separated by tabs are text', async () => {
    const text = 'a\tb\n5" disk\tx\n  \n"Hi" he said\t "y"\n\t\n';
    const { cells, lines } = await read(file('x.tsv', text));
    expect(cells).toEqual([
      { a: '5" disk', b: 'x' },
      { a: '"Hi" he said', b: '"y"' },
      { a: '', b: '' },
    ]);
    expect(lines).toEqual([2, 4, 5]);
  });

  test('lines of JSON that are no objects', async () => {
    const { cells, lines, refused } = await read(
      file('x.jsonl', '{"a":1}\n\n{"a":\n[1]\nnull\n{"b":null}\n{"a":"\\ud800"}\n{"a":NaN}\n'),
    );
    expect(cells).toEqual([{ a: 1 }, { b: null }]);
    expect(lines).toEqual([1, 6]);
    expect(refused.map(({ line }) => line)).toEqual([3, 4, 5, 7, 8]);
    expect(refused[0]?.reason).toContain('not valid JSON: ');
    expect(refused[1]?.reason).toBe('expected an object such as {"text": "…"}, got [1]');
    expect(refused[3]?.reason).toBe('column a holds half of a character (\\uD…)');
  });

  test('elements of a JSON list that are no objects', async () => {
    const text = '[{"a": "],\\"["}, 7,\n {"a": NaN},\n\n {"a": {"b": [1, {}]}},\n]';
    const { cells, lines, refused } = await read(file('x.json', text));
    expect(cells).toEqual([{ a: '],"[' }, { a: { b: [1, {}] } }]);
    expect(lines).toEqual([1, 4]);
    expect(refused.map(({ line }) => line)).toEqual([1, 2, 5]);
    expect(refused[0]?.reason).toBe('expected an object such as {"text": "…"}, got 7');
  });

  test('missing cells are left to the task, whose refusals count', async () => {
    const path = file('x.csv', 'text,label\none,a\n,b\nthree,c\n');
    const refusals = createRefusals(path, 0.2);
    const texts: unknown[] = [];
    const use = async (): Promise<void> => {
      for await (const { line, cells } of (await openRows(path, { refusals })).rows) {
        if (cells.text === '') refusals.refuse(line, 'column text is empty');
        else texts.push(cells.text);
      }
    };
    expect(await failure(use())).toBe(
      'x.csv: 1 of 3 rows (33 %) cannot be used, more than the 20 % allowed: line 3: column text is empty. ' +
        'Mend these rows or allow them with --allow-refused 0.34.',
    );
    expect(texts).toEqual(['one', 'three']);
  });
});

describe('too many refused rows stop the run', () => {
  const rows = (bad: number): string =>
    `a,b\n${Array.from({ length: 200 }, (_, index) => (index < bad ? '1' : '1,2')).join('\n')}\n`;

  test('beyond 1 %, or the share allowed', async () => {
    const path = file('x.csv', rows(2));
    expect((await read(path, { allowed: 0.01 })).refused.length).toBe(2);
    expect(await failure(read(file('x.csv', rows(5)), { allowed: 0.01 }))).toBe(
      'x.csv: 5 of 200 rows (2.5 %) cannot be used, more than the 1 % allowed: ' +
        [2, 3, 4]
          .map((line) => `line ${line}: expected as many fields as the header has, got 1 instead of 2`)
          .join('; ') +
        '; and 2 more. Mend these rows or allow them with --allow-refused 0.03.',
    );
    expect((await read(file('x.csv', rows(5)), { allowed: 0.025 })).rows.length).toBe(195);
  });

  test('always if none is left', async () => {
    expect(await failure(read(file('x.csv', 'a,b\n1\n'), { allowed: 1 }))).toBe(
      'x.csv: 1 of 1 rows (100 %) cannot be used: ' +
        'line 2: expected as many fields as the header has, got 1 instead of 2. Mend these rows.',
    );
  });

  test('the share is one', () => {
    expect(() => createRefusals('x', 5)).toThrow('expected a share of refused rows from 0 to 1 such as 0.05, got 5');
    expect(() => createRefusals('x', Number.NaN)).toThrow('got NaN');
  });

  test('at most 10,000 are kept, all are counted', () => {
    const refusals = createRefusals('x');
    for (let line = 1; line <= 20_000; line++) refusals.refuse(line, 'r');
    expect([refusals.count, refusals.first.length, refusals.first.at(-1)?.line]).toEqual([20_000, 10_000, 10_000]);
  });
});

describe('a table that is broken as a whole', () => {
  test.each([
    ['x.csv', '', 'expected a table with a header line, got an empty file'],
    ['x.jsonl', '', 'expected rows of data, got an empty file'],
    ['x.csv', '\uFEFF\n \n', 'expected a table with a header line, got only empty lines'],
    ['x.csv', 'a,b\n\n', 'expected rows of data, got a header line only'],
    ['x.json', '[ ]', 'expected rows of data, got an empty list'],
    ['x.txt', ' \n', 'expected rows of data, got only empty lines'],
    ['x.conll', '-DOCSTART- O\n\n', 'expected rows of data, got no sentence'],
    ['x.conll', 'word\n', 'expected lines of a token and its tag such as "Lima B-LOC", got "word"'],
    ['x.csv', 'a,b\n1,2\n3,"4\n5,6\n', 'line 3: not a CSV: a quotation mark is opened and never closed'],
    ['x.csv', 'a,b\n1,2\n\n3,"4', 'line 4: not a CSV: a quotation mark is opened and never closed'],
    ['x.csv', 'a,"b\n1,2\n', 'line 1: not a CSV: a quotation mark is opened and never closed'],
    ['x.csv', 'a,b"c\n1,2\n', 'line 1: not a CSV: a quotation mark within a cell is not doubled'],
    ['x.csv', '1,2\n3,4\n', 'line 1: expected a header line that names the columns, got numbers'],
    ['x.json', '[{"a": 1},\n{"a": 2}', 'line 2: not a JSON list: what begins here is never closed'],
    ['x.json', '[{"a": 1}\n] x', 'line 2: not a JSON list: the list ends, but more follows: "x"'],
    [
      'x.csv',
      'a|b|c\n1|2|3\n4|5|6\n',
      'expected columns separated by commas, got the one column "a|b|c": the columns seem to be separated by "|"; ' +
        'save the table with commas, semicolons or tabs between its columns',
    ],
    [
      'x.tsv',
      'a;b\n1;2\n',
      'expected columns separated by tabs, got the one column "a;b": the columns seem to be separated by semicolons; give --format csv',
    ],
    [
      'x.tsv',
      'a,b\n1,2\n',
      'expected columns separated by tabs, got the one column "a,b": the columns seem to be separated by commas; give --format csv',
    ],
  ])('%s holding %j', async (name, text, message) => {
    expect(await failure(read(file(name, text)))).toContain(`${name}: ${message}`);
    if (text !== '') expect(await failure(read(file(`${name}.gz`, gzipSync(text))))).toContain(message);
  });

  test('one row is a row, and one column with signs in its cells a column', async () => {
    expect((await read(file('x.csv', 'a,b\n1,2'))).cells).toEqual([{ a: '1', b: '2' }]);
    expect((await read(file('x.csv', 'text: all\nsee: this\nno sign\n'))).cells.length).toBe(2);
  });

  test('a quotation mark left open in a large file', async () => {
    const rows = Array.from({ length: 200_000 }, (_, index) => `${index},some text here`);
    rows[1000] = '1000,"open';
    expect(await failure(read(file('x.csv', `a,b\n${rows.join('\n')}\n`)))).toBe(
      'x.csv: line 1002: not a CSV: a quotation mark is opened and never closed',
    );
  });

  test('a line without an end', async () => {
    expect(await failure(read(file('x.csv', `a,b\n1,2\n${'x'.repeat(17 * 2 ** 20)}`)))).toBe(
      'x.csv: not a table: line 3 has no end',
    );
  });
});

describe('gzip', () => {
  test('that is cut off or damaged', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => `${index},${Math.sin(index)}`).join('\n');
    const bytes = gzipSync(`a,b\n${rows}\n`);
    expect(await failure(read(file('x.csv.gz', bytes.subarray(0, bytes.length / 2))))).toBe(
      'x.csv.gz: the gzip data is damaged or cut off (unexpected end of file); compress the file again',
    );
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0xff;
    expect(await failure(read(file('x.csv.gz', bytes)))).toContain('the gzip data is damaged or cut off');
  });

  test('of gzip', async () => {
    const path = file('x.csv.gz', gzipSync(gzipSync('a,b\n1,2\n')));
    expect(await failure(read(path))).toContain('a file compressed with gzip twice; decompress it once');
  });

  test('that is made to fill memory', async () => {
    // 64 MiB in 64 KiB.
    const bomb = gzipSync(`a\n${`${'x'.repeat(2 ** 20)}\n`.repeat(64)}`);
    expect(bomb.length).toBeLessThan(100_000);
    for (const name of ['x.csv.gz', 'x.txt.gz', 'x.jsonl.gz']) {
      const start = name === 'x.jsonl.gz' ? gzipSync('{"a":1}\n') : Buffer.alloc(0);
      expect(await failure(read(file(name, Buffer.concat([start, bomb]))))).toBe(
        `${name}: expected a file of people's data, got gzip that grows more than 300 times when decompressed, ` +
          'as made to fill memory; decompress it yourself if you trust it',
      );
    }
    const list = gzipSync(`[${' '.repeat(2 ** 26)}]`);
    expect(await failure(read(file('x.json.gz', list), { format: 'json' }))).toContain('as --format says');
    const full = gzipSync(`[{"a":1},${' '.repeat(2 ** 26)}]`);
    expect(await failure(read(file('x.json.gz', full)))).toContain('grows more than 300 times');
  });
});

describe('Parquet', () => {
  test('that is cut off', async () => {
    const bytes = readFileSync(join(fixtures, 'snappy.parquet'));
    expect(await failure(read(file('x.parquet', bytes.subarray(0, 1000))))).toContain(
      'x.parquet: damaged or unusual Parquet: ',
    );
  });

  test('whose text is not UTF-8 loses that row only', async () => {
    const bytes = readFileSync(join(fixtures, 'none.parquet'));
    for (let at = bytes.indexOf('four'); at >= 0; at = bytes.indexOf('four', at + 1)) bytes[at] = 0xff;
    const { lines, refused } = await read(file('x.parquet', bytes));
    expect(lines).toEqual([1, 2, 3, 5]);
    expect(refused).toEqual([{ line: 4, reason: 'column text holds bytes that are not UTF-8 text' }]);
  });
});
