/**
 * Hashes that decide splits and orders of examples from their text alone, so that they do not depend on the order in
 * which a file lists them, on a random generator or on the machine. Knows nothing of what the texts mean.
 */
import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) decided by `text`: 32-bit FNV-1a over its UTF-16 code units, followed by the finaliser of
 * MurmurHash3 so that texts that differ in one character land far apart.
 */
export function hashFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A copy of `items` in an order decided by the hash of `keyOf(item)` alone; keys must differ. */
export function orderByHash<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return items
    .map((item) => ({ item, key: keyOf(item), hash: hashFraction(keyOf(item)) }))
    .sort((a, b) => a.hash - b.hash || (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}

/** The three parts of a data set. */
export type Split = 'train' | 'validation' | 'test';

/**
 * The split of a group of examples, by the hash of its `key`.
 * @param shares the fractions of groups given to validation and test; the rest is trained on
 */
export function splitOf(key: string, shares: { readonly validation: number; readonly test: number }): Split {
  const fraction = hashFraction(key);
  if (fraction < shares.test) return 'test';
  return fraction < shares.test + shares.validation ? 'validation' : 'train';
}

/** SHA-256, in hexadecimal, of texts and arrays in the order given, each preceded by its length in bytes. */
export function fingerprint(parts: Iterable<string | Int32Array | Float32Array | Float64Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes =
      typeof part === 'string'
        ? Buffer.from(part, 'utf8')
        : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
    hash.update(`${bytes.byteLength}:`).update(bytes);
  }
  return hash.digest('hex');
}
