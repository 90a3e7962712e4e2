/**
 * Reads a JSON file that is one list of objects. The text is held whole, the objects are parsed one by one, so that
 * each has the line on which it begins and a bad one is refused alone. Knows nothing of what a column is used for.
 */
import { DataError } from '../data-error.ts';
import { readText } from '../utf8-lines.ts';
import { columnsOf, parseObject } from './json-lines.ts';
import type { Reader } from './reader.ts';

interface Element {
  /** The line on which it begins, from 1. */
  readonly line: number;
  readonly text: string;
}

/** @throws {DataError} if the file is larger than 511 MiB or its list is not closed */
export async function openJsonList(path: string): Promise<Reader> {
  const text = await readText(path);
  const texts = function* (): Generator<string> {
    for (const element of elements(path, text)) yield element.text;
  };
  return {
    columns: columnsOf(texts()),
    unit: 'line',
    withoutRows: 'an empty list',
    async *rows(refuse) {
      for (const { line, text: one } of elements(path, text)) {
        const result = parseObject(one);
        if (typeof result === 'string') refuse(line, result);
        else yield { line, cells: result };
      }
    },
  };
}

const [QUOTE, COMMA, BACKSLASH, NEWLINE] = [0x22, 0x2c, 0x5c, 0x0a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** The elements of the list that `text` is, cut at the commas between them and not yet parsed. */
function* elements(path: string, text: string): Generator<Element> {
  let depth = 0;
  let line = 1;
  let quoted = false;
  let start = -1;
  let startLine = 1;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === NEWLINE) line++;
    if (sign <= 0x20) continue;
    if (quoted) {
      if (sign === BACKSLASH) at++;
      else if (sign === QUOTE) quoted = false;
      continue;
    }
    if (depth === 1 && (sign === COMMA || sign === CLOSE_LIST)) {
      // An empty list has no element; nothing between two commas is one that cannot be parsed.
      if (start >= 0 || sign === COMMA || hasElement(text, at)) {
        yield start < 0 ? { line, text: '' } : { line: startLine, text: text.slice(start, at) };
      }
      start = -1;
      if (sign === COMMA) continue;
      const rest = text.slice(at + 1).trim();
      if (rest === '') return;
      throw new DataError(`${path}: line ${line}: not a JSON list: the list ends, but more follows: ${cut(rest)}`);
    }
    if (depth === 1 && start < 0) {
      start = at;
      startLine = line;
    }
    if (sign === QUOTE) quoted = true;
    else if (sign === OPEN_LIST || sign === OPEN_OBJECT) depth++;
    else if (sign === CLOSE_LIST || sign === CLOSE_OBJECT) depth--;
  }
  throw new DataError(
    `${path}: line ${startLine}: not a JSON list: what begins here is never closed; is the file cut off, or a bracket or ` +
      'quotation mark missing?',
  );
}

/** Whether a comma precedes position `at`, but for spaces. */
function hasElement(text: string, at: number): boolean {
  return text.slice(0, at).trimEnd().endsWith(',');
}

function cut(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
