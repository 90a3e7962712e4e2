/**
 * One run in a worker process of its own. A fresh process gives each run its own memory: what a WebAssembly heap has
 * taken it never gives back, so in a shared process the peak of one run would be counted for the next.
 * Knows nothing of folders and of other runs.
 */
import type { RunConfiguration } from '../record/record.ts';
import type { RunProgress } from '../training/run.ts';
import { replySchema, type WorkerReply } from './messages.ts';
import type { StartWorker } from './worker-process.ts';

/** How a run ended; `details` of a failure is a stack, or what the worker wrote before it crashed, or empty. */
export type RunOutcome = Exclude<WorkerReply, { type: 'progress' }>;

/** What a worker is asked to do. */
export interface WorkerRun {
  readonly configuration: RunConfiguration;
  readonly checkpointPath: string;
  readonly checkpointEvery: number;
  readonly onProgress: (progress: RunProgress) => void;
  /** Asks it to save a checkpoint and stop. */
  readonly stop: AbortSignal;
  /** Ends it at once. */
  readonly kill: AbortSignal;
}

/** Never rejects; the worker is gone when it resolves. */
export async function runInWorker(startWorker: StartWorker, run: WorkerRun): Promise<RunOutcome> {
  const { configuration, checkpointPath, checkpointEvery, onProgress, stop, kill } = run;
  const outcome = Promise.withResolvers<RunOutcome>();
  const gone = Promise.withResolvers<void>();
  const worker = startWorker({
    reply: (message) => {
      const reply = understand(message);
      if (reply.type === 'progress') onProgress(reply.progress);
      else outcome.resolve(reply);
    },
    exit: (reason, stderr) => {
      gone.resolve();
      outcome.resolve(
        // Ctrl-C reaches a worker that is still loading and ends it.
        kill.aborted || stop.aborted
          ? { type: 'stopped' }
          : { type: 'failed', reason: `the worker ended: ${reason}`, details: stderr },
      );
    },
  });
  const askToStop = (): void => worker.send({ type: 'stop' });
  stop.addEventListener('abort', askToStop);
  kill.addEventListener('abort', worker.kill);
  worker.send({ type: 'run', configuration, checkpointPath, checkpointEvery });
  try {
    return await outcome.promise;
  } finally {
    stop.removeEventListener('abort', askToStop);
    kill.removeEventListener('abort', worker.kill);
    worker.kill();
    await gone.promise;
  }
}

function understand(message: unknown): WorkerReply {
  const parsed = replySchema.safeParse(message);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const reason = `the worker sent a message that is not understood: ${issue?.path.join('.')}: ${issue?.message}`;
  return { type: 'failed', reason, details: '' };
}
