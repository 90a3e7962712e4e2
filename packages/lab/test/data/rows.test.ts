import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { createRefusals } from '../../src/data/refusals.ts';
import { toIob2 } from '../../src/data/rows/tag-schemes.ts';
import { columnOf, openRows } from '../../src/data/rows.ts';
import { failure, file, fixtures, read } from './rows-help.ts';

/** What Python's csv module, pandas, pyarrow and seqeval read from the same files (reference/rows.py). */
const golden = JSON.parse(readFileSync(join(fixtures, 'rows.golden.json'), 'utf8'));
const fixture = (name: string): string => join(fixtures, name);

describe('a table that another program wrote is read as it was meant', () => {
  test.each([
    ['table.csv', 'csv', "Python's csv module"],
    ['bom.csv', 'csv', 'with a byte order mark, semicolons and every cell quoted'],
    ['utf-16-le.csv', 'csv', 'in UTF-16 with tabs, as Excel writes "Unicode text"'],
    ['utf-16-be.csv', 'csv', 'in UTF-16, big end first'],
    ['table.csv.gz', 'csv', 'compressed with gzip'],
    ['pandas.tsv', 'tsv', 'by pandas, separated by tabs'],
  ])('%s', async (name, format) => {
    const table = await read(fixture(name));
    expect(table.format).toBe(format);
    expect(table.columns).toEqual(golden.table.columns);
    expect(table.cells).toEqual(golden.table.rows);
    expect(table.lines).toEqual(golden.table.lines);
    expect(table.refused).toEqual([]);
  });

  test('JSON lines and a JSON list, with the line on which each row begins', async () => {
    const lines = await read(fixture('pandas.jsonl'));
    expect(lines).toMatchObject({ format: 'jsonl', columns: golden.table.columns, cells: golden.table.rows });
    expect(lines.lines).toEqual([1, 2, 3, 4, 5, 6]);
    const list = await read(fixture('pandas.json'));
    expect(list).toMatchObject({ format: 'json', columns: golden.table.columns, cells: golden.table.rows });
    // [, then { on a line of its own, four cells and }.
    expect(list.lines).toEqual([2, 8, 14, 20, 26, 32]);
  });

  test('under a path with spaces and letters of any script', async () => {
    const path = file('mes données/строки 行 ñ.csv', readFileSync(fixture('table.csv')));
    expect((await read(path)).cells).toEqual(golden.table.rows);
  });

  test.each(['snappy', 'gzip', 'zstd', 'brotli', 'none', 'snappy.parquet.gz'])('Parquet, %s', async (name) => {
    const table = await read(fixture(name.includes('.') ? name : `${name}.parquet`));
    expect(table.format).toBe('parquet');
    expect(table.columns).toEqual(golden.parquet.columns);
    const expected = golden.parquet.rows.map((row: Record<string, unknown>) => ({
      ...row,
      when: new Date(row.when as string),
      whole: typeof row.whole === 'string' ? BigInt(row.whole) : row.whole,
    }));
    expect(table.cells).toEqual(expected);
    expect(table.lines).toEqual([1, 2, 3, 4, 5]);
  });

  test('a whole number of Parquet beyond 2^53 stays exact', async () => {
    const table = await read(fixture('none.parquet'));
    expect(table.cells.map(({ whole }) => whole)).toEqual([1, -2, 2 ** 53 - 1, 2n ** 62n, null]);
  });
});

/** Spans of types by the definition of IOB2: B begins one, I continues it. */
function spansOf(tags: readonly string[]): [string, number, number][] {
  const spans: [string, number, number][] = [];
  for (const [index, tag] of tags.entries()) {
    if (tag.startsWith('B-')) spans.push([tag.slice(2), index, index + 1]);
    if (tag.startsWith('I-')) (spans.at(-1) as [string, number, number])[2] = index + 1;
  }
  return spans;
}

