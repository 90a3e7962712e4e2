import { expect, test } from 'vitest';
import { joinDescriptions, readPackageDescriptions } from '../../src/data/package-descriptions.ts';
import { realData } from './real-data.ts';
import { temporaryFolder, writeIn } from './temporary.ts';

const PACKAGES = `Package: libtulip1
Source: tulip (2.3-1)
Section: libs

Package: libtulip-dev
Source: tulip
Section: contrib/libdevel

Package: rose
Section: games
`;
const TRANSLATION = `Package: libtulip1
Description-md5: 0
Description-en: flowers in C - library
 Draws flowers
 of all kinds.
 .
 Kinds:
  * tulips
  * roses
 and more.

Package: libtulip-dev
Description-en: flowers in C - headers
 Draws flowers.

Package: rose
Description-en: flowers in C - headers
 Draws flowers.

Package: thorn
Description-en: not in the other index
`;
const join = (translation: string, packages: string) =>
  joinDescriptions(Buffer.from(translation), Buffer.from(packages), 'folder');

test('descriptions come with section and family; each is kept once, and paragraphs are lines', () => {
  expect(join(TRANSLATION, PACKAGES)).toEqual([
    {
      name: 'libtulip1',
      source: 'tulip',
      section: 'libs',
      synopsis: 'flowers in C - library',
      text: 'Draws flowers of all kinds.\nKinds:\n* tulips\n* roses\nand more.',
    },
    {
      name: 'libtulip-dev',
      source: 'tulip',
      section: 'libdevel',
      synopsis: 'flowers in C - headers',
      text: 'Draws flowers.',
    },
  ]);
});

test('fields that are missing are named, and so is an index that is missing or too small', () => {
  expect(() => join(TRANSLATION, 'Package: rose\n')).toThrow(/folder\/Packages: expected the field Section of rose/);
  expect(() => join('Package: rose\n', PACKAGES)).toThrow(/Translation-en: expected the field Description-en of rose/);
  const folder = temporaryFolder();
  expect(() => readPackageDescriptions(folder)).toThrow(/Translation-en: expected a file.*no such file/);
  writeIn(folder, 'Translation-en', TRANSLATION);
  writeIn(folder, 'Packages', PACKAGES);
  expect(() => readPackageDescriptions(folder)).toThrow(/expected at least 1000 descriptions.*got 2; fetch both/);
});

const folder = realData('package-descriptions');
if (folder !== undefined) {
  test('the index of Debian 12 has more than 60,000 descriptions in 58 sections', () => {
    const descriptions = readPackageDescriptions(folder);
    expect(descriptions.length).toBeGreaterThan(60_000);
    expect(new Set(descriptions.map(({ section }) => section)).size).toBe(58);
    expect(descriptions.find(({ name }) => name === 'git')).toMatchObject({
      source: 'git',
      section: 'vcs',
      synopsis: 'fast, scalable, distributed revision control system',
    });
    const texts = new Set(descriptions.map(({ synopsis, text }) => `${synopsis}\n${text}`));
    expect(texts.size).toBeGreaterThan(0.999 * descriptions.length);
    expect(descriptions.filter(({ synopsis, text }) => /\n/.test(synopsis) || /^\s|\s$/.test(text))).toEqual([]);
  }, 60_000);
}
