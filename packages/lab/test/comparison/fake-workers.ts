/** Workers that train nothing and live in the process of the test. */
import type { WorkerRequest } from '../../src/comparison/messages.ts';
import type { StartWorker } from '../../src/comparison/worker-process.ts';
import { sampleRecord } from './samples.ts';

type RunRequest = Extract<WorkerRequest, { type: 'run' }>;
/** What a worker does with a run: `wait` waits for a request to stop, `deaf` does not even hear that. */
type Behaviour = 'finish' | 'crash' | 'fail' | 'nonsense' | 'wait' | 'deaf';

/** Workers inside this process, which behave by the encoding of the run. */
export function fakeWorkers(behaviours: Readonly<Record<string, Behaviour>> = {}) {
  const seen = { started: 0, killed: 0, alive: 0, busy: 0, mostBusy: 0, runs: [] as RunRequest[] };
  const start: StartWorker = (listener) => {
    seen.started += 1;
    seen.alive += 1;
    let waiting = false;
    let ended = false;
    const later = (action: () => void): void => void setTimeout(() => ended || action(), 1);
    const exit = (reason: string, stderr = ''): void => {
      if (ended) return;
      ended = true;
      seen.alive -= 1;
      setTimeout(() => listener.exit(reason, stderr), 1);
    };
    const answer = (message: unknown): void => {
      seen.busy -= 1;
      listener.reply(message);
    };
    const carryOut = ({ configuration }: RunRequest): void => {
      listener.reply({ type: 'progress', progress: { phase: 'training', step: 1, steps: 20, loss: Number.NaN } });
      switch (behaviours[configuration.encoding] ?? 'finish') {
        case 'finish':
          later(() => answer({ type: 'finished', record: sampleRecord(configuration) }));
          break;
        case 'fail':
          later(() => answer({ type: 'failed', reason: 'the loss is not a number', details: 'a stack' }));
          break;
        case 'nonsense':
          later(() => answer({ type: 'finished', record: { version: 1 } }));
          break;
        case 'crash':
          seen.busy -= 1;
          exit('signal SIGSEGV', 'out of memory');
          break;
        case 'wait':
          waiting = true;
          break;
        case 'deaf':
          break;
      }
    };
    return {
      send: (request) => {
        if (request.type === 'stop') {
          if (waiting) later(() => answer({ type: 'stopped' }));
          waiting = false;
          return;
        }
        seen.runs.push(request);
        seen.busy += 1;
        seen.mostBusy = Math.max(seen.mostBusy, seen.busy);
        later(() => carryOut(request));
      },
      kill: () => {
        seen.killed += 1;
        exit('signal SIGKILL');
      },
    };
  };
  return { seen, start };
}