describe('tagged sentences', () => {
  test.each(['iob1', 'iob2', 'iobes'])('in %s have the spans seqeval finds', async (scheme) => {
    const { cells, format, refused } = await read(fixture(`${scheme}.conll`));
    expect([format, refused]).toEqual(['conll', []]);
    expect(cells.map(({ tokens }) => tokens)).toEqual(golden.conll.tokens);
    expect(cells.map(({ tags }) => tags)).toEqual(golden.conll.iob2);
    expect(cells.map(({ tags }) => spansOf(tags as string[]))).toEqual(golden.conll.spans);
    for (const { text, offsets, tokens } of cells) {
      expect((offsets as [number, number][]).map(([start, end]) => (text as string).slice(start, end))).toEqual(tokens);
    }
  });

  test('have the line of their first token and the number of their document', async () => {
    const { cells, lines } = await read(fixture('iob1.conll'));
    expect(lines).toEqual([3, 9, 14, 19, 23]);
    expect(cells.map(({ document }) => document)).toEqual([1, 1, 2, 2, 2]);
  });

  test('in a text file are recognised by their tags', async () => {
    const path = file('train.txt', readFileSync(fixture('iobes.conll')));
    expect((await read(path)).format).toBe('conll');
  });

  test('with comments before them, as in MultiCoNER', async () => {
    const { cells } = await read(file('c.conll', '# id 7 domain=en\nLima _ _ B-LOC\n# _ _ O\n\n# id 8\nhi _ _ O\n'));
    expect(cells.map(({ text }) => text)).toEqual(['Lima #', 'hi']);
  });

  test('with a tag that the scheme does not allow are refused with its line', async () => {
    const good = 'Ana B-PER\nLima I-PER\n\nRio B-LOC\n\n';
    const { cells, refused } = await read(
      file('bad.conll', `${good}in O\nPeru I-LOC\n\nno B-PER\nname I-LOC\n\nx ORG\n`),
    );
    expect(cells.length).toBe(2);
    expect(refused).toEqual([
      { line: 7, reason: 'I-LOC follows O, expected B-LOC (IOB2)' },
      { line: 10, reason: 'I-LOC follows B-PER, expected B-LOC (IOB2)' },
      { line: 12, reason: 'expected a tag such as O or B-LOC, got "ORG"' },
    ]);
    const ragged = await read(file('bad.conll', `Ana N B-PER\n\nRio B-LOC\n\nx\n`));
    expect(ragged.refused).toEqual([
      { line: 3, reason: 'expected 3 columns as on the first line, got 2' },
      { line: 5, reason: 'expected 3 columns as on the first line, got 1' },
    ]);
  });

  test('have the scheme most of them agree with', async () => {
    const inside = 'a O\nb I-X\n\n';
    const begin = 'a O\nb B-X\n\n';
    const tie = await read(file('x.conll', inside + begin));
    expect(tie.refused).toEqual([{ line: 2, reason: 'I-X follows O, expected B-X (IOB2)' }]);
    const iob1 = await read(file('x.conll', inside + begin + inside));
    expect(iob1.refused).toEqual([{ line: 5, reason: 'B-X follows O, which IOB1 does not allow' }]);
    expect(iob1.cells.map(({ tags }) => tags)).toEqual([
      ['O', 'B-X'],
      ['O', 'B-X'],
    ]);
  });

  test.each([
    ['IOB1', ['O', 'B-X'], 1],
    ['IOB1', ['I-X', 'B-Y'], 1],
    ['IOBES', ['B-X', 'O'], 1],
    ['IOBES', ['B-X', 'B-X'], 1],
    ['IOBES', ['S-X', 'I-X'], 1],
    ['IOBES', ['E-X'], 0],
    ['IOBES', ['B-X', 'E-Y'], 1],
    ['IOBES', ['O', 'B-X', 'I-X'], 2],
  ] as const)('%s does not allow %j', (scheme, tags, index) => {
    expect(toIob2(tags, scheme)).toMatchObject({ index });
  });

  test('BILOU and BMEWO are IOBES by other letters', () => {
    const iob2 = { tags: ['B-X', 'I-X', 'I-X', 'O', 'B-Y'] };
    expect(toIob2(['B-X', 'I-X', 'L-X', 'O', 'U-Y'], 'IOBES')).toEqual(iob2);
    expect(toIob2(['B-X', 'M-X', 'E-X', 'O', 'W-Y'], 'IOBES')).toEqual(iob2);
  });
});

