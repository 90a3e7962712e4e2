import { expect, test } from 'vitest';
import { readParagraphs } from '../../src/data/deb822.ts';

const read = (text: string, ...wanted: string[]) =>
  [...readParagraphs(Buffer.from(text), wanted, 'Packages')].map((fields) => Object.fromEntries(fields));

test('wanted fields of each paragraph, with their further lines', () => {
  const text =
    'Package: 0ad\nVersion: 0.0.26-3\nTag: game::strategy,\n uitoolkit::sdl\nDescription-en: Strategy game: war\n' +
    ' Two lines\n  a list\n .\n\n\nPackage: ádå\nDescription-en:\n only further lines';
  expect(read(text, 'Package', 'Description-en')).toEqual([
    { Package: '0ad', 'Description-en': 'Strategy game: war\n Two lines\n  a list\n .' },
    { Package: 'ádå', 'Description-en': '\n only further lines' },
  ]);
  expect(read(text, 'Tag')).toEqual([{ Tag: 'game::strategy,\n uitoolkit::sdl' }, {}]);
  expect(read('', 'Package')).toEqual([]);
  expect(read('\n\nPack: a\nPackage: b\nPackages: c\n', 'Package')).toEqual([{ Package: 'b' }]);
});

test('what is no paragraph is refused with the number of the line', () => {
  expect(() => read('Package: a\n\n continued\n')).toThrow(/Packages: line 3: expected a field.*continues none/);
  expect(() => read('Package: a\n<html>\n')).toThrow(/line 2: expected a field such as Package: name; fetch/);
  expect(() => read('Package: a\nPackage: b\n', 'Package')).toThrow(/line 2: expected field Package once.*twice/);
});
