/**
 * Byte-pair encoding over characters (Sennrich, Haddow & Birch 2016, "Neural machine translation of rare words with
 * subword units", algorithm 1), for texts of one language whose characters are known: tokens cost nothing but their
 * characters. `text-tokenizer.ts` takes any text. Texts are first cut into pieces that merges never cross: a run of
 * letters, digits or other signs, with the one space before it. Knows nothing of documents, splits or models.
 */
import { type CountedPiece, learnMerges, mergeApplier } from './text-tokenizer/merges.ts';
import { FIRST_TOKEN, type Tokenizer, UNKNOWN_TOKEN } from './tokenizer.ts';

/** Two neighbouring tokens that become one. */
export type Merge = readonly [left: string, right: string];

/** A piece: letters, digits or other signs with at most one space before them, or spaces alone. */
const PIECE = / ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+/gu;

/**
 * Learns merges until characters and merges together make `tokens` symbols, or no pair is left that occurs twice.
 * The most frequent pair is merged first; of equally frequent ones, the one whose symbols were known first.
 * @param alphabet the single characters to start from, in order; pieces with any other character are not learned from
 * @throws {RangeError} if `tokens` is smaller than the alphabet
 */
export function trainBytePairs(texts: Iterable<string>, alphabet: readonly string[], tokens: number): Merge[] {
  if (!Number.isSafeInteger(tokens) || tokens < alphabet.length) {
    throw new RangeError(
      `trainBytePairs: tokens: expected an integer of at least ${alphabet.length} (the alphabet), got ${tokens}`,
    );
  }
  const names = [...alphabet];
  const pieces = countPieces(texts, new Map(alphabet.map((character, index) => [character, index])));
  return learnMerges(pieces, alphabet.length, tokens).map(({ left, right }): Merge => {
    const merge = [names[left] as string, names[right] as string] as const;
    names.push(merge.join(''));
    return merge;
  });
}

/** A tokenizer that applies `merges` in the order they were learned to the characters of each piece. */
export function bytePairTokenizer(alphabet: readonly string[], merges: readonly Merge[]): Tokenizer {
  const names = [...alphabet, ...merges.map(([left, right]) => left + right)];
  const tokens = new Map(names.map((name, index) => [name, FIRST_TOKEN + index]));
  const tokenOf = (text: string): number => tokens.get(text) ?? UNKNOWN_TOKEN;
  const applyMerges = mergeApplier(
    merges.map(([left, right]) => ({ left: tokenOf(left), right: tokenOf(right), merged: tokenOf(left + right) })),
  );
  const known = new Map<string, number[]>();
  return {
    vocabulary: FIRST_TOKEN + names.length,
    encode: (text) => {
      const encoded: number[] = [];
      for (const [piece] of text.matchAll(PIECE)) {
        let symbols = known.get(piece);
        if (symbols === undefined) {
          symbols = applyMerges(Array.from({ length: piece.length }, (_, index) => tokenOf(piece.charAt(index))));
          known.set(piece, symbols);
        }
        for (const symbol of symbols) encoded.push(symbol);
      }
      return Uint16Array.from(encoded);
    },
    textOf: (token) => names[token - FIRST_TOKEN] ?? '',
  };
}

/** The distinct pieces of the texts with their counts, those with characters outside the alphabet left out. */
function countPieces(texts: Iterable<string>, alphabet: ReadonlyMap<string, number>): CountedPiece[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [piece] of text.matchAll(PIECE)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  const pieces: CountedPiece[] = [];
  for (const [piece, count] of counts) {
    const symbols = Int32Array.from({ length: piece.length }, (_, index) => alphabet.get(piece.charAt(index)) ?? -1);
    if (!symbols.includes(-1)) pieces.push({ symbols, count });
  }
  return pieces;
}
