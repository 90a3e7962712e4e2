/** A folder for the files of one test file, removed at its end. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'posenc-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The path of a new folder. */
export function temporaryFolder(): string {
  return mkdtempSync(join(folder, 'case-'));
}

/** Writes a file, with the folders it lies in, and returns its path. */
export function writeIn(root: string, path: string, content: string | Uint8Array): string {
  const whole = join(root, path);
  mkdirSync(dirname(whole), { recursive: true });
  writeFileSync(whole, content);
  return whole;
}
