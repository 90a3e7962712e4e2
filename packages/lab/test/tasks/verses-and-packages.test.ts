/** The tasks on data sets that are fetched, on small ones made here in their formats. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { verseEntries } from '../../src/data/versification.ts';
import { nearDuplicateKey } from '../../src/tasks/shared/splits.ts';
import { classify } from '../../src/tasks/text/classify.ts';
import { entities } from '../../src/tasks/text/entities.ts';
import { summarise } from '../../src/tasks/text/summarise.ts';
import { translate } from '../../src/tasks/text/translate.ts';
import { writeDictionary, writeText } from '../data/modules.ts';
import { writeIn } from '../data/temporary.ts';
import { declareFetched } from './fetched-data.ts';
import { evaluatedRows, NOUNS, sentence, sourceTexts } from './own-files.ts';
import { rightPredictions } from './predictions.ts';

const cache = mkdtempSync(join(tmpdir(), 'posenc-fetched-'));
beforeAll(() => {
  vi.stubEnv('POSENC_CACHE', cache);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

const inside = (name: string): string => {
  const folder = join(cache, 'data', name);
  mkdirSync(folder, { recursive: true });
  return folder;
};
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Three hundred Hebrew and Greek names; names of an odd number are places. */
const COUNT = 320;
const name = (number: number): string =>
  `N${number.toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] as string)}ah`;

beforeAll(() => {
  const folder = inside('verses');
  for (const [testament, letter] of [
    ['ot', 'H'],
    ['nt', 'G'],
  ] as const) {
    for (const [module, versification] of [
      ['engWEB2015eb', 'NRSVA'],
      ['spaRV1909eb', 'KJV'],
    ] as const) {
      const { verses, entries } = verseEntries(versification, testament);
      const texts = verses.slice(0, 1500).map(({ index, book, chapter, verse }): [number, string] => {
        const number = (chapter * 31 + verse * 7 + book.length) % COUNT;
        // The same in every chapter: a refrain.
        if (verse === 1) return [index, module === 'engWEB2015eb' ? 'Thus it was said to them,' : 'Así les fué dicho,'];
        const word = (text: string, strong: number): string => `<w lemma="strong:${letter}${strong}">${text}</w>`;
        const nouns = sentence(chapter * 97 + verse, 3 + (verse % 6), NOUNS).split(' ');
        const marked = nouns.map((noun) =>
          word(module === 'engWEB2015eb' ? noun : `el ${noun}o`, 5000 + NOUNS.indexOf(noun)),
        );
        const person = word(name(number + 1), number + 1);
        return [index, (module === 'engWEB2015eb' ? [person, ...marked] : [...marked.toReversed(), person]).join(' ')];
      });
      writeText(folder, module, testament, entries, new Map(texts));
    }
    const dictionary = letter === 'H' ? 'strongshebrew' : 'strongsgreek';
    writeDictionary(
      folder,
      dictionary,
      Array.from({ length: COUNT }, (_, index) => [
        String(index + 1).padStart(5, '0'),
        `<def>${index % 2 === 0 ? 'a man' : 'a city'}:-${name(index + 1)}.</def>`,
      ]),
    );
  }
  declareFetched(cache, 'verses', filesOf(folder));

  const packages = inside('package-descriptions');
  const all = Array.from({ length: 1600 }, (_, index) => ({
    name: `lib${NOUNS[index % 16]}${index}`,
    source: `${NOUNS[index % 16]}${Math.floor(index / 4)}`,
    section: ['games', 'libs'][Math.floor(index / 4) % 2] as string,
    // Every 40th family describes itself in the same words.
    text: Math.floor(index / 4) % 40 === 0 ? 'Nothing but documentation.' : sentence(index, 4 + (index % 9), NOUNS),
    synopsis: `${sentence(index, 2, NOUNS)} number ${index}`,
  }));
  writeIn(
    packages,
    'Packages',
    all.map((one) => `Package: ${one.name}\nSource: ${one.source}\nSection: ${one.section}\n`).join('\n'),
  );
  writeIn(
    packages,
    'Translation-en',
    all.map((one) => `Package: ${one.name}\nDescription-en: ${one.synopsis}\n ${one.text}\n`).join('\n'),
  );
  declareFetched(cache, 'package-descriptions', filesOf(packages));
});

