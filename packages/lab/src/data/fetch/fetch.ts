/**
 * Fetches a data set: downloads its sources, checks them, unpacks what is needed and puts the folder in place whole.
 * Several fetches of the same set at once do not disturb each other. Knows no screen.
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import { DataError } from '../data-error.ts';
import { type Claim, newClaim, removeLeftovers, takeOver } from './claims.ts';
import type { DataSet } from './data-sets.ts';
import { diskError } from './disk-error.ts';
import { download, type WantedFile } from './download.ts';
import {
  dataSetFolder,
  downloadFolder,
  type FetchedSource,
  MANIFEST,
  type Manifest,
  pinsOf,
  readManifest,
} from './folder.ts';
import { explainFailure, Refused, requestText } from './http.ts';
import { type Places, urlsOf } from './places.ts';
import { parseRelease, type Release } from './release.ts';
import type { DebianIndex, Source } from './sources.ts';
import { type UnpackedFile, unpackDebianPackage, unpackFile, unpackTarFile } from './unpack.ts';

/** What is being loaded, how much of it has come, and how much it is. */
export interface FetchProgress {
  readonly title: string;
  readonly received: number;
  readonly bytes: number;
}

export interface FetchOptions {
  readonly places: Places;
  /** The cache folder; that of this machine unless given. */
  readonly cache?: string;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between tries, and without a byte until a connection counts as cut; for tests. */
  readonly pause?: number;
  readonly idle?: number;
}

export interface FetchedDataSet {
  readonly folder: string;
  readonly manifest: Manifest;
  /** False when it was here before. */
  readonly isNew: boolean;
}

/** A source whose bytes are known and where they can be had. */
interface Wanted {
  readonly source: Source;
  readonly file: WantedFile;
  /** What the unpacked index must be, by the release it is of. */
  readonly index?: {
    readonly release: Release;
    readonly bytes: number;
    readonly sha256: string;
    readonly name: string;
  };
}

/** Largest `Release` file that is read; that of Debian 12 has 0.15 MB. */
const RELEASE_LIMIT = 4_000_000;

/**
 * Fetches the data set unless it is here. What has come stays when this fails or is stopped by the signal, so that the
 * next call goes on from there.
 *
 * @throws {DataError} if a source cannot be had or is not what it should be, or the disk fails
 * @throws the signal's reason when it aborts
 */
export async function fetchDataSet(set: DataSet, options: FetchOptions): Promise<FetchedDataSet> {
  const cache = options.cache ?? cacheFolder();
  const folder = dataSetFolder(set.name, cache);
  const here = readManifest(folder, set);
  if (here !== undefined) return { folder, manifest: here, isNew: false };
  const downloads = join(downloadFolder(cache), set.name);
  await makeFolder(downloads);
  await makeFolder(join(cache, 'data'));
  const claims: Claim[] = [];
  try {
    const releases = new Map<string, Promise<Release>>();
    const sources: { readonly wanted: Wanted; readonly path: string; readonly fetched: FetchedSource }[] = [];
    for (const source of set.sources) {
      const wanted = await want(source, releases, options);
      const { file } = wanted;
      const claim = await takeOver(downloads, file.checksum.digest.slice(0, 16));
      claims.push(claim);
      const url = await download(claim.path, file, {
        ...options,
        onProgress: (received) => options.onProgress?.({ title: file.title, received, bytes: file.bytes }),
      });
      sources.push({ wanted, path: claim.path, fetched: describe(wanted, url) });
    }
    const manifest = await unpackAll(set, sources, cache, options.signal);
    for (const claim of claims) await claim.remove();
    await removeLeftovers(downloads);
    return { folder, manifest, isNew: true };
  } catch (error) {
    for (const claim of claims) await claim.release();
    throw error;
  }
}

/** Deletes the data set and what has come of its downloads; returns whether it was here. */
export async function removeDataSet(set: DataSet, cache: string = cacheFolder()): Promise<boolean> {
  const folder = dataSetFolder(set.name, cache);
  const here = readManifest(folder, set) !== undefined;
  const downloads = join(downloadFolder(cache), set.name);
  try {
    // The manifest first: what is half deleted does not count as here.
    await rm(join(folder, MANIFEST), { force: true });
    await rm(folder, { recursive: true, force: true });
    await mkdir(downloads, { recursive: true });
    await removeLeftovers(downloads);
  } catch (error) {
    throw diskError(folder, error);
  }
  return here;
}

