/**
 * Reads the files of data sets and of installed packages whole, and says what to do where one is missing. Knows no
 * format.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { DataError } from './data-error.ts';

/** @throws {DataError} if the file cannot be read */
export function readFileBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const what = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new DataError(`${path}: expected a file of a data set, but ${what}; fetch or install the data set again`, {
      cause: error,
    });
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The file as UTF-8 text, without a byte order mark.
 * @throws {DataError} if the file cannot be read or is not UTF-8
 */
export function readFileText(path: string): string {
  const bytes = readFileBytes(path);
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    throw new DataError(`${path}: expected UTF-8 text; fetch or install the data set again`, { cause: error });
  }
}

/** @throws {DataError} if the file cannot be read or is not JSON */
export function readFileJson(path: string): unknown {
  try {
    return JSON.parse(readFileText(path));
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${path}: expected JSON: ${(error as Error).message}; fetch or install the data set again`, {
      cause: error,
    });
  }
}

/**
 * The folder of an installed npm package.
 * @throws {DataError} if it is not installed
 */
export function packageFolder(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (error) {
    throw new DataError(`expected the npm package ${name} to be installed; run npm install ${name}`, { cause: error });
  }
}
