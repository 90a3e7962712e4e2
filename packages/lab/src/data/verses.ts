/**
 * Aligned public-domain verses, English and Spanish, with links of words: the World English Bible and the Reina-Valera
 * of 1909 as SWORD modules (Debian packages `sword-text-web` and `sword-text-sparv`), paired by book, chapter and verse.
 * Both mark words with numbers of Strong's dictionaries, so equal numbers link words of the two languages. Spanish marks
 * are phrases (`de los padres`); English marks are single words, found by a program, and a small word often carries the
 * number of its neighbour (`In` that of `God`): links of function words are noisy. Left out are verses that either side
 * lacks, verses the Spanish edition counts otherwise, and the English marks of chapters that Hebrew counts otherwise
 * (`versification.ts`). Knows nothing of splits or models.
 */
import { DataError } from './data-error.ts';
import { readTextEntries } from './sword.ts';
import { isCountedOtherwise, isDisplaced, type Testament, type Versification, verseEntries } from './versification.ts';

/** A marked stretch of a verse, in UTF-16 code units; `end` is not part of it. */
export interface TaggedWord {
  readonly start: number;
  readonly end: number;
  /** Strong's numbers without leading zeros: `H430`, `G2316`. */
  readonly strongs: readonly string[];
}

/** A verse in both languages. Texts are plain, in Unicode NFC, on one line, without footnotes and headings. */
export interface VersePair {
  /** `Genesis 1:1`. */
  readonly reference: string;
  readonly book: string;
  readonly chapter: number;
  readonly verse: number;
  readonly english: string;
  readonly spanish: string;
  /** Empty where the marks are missing or known to be wrong; so there are no links. */
  readonly englishWords: readonly TaggedWord[];
  readonly spanishWords: readonly TaggedWord[];
}

/** A verse without its markup. */
export interface PlainVerse {
  readonly text: string;
  readonly words: readonly TaggedWord[];
}

const MODULES = 'usr/share/sword/modules/texts/ztext';
const ENGLISH = { module: 'engWEB2015eb', versification: 'NRSVA' } as const;
const SPANISH = { module: 'spaRV1909eb', versification: 'KJV' } as const;

/**
 * All verses that have a text in both languages, in the order of the books.
 * @param folder where the packages are unpacked; it contains `usr/share/sword`
 * @throws {DataError} if a file is missing or damaged, or has other entries or markup than expected
 */
export function readVerses(folder: string): VersePair[] {
  return (['ot', 'nt'] as const).flatMap((testament) => {
    const english = readModule(folder, ENGLISH, testament);
    return [...readModule(folder, SPANISH, testament)].flatMap(([reference, { place, plain }]) => {
      const other = english.get(reference);
      if (other === undefined || other.plain.text === '' || plain.text === '') return [];
      const { book, chapter, verse } = place;
      if (isCountedOtherwise(book, chapter, verse)) return [];
      return {
        reference,
        book,
        chapter,
        verse,
        english: other.plain.text,
        spanish: plain.text,
        englishWords: isDisplaced(book, chapter) ? [] : other.plain.words,
        spanishWords: plain.words,
      };
    });
  });
}

interface PlacedVerse {
  readonly place: { readonly book: string; readonly chapter: number; readonly verse: number };
  readonly plain: PlainVerse;
}

/** The verses of a testament by reference. */
function readModule(
  folder: string,
  { module, versification }: { readonly module: string; readonly versification: Versification },
  testament: Testament,
): Map<string, PlacedVerse> {
  const base = `${folder}/${MODULES}/${module}/${testament}`;
  const texts = readTextEntries(base);
  const { verses, entries } = verseEntries(versification, testament);
  if (texts.length !== entries) {
    throw new DataError(
      `${base}.bzv: expected ${entries} entries (versification ${versification}), got ${texts.length}; ` +
        'this is another version of the text: fetch the data set again',
    );
  }
  return new Map(
    verses.map((place) => {
      const reference = `${place.book} ${place.chapter}:${place.verse}`;
      return [reference, { place, plain: parseVerse(texts.at(place.index), `${base}.bzz: ${reference}`) }];
    }),
  );
}

