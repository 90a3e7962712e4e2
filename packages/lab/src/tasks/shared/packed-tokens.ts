/**
 * Tokens of many texts one after the other in a single array: of a million short texts, arrays of their own would take
 * ten times the memory. Knows no tokenizer and no task.
 */

/** Token sequences in the order in which they were packed. */
export interface PackedTokens {
  /** Tokens of each sequence [sequences]. */
  readonly lengths: Int32Array;
  /** A copy of the first `most` tokens, all unless given, of a sequence [tokens]. */
  at(index: number, most?: number): Int32Array;
}

/** Some of the sequences, in this order. */
export function selectTokens(packed: PackedTokens, indices: Uint32Array): PackedTokens {
  return {
    lengths: Int32Array.from(indices, (index) => packed.lengths[index] as number),
    at: (index, most) => packed.at(indices[index] as number, most),
  };
}

/** All sequences, one after the other. */
export function* everySequence(packed: PackedTokens): Generator<Int32Array> {
  for (let index = 0; index < packed.lengths.length; index += 1) yield packed.at(index);
}

/** Numbers below this fit in 16 bits. */
const SHORT = 0x10000;
const GROWTH = 1.5;

/**
 * Encodes every item once and keeps its tokens.
 *
 * @param vocabulary - numbers of tokens are below it
 */
export function packTokens<Item>(
  items: readonly Item[],
  vocabulary: number,
  encode: (item: Item) => Int32Array,
): PackedTokens {
  const Store = vocabulary <= SHORT ? Uint16Array : Int32Array;
  const lengths = new Int32Array(items.length);
  // Real numbers, since there may be more tokens than 32 bits count.
  const starts = new Float64Array(items.length + 1);
  let tokens = new Store(1024);
  items.forEach((item, index) => {
    const ids = encode(item);
    const start = starts[index] as number;
    const end = start + ids.length;
    if (end > tokens.length) {
      const grown = new Store(Math.ceil(Math.max(end, tokens.length * GROWTH)));
      grown.set(tokens);
      tokens = grown;
    }
    tokens.set(ids, start);
    lengths[index] = ids.length;
    starts[index + 1] = end;
  });
  const packed = tokens.slice(0, starts[items.length]);
  return {
    lengths,
    at: (index, most = Number.POSITIVE_INFINITY) => {
      const start = starts[index] as number;
      return Int32Array.from(packed.subarray(start, start + Math.min(most, lengths[index] as number)));
    },
  };
}
