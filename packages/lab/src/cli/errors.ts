/** Tells a person's mistakes from faults of our own, and puts both into words. Knows no command. */
import { CommanderError } from 'commander';
import { FolderError } from '../comparison/folder.ts';
import { DataError } from '../data/data-error.ts';
import { RecordError } from '../record/parse.ts';
import { TaskError } from '../tasks/task.ts';
import type { CommandLineIo } from './io.ts';

/** Exit codes of the command. */
export const DONE = 0;
export const RUN_FAILED = 1;
export const WRONG_USE = 2;
export const INTERRUPTED = 130;

/** A command used in a way it cannot follow; the message says what was expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Writes the error and returns the exit code. */
export function reportError(error: unknown, io: CommandLineIo): number {
  // Commander has written its message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USE;
  if (error instanceof Error && isKnown(error)) {
    io.stderr.write(`error: ${error.message}\n`);
    return WRONG_USE;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`${stack}\n\nThis is a fault of posenc, not of yours: please report it with the lines above.\n`);
  return RUN_FAILED;
}

/** Whether the message is meant for the person at the keyboard. */
function isKnown(error: Error): boolean {
  if ([UsageError, TaskError, DataError, FolderError, RecordError].some((kind) => error instanceof kind)) return true;
  // The library's own begin with what they are about, `rotary: headDim: …`; the ones of JavaScript do not.
  return (error instanceof RangeError || error instanceof TypeError) && /^[\w.-]+: /.test(error.message);
}
