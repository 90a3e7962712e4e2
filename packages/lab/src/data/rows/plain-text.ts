/** Reads plain text: a row for each line that is not empty, or for each `.txt` file of a folder. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../data-error.ts';
import { readLines, readText } from '../utf8-lines.ts';
import { unreadable } from './bytes.ts';
import type { Reader } from './reader.ts';

const LARGEST_TEXT = 64 * 2 ** 20;

/** Rows `{ text }`, one for each line that is not empty. */
export function openPlainText(path: string): Reader {
  return {
    columns: ['text'],
    unit: 'line',
    withoutRows: 'only empty lines',
    async *rows(refuse) {
      void refuse;
      for await (const { line, text } of readLines(path)) {
        if (text.trim() !== '') yield { line, cells: { text } };
      }
    },
  };
}

/**
 * Rows `{ text, name }`, one for each `.txt` (or `.txt.gz`) file of the folder, in the order of their names; hidden
 * files are no rows, other files and folders are refused.
 * @throws {DataError} if there is no such file in the folder
 */
export async function openTextFolder(path: string): Promise<Reader> {
  const names = (await namesIn(path)).filter((name) => !name.startsWith('.'));
  if (!names.some(isText)) {
    const found = names.length === 0 ? 'an empty folder' : `a folder with ${names.slice(0, 5).join(', ')}`;
    throw new DataError(`${path}: expected a file, or a folder of .txt files, got ${found}`);
  }
  return {
    columns: ['text', 'name'],
    unit: 'file',
    withoutRows: 'none',
    async *rows(refuse) {
      for (const [index, name] of names.entries()) {
        const text = isText(name) ? await textOf(join(path, name)) : new DataError('not a .txt file');
        if (text instanceof DataError) refuse(index + 1, `${name}: ${text.message}`);
        else yield { line: index + 1, cells: { text, name } };
      }
    },
  };
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function isText(name: string): boolean {
  return /\.txt(\.gz)?$/i.test(name);
}

async function textOf(path: string): Promise<string | DataError> {
  try {
    const text = await readText(path, LARGEST_TEXT);
    return text.trim() === '' ? new DataError('empty') : text;
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}
