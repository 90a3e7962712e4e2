/** Where fetched data and other things that can be had again are kept on this machine. Knows nothing of what they are. */
import { homedir } from 'node:os';
import { isAbsolute, posix, resolve, win32 } from 'node:path';

/** What the place depends on; tests put another in. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/**
 * The folder for things that can be fetched again: the one named by `POSENC_CACHE`, else `posenc` in the user's cache
 * folder, which is `$XDG_CACHE_HOME` or `~/.cache` (XDG Base Directory Specification 0.8), `~/Library/Caches` on macOS
 * and `%LOCALAPPDATA%` on Windows. It need not exist.
 */
export function cacheFolder({ environment, platform, home }: Surroundings = thisMachine()): string {
  const own = environment.POSENC_CACHE;
  if (own !== undefined && own !== '') return resolve(own);
  if (platform === 'win32') {
    return win32.join(environment.LOCALAPPDATA || win32.join(home, 'AppData', 'Local'), 'posenc');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Caches', 'posenc');
  // The specification says that relative paths are to be ignored.
  const asked = environment.XDG_CACHE_HOME ?? '';
  return posix.join(isAbsolute(asked) ? asked : posix.join(home, '.cache'), 'posenc');
}

function thisMachine(): Surroundings {
  return { environment: process.env, platform: process.platform, home: homedir() };
}
