/** The golden cases of every operation, as functions that run on any engine. Made by `reference/operations.py`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineFunction, Operations, PlainTensor } from 'posenc/tensor';
import { tensor } from 'posenc/tensor';

/** One case: an operation, its inputs, and what another implementation gives for them. */
export interface OperationCase {
  readonly title: string;
  readonly operation: string;
  /** The tensor inputs by their place: `0`, `1`. */
  readonly parameters: Readonly<Record<string, PlainTensor>>;
  readonly run: EngineFunction;
  readonly output: PlainTensor;
  /** Absent where no input is real. */
  readonly backward?: { readonly cotangent: PlainTensor; readonly gradients: Readonly<Record<string, PlainTensor>> };
}

interface StoredTensor {
  readonly shape: number[];
  readonly data: number[];
  readonly type: PlainTensor['type'];
}

interface StoredCase {
  readonly title: string;
  readonly operation: string;
  readonly inputs: readonly (StoredTensor | number)[];
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly output: StoredTensor;
  readonly cotangent?: StoredTensor;
  readonly gradients?: readonly (StoredTensor | null)[];
}

interface Stored {
  readonly cases: readonly StoredCase[];
  readonly erf: readonly [number, number][];
}

const path = join(import.meta.dirname, '../fixtures/operations.json');
const stored = JSON.parse(readFileSync(path, 'utf8')) as Stored;

/** Every golden case. */
export const operationCases: readonly OperationCase[] = stored.cases.map(readCase);

/** Pairs of x and erf(x), from arithmetic with 40 digits. */
export const exactErf = stored.erf;

function readCase(record: StoredCase): OperationCase {
  const gradients = Object.entries(record.gradients ?? {}).filter(([, value]) => value !== null);
  const common = {
    title: record.title,
    operation: record.operation,
    parameters: Object.fromEntries(
      record.inputs.flatMap((input, place) => (typeof input === 'number' ? [] : [[place, read(input)]])),
    ),
    run: runCase(record),
    output: read(record.output),
  };
  if (record.cotangent === undefined) return common;
  return {
    ...common,
    backward: {
      cotangent: read(record.cotangent),
      gradients: Object.fromEntries(gradients.map(([place, value]) => [place, read(value as StoredTensor)])),
    },
  };
}

function read({ shape, data, type }: StoredTensor): PlainTensor {
  return tensor(shape, data, type);
}

/** Calls the operation as TypeScript would: inputs first, then the named arguments in the order of its signature. */
function runCase({ operation, inputs, arguments: named }: StoredCase): EngineFunction {
  return <T>(operations: Operations<T>, parameters: Readonly<Record<string, T>>): T => {
    const operands = inputs.map((input, place) => (typeof input === 'number' ? input : (parameters[place] as T)));
    const rest = ['shape', 'axes', 'axis', 'start', 'stop'].filter((key) => key in named).map((key) => named[key]);
    const first = operation === 'concatenate' ? [operands] : operands;
    const call = operations[operation as keyof Operations<T>] as (...values: readonly unknown[]) => T;
    return call(...first, ...rest);
  };
}
