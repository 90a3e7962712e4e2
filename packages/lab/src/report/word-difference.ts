/** What an answer has more and less than what was expected, word by word. Knows no drawing. */

/** A stretch of words: in both, in the answer alone, or in the expected text alone. */
export interface WordPiece {
  readonly kind: 'same' | 'extra' | 'missing';
  readonly text: string;
}

/** Longest texts that are compared, in words: the table of the comparison has their product. */
const MOST_WORDS = 1500;

interface Word {
  readonly word: string;
  /** White space after it. */
  readonly after: string;
}

/**
 * The answer with marks, by a longest common subsequence of words (Hirschberg 1975, "A linear space algorithm for
 * computing maximal common subsequences", algorithm A). Words are those of Unicode's text segmentation (UAX #29), so that
 * texts without spaces are divided too. `undefined` where no word is shared or a text is too long: then marks help nobody.
 */
export function wordDifference(expected: string, answer: string): readonly WordPiece[] | undefined {
  const [from, to] = [wordsOf(expected), wordsOf(answer)];
  if (from.length > MOST_WORDS || to.length > MOST_WORDS) return undefined;
  const common = commonLengths(from, to);
  const width = to.length + 1;
  const pieces: WordPiece[] = [];
  const push = (kind: WordPiece['kind'], { word, after }: Word): void => {
    const last = pieces.at(-1);
    if (last?.kind === kind) pieces[pieces.length - 1] = { kind, text: `${last.text}${word}${after}` };
    else pieces.push({ kind, text: `${word}${after}` });
  };
  let [row, column] = [0, 0];
  while (row < from.length || column < to.length) {
    const [wanted, given] = [from[row], to[column]];
    const below = common[(row + 1) * width + column] ?? -1;
    const right = column < to.length ? (common[row * width + column + 1] as number) : -1;
    if (wanted !== undefined && wanted.word === given?.word) {
      push('same', given);
      row += 1;
      column += 1;
    } else if (wanted !== undefined && below >= right) {
      push('missing', wanted);
      row += 1;
    } else {
      push('extra', given as Word);
      column += 1;
    }
  }
  return pieces.some(({ kind }) => kind === 'same') ? pieces : undefined;
}

/** Lengths of the longest common subsequence of what follows each pair of places, row-major [from + 1, to + 1]. */
function commonLengths(from: readonly Word[], to: readonly Word[]): Uint16Array {
  const width = to.length + 1;
  const lengths = new Uint16Array((from.length + 1) * width);
  for (let row = from.length - 1; row >= 0; row -= 1) {
    for (let column = to.length - 1; column >= 0; column -= 1) {
      const at = row * width + column;
      lengths[at] =
        from[row]?.word === to[column]?.word
          ? (lengths[at + width + 1] as number) + 1
          : Math.max(lengths[at + width] as number, lengths[at + 1] as number);
    }
  }
  return lengths;
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
