/**
 * Where the words of a pre-tokenizer lie in the text, and the tokens of a model in their word. Knows no numbers of
 * tokens and no file.
 */
import { type ByteRanges, byteRanges, bytesOf, decodeBytes, utf8Length } from './bytes.ts';

/** Spaces as the original knows them and as JavaScript does, which differ in two characters. */
const SPACE = /[\s\p{White_Space}]/u;

/** Spaces are written so by SentencePiece. */
const META_SPACE = '▁';

/** A word as the model sees it. */
export interface Word {
  readonly text: string;
  /** For every UTF-16 code unit of it, the range of the normalized text that it stands for. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Where the next word may begin. */
  readonly after: number;
}

/**
 * Finds `word` in `text` at or after `from`. Spaces before it may have been removed, and one may have been put before
 * it, which then has the place of the character after it.
 * Undefined if it is not there.
 * @param isByteLevel whether the word is written in characters that stand for bytes
 * @param skipFirst whether words are cut at spaces before one is put before each
 */
export function locateWord(
  text: string,
  word: string,
  from: number,
  isByteLevel: boolean,
  skipFirst: boolean,
): Word | undefined {
  const bytes = isByteLevel ? bytesOf(word) : undefined;
  if (isByteLevel && bytes === undefined) return undefined;
  const surface = bytes === undefined ? word : decodeBytes(bytes);
  const hasSpace = surface.startsWith(' ') || surface.startsWith(META_SPACE);
  let at = from;
  if (skipFirst) while (SPACE.test(text.charAt(at))) at++;
  for (;;) {
    for (const added of hasSpace ? [0, 1] : [0]) {
      if (!isAt(text, surface.slice(added), at)) continue;
      const units = bytes === undefined ? characterRanges(surface) : byteRanges(surface);
      const place = (unit: number): number => at + unit - added;
      const starts = units.starts.map(place);
      const ends = units.ends.map(place);
      if (added > 0) {
        starts[0] = at;
        ends[0] = ends[1] ?? at;
      }
      return {
        text: word,
        starts,
        ends,
        after: at + surface.length - added,
      };
    }
    if (!SPACE.test(text.charAt(at))) return undefined;
    at++;
  }
}

function isAt(text: string, surface: string, at: number): boolean {
  if (text.startsWith(surface, at)) return true;
  if (at + surface.length > text.length) return false;
  for (let unit = 0; unit < surface.length; unit++) {
    const sign = surface[unit];
    if (sign !== text[at + unit] && !(sign === META_SPACE && text[at + unit] === ' ')) return false;
  }
  return true;
}

/** For every UTF-16 code unit of a text the range of its character. */
function characterRanges(text: string): Omit<ByteRanges, 'bytes'> {
  const starts = new Int32Array(text.length);
  const ends = new Int32Array(text.length);
  for (let unit = 0; unit < text.length; ) {
    const length = String.fromCodePoint(text.codePointAt(unit) as number).length;
    starts.fill(unit, unit, unit + length);
    ends.fill(unit + length, unit, unit + length);
    unit += length;
  }
  return { starts, ends };
}

/** What of a model decides how much of a word a token stands for. */
export interface ModelRules {
  readonly type: string;
  readonly unknown: string | undefined;
  readonly fusesUnknown: boolean;
  readonly fallsBackToBytes: boolean;
  readonly continuingPrefix: string;
  readonly endOfWordSuffix: string;
  readonly has: (token: string) => boolean;
}

/**
 * The code units of `word` that each of its tokens stands for, as [start, end). Undefined if the tokens do not make up
 * the word.
 */
export function tokenRanges(
  word: string,
  tokens: readonly string[],
  rules: ModelRules,
): (readonly [number, number])[] | undefined {
  const ranges: (readonly [number, number])[] = [];
  let at = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as string;
    const spelled = spellingOf(token, index, index === tokens.length - 1, rules);
    if (word.startsWith(spelled, at)) {
      ranges.push([at, at + spelled.length]);
      at += spelled.length;
    } else if (rules.fallsBackToBytes && /^<0x[0-9A-F]{2}>$/.test(token) && at < word.length) {
      const codePoint = word.codePointAt(at) as number;
      const end = at + String.fromCodePoint(codePoint).length;
      const length = utf8Length(codePoint);
      for (let byte = 0; byte < length; byte++) ranges.push([at, end]);
      index += length - 1;
      at = end;
    } else if (token === rules.unknown && at < word.length) {
      const end = rules.type === 'WordPiece' ? word.length : unknownEnd(word, at, rules);
      ranges.push([at, end]);
      at = end;
    } else {
      return undefined;
    }
  }
  return at === word.length && ranges.length === tokens.length ? ranges : undefined;
}

function spellingOf(token: string, index: number, isLast: boolean, rules: ModelRules): string {
  const { continuingPrefix: prefix, endOfWordSuffix: suffix } = rules;
  if (index > 0 && prefix !== '' && token.startsWith(prefix)) return token.slice(prefix.length);
  if (isLast && suffix !== '' && token.endsWith(suffix)) return token.slice(0, -suffix.length);
  return token;
}

/** Where the unknown characters from `at` on end: after one, or after all if the model makes one token of them. */
function unknownEnd(word: string, at: number, { fusesUnknown, endOfWordSuffix, has }: ModelRules): number {
  let end = at;
  do {
    end += String.fromCodePoint(word.codePointAt(end) as number).length;
    if (!fusesUnknown || end >= word.length) break;
    const character = String.fromCodePoint(word.codePointAt(end) as number);
    if (has(end + character.length === word.length ? character + endOfWordSuffix : character)) break;
  } while (end < word.length);
  return end;
}
