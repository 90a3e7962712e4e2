/**
 * Reads the `Release` file of a Debian mirror: which release it is and the checksums of its indexes. Its signature is
 * NOT checked: whoever can change what the mirror sends can change the index and its checksum together. Over HTTPS that
 * is the mirror itself; the checksums hold off damage and mixed-up versions. Format: Debian Repository Format,
 * https://wiki.debian.org/DebianRepository/Format
 */
import { DataError } from '../data-error.ts';

export interface Release {
  readonly origin: string;
  readonly version: string;
  readonly codename: string;
  /** As the file has it: `Sat, 11 Jul 2026 10:16:37 UTC`. */
  readonly date: string;
  /** Whether files can be had under the names of their checksums, where they do not change. */
  readonly byHash: boolean;
  /** By place under `dists/<codename>/`. */
  readonly files: ReadonlyMap<string, { readonly sha256: string; readonly bytes: number }>;
}

/** @throws {DataError} if it is no such file or one of another release */
export function parseRelease(text: string, source: string, codename: string): Release {
  const field = (name: string): string => new RegExp(`^${name}: *(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const files = new Map<string, { readonly sha256: string; readonly bytes: number }>();
  const section = /^SHA256:[^\S\n]*\n((?: .*\n?)*)/m.exec(text)?.[1] ?? '';
  for (const line of section.split('\n')) {
    const [, sha256, size, path] = /^ ([0-9a-f]{64}) +(\d+) +(\S+)\s*$/.exec(line) ?? [];
    if (sha256 !== undefined && path !== undefined) files.set(path, { sha256, bytes: Number(size) });
  }
  const release = {
    origin: field('Origin'),
    version: field('Version'),
    codename: field('Codename'),
    date: field('Date'),
    byHash: field('Acquire-By-Hash') === 'yes',
    files,
  };
  if (files.size === 0 || release.date === '') {
    throw new DataError(`${source}: expected the Release file of a Debian mirror with SHA256 sums, got another text`);
  }
  if (release.codename !== codename) {
    throw new DataError(`${source}: expected the release ${codename}, got ${release.codename || 'one without a name'}`);
  }
  return release;
}
