/** Words as the reference scorers cut them, and n-grams of words or characters. Knows no metric. */

/** The white space of Python's `str.split`: unlike that of `\s` it has U+001C–U+001F and U+0085, and not U+FEFF. */
const WHITE_SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const GAP = new RegExp(WHITE_SPACE, 'u');
const END = new RegExp(`${WHITE_SPACE}$`, 'u');

/** The words between white space, as Python's `str.split()` cuts them. */
export function splitWords(text: string): string[] {
  return text.split(GAP).filter((word) => word.length > 0);
}

/** The text without white space at its end, as Python's `str.rstrip()` leaves it. */
export function trimTextEnd(text: string): string {
  return text.replace(END, '');
}

/** How often each sequence of `order` units occurs. `separator` occurs in no unit; characters need none. */
export function countNgrams(
  units: readonly string[],
  order: number,
  separator: '' | ' ' = ' ',
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + order <= units.length; start++) {
    const ngram = units.slice(start, start + order).join(separator);
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

/** Σ min(count in `a`, count in `b`): an n-gram matches as often as it is in both. */
export function countMatches(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let matches = 0;
  for (const [ngram, count] of a) matches += Math.min(count, b.get(ngram) ?? 0);
  return matches;
}
