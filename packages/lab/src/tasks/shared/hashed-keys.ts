/**
 * Orders and compares a million items by hashes of their keys, which are made again where they are needed and not kept.
 * Knows nothing of what keys mean.
 */
import { hashFraction } from '../../data/hash.ts';

/** The order that `orderByHash` gives items, by number. */
export function hashedOrder<Item>(items: ArrayLike<Item>, keyOf: (item: Item) => string): Uint32Array {
  return compared(items, keyOf).order;
}

/**
 * The order, and how two items compare: 0 where keys are equal. Only the hashes of keys are held; keys themselves are
 * made again for the few that share one.
 */
function compared<Item>(
  items: ArrayLike<Item>,
  keyOf: (item: Item) => string,
): { readonly order: Uint32Array; readonly compare: (a: number, b: number) => number } {
  const [first, second] = [new Float64Array(items.length), new Float64Array(items.length)];
  for (let index = 0; index < items.length; index += 1) {
    const key = keyOf(items[index] as Item);
    first[index] = hashFraction(key);
    second[index] = secondHash(key);
  }
  const compare = (a: number, b: number): number => {
    const difference = (first[a] as number) - (first[b] as number);
    if (difference !== 0 || second[a] === second[b]) return difference;
    return keyOf(items[a] as Item) < keyOf(items[b] as Item) ? -1 : 1;
  };
  return { order: Uint32Array.from({ length: items.length }, (_, index) => index).sort(compare), compare };
}

/** The place of each item's key among all different keys, in the order of `hashedOrder`. */
export function hashedRanks<Item>(
  items: ArrayLike<Item>,
  keyOf: (item: Item) => string,
): { readonly ranks: Uint32Array; readonly keys: number } {
  const { order, compare } = compared(items, keyOf);
  const ranks = new Uint32Array(items.length);
  let keys = 0;
  order.forEach((index, place) => {
    if (place === 0 || compare(order[place - 1] as number, index) !== 0) keys += 1;
    ranks[index] = keys - 1;
  });
  return { ranks, keys };
}

/** 53 bits that stand for a text: of a million texts, two share one with a probability of 1 in 18,000. */
export function keyNumber(text: string): number {
  return hashFraction(text) * 2 ** 53 + Math.floor(secondHash(text) * 2 ** 21);
}

/** Another hash of a text than `hashFraction`. */
function secondHash(text: string): number {
  return hashFraction(`second ${text}`);
}
