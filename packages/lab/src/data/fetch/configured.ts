/** Which servers this machine is set up to use for packages of Debian and of npm. Knows no data set. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../data-error.ts';

/** Where apt keeps what it is told of its servers. */
const APT = '/etc/apt';
/** In `sources.list` one line a server (`deb [options] address suite …`), in `*.sources` a field. */
const ADDRESS = /^(?:deb(?:\s+\[[^\]]*\])?|URIs:)\s+(https?:\/\/\S+)/gm;

/**
 * The mirror of Debian that apt is told to use, if this is a Debian machine: an address that ends in `/debian`.
 *
 * @param folder - of apt's files
 */
export function aptMirror(folder: string = APT): string | undefined {
  const parts = listed(join(folder, 'sources.list.d')).filter((name) => /\.(?:list|sources)$/.test(name));
  const files = ['sources.list', ...parts.sort().map((name) => join('sources.list.d', name))];
  for (const file of files) {
    for (const [, address] of readIfThere(join(folder, file)).matchAll(ADDRESS)) {
      if (/\/debian\/?$/.test(address as string)) return address;
    }
  }
  return undefined;
}

/**
 * The registry that npm is told to use.
 *
 * @throws {DataError} if npm cannot be asked
 */
export function npmRegistry(): string {
  try {
    // On Windows npm is a script.
    const shell = process.platform === 'win32';
    return execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8', shell }).trim();
  } catch (error) {
    throw new DataError('expected npm to tell its registry; set npm_config_registry to its address', { cause: error });
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
