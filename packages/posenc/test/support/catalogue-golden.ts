/** Numbers of other implementations for the catalogue, one file a family. Made by `reference/catalogue/*.py`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Positions } from 'posenc';
import { type PlainTensor, tensor } from 'posenc/tensor';
import type { Looked } from './run-encoding.ts';

interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly type: PlainTensor['type'];
}

type Stored = Readonly<Record<string, StoredTensor>>;

/** An encoding, what it is given, and what another implementation makes of it. */
export interface CatalogueCase {
  readonly title: string;
  /** Where the numbers come from: a library at its version, or the paper's equation. */
  readonly source: string;
  /** The exported constructor and its options. A nested `{ construct, options }` is constructed first. */
  readonly construct: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly queries: Positions;
  readonly keys: Positions;
  /** `signals.NAME` or `vectors.NAME` for numbers that are computed on the host. */
  readonly looked?: Looked | `signals.${string}` | `vectors.${string}`;
  readonly activations: Readonly<Record<string, PlainTensor>>;
  readonly learned: Readonly<Record<string, PlainTensor>>;
  readonly value: PlainTensor;
  readonly cotangent?: PlainTensor;
  readonly gradients: Readonly<Record<string, PlainTensor>>;
  /** Relative to max(1, |expected|), or to |expected| alone where `relative` is set. */
  readonly tolerance: number;
  readonly relative?: boolean;
}

/** A function of plain numbers: its arguments and its result elsewhere. */
export interface FunctionCase {
  readonly title: string;
  readonly source: string;
  readonly function: string;
  readonly arguments: readonly unknown[];
  readonly value: readonly number[];
  readonly tolerance: number;
}

/** The goldens of one family. */
export interface Family {
  readonly name: string;
  readonly cases: readonly CatalogueCase[];
  readonly functions: readonly FunctionCase[];
}

const folder = join(import.meta.dirname, '../fixtures/catalogue');

/** Every family there is a file of. */
export const families: readonly Family[] = readdirSync(folder)
  .filter((file) => file.endsWith('.golden.json.gz'))
  .sort()
  .map((file) => readFamily(file));

function readFamily(file: string): Family {
  const stored = JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString('utf8')) as {
    readonly cases: readonly Record<string, unknown>[];
    readonly functions: readonly FunctionCase[];
  };
  return { name: file.replace('.golden.json.gz', ''), functions: stored.functions, cases: stored.cases.map(readCase) };
}

function readCase(stored: Record<string, unknown>): CatalogueCase {
  const record = (name: string): Record<string, PlainTensor> =>
    Object.fromEntries(Object.entries(stored[name] as Stored).map(([key, value]) => [key, read(value)]));
  return {
    ...(stored as unknown as CatalogueCase),
    queries: readPositions(stored.queries as Positions),
    keys: readPositions(stored.keys as Positions),
    activations: record('activations'),
    learned: record('learned'),
    gradients: record('gradients'),
    value: read(stored.value as StoredTensor),
    ...(stored.cotangent === undefined ? {} : { cotangent: read(stored.cotangent as StoredTensor) }),
  };
}

function read({ shape, data, type }: StoredTensor): PlainTensor {
  return tensor(shape, data, type);
}

function readPositions(stored: Positions): Positions {
  return { ...stored, values: Float64Array.from(stored.values) };
}
