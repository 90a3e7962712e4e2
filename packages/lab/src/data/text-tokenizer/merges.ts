/**
 * Byte-pair encoding over numbered symbols (Sennrich, Haddow & Birch 2016, "Neural machine translation of rare words
 * with subword units", algorithm 1): learning merges and applying them. Knows nothing of characters, bytes or texts.
 */
import { Heap } from './heap.ts';

/** A distinct stretch of symbols that merges never leave, and how often it occurs. */
export interface CountedPiece {
  readonly symbols: Int32Array;
  readonly count: number;
}

/** Two neighbouring symbols that become one. */
export interface SymbolMerge {
  readonly left: number;
  readonly right: number;
  readonly merged: number;
}

/** A pair must occur this often to be worth a symbol. */
const RAREST_PAIR = 2;

/** A number for two neighbouring symbols that sorts by the left one, then by the right one. */
const pairKey = (left: number, right: number): number => left * 0x10000 + right;

/**
 * Learns merges until there are `size` symbols or no pair is left that occurs twice. The most frequent pair is merged
 * first; of equally frequent ones, the one whose left symbol, then right symbol, has the lower number. New symbols are
 * numbered in the order they are learned.
 * @param pieces their symbols are numbers below `alphabet`
 * @param alphabet how many symbols there are to start from
 * @param size at most 65,536
 */
export function learnMerges(pieces: readonly CountedPiece[], alphabet: number, size: number): SymbolMerge[] {
  const contents = pieces.map(({ symbols, count }) => ({ symbols: Int32Array.from(symbols), count }));
  const pairs = new Map<number, { count: number; readonly pieces: number[] }>();
  const note = (left: number, right: number, piece: number, change: number): void => {
    const key = pairKey(left, right);
    let pair = pairs.get(key);
    if (pair === undefined) {
      pair = { count: 0, pieces: [] };
      pairs.set(key, pair);
    }
    pair.count += change;
    if (change > 0 && pair.pieces.at(-1) !== piece) pair.pieces.push(piece);
  };
  contents.forEach(({ symbols, count }, index) => {
    for (let at = 1; at < symbols.length; at++) note(symbols[at - 1] as number, symbols[at] as number, index, count);
  });
  const queue = new Heap();
  for (const [key, { count }] of pairs) if (count >= RAREST_PAIR) queue.push(-count, key);

  const merges: SymbolMerge[] = [];
  while (alphabet + merges.length < size) {
    const best = queue.pop();
    if (best === undefined) break;
    const [minusCount, key] = best;
    const pair = pairs.get(key);
    if (pair === undefined) continue;
    if (pair.count !== -minusCount) {
      // A count that fell has no entry of its own yet; one that rose has.
      if (pair.count < -minusCount && pair.count >= RAREST_PAIR) queue.push(-pair.count, key);
      continue;
    }
    const left = Math.floor(key / 0x10000);
    const right = key % 0x10000;
    const merged = alphabet + merges.length;
    merges.push({ left, right, merged });
    const risen = new Set<number>();
    for (const index of pair.pieces) {
      const content = contents[index] as CountedPiece & { symbols: Int32Array };
      content.symbols = mergeInPlace(content.symbols, left, right, merged, (a, b, sign) => {
        note(a, b, index, sign * content.count);
        if (sign > 0) risen.add(pairKey(a, b));
      });
    }
    pairs.delete(key);
    for (const one of risen) {
      const count = pairs.get(one)?.count ?? 0;
      if (count >= RAREST_PAIR) queue.push(-count, one);
    }
  }
  return merges;
}

/**
 * Replaces every occurrence of left, right (from the left, not overlapping) by `merged` and reports the pairs that
 * went (−1) and came (+1). Returns the shorter view of the same array.
 */
function mergeInPlace(
  symbols: Int32Array,
  left: number,
  right: number,
  merged: number,
  changed: (left: number, right: number, sign: 1 | -1) => void,
): Int32Array {
  let length = 0;
  for (let at = 0; at < symbols.length; at++) {
    if (symbols[at] !== left || symbols[at + 1] !== right) {
      symbols[length++] = symbols[at] as number;
      continue;
    }
    if (length > 0) {
      changed(symbols[length - 1] as number, left, -1);
      changed(symbols[length - 1] as number, merged, 1);
    }
    if (at + 2 < symbols.length) {
      changed(right, symbols[at + 2] as number, -1);
      changed(merged, symbols[at + 2] as number, 1);
    }
    symbols[length++] = merged;
    at++;
  }
  return symbols.subarray(0, length);
}

/**
 * A function that applies merges to the symbols of one piece: always the merge learned first, at its leftmost place.
 * Takes n log n steps for n symbols.
 */
export function mergeApplier(merges: readonly SymbolMerge[]): (symbols: ArrayLike<number>) => number[] {
  const ranks = new Map<number, number>();
  merges.forEach(({ left, right }, rank) => {
    ranks.set(pairKey(left, right), rank);
  });
  return (symbols) => {
    const tokens = Int32Array.from(symbols);
    // The places of the neighbours that are still there; a place that went has no next one.
    const next = Int32Array.from(tokens, (_, at) => at + 1);
    const previous = Int32Array.from(tokens, (_, at) => at - 1);
    const queue = new Heap();
    const rankAt = (at: number): number | undefined => {
      const neighbour = next[at] as number;
      if (neighbour < 0 || neighbour >= tokens.length) return undefined;
      return ranks.get(pairKey(tokens[at] as number, tokens[neighbour] as number));
    };
    const enqueue = (at: number): void => {
      const rank = at < 0 ? undefined : rankAt(at);
      if (rank !== undefined) queue.push(rank, at);
    };
    for (let at = 0; at < tokens.length; at++) enqueue(at);
    for (let entry = queue.pop(); entry !== undefined; entry = queue.pop()) {
      const [rank, at] = entry;
      if (rankAt(at) !== rank) continue;
      const gone = next[at] as number;
      const after = next[gone] as number;
      tokens[at] = (merges[rank] as SymbolMerge).merged;
      next[at] = after;
      next[gone] = -1;
      if (after < tokens.length) previous[after] = at;
      enqueue(previous[at] as number);
      enqueue(at);
    }
    const result: number[] = [];
    for (let at = 0; at < tokens.length; at = next[at] as number) result.push(tokens[at] as number);
    return result;
  };
}
