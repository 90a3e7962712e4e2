/**
 * Takes chosen files out of downloaded archives into a folder: Debian packages, npm packages and single compressed files.
 * What leaves the folder, links and anything that is no ordinary file is refused. Knows no network and no data set.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';
import xz from 'xz-decompress';
import { DataError } from '../data-error.ts';
import { arMembers } from './ar.ts';
import { diskError } from './disk-error.ts';

/** A file that was written; `path` is relative to the folder, with slashes. */
export interface UnpackedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface UnpackOptions {
  /** What is taken: paths, or folders where they end in a slash. Each must be there. */
  readonly keep: readonly string[];
  /** Leading folders that are taken off the names, as npm does with one. */
  readonly strip?: number;
  /** The most bytes that may come out. */
  readonly limit?: number;
  readonly signal?: AbortSignal | undefined;
}

/** More than any of our archives holds; an archive that promises more is a bomb. */
const LIMIT = 2 ** 30;

/**
 * Unpacks the data of a Debian package.
 *
 * @throws {DataError} if it is no Debian package, an entry is refused, or something that is to be kept is not in it
 */
export async function unpackDebianPackage(
  path: string,
  folder: string,
  options: UnpackOptions,
): Promise<UnpackedFile[]> {
  const data = (await arMembers(path)).find(({ name }) => name.startsWith('data.tar'));
  if (data === undefined) throw new DataError(`${path}: expected a Debian package, got an archive without data.tar`);
  // An empty range cannot be written as one: its end would lie before its start.
  if (data.size === 0) throw new DataError(`${path}: the member ${data.name} is empty`);
  const range = { start: data.start, end: data.start + data.size - 1 };
  return unpackTar(decompressed(path, data.name, range), folder, { ...options, source: path });
}

/** Unpacks a compressed tar archive whose compression its `name` tells. */
export async function unpackTarFile(
  path: string,
  name: string,
  folder: string,
  options: UnpackOptions,
): Promise<UnpackedFile[]> {
  return unpackTar(decompressed(path, name), folder, { ...options, source: path });
}

/** Decompresses one file, whose compression its `name` tells, to `folder/target`. */
export async function unpackFile(
  path: string,
  name: string,
  folder: string,
  target: string,
  { limit = LIMIT, signal }: Pick<UnpackOptions, 'limit' | 'signal'> = {},
): Promise<UnpackedFile> {
  const bytes = decompressed(path, name);
  return explained(path, signal, () => writeEntry(bytes, folder, target, limit, path, signal));
}

async function unpackTar(
  bytes: Readable,
  folder: string,
  { keep, strip = 0, limit = LIMIT, signal, source }: UnpackOptions & { readonly source: string },
): Promise<UnpackedFile[]> {
  const archive = extract();
  const files: UnpackedFile[] = [];
  let left = limit;
  const take = async (): Promise<void> => {
    for await (const entry of archive) {
      const { name, type } = entry.header;
      const path = safePath(name, source).split('/').slice(strip).join('/');
      if (type !== 'directory') {
        if (type !== 'file' && type !== 'contiguous-file') {
          throw new DataError(`${source}: refused ${name}: expected an ordinary file, got a ${type}`);
        }
        if (keep.some((kept) => holds(kept, path))) {
          // The streams of this package are not typed as Node's, but pipe into them.
          const file = await writeEntry(entry as unknown as Readable, folder, path, left, source, signal);
          left -= file.bytes;
          files.push(file);
        }
      }
      entry.resume();
    }
  };
  await explained(source, signal, async () => {
    const results = await Promise.allSettled([take(), pipeline(bytes, archive, signal ? { signal } : {})]);
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    // Whichever fails first closes the other, which then says only that it was closed.
    if (failures.length > 0) throw failures.find((failure) => !isPremature(failure)) ?? failures[0];
  });
  for (const kept of keep) {
    if (!files.some(({ path }) => holds(kept, path))) {
      throw new DataError(`${source}: expected ${kept} in this archive, but it is not there`);
    }
  }
  return files;
}

function holds(kept: string, path: string): boolean {
  return path === kept || (kept.endsWith('/') && path.startsWith(kept));
}

/**
 * The name of an entry as a path inside the folder.
 *
 * @throws {DataError} if it leads out of the folder or may be read as something else on another system
 */
export function safePath(name: string, source: string): string {
  const parts = name
    .replace(/^(\.\/)+/, '')
    .replace(/\/$/, '')
    .split('/');
  const isSafe = !/[\\:\0]/.test(name) && !parts.includes('..') && (name === './' || !parts.includes(''));
  if (!isSafe) throw new DataError(`${source}: refused ${JSON.stringify(name)}: it does not stay inside the folder`);
  return parts.join('/');
}

async function writeEntry(
  bytes: Readable,
  folder: string,
  path: string,
  limit: number,
  source: string,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile> {
  const target = join(folder, path);
  const hash = createHash('sha256');
  let size = 0;
  const count = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      size += chunk.length;
      if (size > limit) return done(new DataError(`${source}: refused ${path}: more than ${limit} bytes come out`));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await mkdir(dirname(target), { recursive: true }).catch((error: unknown) => {
    throw diskError(target, error);
  });
  // A second entry of the same name is refused by `wx`.
  await pipeline(bytes, count, createWriteStream(target, { flags: 'wx' }), signal ? { signal } : {});
  return { path, bytes: size, sha256: hash.digest('hex') };
}

/** The bytes of the file, or of a range of it, whose compression its `name` tells. */
function decompressed(
  path: string,
  name: string,
  range: { readonly start?: number; readonly end?: number } = {},
): Readable {
  const bytes = (): Readable => createReadStream(path, range);
  switch (/\.(xz|zst|gz|tgz|tar)$/.exec(name)?.[1]) {
    case 'xz': {
      const stream = Readable.toWeb(bytes()) as globalThis.ReadableStream<Uint8Array>;
      return Readable.fromWeb(new xz.XzReadableStream(stream) as ReadableStream);
    }
    case 'zst':
      return chained(bytes(), createZstdDecompress());
    case 'gz':
    case 'tgz':
      return chained(bytes(), createGunzip());
    case 'tar':
      return bytes();
    default:
      throw new DataError(`${path}: expected ${name} to be compressed by xz, zstd or gzip`);
  }
}

/** Both ends of the pair fail together; who reads the result sees the failure. */
function chained(bytes: Readable, transform: Transform): Transform {
  pipeline(bytes, transform).catch(() => undefined);
  return transform;
}

function isPremature(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

async function explained<Result>(
  source: string,
  signal: AbortSignal | undefined,
  action: () => Promise<Result>,
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof DataError) throw error;
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new DataError(`${source}: refused ${path}: two entries have this name`, { cause: error });
    if (path !== undefined || code === 'ENOSPC') throw diskError(path ?? source, error);
    throw new DataError(`${source}: cannot be unpacked: ${(error as Error).message}`, { cause: error });
  }
}
