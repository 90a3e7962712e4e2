/** Reads JSON lines: one object a line. Knows nothing of what a column is used for. */
import { readLines } from '../utf8-lines.ts';
import type { Reader } from './reader.ts';

/** So many rows at the beginning name the columns. */
const ROWS_WITH_COLUMNS = 100;

/** @param head the beginning of the file as text */
export function openJsonLines(path: string, head: string): Reader {
  return {
    columns: columnsOf(head.split('\n').filter((line) => line.trim() !== '')),
    unit: 'line',
    withoutRows: 'only empty lines',
    async *rows(refuse) {
      for await (const { line, text } of readLines(path)) {
        if (text.trim() === '') continue;
        const result = parseObject(text);
        if (typeof result === 'string') refuse(line, result);
        else yield { line, cells: result };
      }
    },
  };
}

/** The names that the objects at the beginning of these have, in the order in which they appear. */
export function columnsOf(texts: Iterable<string>): readonly string[] {
  const names = new Set<string>();
  let count = 0;
  for (const text of texts) {
    const result = parseObject(text);
    if (typeof result !== 'string') for (const name of Object.keys(result)) names.add(name);
    if (++count === ROWS_WITH_COLUMNS) break;
  }
  return [...names];
}

/** The object that `text` is, or in words why it is none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `not valid JSON: ${(error as Error).message}`;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `expected an object such as {"text": "…"}, got ${text.trim().slice(0, 40)}`;
  }
  for (const [name, cell] of Object.entries(value)) {
    if (typeof cell === 'string' && !cell.isWellFormed()) return `column ${name} holds half of a character (\\uD…)`;
  }
  return value as Readonly<Record<string, unknown>>;
}
