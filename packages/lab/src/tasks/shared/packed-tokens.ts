/** Tokens of many texts in a single array. Knows no tokenizer and no task. */

import { GrowingNumbers } from './growing-numbers.ts';

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
  const tokens = new GrowingNumbers<Uint16Array | Int32Array>((length) =>
    vocabulary <= SHORT ? new Uint16Array(length) : new Int32Array(length),
  );
  const lengths = new Int32Array(items.length);
  // Real numbers, since there may be more tokens than 32 bits count.
  const starts = new Float64Array(items.length);
  items.forEach((item, index) => {
    const ids = encode(item);
    starts[index] = tokens.length;
    lengths[index] = ids.length;
    tokens.append(ids);
  });
  return {
    lengths,
    at: (index, most = Number.POSITIVE_INFINITY) => {
      const start = starts[index] as number;
      return Int32Array.from(tokens.at(start, start + Math.min(most, lengths[index] as number)));
    },
  };
}
