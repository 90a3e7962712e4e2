/**
 * Finds which passages occur in a body of texts, all given as tokens, in one pass over the texts: the search of
 * Karp & Rabin 1987, "Efficient randomized pattern-matching algorithms", with every hit compared token by token.
 * Knows nothing of what the tokens stand for.
 */

const MULTIPLIER = 0x01000193;
const FILTER_BITS = 20;

/**
 * For each passage, whether it occurs in one of `texts`.
 * @param passages all of one length
 * @throws {RangeError} if they are not, or are empty
 */
export function occurIn(texts: Iterable<Uint16Array>, passages: readonly Uint16Array[]): boolean[] {
  const length = passages[0]?.length ?? 1;
  if (length === 0 || passages.some((passage) => passage.length !== length)) {
    throw new RangeError('occurIn: expected passages of one length, at least 1');
  }
  const found = passages.map(() => false);
  const byHash = new Map<number, number[]>();
  // Most hashes of the texts are turned away by one look into this table.
  const filter = new Uint8Array(2 ** FILTER_BITS);
  passages.forEach((passage, index) => {
    const hash = hashOf(passage);
    const same = byHash.get(hash);
    if (same === undefined) byHash.set(hash, [index]);
    else same.push(index);
    filter[hash >>> (32 - FILTER_BITS)] = 1;
  });
  let leaving = 1; // MULTIPLIER^(length − 1)
  for (let power = 1; power < length; power++) leaving = Math.imul(leaving, MULTIPLIER);
  for (const text of texts) {
    if (text.length < length) continue;
    let hash = hashOf(text.subarray(0, length));
    for (let end = length; ; end++) {
      if (filter[hash >>> (32 - FILTER_BITS)] === 1) {
        for (const index of byHash.get(hash >>> 0) ?? []) {
          found[index] ||= (passages[index] as Uint16Array).every((token, at) => token === text[end - length + at]);
        }
      }
      if (end === text.length) break;
      hash = Math.imul(hash - Math.imul(text[end - length] as number, leaving), MULTIPLIER) + (text[end] as number);
    }
  }
  return found;
}

/** Σ token_i · MULTIPLIER^(length − 1 − i) modulo 2^32. */
function hashOf(tokens: Uint16Array): number {
  let hash = 0;
  for (const token of tokens) hash = Math.imul(hash, MULTIPLIER) + token;
  return hash >>> 0;
}
