import { expect, test } from 'vitest';
import { parseVerse, readVerses, type TaggedWord } from '../../src/data/verses.ts';
import { verseEntries } from '../../src/data/versification.ts';
import { writeText } from './modules.ts';
import { realData } from './real-data.ts';
import { temporaryFolder } from './temporary.ts';

const parse = (markup: string) => parseVerse(markup, 'Genesis 1:1');
const marks = (text: string, words: readonly TaggedWord[]) =>
  words.map(({ start, end, strongs }) => `${text.slice(start, end)}=${strongs.join('+')}`);

test('words keep their numbers, and a footnote goes without gluing its neighbours', () => {
  const { text, words } = parse(
    '<w lemma="strong:H0430">In</w> <w lemma="strong:H7225">beginning</w>, <w lemma="strong:H0430">God</w>' +
      '<note placement="foot"><reference type="annotateRef">1:1 </reference>The <w lemma="strong:H1">Hebrew</w> word.' +
      '</note><w lemma="strong:H1254">created</w> the earth. ',
  );
  expect(text).toBe('In beginning, God created the earth.');
  expect(marks(text, words)).toEqual(['In=H430', 'beginning=H7225', 'God=H430', 'created=H1254']);
});

test('spaces around markup follow the rules of writing', () => {
  const texts = {
    '<q marker="">“two assaria coins</q> <note>small</note> <q marker="">? Not one.”</q>':
      '“two assaria coins? Not one.”',
    'said,<lb type="x-p"/>“Come<note>x</note>”<note>y</note>.': 'said, “Come”.',
    '“<note>x</note>Come': '“Come',
    'first line;<l eID="a"/><l sID="b"/>second line': 'first line; second line',
    'save<l eID="a"/> <l sID="b"/>me': 'save me',
    'save<l eID="a"/><l sID="b"/>me': 'save me',
    'God<note>x</note>’s Spirit': 'God’s Spirit',
    'a &amp; b &lt;c&gt;': 'a & b <c>',
    'el  rey\u00a0David\n': 'el rey David',
    'crio\u0301': 'crió',
  };
  expect(Object.keys(texts).map((markup) => parse(markup).text)).toEqual(Object.values(texts));
});

test('an added pronoun joins the verb before it; other added words stand apart', () => {
  const { text, words } = parse(
    '<w lemma="strong:H559">y díjo</w><transChange type="added">le</transChange><w lemma="strong:H430">Dios</w>: ' +
      '<w lemma="strong:H4100">lo que</w><transChange type="added">quisieres que</transChange><w lemma="strong:H5414">' +
      'yo te dé</w>. <w lemma="strong:G1">gentes</w><transChange>lo</transChange><w lemma="strong:G2">oyeron</w>',
  );
  expect(text).toBe('y díjole Dios: lo que quisieres que yo te dé. gentes lo oyeron');
  expect(parse('no <transChange>le</transChange> dió').text).toBe('no le dió');
  expect(parse('dió <transChange>le</transChange> pan').text).toBe('dió le pan');
  expect(marks(text, words)).toEqual([
    'y díjo=H559',
    'Dios=H430',
    'lo que=H4100',
    'yo te dé=H5414',
    'gentes=G1',
    'oyeron=G2',
  ]);
});

test('a psalm keeps the heading of the original; other headings, speakers and what follows the chapter go', () => {
  expect(parse('<title canonical="true" type="psalm">A Psalm by David.</title> <l sID="a"/>My shepherd').text).toBe(
    'A Psalm by David. My shepherd',
  );
  expect(parse('<title level="1" type="main">Book II</title><speaker>Beloved</speaker>Let him').text).toBe('Let him');
  expect(parse('Amen.  <chapter eID="Rev.22"/> <div type="glossary"/> Abba is a word').text).toBe('Amen.');
  expect(parse('<chapter n="1" osisID="Gen.1" sID="Gen.1"/>Start').text).toBe('Start');
});

test('several numbers may mark a word, with or without a prefix', () => {
  expect(parse('<w lemma="strong:G2424 G5547">de Jesucristo</w>').words).toEqual([
    { start: 0, end: 13, strongs: ['G2424', 'G5547'] },
  ]);
});

