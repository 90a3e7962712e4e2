/**
 * Reads the paragraphs of Debian control files (deb822, "Debian Policy Manual", chapter 5): fields `Name: value` whose
 * further lines begin with a space, paragraphs apart by empty lines. Knows nothing of what the fields mean.
 */
import { DataError } from './data-error.ts';

const [NEWLINE, SPACE, TAB, COLON] = [0x0a, 0x20, 0x09, 0x3a];

/** The wanted fields of a paragraph; further lines follow after a newline, with their leading space. */
export type Paragraph = ReadonlyMap<string, string>;

/**
 * The paragraphs of a file, one after another; other fields are passed over unread.
 * @param wanted names of fields, as they are written
 * @param path names the file in errors
 * @throws {DataError} if a line is no field and continues none (with its number)
 */
export function* readParagraphs(bytes: Buffer, wanted: readonly string[], path: string): Generator<Paragraph> {
  const names = wanted.map((name) => ({ name, bytes: Buffer.from(name) }));
  let fields = new Map<string, string>();
  let name: string | undefined;
  let started = false;
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    line++;
    let end = start;
    let colon = -1;
    for (; end < bytes.length && bytes[end] !== NEWLINE; end++) if (colon < 0 && bytes[end] === COLON) colon = end;
    const first = bytes[start];
    if (end === start) {
      if (started) yield fields;
      fields = new Map();
      name = undefined;
      started = false;
    } else if (first === SPACE || first === TAB) {
      if (!started) throw wrong(path, line, 'expected a field, got a line that continues none');
      if (name !== undefined) fields.set(name, `${fields.get(name)}\n${bytes.toString('utf8', start, end)}`);
    } else {
      if (colon < 0) throw wrong(path, line, 'expected a field such as Package: name');
      name = names.find((one) => isAt(bytes, start, colon, one.bytes))?.name;
      if (name !== undefined) {
        if (fields.has(name)) throw wrong(path, line, `expected field ${name} once in a paragraph, got it twice`);
        fields.set(name, bytes.toString('utf8', colon + 1, end).trim());
      }
      started = true;
    }
    start = end + 1;
  }
  if (started) yield fields;
}

function isAt(bytes: Buffer, start: number, end: number, wanted: Buffer): boolean {
  if (end - start !== wanted.length) return false;
  for (let index = 0; index < wanted.length; index++) if (bytes[start + index] !== wanted[index]) return false;
  return true;
}

function wrong(path: string, line: number, what: string): DataError {
  return new DataError(`${path}: line ${line}: ${what}; fetch the file again`);
}
