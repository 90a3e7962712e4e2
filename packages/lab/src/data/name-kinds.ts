/**
 * Kinds of names (person, place, people) by Strong's number, read off the definitions of Strong's dictionaries (Debian
 * packages `sword-dict-strongs-hebrew` and `sword-dict-strongs-greek`, public domain), and the names they mark in
 * verses. The labels are silver: found by rules, not by annotators. Names of God are no names here. Knows nothing of
 * splits or models.
 */
import { DataError } from './data-error.ts';
import { readDictionaryEntries } from './sword.ts';
import type { TaggedWord } from './verses.ts';

/** A person, a place or a people, called as in OntoNotes. */
export type NameKind = 'PER' | 'LOC' | 'NORP';

/** A name in a text, in UTF-16 code units; `end` is not part of it. */
export interface NameSpan {
  readonly start: number;
  readonly end: number;
  readonly kind: NameKind;
  /** The Strong's number, the same for a name in both languages: hold names out by it. */
  readonly strong: string;
}

const DICTIONARIES = 'usr/share/sword/modules/lexdict/zld';
/** The fewest kinds a whole dictionary gives. */
const FEWEST = 300;

/**
 * The kind of each Strong's number that is a name.
 * @param folder where the packages are unpacked; it contains `usr/share/sword`
 * @throws {DataError} if a dictionary is missing or damaged, or hardly any definition is understood
 */
export function readNameKinds(folder: string): Map<string, NameKind> {
  const kinds = new Map<string, NameKind>();
  for (const [name, letter] of [
    ['strongshebrew', 'H'],
    ['strongsgreek', 'G'],
  ] as const) {
    const base = `${folder}/${DICTIONARIES}/${name}/dict`;
    const before = kinds.size;
    for (const [key, entry] of readDictionaryEntries(base)) {
      const number = Number(key);
      const strong = `${letter}${number}`;
      const kind = EXCEPTIONS.has(strong) ? EXCEPTIONS.get(strong) : kindOf(entry);
      if (Number.isInteger(number) && kind !== undefined) kinds.set(strong, kind);
    }
    if (kinds.size - before < FEWEST) {
      throw new DataError(
        `${base}.zdt: expected at least ${FEWEST} definitions of names, got ${kinds.size - before}; ` +
          'this is another version of the dictionary: fetch the data set again',
      );
    }
  }
  return kinds;
}

/** Entries that the rules get wrong, among those that occur often; the last are no names, or names of God. */
const EXCEPTIONS: ReadonlyMap<string, NameKind | undefined> = new Map(
  (
    [
      [
        'PER',
        'H356 H1090 H1106 H1328 H1522 H2660 H2696 H3412 H3837 H3876 H4519 H5020 H5658 H6717 H7014 H7652 H8010 H8227 ' +
          'G2672 G3094 G4074',
      ],
      [
        'LOC',
        'H123 H804 H1661 H3568 H3667 H4080 H4124 H5867 H5983 H6721 G688 G897 G965 G1056 G1116 G1154 G2410 G2414 G2419 ' +
          'G2445 G2446 G3535 G4540 G4605 G4614 G4622 G4670 G4947 G4966 G5184 G5477',
      ],
      ['NORP', 'H2340 H3064 H3478 H5680 H5984 H6003 G1445 G1446 G1674 G2453 G2474 G2475 G3019 G5330'],
      [undefined, 'H1471 H3069 H5892 G1484'],
    ] as const
  ).flatMap(([kind, numbers]) => numbers.split(' ').map((strong) => [strong, kind] as const)),
);

const PEOPLE = /\b(?:patronymic|patronymically|patrial|gentil[ei]c?|inhabitants? of|descendants? of|sect)\b/i;
const PERSON = new RegExp(
  '\\b(?:Israelit(?:e|es|ess|esses|ish)|son|sons|daughter|wife|mother|father|brother|sister|concubine|king|kings|queen|' +
    'prince|patriarchs?|prophet|prophetess|priests?|Levites?|apostles?|disciples?|Christians?|Jews?|Jewess|Roman|' +
    'Edomites?|Moabite|Ammonite|Canaanites?|Philistine|Hittite|Syrians?|Assyrian|Babylonian|Persians?|Egyptians?|' +
    'Arabian|Midianite|Amalekite|Horite|Idumaeans?|Ephesian|Macedonian|Corinthian|Thessalonian|Asiatic|Hebrew|Cretan|' +
    'persons?|man|men|woman|women|leader|eunuch|officer|governor|servant|symbolical name of|later name of|' +
    'antediluvian|postdiluvian|epithet of Jesus|Pharisee|sorcerer|procurator|emperor|hero|widow)\\b',
);
const PLACE = new RegExp(
  '\\b(?:places?|city|cities|towns?|region|rivers?|mountains?|mount|hill|valley|country|countries|islands?|isles?|' +
    'desert|springs?|fountain|brook|stream|district|province|land|village|fortress|plain|station|pool|wilderness|' +
    'locality|peak|capital|spot|ravine|rock|cape|harbou?r|pass|summit|lake|quarter|division|port|canal|field|' +
    'Palestine|Egypt|Syria|Babylonia|Mesopotamia|Asia Minor|Arabia|Greece|Italy|Crete|Macedonia|Assyria)\\b',
);

/**
 * The kind of name that an entry in TEI markup defines: that of the first telling word before the translations, which
 * follow `:-`. Undefined if it is no name: its first translation is not capitalised.
 */
