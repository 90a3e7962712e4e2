/**
 * Extractive summaries: which words of a text to keep, in their order. Words that stand in the summary too are those to
 * keep; kept are a fixed number of words, the most probable. Knows no tokens, no particular data and no model.
 */
import type { TextPair } from '../shared/token-pairs.ts';
import { MAIN_METRIC, summaryScore, summaryScores } from './summary-scores.ts';
import { findWords, type TaggedText, type TaggedWord } from './tagged-text.ts';
import type { TagMeaning, WordAnswers } from './text-tags.ts';

const [LEFT_OUT, KEPT] = ['O', 'KEPT'];

/**
 * A text whose words are tagged by whether they are kept, and its summary. Kept are the words that make up the longest
 * common subsequence of both, letter case apart; where there are several, the one that stands first. Words are found anew
 * whenever they are asked for: those of a million texts would not fit.
 */
export class ExtractText implements TaggedText {
  readonly id: string;
  readonly text: string;
  readonly summary: string;

  constructor({ id, source, target }: TextPair) {
    this.id = id;
    this.text = source;
    this.summary = target;
  }

  get words(): readonly TaggedWord[] {
    const words = findWords(this.text);
    const spelt = (list: typeof words): string[] => list.map(({ word }) => word.toLowerCase());
    const kept = keptWords(spelt(words), spelt(findWords(this.summary)));
    return words.map(({ start, end }, index) => ({
      start,
      end,
      tag: kept.has(index) ? KEPT : LEFT_OUT,
      scored: true,
    }));
  }
}

/** Which words of a text make up its longest common subsequence with another, by number; the earliest of equals. */
export function keptWords(text: readonly string[], other: readonly string[]): ReadonlySet<number> {
  // Entry [i, j]: how much text from word i and the other from word j have in common.
  const width = other.length + 1;
  const common = new Array<number>((text.length + 1) * width).fill(0);
  for (let i = text.length - 1; i >= 0; i -= 1) {
    for (let j = other.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        text[i] === other[j]
          ? (common[(i + 1) * width + j + 1] as number) + 1
          : Math.max(common[(i + 1) * width + j] as number, common[i * width + j + 1] as number);
    }
  }
  const kept = new Set<number>();
  let [i, j] = [0, 0];
  while (i < text.length && j < other.length) {
    if (text[i] === other[j]) {
      kept.add(i);
      i += 1;
      j += 1;
    } else if ((common[i * width + j + 1] as number) >= (common[(i + 1) * width + j] as number)) j += 1;
    else i += 1;
  }
  return kept;
}

/** @param train - the texts trained on: they decide how many words are kept */
export function extracts(train: readonly ExtractText[]): TagMeaning<ExtractText> {
  const count = usualLength(train);
  const extract = (text: ExtractText, odds: ArrayLike<number>): string => {
    const order = text.words
      .map((_, index) => index)
      .sort((a, b) => (odds[b] as number) - (odds[a] as number) || a - b);
    return joined(text, order.slice(0, count));
  };
  const answer = (text: ExtractText, { odds }: WordAnswers): string => {
    if (odds === undefined) throw new TypeError('extracts: expected the odds of every word, got tags alone');
    return extract(text, odds);
  };
  return {
    tags: [LEFT_OUT, KEPT],
    readsOdds: true,
    score: (texts, answers) =>
      summaryScores(
        texts.map((text, index) => answer(text, answers[index] as WordAnswers)),
        texts.map(({ summary }) => summary),
      ),
    baselines: (texts) => {
      const oddsOf = keepingOdds(texts);
      const answered = (text: ExtractText, of: (word: string, index: number) => number): WordAnswers => ({
        tags: text.words.map(() => LEFT_OUT),
        odds: Float64Array.from(text.words, ({ start, end }, index) => of(text.text.slice(start, end), index)),
      });
      return [
        {
          name: 'lead',
          title: `the first ${count} words`,
          answer: (text) => answered(text, (_, index) => -index),
        },
        {
          name: 'word-alone',
          title: `the ${count} words that are kept most often`,
          orderBlind: true,
          answer: (text) => answered(text, oddsOf),
        },
      ];
    },
    sample: (text, answers, bucket) => {
      const written = answer(text, answers);
      return {
        kind: 'text',
        id: text.id,
        bucket,
        source: text.text,
        expected: text.summary,
        answer: written,
        score: { metric: MAIN_METRIC, value: summaryScore(written, text.summary) },
      };
    },
    shown: ({ text, summary }) => `${text} → ${summary}`,
    notes: [
      `Extractive: a summary is the ${count} words most probably kept, in the order of the text; ${count} is the usual length of a ` +
        'training summary. Words are to be kept that the text and its summary have in common, in order.',
      `The words to keep alone would score ROUGE-L ${(100 * best(train)).toFixed(1)} % on the training texts: no choice of ` +
        'words can do much better.',
    ],
  };
}

/** The median number of words of a summary. */
function usualLength(texts: readonly ExtractText[]): number {
  const lengths = Float64Array.from(texts, ({ summary }) => findWords(summary).length).sort();
  return Math.max(1, lengths[Math.floor((lengths.length - 1) / 2)] ?? 1);
}

/** How often a word by itself is kept, letter case apart; of words seen seldom, nearer to how often any is. */
function keepingOdds(texts: readonly ExtractText[]): (word: string) => number {
  const counts = new Map<string, { kept: number; seen: number }>();
  const all = { kept: 0, seen: 0 };
  for (const { text, words } of texts) {
    for (const { start, end, tag } of words) {
      const word = text.slice(start, end).toLowerCase();
      const count = counts.get(word) ?? { kept: 0, seen: 0 };
      counts.set(word, count);
      for (const one of [count, all]) {
        one.seen += 1;
        if (tag === KEPT) one.kept += 1;
      }
    }
  }
  const share = all.kept / Math.max(1, all.seen);
  return (word) => {
    const { kept, seen } = counts.get(word.toLowerCase()) ?? { kept: 0, seen: 0 };
    return (kept + PRIOR_WEIGHT * share) / (seen + PRIOR_WEIGHT);
  };
}

/** What is known of any word counts as much as so many sightings of a particular one. */
const PRIOR_WEIGHT = 5;

/** What the words to keep score by themselves, of the first texts. */
function best(texts: readonly ExtractText[]): number {
  const some = texts.slice(0, 1000);
  return summaryScores(
    some.map((text) =>
      joined(
        text,
        text.words.flatMap(({ tag }, index) => (tag === KEPT ? [index] : [])),
      ),
    ),
    some.map(({ summary }) => summary),
  )[MAIN_METRIC];
}

/** Words of a text, by number, in the order of the text. */
function joined({ text, words }: ExtractText, indices: readonly number[]): string {
  return [...indices]
    .sort((a, b) => a - b)
    .map((index) => {
      const { start, end } = words[index] as TaggedWord;
      return text.slice(start, end);
    })
    .join(' ');
}
