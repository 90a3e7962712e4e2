/**
 * Descriptions of Debian's packages: a synopsis of a few words and a text of some paragraphs, both by people, from the
 * indexes `Translation-en` and `Packages`. Each is kept once, with the section of the archive its package lies in and
 * the source package, which names its family (`libfoo1`, `libfoo-dev`, `libfoo-doc`). Knows nothing of splits or models.
 */
import { DataError } from './data-error.ts';
import { readParagraphs } from './deb822.ts';
import { readFileBytes } from './read-file.ts';

/** One description, under the name of the first package that has it. */
export interface PackageDescription {
  readonly name: string;
  /** The source package: the family. */
  readonly source: string;
  /** `games`, `libs`, `python`, … without the area of the archive. */
  readonly section: string;
  /** One line. */
  readonly synopsis: string;
  /** Paragraphs, and lines of lists, apart by newlines; may be empty. */
  readonly text: string;
}

/** The fewest that a whole index gives. */
const FEWEST = 1000;

/**
 * The distinct descriptions of packages that both indexes have, in the order of `Translation-en`.
 * @param folder contains `Translation-en` and `Packages`, unpacked
 * @throws {DataError} if an index is missing, damaged or too small
 */
export function readPackageDescriptions(folder: string): PackageDescription[] {
  const descriptions = joinDescriptions(
    readFileBytes(`${folder}/Translation-en`),
    readFileBytes(`${folder}/Packages`),
    folder,
  );
  if (descriptions.length >= FEWEST) return descriptions;
  throw new DataError(
    `${folder}: expected at least ${FEWEST} descriptions in Translation-en of packages in Packages, ` +
      `got ${descriptions.length}; fetch both indexes again, of the same release`,
  );
}

/**
 * As `readPackageDescriptions`, from the bytes of the two indexes, however few they hold.
 * @param folder names the indexes in errors
 */
export function joinDescriptions(translation: Buffer, packages: Buffer, folder: string): PackageDescription[] {
  const places = new Map<string, { readonly source: string; readonly section: string }>();
  for (const fields of readParagraphs(packages, ['Package', 'Source', 'Section'], `${folder}/Packages`)) {
    const name = required(fields.get('Package'), 'Package', `${folder}/Packages`);
    const section = required(fields.get('Section'), `Section of ${name}`, `${folder}/Packages`).split('/').at(-1);
    // A version may follow in brackets.
    const source = fields.get('Source')?.split(' ')[0] ?? name;
    if (!places.has(name)) places.set(name, { source, section: section as string });
  }
  const found = new Map<string, PackageDescription>();
  for (const fields of readParagraphs(translation, ['Package', 'Description-en'], `${folder}/Translation-en`)) {
    const name = required(fields.get('Package'), 'Package', `${folder}/Translation-en`);
    const written = required(fields.get('Description-en'), `Description-en of ${name}`, `${folder}/Translation-en`);
    const place = places.get(name);
    if (place === undefined || found.has(written)) continue;
    const [synopsis = '', ...lines] = written.split('\n');
    found.set(written, { name, ...place, synopsis, text: textOf(lines) });
  }
  return [...found.values()];
}

function required(value: string | undefined, what: string, path: string): string {
  if (value !== undefined && value !== '') return value;
  throw new DataError(`${path}: expected the field ${what}, got none; fetch the index again`);
}

/** Lines of a paragraph are one; a dot alone ends it, and a line with further space stands for itself. */
function textOf(lines: readonly string[]): string {
  const blocks: string[] = [];
  let open = false;
  for (const line of lines) {
    const text = line.slice(1).trim();
    const own = /^\s\s/.test(line);
    if (text === '.' && !own) open = false;
    else if (open && !own) blocks[blocks.length - 1] += ` ${text}`;
    else if (text !== '') {
      blocks.push(text);
      open = !own;
    }
  }
  return blocks.join('\n');
}
