/**
 * Starts the worker processes of a comparison. Knows how a process is started, spoken to and ended, and nothing of what
 * is said.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkerRequest } from './messages.ts';

/** A started worker. */
export interface WorkerProcess {
  send(request: WorkerRequest): void;
  /** Ends it at once. */
  kill(): void;
}

/** What the main process wants to hear of a worker. */
export interface WorkerListener {
  /** Something a worker said, unchecked. */
  reply(message: unknown): void;
  /** It has ended; called once and last. `reason` is e.g. `exit code 1`, `stderr` the end of what it wrote there. */
  exit(reason: string, stderr: string): void;
}

export type StartWorker = (listener: WorkerListener) => WorkerProcess;

/** Characters kept of a worker's error output. */
const STDERR_TAIL = 4096;

/** Starts `worker.ts`, or `worker.js` when this file has been compiled, as a child process. */
export const forkWorker: StartWorker = (listener) => startProcess(listener, workerEntry());

/** Starts a program that talks as `worker.ts` does. */
export function startProcess(
  listener: WorkerListener,
  { path, execArgv }: { readonly path: string; readonly execArgv: readonly string[] },
): WorkerProcess {
  const child = fork(path, [], {
    execArgv: [...execArgv],
    // `advanced` keeps NaN and Infinity, which JSON would turn into null.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let stderr = '';
  let ended = false;
  const end = (reason: string): void => {
    if (ended) return;
    ended = true;
    listener.exit(reason, stderr.trim());
  };
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL);
  });
  child.on('message', (message) => listener.reply(message));
  child.on('error', (error) => {
    // A message that could not be sent is reported here too; the exit that follows tells the rest.
    if (child.pid === undefined) end(`could not be started: ${error.message}`);
  });
  child.on('close', (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
  return {
    send: (request) => {
      if (child.connected) child.send(request);
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

function workerEntry(): { readonly path: string; readonly execArgv: readonly string[] } {
  const fromSource = import.meta.url.endsWith('.ts');
  return {
    path: fileURLToPath(new URL(fromSource ? './worker.ts' : './worker.js', import.meta.url)),
    execArgv: fromSource ? ['--conditions=posenc-source'] : [],
  };
}
