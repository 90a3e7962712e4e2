/**
 * Texts whose words carry tags, and the overlapping windows of tokens in which long ones are read: every word is tagged
 * in one of them. Knows no tokenizer, no data and no model.
 */
import type { EncodedText } from '../../data/text-tokenizer.ts';

/** A word of a text, in UTF-16 code units, and its tag: `O`, `B-X` or `I-X`. */
export interface TaggedWord {
  readonly start: number;
  readonly end: number;
  readonly tag: string;
  /** Whether it counts in scores; a name that training has seen too does not. */
  readonly scored: boolean;
}

/** A text of tagged words. */
export interface TaggedText {
  /** The same in every run; distinguishes examples. */
  readonly id: string;
  readonly text: string;
  readonly words: readonly TaggedWord[];
}

/** The words of a text, without the punctuation around them: letters and digits, joined by apostrophes, hyphens and pluses. */
export function findWords(text: string): { readonly word: string; readonly start: number; readonly end: number }[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]+(?:[’'+-][\p{L}\p{M}\p{N}]+)*/gu)].map(({ 0: word, index }) => ({
    word,
    start: index,
    end: index + word.length,
  }));
}

/** Consecutive tokens of a text, and the words that are tagged there. */
export interface TagWindow {
  readonly ids: Int32Array;
  /** The first token of each word that is tagged here, counted from the start of the window, and which word it is. */
  readonly words: readonly { readonly token: number; readonly word: number }[];
}

/** Where windows of `length` tokens start in a text of so many: each half a window after the one before, the last at the end. */
export function windowStarts(tokens: number, length: number): number[] {
  const stride = Math.max(1, Math.floor(length / 2));
  const starts = [0];
  while ((starts.at(-1) as number) + length < tokens) {
    starts.push(Math.min((starts.at(-1) as number) + stride, tokens - length));
  }
  return starts;
}

/**
 * Windows of `length` tokens, each starting half a window after the one before; the last ends with the text. A word
 * belongs to the window in whose middle it stands most.
 */
export function tagWindows(
  { words: textWords }: Pick<TaggedText, 'words'>,
  { ids, starts, ends }: EncodedText,
  length: number,
): TagWindow[] {
  const begins = windowStarts(ids.length, length);
  const words = begins.map((): { token: number; word: number }[] => []);
  let token = 0;
  textWords.forEach(({ start, end }, word) => {
    while (token < ids.length && (ends[token] as number) <= start) token += 1;
    if (token === ids.length || (starts[token] as number) >= end) return;
    const distance = (begin: number): number => Math.abs(token - (begin + (length - 1) / 2));
    const best = begins.reduce((a, begin, index) => (distance(begin) < distance(begins[a] as number) ? index : a), 0);
    words[best]?.push({ token: token - (begins[best] as number), word });
  });
  return begins.map((begin, index) => ({
    ids: ids.slice(begin, begin + length),
    words: words[index] as { token: number; word: number }[],
  }));
}
