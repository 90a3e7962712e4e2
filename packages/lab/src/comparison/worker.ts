/**
 * The program of a worker process: does one run, on one thread, and tells the main process how it goes.
 * An interrupt at the keyboard reaches it too and is ignored: the main process decides what stops.
 */
import { DataError } from '../data/data-error.ts';
import { findTask } from '../tasks/index.ts';
import { TaskError } from '../tasks/task.ts';
import { CheckpointError } from '../training/checkpoint.ts';
import { DivergenceError, executeRun } from '../training/run.ts';
import { explain, FolderError } from './folder.ts';
import { requestSchema, type WorkerReply, type WorkerRequest } from './messages.ts';

const stopping = new AbortController();

process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  const request = requestSchema.parse(message);
  if (request.type === 'stop') stopping.abort();
  else void carryOut(request);
});

async function carryOut({
  configuration,
  checkpointPath,
  checkpointEvery,
}: Extract<WorkerRequest, { type: 'run' }>): Promise<void> {
  try {
    const record = await executeRun(configuration, findTask(configuration.task.name), {
      checkpointPath,
      checkpointEvery,
      signal: stopping.signal,
      onProgress: (progress) => say({ type: 'progress', progress }),
    });
    say({ type: 'finished', record });
  } catch (error) {
    if (stopping.signal.aborted && error === stopping.signal.reason) say({ type: 'stopped' });
    else say(failure(explain(checkpointPath, 'write', error)));
  }
}

/** A stack is of use only where the fault is ours. */
function failure(error: unknown): WorkerReply {
  if (!(error instanceof Error)) return { type: 'failed', reason: String(error), details: '' };
  const known = [TaskError, DataError, DivergenceError, CheckpointError, FolderError].some(
    (kind) => error instanceof kind,
  );
  return { type: 'failed', reason: error.message, details: known ? '' : (error.stack ?? '') };
}

/** With nobody left to hear it, a reply is dropped: `disconnect` ends the process. */
function say(reply: WorkerReply): void {
  if (process.connected) process.send?.(reply, () => undefined);
}
