/**
 * Unicode normalization that remembers where in the original text each character came from (Unicode Standard Annex
 * #15). Knows no tokens.
 */

/**
 * The stated rule by which texts are made comparable: `NFC` composes characters and changes nothing that is seen,
 * `NFKC` also folds wide letters, ligatures and the like, `none` leaves the text as it is.
 */
export type Normalization = 'NFC' | 'NFKC' | 'none';

/** A text made from another one. Without `starts` and `ends` every code unit lies where it lay. */
export interface AlignedText {
  readonly text: string;
  /** For every UTF-16 code unit of `text`, the range of the original that it came from. */
  readonly starts?: Int32Array;
  readonly ends?: Int32Array;
}

/** Characters that may become one with what stands before them: marks, Hangul vowels and finals, and their variants. */
const JOINING = '\\p{M}\\u0E33\\u0EB3\\u1160-\\u11FF\\u3131-\\u318E\\uFF9E\\uFF9F\\uFFA0-\\uFFDC\\u{16D63}-\\u{16D6A}';
const CLUSTER = new RegExp(`[^${JOINING}][${JOINING}]*|[${JOINING}]+`, 'gu');
const RUN = /\s+|[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]+/gu;
const WORD = /\s*\S+|\s+/gu;

/** The range of the original that `aligned.text.slice(start, end)`, which is not empty, came from. */
export function originalRange({ starts, ends }: AlignedText, start: number, end: number): readonly [number, number] {
  if (starts === undefined || ends === undefined) return [start, end];
  return [starts[start] as number, ends[end - 1] as number];
}

/**
 * Applies `change` cluster by cluster: a cluster is a character with the marks on it. All characters of a cluster that
 * changes get its whole range.
 */
export function changeClusters(text: string, change: (cluster: string) => string): AlignedText {
  return changeParts(text, CLUSTER, change);
}

/**
 * Applies `change` to the text and finds where its characters came from: in clusters, else in runs of letters, signs or
 * spaces, else in words, whichever first give the same when changed one by one. Undefined if none of them do.
 */
export function changeAligned(text: string, change: (text: string) => string): AlignedText | undefined {
  const changed = change(text);
  if (changed === text) return { text };
  for (const part of [CLUSTER, RUN, WORD]) {
    const aligned = changeParts(text, part, change);
    if (aligned.text === changed) return aligned;
  }
  return undefined;
}

function changeParts(text: string, part: RegExp, change: (part: string) => string): AlignedText {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let isSame = true;
  for (const { 0: before, index } of text.matchAll(part)) {
    const after = change(before);
    parts.push(after);
    if (after !== before) isSame = false;
    for (let unit = 0; unit < after.length; unit++) {
      starts.push(after === before ? index + unit : index);
      ends.push(after === before ? index + unit + 1 : index + before.length);
    }
  }
  if (isSame) return { text };
  return { text: parts.join(''), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}

/** What `second` made of what `first` made, seen from the original of `first`. */
export function follow(first: AlignedText, second: AlignedText): AlignedText {
  if (first.starts === undefined) return second;
  if (second.starts === undefined) return { ...first, text: second.text };
  const starts = new Int32Array(second.text.length);
  const ends = new Int32Array(second.text.length);
  for (let unit = 0; unit < second.text.length; unit++) {
    const [start, end] = originalRange(first, second.starts[unit] as number, second.ends?.[unit] as number);
    starts[unit] = start;
    ends[unit] = end;
  }
  return { text: second.text, starts, ends };
}

/**
 * The text by the stated rule, in lower case if asked for. Lower case is taken character by character, so a capital
 * sigma becomes σ wherever it stands, as in Hugging Face `tokenizers`; lone surrogates become U+FFFD, as in UTF-8.
 */
export function normalize(text: string, normalization: Normalization, lowercase: boolean): AlignedText {
  const whole = text.toWellFormed();
  const composed = normalization === 'none' ? { text: whole } : compose(whole, normalization);
  return lowercase ? follow(composed, lowerCase(composed.text)) : composed;
}

function compose(text: string, form: 'NFC' | 'NFKC'): AlignedText {
  const aligned = changeAligned(text, (part) => part.normalize(form));
  if (aligned === undefined) throw new Error(`${form} joined characters across a space: ${JSON.stringify(text)}`);
  return aligned;
}

/** Lower case, character by character. */
export function lowerCase(text: string): AlignedText {
  const lower = text.replaceAll('Σ', 'σ').toLowerCase();
  // Only İ becomes longer, nothing becomes shorter.
  if (lower.length === text.length) return { text: lower };
  return changeParts(text, /./gsu, (character) => character.toLowerCase());
}
