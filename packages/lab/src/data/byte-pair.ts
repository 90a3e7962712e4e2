/**
 * Byte-pair encoding over characters (Sennrich, Haddow & Birch 2016, "Neural machine translation of rare words with
 * subword units", algorithm 1), trained here because published vocabularies are far too large for small models.
 * Texts are first cut into pieces that merges never cross: a run of letters, digits or other signs, with the one
 * space before it. Knows nothing of documents, splits or models.
 */
import { FIRST_TOKEN, type Tokenizer, UNKNOWN_TOKEN } from './tokenizer.ts';

/** Two neighbouring tokens that become one. */
export type Merge = readonly [left: string, right: string];

/** A piece: letters, digits or other signs with at most one space before them, or spaces alone. */
const PIECE = / ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+/gu;

/** A distinct piece of the training text, as the symbols it consists of so far. */
interface Piece {
  symbols: number[];
  readonly count: number;
}

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
  const pairs = new Map<number, { count: number; readonly pieces: Set<number> }>();
  const note = (left: number, right: number, piece: number, change: number): void => {
    const key = left * 0x10000 + right;
    let pair = pairs.get(key);
    if (pair === undefined) {
      pair = { count: 0, pieces: new Set() };
      pairs.set(key, pair);
    }
    pair.count += change;
    if (change > 0) pair.pieces.add(piece);
  };
  const noteAll = (index: number, sign: 1 | -1): void => {
    const { symbols, count } = pieces[index] as Piece;
    for (let at = 1; at < symbols.length; at++) {
      note(symbols[at - 1] as number, symbols[at] as number, index, sign * count);
    }
  };
  for (let index = 0; index < pieces.length; index++) noteAll(index, 1);

  const merges: Merge[] = [];
  while (names.length < tokens) {
    let best = { key: -1, count: 1 };
    for (const [key, { count }] of pairs) {
      if (count > best.count || (count === best.count && key < best.key)) best = { key, count };
    }
    const pair = pairs.get(best.key);
    if (pair === undefined) break;
    const left = Math.floor(best.key / 0x10000);
    const right = best.key % 0x10000;
    const merged = names.push(`${names[left]}${names[right]}`) - 1;
    merges.push([names[left] as string, names[right] as string]);
    for (const index of pair.pieces) {
      noteAll(index, -1);
      const piece = pieces[index] as Piece;
      piece.symbols = mergePair(piece.symbols, left, right, merged);
      noteAll(index, 1);
    }
    pairs.delete(best.key);
  }
  return merges;
}

/** A tokenizer that applies `merges` in the order they were learned to the characters of each piece. */
export function bytePairTokenizer(alphabet: readonly string[], merges: readonly Merge[]): Tokenizer {
  const names = [...alphabet, ...merges.map(([left, right]) => left + right)];
  const tokens = new Map(names.map((name, index) => [name, FIRST_TOKEN + index]));
  const tokenOf = (text: string): number => tokens.get(text) ?? UNKNOWN_TOKEN;
  const ranks = new Map(merges.map(([left, right], rank) => [tokenOf(left) * 0x10000 + tokenOf(right), rank]));
  const encodePiece = (piece: string): number[] => {
    let symbols = Array.from({ length: piece.length }, (_, index) => tokenOf(piece.charAt(index)));
    for (;;) {
      let best = { rank: Number.POSITIVE_INFINITY, left: 0, right: 0 };
      for (let at = 1; at < symbols.length; at++) {
        const left = symbols[at - 1] as number;
        const right = symbols[at] as number;
        const rank = ranks.get(left * 0x10000 + right);
        if (rank !== undefined && rank < best.rank) best = { rank, left, right };
      }
      if (best.rank === Number.POSITIVE_INFINITY) return symbols;
      symbols = mergePair(symbols, best.left, best.right, FIRST_TOKEN + alphabet.length + best.rank);
    }
  };
  const known = new Map<string, number[]>();
  return {
    vocabulary: FIRST_TOKEN + names.length,
    encode: (text) => {
      const encoded: number[] = [];
      for (const [piece] of text.matchAll(PIECE)) {
        let symbols = known.get(piece);
        if (symbols === undefined) {
          symbols = encodePiece(piece);
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
function countPieces(texts: Iterable<string>, alphabet: ReadonlyMap<string, number>): Piece[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [piece] of text.matchAll(PIECE)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  const pieces: Piece[] = [];
  for (const [piece, count] of counts) {
    const symbols = Array.from({ length: piece.length }, (_, index) => alphabet.get(piece.charAt(index)) ?? -1);
    if (!symbols.includes(-1)) pieces.push({ symbols, count });
  }
  return pieces;
}

/** `symbols` with every occurrence of left, right (from the left, not overlapping) replaced by `merged`. */
function mergePair(symbols: readonly number[], left: number, right: number, merged: number): number[] {
  const result: number[] = [];
  for (let at = 0; at < symbols.length; at++) {
    if (symbols[at] === left && symbols[at + 1] === right) {
      result.push(merged);
      at++;
    } else {
      result.push(symbols[at] as number);
    }
  }
  return result;
}
