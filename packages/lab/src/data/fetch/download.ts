/**
 * Downloads one file whose size and checksum are known: goes on where an earlier try stopped, tries again after cut
 * connections, goes on to the next address when one fails, and keeps nothing that is not the file. Knows no data set.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { DataError } from '../data-error.ts';
import { diskError } from './disk-error.ts';
import { CutOff, type Etag, explainFailure, Refused, request, TRIES, withIdleLimit } from './http.ts';
import type { Checksum } from './sources.ts';

export interface WantedFile {
  /** What it is, for messages. */
  readonly title: string;
  /** Where it can be had, the best place first. */
  readonly urls: readonly string[];
  readonly bytes: number;
  readonly checksum: Checksum;
}

export interface DownloadOptions {
  /** Called with the bytes that have come, of all that are wanted. */
  readonly onProgress?: ((received: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds before the second try; later tries wait longer. */
  readonly pause?: number | undefined;
  /** Milliseconds without a byte after which a connection counts as cut. */
  readonly idle?: number | undefined;
}

/**
 * Downloads the file to `part`, which may hold the beginning of it.
 *
 * Bytes that have come are kept when the download stops, so that another call goes on from there; they are deleted when
 * the whole turns out not to be the file. A whole that began with bytes of an earlier call is tried once more from the
 * start before it is given up.
 *
 * @returns the address it came from; `undefined` when all of it was there already
 * @throws {DataError} when no address gives the file, or the disk fails
 */
export async function download(
  part: string,
  file: WantedFile,
  options: DownloadOptions = {},
): Promise<string | undefined> {
  const { bytes, title, urls } = file;
  let found = await sizeOf(part);
  if (found > bytes) await rm(part, { force: true });
  if (found === bytes) {
    if ((await digestOf(part, file.checksum)) === file.checksum.digest) {
      options.onProgress?.(bytes);
      return undefined;
    }
    await rm(part, { force: true });
    found = 0;
  }
  const failures: { readonly url: string; readonly reason: string }[] = [];
  for (const url of urls) {
    try {
      // The beginning may be of an older file with this name: then the second time starts from nothing.
      for (let clean = (await sizeOf(part)) === 0; ; clean = true) {
        await receiveAll(url, part, file, options);
        const digest = await digestOf(part, file.checksum);
        if (digest === file.checksum.digest) return url;
        await rm(part, { force: true });
        if (clean) throw new Refused(wrongChecksum(file.checksum, digest));
      }
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      if (!(error instanceof Refused)) throw error;
      failures.push({ url, reason: error.message });
    }
  }
  throw new DataError(explainFailure(title, failures, (await sizeOf(part)) > 0));
}

function wrongChecksum({ algorithm, digest }: Checksum, got: string): string {
  return `wrong checksum, so it was deleted: expected ${algorithm} ${digest}, got ${got}`;
}

/** Tries until all bytes are there; gives up after `TRIES` tries in a row without any new byte. */
async function receiveAll(url: string, part: string, file: WantedFile, options: DownloadOptions): Promise<void> {
  let most = await sizeOf(part);
  const etag: Etag = {};
  for (let failed = 0; ; ) {
    try {
      await receive(url, part, file, options, etag);
      return;
    } catch (error) {
      if (options.signal?.aborted) throw options.signal.reason;
      if (!(error instanceof CutOff)) throw error;
      const now = await sizeOf(part);
      failed = now > most ? 0 : failed + 1;
      most = Math.max(most, now);
      if (failed >= TRIES) throw new Refused(`${error.message}, after ${TRIES} tries`);
      await pause((options.pause ?? 500) * 2 ** failed, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}

/** One request: appends what comes to the file, or starts it anew when the server sends it from the start. */
async function receive(
  url: string,
  part: string,
  { bytes }: WantedFile,
  { onProgress, signal, idle }: DownloadOptions,
  etag: Etag,
): Promise<void> {
  const have = await sizeOf(part);
  await withIdleLimit(idle, signal, async (connection) => {
    const { body, start } = await request(url, { have, bytes, etag, signal: connection.signal });
    if (body === undefined) {
      // What we have is not the beginning of what the server has.
      await rm(part, { force: true });
      throw new CutOff('the file on the server has changed');
    }
    const target = await openAt(part, start);
    try {
      let received = start;
      onProgress?.(received);
      for await (const chunk of body) {
        connection.alive();
        if (received + chunk.length > bytes) {
          await rm(part, { force: true });
          throw new Refused(`sends more than the ${bytes} bytes expected, so it was deleted`);
        }
        await writeAll(target, chunk, part);
        received += chunk.length;
        onProgress?.(received);
      }
      if (received < bytes) throw new CutOff(`the connection ended after ${received} of ${bytes} bytes`);
    } finally {
      await target.close();
    }
  });
}

async function openAt(part: string, start: number): Promise<FileHandle> {
  try {
    return await open(part, start === 0 ? 'w' : 'a');
  } catch (error) {
    throw diskError(part, error);
  }
}

async function writeAll(target: FileHandle, chunk: Uint8Array, part: string): Promise<void> {
  try {
    await target.appendFile(chunk);
  } catch (error) {
    throw diskError(part, error);
  }
}

/** 0 where there is no file. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function digestOf(path: string, { algorithm }: Checksum): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
