/** Tags that need no model: none, and what each word says by itself. Knows no tokens and no particular data. */
import type { TaggedText } from './tagged-text.ts';

const OUTSIDE = 'O';

/** A tag for each word by itself. */
export interface TagBaseline {
  readonly name: string;
  readonly title: string;
  readonly orderBlind?: boolean;
  tagOf(word: string): string;
}

/** What each word alone says: its commonest tag in training; of words never seen, that of unseen capitals. */
export function tagBaselines(train: readonly TaggedText[]): TagBaseline[] {
  const counts = new Map<string, Map<string, number>>();
  const capitals = new Map<string, number>();
  for (const { text, words } of train) {
    for (const { start, end, tag } of words) {
      const word = text.slice(start, end);
      const known = counts.get(word) ?? new Map<string, number>();
      known.set(tag, (known.get(tag) ?? 0) + 1);
      counts.set(word, known);
    }
  }
  const commonest = (tags: ReadonlyMap<string, number>): string =>
    [...tags].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [OUTSIDE, 0] as [string, number])[0];
  // Words seen once stand for words never seen, unless they are known with a small letter: they begin a sentence.
  for (const [word, tags] of counts) {
    const often = [...tags.values()].reduce((sum, count) => sum + count, 0);
    if (!isCapital(word) || often > 1 || counts.has(word.toLowerCase())) continue;
    const tag = commonest(tags);
    capitals.set(tag, (capitals.get(tag) ?? 0) + 1);
  }
  const unseen = commonest(capitals);
  return [
    { name: 'no-names', title: 'no names at all', tagOf: () => OUTSIDE },
    {
      name: 'word-alone',
      title: 'each word by itself',
      orderBlind: true,
      tagOf: (word) => {
        const tags = counts.get(word);
        if (tags !== undefined) return commonest(tags);
        return isCapital(word) && !counts.has(word.toLowerCase()) ? unseen : OUTSIDE;
      },
    },
  ];
}

function isCapital(word: string): boolean {
  return /^\p{Lu}/u.test(word);
}
