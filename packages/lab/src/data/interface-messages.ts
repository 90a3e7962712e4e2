/**
 * Messages of a user interface in English and Spanish: the language packs of Visual Studio Code (npm
 * `@codingame/monaco-vscode-language-pack-es` and `-qps-ploc`, MIT). The packs are arrays and trees of the same shape;
 * the English is that of the pseudo-language, whose accents stand for one letter each: `Gø tø Lïñë` is `Go to Line`.
 * Knows nothing of splits or models.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataError } from './data-error.ts';
import { packageFolder, readFileJson } from './read-file.ts';

/** A message in both languages; `{0}` and the like stand for what the program fills in. */
export interface InterfaceMessage {
  readonly english: string;
  readonly spanish: string;
}

const PACK = '@codingame/monaco-vscode-language-pack-';
const MAIN = 'translations/main.i18n.json.js';
const EXTENSIONS = 'translations/extensions';
const ADVICE = 'install both packs in the same version';

/**
 * All distinct pairs of messages that differ and have at least two words in both languages, in the order of the packs.
 * @throws {DataError} if a pack is missing, or the two are not of the same shape
 */
export async function readInterfaceMessages(): Promise<InterfaceMessage[]> {
  const [pseudo, spanish] = [packageFolder(`${PACK}qps-ploc`), packageFolder(`${PACK}es`)] as const;
  const pairs = [...pairUp(await importMain(pseudo), await importMain(spanish), MAIN)];
  for (const file of readdirSync(join(spanish, EXTENSIONS)).sort()) {
    const path = join(EXTENSIONS, file);
    pairs.push(...pairUp(contents(join(pseudo, path)), contents(join(spanish, path)), path));
  }
  const distinct = new Map<string, InterfaceMessage>();
  for (const [written, other] of pairs) {
    const message = { english: plainEnglish(written).trim(), spanish: other.normalize('NFC').trim() };
    const words = [message.english, message.spanish].map((text) => text.split(/\s+/).length);
    if (message.english === message.spanish || words.some((count) => count < 2)) continue;
    distinct.set(JSON.stringify(message), message);
  }
  return [...distinct.values()];
}

async function importMain(folder: string): Promise<unknown> {
  const path = join(folder, MAIN);
  try {
    return ((await import(pathToFileURL(path).href)) as { default: unknown }).default;
  } catch (error) {
    throw new DataError(`${path}: cannot be read: ${(error as Error).message}; ${ADVICE}`, { cause: error });
  }
}

function contents(path: string): unknown {
  return (readFileJson(path) as { readonly contents?: unknown }).contents;
}

/**
 * The strings at the same places of two trees of arrays and objects. Places that both leave empty are passed over, and
 * so are keys that only one has: not everything is translated.
 * @param where names the place in errors
 * @throws {DataError} if the trees have arrays of different lengths, or a string stands against something else
 */
export function* pairUp(one: unknown, other: unknown, where: string): Generator<[string, string]> {
  if (one === undefined || one === null || other === undefined || other === null) return;
  if (typeof one === 'string' && typeof other === 'string') yield [one, other];
  else if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length) {
      throw new DataError(
        `${where}: expected as many messages in both packs, got ${one.length} and ${other.length}; ${ADVICE}`,
      );
    }
    for (let index = 0; index < one.length; index++) yield* pairUp(one[index], other[index], `${where}[${index}]`);
  } else if (isTree(one) && isTree(other)) {
    for (const key of Object.keys(one)) if (key in other) yield* pairUp(one[key], other[key], `${where}: ${key}`);
  } else
    throw new DataError(`${where}: expected a message in both packs, got ${typeof one} and ${typeof other}; ${ADVICE}`);
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ACCENTED = 'æþçðëïñøµÿÆßÇÐËÏ£ÑØ§ÜÝ';
const PLAIN = 'abcdeinouyABCDEILNOSUY';
const LETTERS = new Map(Array.from(ACCENTED, (letter, index) => [letter, PLAIN[index] as string]));

/** A message of the pseudo-language in plain English. */
export function plainEnglish(message: string): string {
  return message.replaceAll(/\P{ASCII}/gu, (letter) => LETTERS.get(letter) ?? letter);
}
