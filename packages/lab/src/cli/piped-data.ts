/**
 * Data from standard input: kept in the cache folder under the hash of its content, because every run of a comparison
 * reads it again, also when it goes on another day.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { standardInputFolder } from '../tasks/shared/standard-input.ts';
import { UsageError } from './errors.ts';
import type { CommandLineIo } from './io.ts';

/**
 * Keeps what is piped in, and returns where.
 *
 * @throws {UsageError} if nothing is piped in
 */
export async function keepPipedData({ stdin }: CommandLineIo): Promise<string> {
  if (stdin.isTTY) {
    throw new UsageError('--data -: expected data on standard input, got a keyboard; pipe a file in, or name it');
  }
  const folder = standardInputFolder();
  await mkdir(folder, { recursive: true });
  const part = join(folder, `.${process.pid}-${randomBytes(4).toString('hex')}.part`);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const file = await open(part, 'w');
    try {
      for await (const chunk of stdin) {
        hash.update(chunk);
        bytes += chunk.length;
        await file.writeFile(chunk);
      }
    } finally {
      await file.close();
    }
    if (bytes === 0) throw new UsageError('--data -: expected data on standard input, got none');
    const path = join(folder, hash.digest('hex').slice(0, 16));
    await rename(part, path);
    return path;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
