/** What the tests of the reader of people's files share: files in a temporary folder, rows read to the end, errors. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { DataError } from '../../src/data/data-error.ts';
import { createRefusals, type Refusal } from '../../src/data/refusals.ts';
import { openRows, type Row } from '../../src/data/rows.ts';

export const fixtures = join(import.meta.dirname, '../fixtures/rows');
export const folder = mkdtempSync(join(tmpdir(), 'posenc-rows-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

export interface Read {
  readonly format: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly cells: readonly Row['cells'][];
  readonly lines: readonly number[];
  readonly refused: readonly Refusal[];
}

/** Reads a file to its end. */
export async function read(
  path: string,
  { format, allowed = 1 }: { readonly format?: string; readonly allowed?: number } = {},
): Promise<Read> {
  const refusals = createRefusals(path, allowed);
  const opened = await openRows(path, { refusals, format });
  const rows: Row[] = [];
  for await (const row of opened.rows) rows.push(row);
  return {
    format: opened.format,
    columns: opened.columns,
    rows,
    cells: rows.map(({ cells }) => cells),
    lines: rows.map(({ line }) => line),
    refused: refusals.first,
  };
}

/** The message of the DataError that must come, without the temporary folder. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message.replaceAll(`${folder}/`, '');
}