describe('questions of SQuAD', () => {
  test('2.0, whose offsets count code points, are found in the context', async () => {
    const { format, columns, cells, lines } = await read(fixture('squad-2.json'));
    expect([format, columns]).toEqual(['squad', Object.keys(golden.squad[0])]);
    expect(cells).toEqual(golden.squad);
    expect(lines).toEqual([1, 2, 3, 4, 5]);
    for (const { context, answers } of cells) {
      for (const { text, start } of answers as { text: string; start: number }[]) {
        expect((context as string).slice(start, start + text.length)).toBe(text);
      }
    }
  });

  test('1.1 have no mark of being impossible', async () => {
    expect((await read(fixture('squad-1.1.json'))).cells).toEqual(golden.squad.slice(0, 2));
  });

  test('whose answer is not where it is said to be are refused', async () => {
    const squad = JSON.parse(readFileSync(fixture('squad-2.json'), 'utf8'));
    const [first, second] = squad.data[0].paragraphs[0].qas;
    first.answers[0].answer_start += 1;
    second.answers = [];
    squad.data[1].paragraphs[0].qas[0].answers[0].answer_start = '13';
    squad.data[1].paragraphs[0].qas[1].question = ' ';
    const { refused, cells } = await read(file('wrong.json', JSON.stringify(squad)));
    expect(cells.length).toBe(1);
    expect(refused).toEqual([
      { line: 1, reason: '(id q1) the context has "eru." at character 21, not the answer "Peru"' },
      { line: 2, reason: '(id q2) expected answers, or is_impossible: true, got neither' },
      { line: 3, reason: '(id q3) expected an answer with text and answer_start, got another' },
      { line: 4, reason: '(id q4) expected a question, got none' },
    ]);
    expect(await failure(read(file('wrong.json', JSON.stringify(squad)), { allowed: 0.01 }))).toContain(
      'wrong.json: 4 of 5 rows (80 %) cannot be used, more than the 1 % allowed: question 1: (id q1) the context has',
    );
  });

  test('have a shape that is asked for', async () => {
    const shape = (value: unknown): Promise<string> =>
      failure(read(file('shape.json', JSON.stringify(value)), { format: 'squad' }));
    expect(await shape({ data: [{ title: 'x' }] })).toBe(
      'shape.json: data[0]: not SQuAD: expected a list of paragraphs',
    );
    expect(await shape({ data: [{ paragraphs: [{ context: 'x' }] }] })).toBe(
      'shape.json: data[0].paragraphs[0]: not SQuAD: expected a list of questions, qas',
    );
    expect(await failure(read(file('shape.json', '{\n"a": 1,\n"b": 2}')))).toBe(
      'shape.json: expected questions as in SQuAD (data[].paragraphs[].qas[]) or a list of rows, got an object with a, b',
    );
  });
});

describe('text', () => {
  test('has a row for each line that is not empty', async () => {
    const { format, columns, cells, lines } = await read(file('a.txt', '\uFEFFone, two\r\n\r\n  three\r\nfour'));
    expect([format, columns]).toEqual(['text', ['text']]);
    expect(cells).toEqual([{ text: 'one, two' }, { text: '  three' }, { text: 'four' }]);
    expect(lines).toEqual([1, 3, 4]);
  });

  test('of a folder has a row for each file, in the order of names', async () => {
    file('texts/b 2.txt', 'two\nlines');
    file('texts/a.TXT', Buffer.from('\uFEFFünï', 'utf16le'));
    file('texts/c.txt.gz', gzipSync('three'));
    const path = join(file('texts/.hidden', 'x'), '..');
    const { format, columns, cells, lines } = await read(path);
    expect([format, columns, lines]).toEqual(['text', ['text', 'name'], [1, 2, 3]]);
    expect(cells).toEqual([
      { text: 'ünï', name: 'a.TXT' },
      { text: 'two\nlines', name: 'b 2.txt' },
      { text: 'three', name: 'c.txt.gz' },
    ]);
    file('texts/d.txt', ' \n');
    file('texts/e.png', 'x');
    file('texts/f.txt', Buffer.from([0x63, 0xe9]));
    expect((await read(path)).refused).toEqual([
      { line: 4, reason: 'd.txt: empty' },
      { line: 5, reason: 'e.png: not a .txt file' },
      { line: 6, reason: expect.stringContaining('line 1 is not UTF-8 text') },
    ]);
    expect(await failure(read(path, { allowed: 0.01 }))).toContain('file 4: d.txt: empty; file 5: e.png: not a .txt');
    expect(await failure(read(path, { format: 'csv' }))).toContain(
      'expected a file of the format csv, got a directory',
    );
  });
});

