/** Puts the result of a command where the person wants it. Knows no command. */
import { resolve } from 'node:path';
import { writeWhole } from '../comparison/folder.ts';
import type { CommandLineIo } from './io.ts';

/**
 * To the file, if one is named, else to standard output.
 *
 * @throws {FolderError} if the file cannot be written; what was there before is untouched
 */
export async function writeOutput(
  content: string | Uint8Array,
  file: string | undefined,
  { stdout, cwd }: CommandLineIo,
): Promise<void> {
  if (file === undefined) stdout.write(content);
  else await writeWhole(resolve(cwd, file), content);
}
