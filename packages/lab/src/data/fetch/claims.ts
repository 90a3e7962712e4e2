/**
 * Names of unfinished files and folders that several processes can share: each process works under a name of its own and
 * takes over what others have left, never what another still writes. Knows nothing of what the files hold.
 *
 * ```
 * <key>.part                     left for anybody to go on with
 * <key>.<host>.<pid>.<n>.part    being written by that process
 * ```
 */
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A name nobody else writes to. */
export interface Claim {
  readonly path: string;
  /** Leaves what is there for the next one. */
  release(): Promise<void>;
  /** Deletes it. */
  remove(): Promise<void>;
}

/** Unfinished files of other machines are taken over when they have not been written for this long. */
const ABANDONED = 3_600_000;
const END = '.part';
const NAME = /^(.+?)(?:\.([A-Za-z0-9-]+)\.(\d+)\.\d+)?\.part$/;
const HOST = hostname().replaceAll(/[^A-Za-z0-9-]/g, '-') || 'localhost';
let count = 0;

/** A new name under `key`; nothing is there yet. */
export function newClaim(folder: string, key: string): Claim {
  count += 1;
  const path = join(folder, `${key}.${HOST}.${process.pid}.${count}${END}`);
  return {
    path,
    // There may be nothing to leave.
    release: () => rename(path, join(folder, `${key}${END}`)).catch(() => undefined),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

/** A name under `key` that holds the largest unfinished file that others have left, if there is one. */
export async function takeOver(folder: string, key: string): Promise<Claim> {
  const claim = newClaim(folder, key);
  for (const { name } of await leftovers(folder, key)) {
    // Fails when somebody else was faster: then the next one.
    const taken = await rename(join(folder, name), claim.path).then(
      () => true,
      () => false,
    );
    if (taken) break;
  }
  return claim;
}

/** Deletes what was left under `key`, or under all keys, and nobody writes. */
export async function removeLeftovers(folder: string, key?: string): Promise<void> {
  for (const { name } of await leftovers(folder, key)) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Unfinished files that nobody writes, the largest first. */
async function leftovers(folder: string, key?: string): Promise<{ readonly name: string; readonly size: number }[]> {
  const found: { readonly name: string; readonly size: number }[] = [];
  for (const name of await readdir(folder)) {
    const [, of, host, pid] = NAME.exec(name) ?? [];
    if (of === undefined || (key !== undefined && of !== key)) continue;
    const status = await stat(join(folder, name)).catch(() => undefined);
    if (status === undefined) continue;
    if (host === undefined || isAbandoned(host, Number(pid), status.mtimeMs)) found.push({ name, size: status.size });
  }
  return found.sort((a, b) => b.size - a.size);
}

function isAbandoned(host: string, pid: number, modified: number): boolean {
  return host === HOST ? !isRunning(pid) : Date.now() - modified > ABANDONED;
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 is not delivered; it only asks.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
