/**
 * Byte-level byte-pair tokenizers: every text can be written with the 256 bytes they start from, so nothing is unknown.
 * Trained here because published vocabularies are far too large for small models. Knows no file and no task.
 */
import { BYTE_CHARACTERS, byteRanges, bytesOf, decodeBytes, showBytes } from './bytes.ts';
import { writeJson } from './json.ts';
import { type CountedPiece, learnMerges, mergeApplier } from './merges.ts';
import { type AlignedText, type Normalization, normalize, originalRange } from './normalization.ts';
import { type EncodedText, FIRST_TEXT_ID, SPECIAL_IDS, type TextTokenizer } from './types.ts';

/** How texts are prepared before they are cut. */
export interface TextRules {
  /** The Unicode normalization applied first. */
  readonly normalization: Normalization;
  /** Whether texts are then put in lower case. */
  readonly lowercase: boolean;
}

/** Two neighbouring tokens that become one, in the characters that stand for their bytes. */
export type ByteMerge = readonly [left: string, right: string];

/** Special tokens in the order of their numbers. */
export const SPECIAL_NAMES = ['<pad>', '<bos>', '<eos>', '<sep>'] as const;

/**
 * Pieces that merges never cross, as in GPT-2 with marks counted to their letters: an English ending after an
 * apostrophe; letters, digits or other signs with at most one space before them; or spaces.
 */
export const PIECE_PATTERN = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}\p{M}]+| ?\p{N}+| ?[^\s\p{L}\p{M}\p{N}]+|\s+(?!\S)|\s+`;

/** The same, with White_Space of the Unicode standard for `\s`, which JavaScript reads a little differently. */
const PIECE = new RegExp(
  PIECE_PATTERN.replaceAll(/\\s/g, String.raw`\p{White_Space}`).replaceAll(/\\S/g, String.raw`\P{White_Space}`),
  'gu',
);

/** The bytes in the order of the characters that stand for them, which is the order of their tokens. */
const ALPHABET = [...BYTE_CHARACTERS].sort((a, b) => a.charCodeAt(0) - b.charCodeAt(0));
const SYMBOL_OF_BYTE = Int32Array.from(BYTE_CHARACTERS, (character) => ALPHABET.indexOf(character));

/** The smallest vocabulary: the special tokens and the bytes. */
export const SMALLEST_VOCABULARY = FIRST_TEXT_ID + ALPHABET.length;
/** The largest one: token numbers fit in 16 bits. */
export const LARGEST_VOCABULARY = 0x10000;

/** Pieces whose tokens are remembered, at most; then all are forgotten. */
const REMEMBERED_PIECES = 100_000;

/** The merges that texts teach, as many as a vocabulary of `size` tokens has room for. */
export function learnByteMerges(texts: Iterable<string>, rules: TextRules, size: number): ByteMerge[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const [piece] of prepare(text, rules).text.matchAll(PIECE)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  const pieces: CountedPiece[] = Array.from(counts, ([piece, count]) => ({
    symbols: symbolsOf(byteRanges(piece).bytes),
    count,
  }));
  const names = [...ALPHABET];
  return learnMerges(pieces, ALPHABET.length, size - FIRST_TEXT_ID).map(({ left, right }): ByteMerge => {
    const merge = [names[left] as string, names[right] as string] as const;
    names.push(merge.join(''));
    return merge;
  });
}

/** The tokenizer that applies `merges`, in their order, to texts prepared by `rules`. */
export function byteLevelTokenizer(rules: TextRules, merges: readonly ByteMerge[]): TextTokenizer {
  const names = [...ALPHABET, ...merges.map(([left, right]) => left + right)];
  const symbolOf = new Map(names.map((name, symbol) => [name, symbol]));
  const symbol = (name: string): number => symbolOf.get(name) ?? -1;
  const applyMerges = mergeApplier(
    merges.map(([left, right]) => ({ left: symbol(left), right: symbol(right), merged: symbol(left + right) })),
  );
  const bytes = names.map((name) => bytesOf(name) as Uint8Array);
  const vocabulary = FIRST_TEXT_ID + names.length;

  const remembered = new Map<string, EncodedText>();
  const encodePiece = (piece: string): EncodedText => {
    const ranges = byteRanges(piece);
    const symbols = applyMerges(symbolsOf(ranges.bytes));
    const starts = new Int32Array(symbols.length);
    const ends = new Int32Array(symbols.length);
    let byte = 0;
    symbols.forEach((symbol, index) => {
      starts[index] = ranges.starts[byte] as number;
      byte += (bytes[symbol] as Uint8Array).length;
      ends[index] = ranges.ends[byte - 1] as number;
    });
    return { ids: Int32Array.from(symbols, (symbol) => FIRST_TEXT_ID + symbol), starts, ends };
  };

  return {
    vocabulary,
    ...SPECIAL_IDS,
    encode: (text) => {
      const aligned = prepare(text, rules);
      const ids: number[] = [];
      const starts: number[] = [];
      const ends: number[] = [];
      for (const { 0: piece, index } of aligned.text.matchAll(PIECE)) {
        let encoded = remembered.get(piece);
        if (encoded === undefined) {
          encoded = encodePiece(piece);
          if (remembered.size >= REMEMBERED_PIECES) remembered.clear();
          remembered.set(piece, encoded);
        }
        for (let at = 0; at < encoded.ids.length; at++) {
          const from = index + (encoded.starts[at] as number);
          const [start, end] = originalRange(aligned, from, index + (encoded.ends[at] as number));
          ids.push(encoded.ids[at] as number);
          starts.push(start);
          ends.push(end);
        }
      }
      return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
    },
    decode: (ids) => {
      const parts: Uint8Array[] = [];
      for (const id of ids) {
        checkId(id, vocabulary);
        if (id >= FIRST_TEXT_ID) parts.push(bytes[id - FIRST_TEXT_ID] as Uint8Array);
      }
      return decodeBytes(Buffer.concat(parts));
    },
    text: (id) => {
      checkId(id, vocabulary);
      return id < FIRST_TEXT_ID ? (SPECIAL_NAMES[id] as string) : showBytes(bytes[id - FIRST_TEXT_ID] as Uint8Array);
    },
    toJson: () =>
      writeJson({
        ...rules,
        pattern: PIECE_PATTERN,
        special: SPECIAL_NAMES,
        tokens: [...SPECIAL_NAMES, ...names],
        merges,
      }),
  };
}

/** @throws {RangeError} if `id` is no token of a vocabulary of this size */
export function checkId(id: number, vocabulary: number): void {
  if (Number.isInteger(id) && id >= 0 && id < vocabulary) return;
  throw new RangeError(`expected a token number from 0 to ${vocabulary - 1}, got ${id}`);
}

function prepare(text: string, { normalization, lowercase }: TextRules): AlignedText {
  return normalize(text, normalization, lowercase);
}

function symbolsOf(bytes: Uint8Array): Int32Array {
  return Int32Array.from(bytes, (byte) => SYMBOL_OF_BYTE[byte] as number);
}