test('markup that is not as expected is refused, with the verse', () => {
  expect(() => parse('a <w lemma="strong:H1">b')).toThrow(/^Genesis 1:1: expected each word to be closed/);
  expect(() => parse('<w lemma="strong:H1"><w lemma="strong:H1">b</w></w>')).toThrow(/no word inside a word/);
  expect(() => parse('<w lemma="strong:H1"></w>')).toThrow(/expected text inside of each word/);
  expect(() => parse('</w>')).toThrow(/expected text inside of each word/);
  expect(() => parse('a < b')).toThrow(/expected markup to be closed; fetch the data set again/);
  expect(() => parse('<w lemma="lemma:berit">b</w>')).toThrow(/expected Strong's numbers.*got "lemma:berit"/);
  expect(() => parse('<w morph="x">b</w>')).toThrow(/expected Strong's numbers such as strong:H0430, got ""/);
});

/** Both modules, with a few verses by reference. */
function writeVerses(english: Record<string, string>, spanish: Record<string, string>, missing = 0): string {
  const folder = temporaryFolder();
  for (const [module, versification, texts] of [
    ['engWEB2015eb', 'NRSVA', english],
    ['spaRV1909eb', 'KJV', spanish],
  ] as const) {
    for (const testament of ['ot', 'nt'] as const) {
      const { verses, entries } = verseEntries(versification, testament);
      const placed = verses.flatMap(({ book, chapter, verse, index }) => {
        const text = texts[`${book} ${chapter}:${verse}`];
        return text === undefined ? [] : [[index, text] as const];
      });
      writeText(folder, module, testament, entries - missing, new Map(placed));
    }
  }
  return folder;
}

test('verses are paired by reference; what one side lacks or counts otherwise is left out', () => {
  const folder = writeVerses(
    {
      'Genesis 1:1': '<w lemma="strong:H0430">God</w> created',
      'Genesis 1:2': 'only English',
      'Jonah 2:1': 'Then Jonah prayed',
      'Psalms 3:1': '<w lemma="strong:H1732">Yahweh</w>, how',
      'Luke 17:36': '<note>Some manuscripts add a verse</note>',
      'Revelation 12:18': 'English alone',
      'Revelation 13:1': 'Then I stood',
    },
    {
      'Genesis 1:1': 'crió <w lemma="strong:H0430">Dios</w>',
      'Genesis 1:3': 'sólo español',
      'Jonah 2:1': 'MAS Jehová había prevenido',
      'Psalms 3:1': '¡OH <w lemma="strong:H3068">Jehová</w>',
      'Luke 17:36': 'Dos estarán en el campo',
      'Revelation 13:1': 'Y YO me paré',
    },
  );
  expect(readVerses(folder)).toEqual([
    {
      reference: 'Genesis 1:1',
      book: 'Genesis',
      chapter: 1,
      verse: 1,
      english: 'God created',
      spanish: 'crió Dios',
      englishWords: [{ start: 0, end: 3, strongs: ['H430'] }],
      spanishWords: [{ start: 5, end: 9, strongs: ['H430'] }],
    },
    expect.objectContaining({
      reference: 'Psalms 3:1',
      english: 'Yahweh, how',
      englishWords: [],
      spanishWords: [{ start: 4, end: 10, strongs: ['H3068'] }],
    }),
    expect.objectContaining({ reference: 'Revelation 13:1', english: 'Then I stood', spanish: 'Y YO me paré' }),
  ]);
});

test('another version of a text is refused, and a missing one', () => {
  expect(() => readVerses(writeVerses({}, {}, 1))).toThrow(
    /ot\.bzv: expected 31027 entries \(versification NRSVA\), got 31026; this is another version of the text/,
  );
  expect(() => readVerses('/nowhere')).toThrow(/expected a file of a data set, but there is no such file.*fetch/);
});

const folder = realData('verses');
if (folder !== undefined) {
  const verses = readVerses(folder);
  const verse = (reference: string) => verses.find((one) => one.reference === reference);

  test('there are 30,865 pairs, 28,963 of them with marks on both sides', () => {
    expect(verses).toHaveLength(30_865);
    expect(verses.filter((one) => one.englishWords.length > 0 && one.spanishWords.length > 0)).toHaveLength(28_963);
    expect(new Set(verses.map(({ book }) => book)).size).toBe(66);
  });

  test.each([
    [
      'Genesis 1:1',
      /^In the beginning, God created the heavens and the earth\.$/,
      /^EN el principio crió Dios los cielos/,
    ],
    ['Genesis 50:26', /in a coffin in Egypt\.$/, /en un ataúd en Egipto\.$/],
    [
      'Psalms 23:1',
      /^A Psalm by David\. Yahweh is my shepherd; I shall lack nothing\.$/,
      /^Salmo de David\. JEHOVÁ es mi/,
    ],
    ['Psalms 119:105', /Your word is a lamp to my feet/, /Lámpara es á mis pies tu palabra/],
    ['Proverbs 1:7', /fear of Yahweh is the beginning of knowledge/, /principio de la sabiduría es el temor de Jehová/],
    ['Ecclesiastes 3:1', /For everything there is a season/, /PARA todas las cosas hay sazón/],
    ['Malachi 4:6', /strike the earth with a curse\.”$/, /con destrucción hiera la tierra\.$/],
    ['Matthew 1:1', /^The book of the genealogy of Jesus Christ,/, /^LIBRO de la generación de Jesucristo,/],
    ['John 3:16', /^For God so loved the world, .* but have eternal life\.$/, /mas tenga vida eterna\.$/],
    ['John 11:35', /^Jesus wept\.$/, /^Y lloró Jesús\.$/],
    ['1 Corinthians 13:13', /The greatest of these is love\.$/, /la mayor de ellas es la caridad\.$/],
    ['Revelation 13:1', /beast coming up out of the sea/, /una bestia subir del mar/],
    ['Revelation 22:20', /Yes, come, Lord Jesus!$/, /Ven, Señor Jesús\.$/],
    ['Revelation 22:21', /with all the saints\. Amen\.$/, /con todos vosotros\. Amén\.$/],
  ])('%s is the known verse in both languages', (reference, english, spanish) => {
    expect(verse(reference)?.english).toMatch(english);
    expect(verse(reference)?.spanish).toMatch(spanish);
  });

  test('marks stand on words, and link the languages in every chapter better than to a neighbouring verse', () => {
    const numbers = (words: readonly TaggedWord[]) => new Set(words.flatMap(({ strongs }) => strongs));
    const chapters = new Map<string, number[]>();
    verses.forEach(({ book, chapter }, index) => {
      const key = `${book} ${chapter}`;
      chapters.set(key, [...(chapters.get(key) ?? []), index]);
    });
    for (const { english, spanish, englishWords, spanishWords } of verses) {
      for (const { start, end } of englishWords) expect(english.slice(start, end)).toMatch(/^\S(.*\S)?$/);
      for (const { start, end } of spanishWords) expect(spanish.slice(start, end)).toMatch(/^\S(.*\S)?$/);
    }
    const sets = verses.map(
      ({ englishWords, spanishWords }) => [numbers(englishWords), numbers(spanishWords)] as const,
    );
    const shared = (one: number, other: number): number => {
      const [english, spanish] = [sets[one]?.[0] ?? new Set(), sets[other]?.[1] ?? new Set()];
      const smaller = Math.min(english.size, spanish.size);
      return smaller === 0 ? 0 : [...spanish].filter((number) => english.has(number)).length / smaller;
    };
    const wrong = [...chapters].filter(([, indices]) => {
      if (indices.every((index) => (verses[index] as (typeof verses)[number]).englishWords.length === 0)) return false;
      const mean = (shift: number) => indices.reduce((sum, index) => sum + shared(index + shift, index), 0);
      return [-2, -1, 1, 2].some((shift) => mean(shift) >= mean(0));
    });
    expect(wrong.map(([chapter]) => chapter)).toEqual([]);
  });
}
