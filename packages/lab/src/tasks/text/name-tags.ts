/**
 * Tags that are names: spans that begin with B and go on with I, and what is said of them without a model. Knows no
 * tokens and no particular data.
 */
import type { Span } from '../../record/sample.ts';
import { spanScores, spansOf } from '../metrics/spans.ts';
import { TaskError } from '../task.ts';
import type { TaggedText, TaggedWord } from './tagged-text.ts';
import type { TagBaseline, TagMeaning } from './text-tags.ts';

const OUTSIDE = 'O';

/**
 * @param texts - those trained on, and all of them
 * @throws {TaskError} when nothing but `O` is tagged in training
 */
export function nameTags(
  task: string,
  texts: { readonly train: readonly TaggedText[]; readonly every: readonly TaggedText[] },
): TagMeaning<TaggedText> {
  return {
    tags: tagsOf(task, texts.train),
    score: (list, answers) => {
      const { micro, macro } = spanScores(
        answers.map(({ tags }, index) => asScored(tags, list[index] as TaggedText)),
        list.map((text) => asScored(expectedTags(text), text)),
      );
      return { 'span-f1': micro.f1, 'macro-span-f1': macro.f1 };
    },
    baselines: (train) => nameBaselines(train),
    sample: (text, { tags }, bucket) => {
      const spans = (list: readonly string[]): Span[] => characterSpans(text, list);
      const scored = (list: readonly string[]): string => JSON.stringify(spans(asScored(list, text)));
      const expected = expectedTags(text);
      return {
        kind: 'spans',
        id: text.id,
        bucket,
        text: text.text,
        expected: spans(expected),
        answer: spans(tags),
        right: scored(expected) === scored(tags),
      };
    },
    shown: marked,
    classes: countTypes(texts.every),
    notes: ['A name is right when its type, its first and its last word are.'],
  };
}

function expectedTags({ words }: TaggedText): string[] {
  return words.map(({ tag }) => tag);
}

/** Tags of a text's words; of those that do not count, as outside. */
function asScored(list: readonly string[], { words }: TaggedText): string[] {
  return list.map((tag, index) => ((words[index] as TaggedWord).scored ? tag : OUTSIDE));
}

function tagsOf(task: string, train: readonly TaggedText[]): [string, ...string[]] {
  const used = new Set<string>();
  for (const text of train) for (const tag of expectedTags(text)) used.add(tag);
  used.delete(OUTSIDE);
  if (used.size === 0) throw new TaskError(`${task}: expected tagged names in the training texts, got none but O`);
  const types = [...new Set([...used].map((tag) => tag.slice(2)))].sort();
  return [OUTSIDE, ...types.flatMap((type) => [`B-${type}`, `I-${type}`])];
}

/** Named stretches in UTF-16 code units. */
function characterSpans({ words }: TaggedText, tags: readonly string[]): Span[] {
  return spansOf(tags).map(({ type, start, end }) => ({
    start: (words[start] as TaggedWord).start,
    end: (words[end - 1] as TaggedWord).end,
    label: type,
  }));
}

/** The text with its names in brackets. */
function marked(text: TaggedText): string {
  return characterSpans(text, expectedTags(text)).reduceRight(
    (shown, { start, end, label }) =>
      `${shown.slice(0, start)}[${shown.slice(start, end)} ${label}]${shown.slice(end)}`,
    text.text,
  );
}

function countTypes(texts: readonly TaggedText[]): { label: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const { type } of spansOf(expectedTags(text))) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([label, count]) => ({ label, count }));
}

/** What each word alone says: its commonest tag in training; of words never seen, that of unseen capitals. */
function nameBaselines(train: readonly TaggedText[]): TagBaseline<TaggedText>[] {
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
  const tagOf = (word: string): string => {
    const tags = counts.get(word);
    if (tags !== undefined) return commonest(tags);
    return isCapital(word) && !counts.has(word.toLowerCase()) ? unseen : OUTSIDE;
  };
  return [
    { name: 'no-names', title: 'no names at all', answer: ({ words }) => ({ tags: words.map(() => OUTSIDE) }) },
    {
      name: 'word-alone',
      title: 'each word by itself',
      orderBlind: true,
      answer: ({ text, words }) => ({ tags: words.map(({ start, end }) => tagOf(text.slice(start, end))) }),
    },
  ];
}

function isCapital(word: string): boolean {
  return /^\p{Lu}/u.test(word);
}
