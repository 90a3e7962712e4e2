/**
 * Carries out a comparison: runs in worker processes, as many at once as asked, and their records in the folder.
 * Finished runs are kept, others go on from their checkpoints. Prints nothing: events go to a callback.
 */
import { availableParallelism } from 'node:os';
import type { RunConfiguration, RunRecord } from '../record/record.ts';
import type { RunProgress } from '../training/run.ts';
import { checkpointPath, openFolder, readFinished, writeRecord } from './folder.ts';
import type { Comparison } from './plan.ts';
import { runInWorker } from './run-in-worker.ts';
import { forkWorker, type StartWorker } from './worker-process.ts';

/** What happens while a comparison runs. */
export type ComparisonEvent =
  /** Its record was there already. */
  | { readonly type: 'kept'; readonly run: RunConfiguration; readonly record: RunRecord }
  | { readonly type: 'started'; readonly run: RunConfiguration }
  | { readonly type: 'progress'; readonly run: RunConfiguration; readonly progress: RunProgress }
  | { readonly type: 'finished'; readonly run: RunConfiguration; readonly record: RunRecord }
  | ({ readonly type: 'failed' } & RunFailure)
  | { readonly type: 'stopped'; readonly run: RunConfiguration };

export interface RunFailure {
  readonly run: RunConfiguration;
  readonly reason: string;
  /** A stack, or the end of what a crashed worker wrote; may be empty. */
  readonly details: string;
}

export interface ComparisonOptions {
  /** Worker processes at once; one per core when absent. */
  readonly workers?: number | undefined;
  readonly onEvent?: (event: ComparisonEvent) => void;
  /** Asks the runs to save checkpoints and stop. */
  readonly stop?: AbortSignal;
  /** Ends the workers at once. */
  readonly kill?: AbortSignal;
  /** Steps between checkpoints. */
  readonly checkpointEvery?: number;
  /** How a worker is started; tests put another in its place. */
  readonly startWorker?: StartWorker;
}

export interface ComparisonOutcome {
  /** Of all finished runs, in the order of the plan. */
  readonly records: readonly RunRecord[];
  readonly failures: readonly RunFailure[];
  /** Runs that were stopped or never started. */
  readonly left: readonly RunConfiguration[];
}

/**
 * Runs what is not finished yet.
 *
 * @throws {FolderError} if the folder holds another comparison, a broken record, or cannot be written
 * @throws {RangeError} if `workers` is not a count
 */
export async function runComparison(
  comparison: Comparison,
  folder: string,
  {
    workers = availableParallelism(),
    onEvent = () => undefined,
    stop = neverAborted(),
    kill = neverAborted(),
    checkpointEvery = 50,
    startWorker = forkWorker,
  }: ComparisonOptions = {},
): Promise<ComparisonOutcome> {
  if (!Number.isSafeInteger(workers) || workers < 1) {
    throw new RangeError(`compare: workers: expected an integer of at least 1, got ${workers}`);
  }
  await openFolder(folder, comparison);
  const records = new Map<RunConfiguration, RunRecord>();
  for (const run of comparison.runs) {
    const record = await readFinished(folder, run);
    if (record === undefined) continue;
    records.set(run, record);
    onEvent({ type: 'kept', run, record });
  }

  const failures: RunFailure[] = [];
  const queue = comparison.runs.filter((run) => !records.has(run));
  /** Aborted when records cannot be written: nothing more can be kept, so nothing more is started. */
  const unwritable = new AbortController();
  const stopRuns = AbortSignal.any([stop, kill, unwritable.signal]);

  const work = async (): Promise<void> => {
    while (!stopRuns.aborted) {
      const run = queue.shift();
      if (run === undefined) return;
      onEvent({ type: 'started', run });
      const outcome = await runInWorker(startWorker, {
        configuration: run,
        checkpointPath: checkpointPath(folder, run),
        checkpointEvery,
        onProgress: (progress) => onEvent({ type: 'progress', run, progress }),
        stop: stopRuns,
        kill,
      });
      switch (outcome.type) {
        case 'finished':
          await writeRecord(folder, outcome.record);
          records.set(run, outcome.record);
          onEvent({ type: 'finished', run, record: outcome.record });
          break;
        case 'failed': {
          const failure = { run, reason: outcome.reason, details: outcome.details };
          failures.push(failure);
          onEvent({ type: 'failed', ...failure });
          break;
        }
        case 'stopped':
          onEvent({ type: 'stopped', run });
          break;
        default:
          outcome satisfies never;
      }
    }
  };
  const results = await Promise.allSettled(
    Array.from({ length: Math.min(workers, queue.length) }, () =>
      work().catch((error: unknown) => {
        unwritable.abort();
        throw error;
      }),
    ),
  );
  const rejected = results.find((result) => result.status === 'rejected');
  if (rejected !== undefined) throw rejected.reason;
  const failed = new Set(failures.map(({ run }) => run));
  return {
    records: comparison.runs.flatMap((run) => records.get(run) ?? []),
    failures,
    left: comparison.runs.filter((run) => !records.has(run) && !failed.has(run)),
  };
}

function neverAborted(): AbortSignal {
  return new AbortController().signal;
}
