/** Puts failures of the disk into words. Knows nothing of what is written. */
import { DataError } from '../data-error.ts';

/** What to do about a folder or file of the cache that cannot be written. */
export function diskError(path: string, error: unknown): DataError {
  const { code, message } = error as NodeJS.ErrnoException;
  const elsewhere = 'or name another folder by the environment variable POSENC_CACHE';
  const cause = { cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new DataError(`${path}: the disk is full; make room and run the command again, ${elsewhere}`, cause);
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new DataError(`${path}: no permission to write here; change that, ${elsewhere}`, cause);
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new DataError(`${path}: expected a folder, but a file is in the way; remove it, ${elsewhere}`, cause);
  }
  return new DataError(`${path}: cannot be written: ${message}`, cause);
}
