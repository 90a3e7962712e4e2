/**
 * Questions about real sentences whose answer is in the order of their words alone, so that a bag of words is at chance:
 * were the halves exchanged, and how far apart are two marked words? Knows no tokens, no model and no encoding.
 */
import { hashFraction } from '../../data/hash.ts';
import { readSentenceDocuments } from '../../data/sentences.ts';
import type { LabelledText } from './text-classes.ts';

/** A question about a sentence, and the document it is from. */
export interface OrderQuestion extends LabelledText {
  readonly document: string;
}

const SHORTEST = 8;
const LONGEST = 48;
/** Ends of the distances of two marked words, in words; the last has no end. */
const DISTANCES = [2, 4, 8] as const;
/** Stands before a marked word. */
const MARK = '*';

/** Each sentence twice, as it is and with its halves exchanged. */
export function swappedHalves(): OrderQuestion[] {
  return sentences().flatMap(({ id, document, words }) => {
    const middle = Math.floor(words.length / 2);
    const swapped = [...words.slice(middle), ...words.slice(0, middle)];
    return [
      { id: `${id} as it is`, document, text: words.join(' '), label: 'in order' },
      { id: `${id} exchanged`, document, text: swapped.join(' '), label: 'halves exchanged' },
    ];
  });
}

/** Each sentence with two words marked, at a distance whose class and value are drawn by the sentence's hash. */
export function markedDistances(): OrderQuestion[] {
  return sentences().map(({ id, document, words }) => {
    const reachable = [1, ...DISTANCES.map((end) => end + 1)].filter((start) => start < words.length - 1);
    const kind = Math.floor(hashFraction(`kind of ${id}`) * reachable.length);
    const [start, end] = [reachable[kind] as number, Math.min(DISTANCES[kind] ?? 16, words.length - 1)];
    const distance = start + Math.floor(hashFraction(`distance of ${id}`) * (end - start + 1));
    const first = Math.floor(hashFraction(`first of ${id}`) * (words.length - distance));
    const marked = words.map((word, at) => (at === first || at === first + distance ? `${MARK}${word}` : word));
    return { id, document, text: marked.join(' '), label: labelOf(distance) };
  });
}

/** The class of a distance: `1–2`, `3–4`, `5–8`, `9 or more` words apart. */
export function labelOf(distance: number): string {
  const at = DISTANCES.findIndex((end) => distance <= end);
  if (at < 0) return `${(DISTANCES.at(-1) as number) + 1} or more`;
  return `${(DISTANCES[at - 1] ?? 0) + 1}–${DISTANCES[at]}`;
}

function sentences(): { readonly id: string; readonly document: string; readonly words: readonly string[] }[] {
  return readSentenceDocuments().flatMap(({ name, sentences: all }) =>
    all.flatMap((words, index) =>
      words.length >= SHORTEST && words.length <= LONGEST ? [{ id: `${name} ${index}`, document: name, words }] : [],
    ),
  );
}