async function want(source: Source, releases: Map<string, Promise<Release>>, options: FetchOptions): Promise<Wanted> {
  const { places } = options;
  switch (source.kind) {
    case 'debian-package':
      return {
        source,
        file: {
          title: `${source.name} ${source.version}`,
          urls: urlsOf(source, places),
          bytes: source.bytes,
          checksum: { algorithm: 'sha256', digest: source.sha256 },
        },
      };
    case 'npm-package': {
      const digest = Buffer.from(source.integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
      return {
        source,
        file: {
          title: `${source.name} ${source.version}`,
          urls: urlsOf(source, places),
          bytes: source.bytes,
          checksum: { algorithm: 'sha512', digest },
        },
      };
    }
    case 'debian-index': {
      let release = releases.get(source.codename);
      if (release === undefined) {
        release = findRelease(source.codename, options);
        releases.set(source.codename, release);
      }
      return wantIndex(source, await release, places);
    }
    default:
      return source satisfies never;
  }
}

async function findRelease(codename: string, options: FetchOptions): Promise<Release> {
  const failures: { readonly url: string; readonly reason: string }[] = [];
  for (const base of [options.places.mirror, options.places.archive]) {
    const url = `${base}/dists/${codename}/Release`;
    try {
      return parseRelease(await requestText(url, { ...options, limit: RELEASE_LIMIT }), url, codename);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof DataError)) throw error;
      failures.push({ url, reason: error.message });
    }
  }
  throw new DataError(explainFailure(`the Release file of ${codename}`, failures, false));
}

function wantIndex(source: DebianIndex, release: Release, places: Places): Wanted {
  const plain = release.files.get(source.path);
  for (const ending of ['.xz', '.gz']) {
    const packed = release.files.get(`${source.path}${ending}`);
    if (packed === undefined || plain === undefined) continue;
    return {
      source,
      file: {
        title: `${source.name} of ${release.origin} ${release.version}`,
        urls: urlsOf(source, places, { ending, sha256: packed.sha256, byHash: release.byHash }),
        bytes: packed.bytes,
        checksum: { algorithm: 'sha256', digest: packed.sha256 },
      },
      index: { ...plain, release, name: `${source.file}${ending}` },
    };
  }
  throw new DataError(
    `${release.origin} ${release.version}: expected ${source.path}.xz or .gz among the checksums of the Release file`,
  );
}

function describe({ source, file, index }: Wanted, url: string | undefined): FetchedSource {
  const { algorithm, digest } = file.checksum;
  const release = index && {
    origin: index.release.origin,
    version: index.release.version,
    codename: index.release.codename,
    date: index.release.date,
  };
  return {
    name: source.name,
    version: source.kind === 'debian-index' ? (release?.version ?? '') : source.version,
    ...(url === undefined ? {} : { url }),
    bytes: file.bytes,
    checksum: `${algorithm}:${digest}`,
    ...(release === undefined ? {} : { release }),
  };
}

async function unpackAll(
  set: DataSet,
  sources: readonly { readonly wanted: Wanted; readonly path: string; readonly fetched: FetchedSource }[],
  cache: string,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  const data = join(cache, 'data');
  await removeLeftovers(data, `.${set.name}`);
  const temporary = newClaim(data, `.${set.name}`);
  try {
    await makeFolder(temporary.path);
    const files: UnpackedFile[] = [];
    for (const { wanted, path } of sources) files.push(...(await unpack(wanted, path, temporary.path, signal)));
    const manifest: Manifest = {
      format: 1,
      name: set.name,
      pins: pinsOf(set),
      fetched: new Date().toISOString(),
      sources: sources.map(({ fetched }) => fetched),
      files,
    };
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    try {
      await writeFile(join(temporary.path, MANIFEST), text, { flush: true });
    } catch (error) {
      throw diskError(temporary.path, error);
    }
    return await install(temporary, dataSetFolder(set.name, cache), set, manifest);
  } finally {
    await temporary.remove();
  }
}

async function unpack(
  { source, file, index }: Wanted,
  path: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile[]> {
  switch (source.kind) {
    case 'debian-package':
      return unpackDebianPackage(path, folder, { keep: source.keep, signal });
    case 'npm-package':
      // All of a package of npm lies in one folder, which npm takes off too.
      return unpackTarFile(path, 'package.tgz', folder, { keep: source.keep, strip: 1, signal });
    case 'debian-index': {
      if (index === undefined) throw new Error('an index without its release');
      const unpacked = await unpackFile(path, index.name, folder, source.file, { limit: index.bytes, signal });
      if (unpacked.sha256 === index.sha256) return [unpacked];
      throw new DataError(
        `${file.title}: wrong checksum when unpacked: expected sha256 ${index.sha256}, got ${unpacked.sha256}`,
      );
    }
    default:
      return source satisfies never;
  }
}

/** Puts the finished folder in place; one that somebody else has finished meanwhile is as good. */
async function install(temporary: Claim, folder: string, set: DataSet, manifest: Manifest): Promise<Manifest> {
  for (let last: unknown, tries = 0; ; tries += 1) {
    try {
      await rename(temporary.path, folder);
      return manifest;
    } catch (error) {
      last = error;
    }
    const theirs = readManifest(folder, set);
    if (theirs !== undefined) return theirs;
    if (tries === 2) throw diskError(folder, last);
    // A folder that is not whole, or of other pins: out of the way, and again.
    const aside = newClaim(join(folder, '..'), `.${basename(folder)}`);
    await rename(folder, aside.path).catch(() => undefined);
    await aside.remove();
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw diskError(path, error);
  }
}
