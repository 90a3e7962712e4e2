import { expect, test } from 'vitest';
import { isCountedOtherwise, isDisplaced, verseEntries } from '../../src/data/versification.ts';

const count = (versification: 'KJV' | 'NRSVA', testament: 'ot' | 'nt') => verseEntries(versification, testament);

test('the counts add up to the published ones: 23,145 and 7,957 verses in 929 and 260 chapters', () => {
  for (const [testament, verses, chapters, books] of [
    ['ot', 23_145, 929, 39],
    ['nt', 7957, 260, 27],
  ] as const) {
    const kjv = count('KJV', testament);
    expect(kjv.verses).toHaveLength(verses);
    expect(new Set(kjv.verses.map(({ book, chapter }) => `${book} ${chapter}`)).size).toBe(chapters);
    expect(new Set(kjv.verses.map(({ book }) => book)).size).toBe(books);
    // Two headings, and one for each book and chapter.
    expect(kjv.entries).toBe(2 + books + chapters + verses);
  }
  // The longest and the shortest chapter.
  const last = (book: string, chapter: number) =>
    count('KJV', 'ot').verses.findLast((verse) => verse.book === book && verse.chapter === chapter)?.verse;
  expect([last('Psalms', 119), last('Psalms', 117), last('Genesis', 1), last('Malachi', 4)]).toEqual([176, 2, 31, 6]);
});

test('NRSVA has one verse more in 3 John 1 and in Revelation 12, and more books after Malachi', () => {
  const references = (versification: 'KJV' | 'NRSVA', testament: 'ot' | 'nt') =>
    count(versification, testament).verses.map(({ book, chapter, verse }) => `${book} ${chapter}:${verse}`);
  const kjv = new Set(references('KJV', 'nt'));
  expect(references('NRSVA', 'nt').filter((reference) => !kjv.has(reference))).toEqual([
    '3 John 1:15',
    'Revelation 12:18',
  ]);
  expect(references('NRSVA', 'ot')).toEqual(references('KJV', 'ot'));
  // The sizes of the module's files.
  expect(count('NRSVA', 'ot').entries).toBe(310_270 / 10);
  expect(count('NRSVA', 'nt').entries).toBe(82_480 / 10);
});

test('what is known to be counted otherwise are verses and chapters that exist', () => {
  const verses = (['ot', 'nt'] as const).flatMap((testament) => count('KJV', testament).verses);
  const otherwise = verses.filter(({ book, chapter, verse }) => isCountedOtherwise(book, chapter, verse));
  expect(otherwise).toHaveLength(217);
  const displaced = new Set(
    verses.filter(({ book, chapter }) => isDisplaced(book, chapter)).map(({ book, chapter }) => `${book} ${chapter}`),
  );
  expect(displaced.size).toBe(97);
  expect([isDisplaced('Psalms', 3), isDisplaced('Psalms', 23), isDisplaced('Joel', 3)]).toEqual([true, false, true]);
  expect([isCountedOtherwise('Jonah', 2, 1), isCountedOtherwise('Jonah', 1, 16)]).toEqual([true, false]);
});
