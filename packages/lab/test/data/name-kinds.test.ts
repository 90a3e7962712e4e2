import { expect, test } from 'vitest';
import { kindOf, markNames, type NameKind, readNameKinds } from '../../src/data/name-kinds.ts';
import { readVerses } from '../../src/data/verses.ts';
import { writeDictionary } from './modules.ts';
import { realData } from './real-data.ts';
import { temporaryFolder } from './temporary.ts';

/** Entries of Strong's dictionaries, shortened. */
const DAVID =
  '<orth>דּוד</orth><def>From the same as <ref target="StrongsHebrew:1730">H1730</ref>; <hi rend="italic">loving</hi>;' +
  '<lb/> <hi rend="italic">{David}</hi> the youngest son of <hi rend="bold">Jesse:</hi> - David.</def>';
const JERUSALEM =
  '<def>founded peaceful; Jerushalaim or {Jerushalem} the capital city of Palestine: - Jerusalem.</def>';
const HEBREW = '<def>Patronymic from H5677; an Eberite (that {is} Hebrew) or descendant of Eber: - Hebrew.</def>';
const STONE = '<def>through the {meaning} to build; a stone: - + {carbuncle} + {mason} + {plummet} stone (-s).</def>';
const AARON = '<def><orig>of Hebrew origin (<ref>H0175</ref>);</orig>\n Aaron, the brother of Moses:--Aaron.\n</def>';
const WEEP = '<def>of uncertain affinity; to sob, i.e. wail aloud:--bewail, weep.</def>';

test('definitions tell persons, places and peoples from other words', () => {
  expect([DAVID, JERUSALEM, HEBREW, STONE, AARON, WEEP, '<def>Not Used</def>'].map(kindOf)).toEqual([
    'PER',
    'LOC',
    'NORP',
    undefined,
    'PER',
    undefined,
    undefined,
  ]);
});

const kinds = new Map<string, NameKind>([
  ['H1732', 'PER'],
  ['H3389', 'LOC'],
  ['H1035', 'LOC'],
  ['H4714', 'LOC'],
]);
const marked = (text: string, ...words: readonly (readonly [string, string])[]) => ({
  text,
  words: words.map(([word, strong]) => {
    const start = text.indexOf(word);
    return { start, end: start + word.length, strongs: [strong] };
  }),
});
const names = (verses: readonly ReturnType<typeof marked>[]) =>
  markNames(verses, kinds).map((spans, index) =>
    spans.map(({ start, end, kind, strong }) => `${verses[index]?.text.slice(start, end)}/${kind}/${strong}`),
  );

test('capitalised words under a name’s number are names, in phrases too, without the possessive', () => {
  expect(
    names([
      marked('the city of David’s father in Beth Lehem', ['David’s', 'H1732'], ['Beth', 'H1035'], ['Lehem', 'H1035']),
      marked(
        'vino á Jerusalem de Egipto, los Egipcios',
        ['á Jerusalem', 'H3389'],
        ['de Egipto', 'H4714'],
        ['los Egipcios', 'H4714'],
      ),
    ]),
  ).toEqual([
    ['David/PER/H1732', 'Beth Lehem/LOC/H1035'],
    ['Jerusalem/LOC/H3389', 'Egipto/LOC/H4714', 'Egipcios/NORP/H4714'],
  ]);
});

test('a word mostly in lower case is no name; one without a mark that mostly has one is', () => {
  expect(
    names([
      marked('Entonces David', ['Entonces David', 'H1732']),
      marked('y entonces vino David', ['David', 'H1732']),
      marked('á David', ['á David', 'H1732']),
      marked('y á David vió'),
      marked('Dios vió á Moisés'),
    ]),
  ).toEqual([['David/PER/H1732'], ['David/PER/H1732'], ['David/PER/H1732'], ['David/PER/H1732'], []]);
});

const entries = (definition: string, count: number) =>
  Array.from({ length: count }, (_, index) => [String(index + 1).padStart(5, '0'), definition] as const);

test('kinds are read by number, exceptions first, and a dictionary without names is refused', () => {
  const folder = temporaryFolder();
  writeDictionary(folder, 'strongshebrew', [
    ...entries(DAVID, 330),
    ['03478', DAVID],
    ['03069', DAVID],
    ['05000', STONE],
  ]);
  writeDictionary(folder, 'strongsgreek', entries(JERUSALEM, 310));
  const read = readNameKinds(folder);
  expect(['H1', 'G1', 'H3478', 'H3069', 'H5000'].map((strong) => read.get(strong))).toEqual([
    'PER',
    'LOC',
    'NORP',
    undefined,
    undefined,
  ]);
  writeDictionary(folder, 'strongsgreek', entries(WEEP, 310));
  expect(() => readNameKinds(folder)).toThrow(/dict\.zdt: expected at least 300 definitions of names, got 0.*again/);
});

const real = realData('verses');
if (real !== undefined) {
  test('the commonest names of both languages are of the right kind', () => {
    const verses = readVerses(real);
    const read = readNameKinds(real);
    const commonest = (texts: Parameters<typeof markNames>[0], kind: NameKind): string[] => {
      const counts = new Map<string, number>();
      markNames(texts, read).forEach((spans, index) => {
        for (const span of spans.filter((one) => one.kind === kind)) {
          const word = (texts[index] as { text: string }).text.slice(span.start, span.end);
          counts.set(word, (counts.get(word) ?? 0) + 1);
        }
      });
      return [...counts]
        .sort((a, b) => b[1] - a[1])
        .map(([word]) => word)
        .slice(0, 5);
    };
    const english = verses.map(({ english: text, englishWords: words }) => ({ text, words }));
    const spanish = verses.map(({ spanish: text, spanishWords: words }) => ({ text, words }));
    expect(commonest(english, 'PER')).toEqual(['David', 'Jesus', 'Moses', 'Judah', 'Christ']);
    expect(commonest(english, 'LOC')).toEqual(['Jerusalem', 'Egypt', 'Babylon', 'Jordan', 'Moab']);
    expect(commonest(english, 'NORP')).toEqual(['Israel', 'Philistines', 'Levites', 'Jews', 'Egyptians']);
    expect(commonest(spanish, 'PER')).toEqual(['David', 'Moisés', 'Judá', 'Jesús', 'Saúl']);
    expect(commonest(spanish, 'LOC')).toEqual(['Jerusalem', 'Egipto', 'Babilonia', 'Jordán', 'Moab']);
    expect(commonest(spanish, 'NORP')).toEqual(['Israel', 'Levitas', 'Judíos', 'Filisteos', 'Fariseos']);
  });
}