describe('verses', () => {
  test('are what is used once they are there, and nothing is said', async () => {
    expect(await translate.resolve?.({})).toEqual({ options: { dataset: 'verses' } });
    expect(await entities.resolve?.({})).toEqual({ options: { dataset: 'verses' } });
  });

  test('that are the same in many chapters are never tested', async () => {
    const prepared = await translate.prepare({ trainedPercentile: 100 });
    const [train, validation, tested] = (['train', 'validation', 'test'] as const).map((split) =>
      sourceTexts(prepared, split).map(nearDuplicateKey),
    );
    expect(train).toContain('thus it was said to them');
    const known = new Set([...(train ?? []), ...(validation ?? [])]);
    expect((tested ?? []).length).toBeGreaterThan(50);
    expect((tested ?? []).filter((key) => known.has(key))).toEqual([]);
    expect(prepared.notes.join(' ')).toMatch(
      /\d+ of \d+ held-out texts are left out: another split has nearly the same/,
    );
  });

  test('are scored by what attention links, in every bucket; without attention, by the texts alone', async () => {
    const prepared = await translate.prepare({});
    expect(prepared.metrics).toBeUndefined();
    expect(prepared.question).toMatchObject({ kind: 'generate', alignments: true });
    for (const set of prepared.evaluation('test', 64)) {
      const scores = prepared.score('test', set.bucket, rightPredictions(prepared, set));
      expect(scores.chrf).toBeCloseTo(100, 9);
      expect(scores['alignment-error-rate']).toBeGreaterThan(0.3);
      expect(scores['alignment-error-rate']).toBeLessThanOrEqual(1);
      for (const { scores: baseline } of prepared.baselines) {
        expect(Object.keys(baseline[set.bucket.label] ?? {}).toSorted()).toEqual(['bleu', 'chrf']);
      }
    }
  });

  test('draw the links of one example between tokens that stand in linked words', async () => {
    const { portrait } = await translate.prepare({});
    expect(portrait?.links?.length).toBeGreaterThan(1);
    const links = (portrait?.links ?? []).map(([row, column]) => [portrait?.target?.[row], portrait?.source?.[column]]);
    expect(links.every(([to, from]) => to !== undefined && from !== undefined)).toBe(true);
  });

  test('of one test example or few score without links, where none is sure', async () => {
    const prepared = await translate.prepare({ testExamples: 1 });
    for (const set of prepared.evaluation('test', 64)) {
      expect(prepared.score('test', set.bucket, rightPredictions(prepared, set)).chrf).toBeCloseTo(100, 9);
    }
  });

  test.each(['english', 'spanish'])('have names of two kinds in %s', async (language) => {
    const prepared = await entities.prepare({ language });
    expect(prepared.data?.classes?.map(({ label }) => label)).toEqual(['LOC', 'PER']);
    for (const set of prepared.evaluation('test', 64)) {
      expect(prepared.score('test', set.bucket, rightPredictions(prepared, set))['span-f1']).toBe(1);
    }
  });
});

describe('package descriptions', () => {
  test('are never tested where another family says the same', async () => {
    const prepared = await summarise.prepare({ trainedPercentile: 100 });
    const train = new Set(sourceTexts(prepared, 'train').map(nearDuplicateKey));
    expect(sourceTexts(prepared, 'test').filter((text) => train.has(nearDuplicateKey(text)))).toEqual([]);
  });

  test('have the sections of their packages as classes', async () => {
    const prepared = await classify.prepare({});
    expect(prepared.data?.classes?.map(({ label }) => label)).toEqual(['games', 'libs']);
    expect(evaluatedRows((prepared.evaluation('test', 64) as [never])[0]).length).toBeGreaterThan(20);
  });
});