const TAG = /^<(\/?)([a-zA-Z]+)([^<>]*?)(\/?)>$/;
/** Elements whose content is no part of the verse. */
const LEFT_OUT = new Set(['note', 'title', 'speaker']);
/** The heading that the original text has, as the Spanish text has it: `A Psalm by David.` */
const PSALM_TITLE = /\btype="psalm"/;
/** Elements that stand on lines of their own, or beside words: spaces around them say nothing. */
const APART = new Set(['l', 'lg', 'div', 'lb', 'milestone', 'note', 'title', 'speaker', 'q', 'transChange']);
/** After such an element a space goes before the former, and none before the latter. */
const BEGINS_WORD = /^[\p{L}\p{N}“‘([{¡¿«]/u;
const ENDS_WORD = /^[,.;:!?)\]}’”»]/u;
const ENDS_OPENING = /[\s“‘([{¡¿«—-]$/u;
const STRONGS = /^(?:strong:)?([HG])0*(\d+)$/;

/**
 * The text and the marked words of a verse in OSIS markup, up to the end of its chapter: what follows belongs to none.
 * @param where names the verse in errors
 * @throws {DataError} if the markup is not as expected
 */
export function parseVerse(markup: string, where: string): PlainVerse {
  const words: TaggedWord[] = [];
  let text = '';
  let space = false;
  let apart = false;
  let added = false;
  let leftOut = 0;
  let open: { start: number; readonly strongs: readonly string[] } | undefined;
  const addText = (piece: string): void => {
    if (piece === ' ') {
      space = true;
      return;
    }
    const rest = piece.trimStart();
    space ||= rest !== piece;
    if (rest === '') return;
    if (apart && ENDS_WORD.test(rest)) space = false;
    else if (apart && !space && BEGINS_WORD.test(rest)) {
      space = !ENDS_OPENING.test(text) && !(added && isSuffix(rest, text));
    }
    if (space && text !== '') text += ' ';
    if (open !== undefined && open.start < 0) open.start = text.length;
    text += rest.trimEnd();
    space = rest.endsWith(' ');
    apart = false;
    added = false;
  };
  for (let at = 0; at < markup.length; ) {
    const next = markup.indexOf('<', at);
    if (next !== at) {
      const end = next < 0 ? markup.length : next;
      if (leftOut === 0) addText(plain(markup.slice(at, end)));
      at = end;
      continue;
    }
    const end = markup.indexOf('>', at) + 1;
    const begin = at;
    at = end;
    if (leftOut === 0 && end > 0 && markup.startsWith('<w ', begin)) {
      if (open !== undefined) throw new DataError(`${where}: expected no word inside a word; fetch the data set again`);
      open = { start: -1, strongs: strongsOf(markup.slice(begin + 3, end - 1), where) };
      continue;
    }
    if (leftOut === 0 && markup.startsWith('</w>', begin)) {
      if (open === undefined || open.start < 0) {
        throw new DataError(`${where}: expected text inside of each word; fetch the data set again`);
      }
      words.push({ start: open.start, end: text.length, strongs: open.strongs });
      open = undefined;
      continue;
    }
    const [, closing, name, attributes, empty] = TAG.exec(end > 0 ? markup.slice(begin, end) : '') ?? [];
    if (name === undefined || attributes === undefined) {
      throw new DataError(`${where}: expected markup to be closed; fetch the data set again`);
    }
    if (name === 'chapter' && attributes.includes('eID=')) break;
    if (APART.has(name)) apart = true;
    if (name === 'transChange') added = closing === '';
    if (!LEFT_OUT.has(name) || empty === '/') continue;
    if (closing === '/') leftOut -= leftOut > 0 ? 1 : 0;
    else if (leftOut > 0 || !PSALM_TITLE.test(attributes)) leftOut++;
  }
  if (open !== undefined) throw new DataError(`${where}: expected each word to be closed; fetch the data set again`);
  return { text, words };
}

/** Pronouns that Spanish writes at the end of a verb, and words that are no verbs but stand before one in the text. */
const PRONOUN = /^(?:me|te|se|lo|la|le|los|las|les|nos|os)$/;
const NO_VERB = /(?:^|\P{L})(?:no|y|que|os|como|cuánto|ellos|gentes|Dios|Jehová|Josué)$/iu;

/** Whether an added word continues the word before: `oyéndo` + `lo`. The Spanish module has no space at either. */
function isSuffix(added: string, before: string): boolean {
  return PRONOUN.test(added) && /\p{L}$/u.test(before) && !NO_VERB.test(before);
}

/** Numbers by the attributes they stand in; few occur, and often. */
const known = new Map<string, readonly string[]>();

function strongsOf(attributes: string, where: string): readonly string[] {
  let strongs = known.get(attributes);
  if (strongs !== undefined) return strongs;
  const lemma = /\blemma="([^"]*)"/.exec(attributes)?.[1] ?? '';
  strongs = lemma.split(' ').map((part) => {
    const [, language, number] = STRONGS.exec(part) ?? [];
    if (language !== undefined && number !== undefined) return `${language}${number}`;
    throw new DataError(`${where}: expected Strong's numbers such as strong:H0430, got ${JSON.stringify(lemma)}`);
  });
  known.set(attributes, strongs);
  return strongs;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** In Unicode NFC, entities replaced, white space as single spaces. */
function plain(text: string): string {
  if (!/[^ -~]|&| {2}/.test(text)) return text;
  const decoded = text.includes('&')
    ? text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '')
    : text;
  return decoded.normalize('NFC').replaceAll(/\s+/g, ' ');
}
