/** What an answer has more and less than what was expected, word by word. Knows no drawing. */
import { diffArrays } from 'diff';

/** A stretch of words: in both, in the answer alone, or in the expected text alone. */
export interface WordPiece {
  readonly kind: 'same' | 'extra' | 'missing';
  readonly text: string;
}

/** Longest texts that are compared, in words. */
const MOST_WORDS = 1500;

interface Word {
  readonly word: string;
  /** White space after it. */
  readonly after: string;
}

/**
 * The answer with marks, by the fewest changes of words (Myers 1986, as npm `diff` does it). Words are those of Unicode's text segmentation (UAX #29), so that
 * texts without spaces are divided too. `undefined` where no word is shared or a text is too long: then marks help nobody.
 */
export function wordDifference(expected: string, answer: string): readonly WordPiece[] | undefined {
  const [from, to] = [wordsOf(expected), wordsOf(answer)];
  if (from.length > MOST_WORDS || to.length > MOST_WORDS) return undefined;
  const changes = diffArrays([...from], [...to], { comparator: (a, b) => a.word === b.word });
  const pieces = changes.map(({ added, removed, value }): WordPiece => {
    const text = value.map(({ word, after }) => word + after).join('');
    return { kind: added ? 'extra' : removed ? 'missing' : 'same', text };
  });
  return pieces.some(({ kind }) => kind === 'same') ? pieces : undefined;
}

function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  for (const { segment } of new Intl.Segmenter('und', { granularity: 'word' }).segment(text)) {
    const last = words.at(-1);
    if (segment.trim() !== '') words.push({ word: segment, after: '' });
    else if (last !== undefined) words[words.length - 1] = { word: last.word, after: last.after + segment };
  }
  return words;
}
