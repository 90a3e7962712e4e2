/** Numbers of other implementations for the encodings. Made by `reference/encodings.py`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RotaryOptions, SinusoidalOptions, T5Options } from 'posenc';
import { type PlainTensor, tensor } from 'posenc/tensor';

/** A tensor as the file holds it. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly type: PlainTensor['type'];
}

/** Queries and keys before and after a model of transformers turned them, computed with `bits` per number. */
export interface Rotation {
  readonly model: string;
  readonly bits: 32 | 64;
  readonly options: Required<RotaryOptions>;
  readonly positions: readonly number[];
  readonly queries: StoredTensor;
  readonly keys: StoredTensor;
  readonly turnedQueries: StoredTensor;
  readonly turnedKeys: StoredTensor;
}

/** cos and sin of positions times frequencies, from 50 digits: [positions][dim/2]. */
export interface ExactTable {
  readonly base: number;
  readonly dim: number;
  readonly exponent: 'paper' | 'tensor2tensor';
  readonly positions: readonly number[];
  readonly inverseFrequencies: readonly number[];
  readonly cos: readonly (readonly number[])[];
  readonly sin: readonly (readonly number[])[];
}

/** A function around an encoding, with the gradients of Σ cotangent · value by PyTorch. */
export interface GradientCase {
  readonly title: string;
  readonly encoding: string;
  readonly options: Readonly<Record<string, number | string | boolean>>;
  readonly queries: readonly number[];
  readonly keys?: readonly number[];
  readonly parameters: Readonly<Record<string, StoredTensor>>;
  readonly value: StoredTensor;
  readonly cotangent: StoredTensor;
  readonly gradients: Readonly<Record<string, StoredTensor>>;
}

interface Golden {
  readonly t5Buckets: readonly {
    readonly options: Required<Pick<T5Options, 'bidirectional' | 'numBuckets' | 'maxDistance'>>;
    readonly firstOffset: number;
    readonly buckets: readonly number[];
  }[];
  readonly alibiBiases: readonly { readonly numHeads: number; readonly bias: StoredTensor }[];
  readonly alibiSlopes: readonly { readonly numHeads: number; readonly slopes: readonly number[] }[];
  readonly rotations: readonly Rotation[];
  readonly sinusoidalTables: readonly {
    readonly model: string;
    readonly options: Required<SinusoidalOptions>;
    readonly table: StoredTensor;
  }[];
  readonly exactTables: readonly ExactTable[];
  readonly gradients: readonly GradientCase[];
}

const path = join(import.meta.dirname, '../fixtures/encodings.golden.json');

/** Everything in the file. */
export const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

export function fromStored({ shape, data, type }: StoredTensor): PlainTensor {
  return tensor(shape, data, type);
}

export function fromStoredRecord(record: Readonly<Record<string, StoredTensor>>): Record<string, PlainTensor> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fromStored(value)]));
}

/** Largest |actual − expected|; NaN when any number is NaN or the lengths differ. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.NaN;
  return Array.from(expected, (element, index) => Math.abs((actual[index] as number) - element)).reduce(
    (largest, difference) => (Number.isNaN(difference) ? difference : Math.max(largest, difference)),
    0,
  );
}