export function kindOf(entry: string): NameKind | undefined {
  const definition = [...entry.matchAll(/<def>([\s\S]*?)<\/def>/g)].map((match) => match[1]).join(' ');
  const text = definition.replaceAll(/<[^>]*>|[{}]/g, '').replaceAll(/\s+/g, ' ');
  const split = /:\s*-+/.exec(text);
  if (split === null) return undefined;
  const translation = text.slice(split.index + split[0].length).trim();
  if (!/^(?:[[(+X]\s*)*\p{Lu}\p{Ll}/u.test(translation)) return undefined;
  const gloss = text.slice(0, split.index).replaceAll(/\bH?G?\d+\b/g, '');
  const place = (pattern: RegExp): number => {
    const found = gloss.search(pattern);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  };
  const [people, person, location] = [PEOPLE, PERSON, PLACE].map(place) as [number, number, number];
  const first = Math.min(people, person, location);
  if (first === Number.POSITIVE_INFINITY) return undefined;
  if (first === people) return 'NORP';
  return first === person ? 'PER' : 'LOC';
}

/** A verse of one language. */
interface MarkedText {
  readonly text: string;
  readonly words: readonly TaggedWord[];
}

type Name = Pick<NameSpan, 'kind' | 'strong'>;

/** Capitalised words of two letters or more, also of several parts: `Beth-lehem`. */
const CAPITALISED = /(?<![\p{L}\p{M}-])\p{Lu}[\p{L}\p{M}]+(?:[-’'][\p{L}\p{M}]+)*/gu;
const WORD = /[\p{L}\p{M}]+(?:[-’'][\p{L}\p{M}]+)*/gu;
const WITHIN_SENTENCE = /[\p{L},;] $/u;
const POSSESSIVE = /[’']s?$/u;
/** Members of a people, whose number is that of their land or forefather: `Egyptians`, `Israelitas`, `Asirios`. */
const MEMBERS = /(?:ites?|itess|ians|eans|itas|[ei]os|anos|enos|[Ss]iros?)$/u;
/** A word without a mark is a name if it has one at least so often, and in so large a share of its places. */
const KNOWN = { marks: 3, share: 0.6 } as const;

/**
 * The names of each verse of one language, in order: capitalised words marked with the number of a name, or, where a
 * mark is missing, that mostly have one elsewhere. Neighbours with the same number are one name. Words that the
 * verses mostly write in lower case (`Entonces`) are no names; a possessive `’s` is no part of one.
 */
export function markNames(verses: readonly MarkedText[], kinds: ReadonlyMap<string, NameKind>): NameSpan[][] {
  const isName = nameTest(verses);
  const marked = verses.map((verse) =>
    capitals(verse.text)
      .filter(({ word }) => isName(word))
      .map((capital) => ({ ...capital, name: nameAt(verse, capital, kinds) })),
  );
  const usual = usualNames(marked.flat());
  return marked.map((capitals, index) => {
    const spans: NameSpan[] = [];
    for (const { start, end, word, name } of capitals) {
      const found = name ?? usual.get(word);
      if (found === undefined) continue;
      const last = spans.at(-1);
      const between = last === undefined ? '' : (verses[index] as MarkedText).text.slice(last.end, start);
      if (last?.strong === found.strong && between === ' ') spans[spans.length - 1] = { ...last, end };
      else spans.push({ start, end, ...found });
    }
    return spans;
  });
}

interface Capital {
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

function capitals(text: string): Capital[] {
  return [...text.matchAll(CAPITALISED)].map(({ 0: match, index }) => {
    const word = match.replace(POSSESSIVE, '');
    return { start: index, end: index + word.length, word };
  });
}

/** The name that a word is marked as, if any. */
function nameAt(
  verse: MarkedText,
  { start, end, word }: Capital,
  kinds: ReadonlyMap<string, NameKind>,
): Name | undefined {
  const mark = verse.words.find((one) => one.start <= start && end <= one.end);
  const strong = mark?.strongs.find((number) => kinds.has(number));
  if (strong === undefined) return undefined;
  return { strong, kind: MEMBERS.test(word) ? 'NORP' : (kinds.get(strong) as NameKind) };
}

/** The commonest name of each word that mostly is marked as one. */
function usualNames(all: readonly (Capital & { readonly name: Name | undefined })[]): Map<string, Name> {
  const counts = new Map<
    string,
    { total: number; readonly names: Map<string, { count: number; readonly name: Name }> }
  >();
  for (const { word, name } of all) {
    const entry = counts.get(word) ?? { total: 0, names: new Map() };
    counts.set(word, entry);
    entry.total++;
    if (name === undefined) continue;
    const known = entry.names.get(name.strong) ?? { count: 0, name };
    entry.names.set(name.strong, known);
    known.count++;
  }
  return new Map(
    [...counts].flatMap(([word, { total, names }]) => {
      const sorted = [...names.values()].sort((a, b) => b.count - a.count);
      const marks = sorted.reduce((sum, { count }) => sum + count, 0);
      const [first] = sorted;
      const isKnown = first !== undefined && marks >= KNOWN.marks && marks >= KNOWN.share * total;
      return isKnown ? [[word, first.name] as const] : [];
    }),
  );
}

/**
 * Whether a capitalised word is capitalised by nature: the verses never write it in lower case, or less often than with
 * a capital within a sentence.
 */
function nameTest(verses: readonly MarkedText[]): (word: string) => boolean {
  const counts = new Map<string, { lower: number; within: number }>();
  for (const { text } of verses) {
    for (const { 0: match, index } of text.matchAll(WORD)) {
      const word = match.replace(POSSESSIVE, '');
      const key = word.toLowerCase();
      const count = counts.get(key) ?? { lower: 0, within: 0 };
      counts.set(key, count);
      if (word === key) count.lower++;
      else if (index > 1 && WITHIN_SENTENCE.test(text.slice(index - 2, index))) count.within++;
    }
  }
  return (word) => {
    const { lower, within } = counts.get(word.toLowerCase()) ?? { lower: 0, within: 0 };
    return lower === 0 || within > lower;
  };
}