describe('the format is found', () => {
  test.each([
    ['x.csv', 'a\tb\n1\t2\n', 'csv'],
    ['x.TAB', 'a\tb\n1\t2\n', 'tsv'],
    ['x.ndjson', '{"a":1}\n', 'jsonl'],
    ['x.json', '{"a":1}\n{"a":2}\n', 'jsonl'],
    ['x.json', '[{"a":1}]', 'json'],
    ['x.json', '{"version": "1", "data": [{"paragraphs": [{"context": "c", "qas": [{"id":1}]}]}]}', 'squad'],
    ['x.md', 'a,b\n1,2\n', 'text'],
    ['x.txt', 'a,b\n1,2\n', 'text'],
    ['x.txt', 'a\tb\n1\t2\n', 'tsv'],
    ['x', 'a,b\n1,2\n', 'csv'],
    ['x', 'a;b\n1;2\n', 'csv'],
    ['x', 'a, b\n1\n', 'text'],
    ['x', '{"a":1}', 'jsonl'],
    ['x', '\n [ {"a":1} ]', 'json'],
    ['x.dat', 'Lima\tB-LOC\n\nhi\tO\n', 'conll'],
  ])('%s holding %j is %s', async (name, text, format) => {
    const path = file(name, text);
    expect((await openRows(path, { refusals: createRefusals(path) })).format).toBe(format);
    const compressed = file(`${name}.gz`, gzipSync(text));
    expect((await openRows(compressed, { refusals: createRefusals(path) })).format).toBe(format);
  });

  test('by the option before the name', async () => {
    expect((await read(file('x.csv', 'a,b\n1,2\n'), { format: 'text' })).cells).toEqual([
      { text: 'a,b' },
      { text: '1,2' },
    ]);
    expect((await read(file('x.txt', 'a,b\n1,2\n'), { format: 'csv' })).cells).toEqual([{ a: '1', b: '2' }]);
    expect(await failure(read(file('x.txt', 'a'), { format: 'xlsx' }))).toBe(
      'expected a format of csv, tsv, jsonl, json, parquet, text, conll, squad, got xlsx',
    );
  });
});

describe('columnOf', () => {
  const message = (run: () => string): string => {
    try {
      return run();
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      return (error as DataError).message;
    }
  };

  test('takes the exact name, else the name in another case, else the first guess', () => {
    expect(columnOf(['Text', 'text'], 'text', [], 'text', 'f')).toBe('text');
    expect(columnOf(['Text', 'label'], 'text', [], 'text', 'f')).toBe('Text');
    expect(columnOf(['Sentence', 'Review'], undefined, ['review', 'sentence'], 'text', 'f')).toBe('Review');
  });

  test('says which columns there are and how to name one', () => {
    expect(message(() => columnOf(['a', ''], undefined, ['text'], 'text', 'f.csv'))).toBe(
      'f.csv: which column is the text? Give --text with one of a, (no name)',
    );
    expect(message(() => columnOf(['a', 'b'], 'c', ['a'], 'label', 'f.csv'))).toBe(
      'f.csv: --label: expected a column of the file (a, b), got c',
    );
    expect(message(() => columnOf(['Text', 'TEXT'], undefined, ['text'], 'text', 'f.csv'))).toBe(
      'f.csv: more than one column is called text: Text, TEXT; give --text with the exact name',
    );
    expect(message(() => columnOf(['a', 'a'], 'a', [], 'text', 'f.csv'))).toBe(
      'f.csv: more than one column is called a; rename one of them',
    );
  });
});
