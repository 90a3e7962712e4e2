/**
 * How far a comparison is: keeps count of its events and puts them into lines. Pure: time is passed in, and somebody
 * else writes the lines. Knows no terminal.
 */
import type { ComparisonEvent } from '../comparison/run.ts';
import type { RunConfiguration } from '../record/record.ts';
import { duration } from './durations.ts';

/** A run that has started. Times are in milliseconds. */
interface ActiveRun {
  readonly run: RunConfiguration;
  readonly startedAt: number;
  /** First step seen, above 0 when the run goes on from a checkpoint, and when. */
  first?: { readonly step: number; readonly at: number };
  step: number;
  phase: 'starting' | 'training' | 'evaluation';
  loss?: number;
  lastAt: number;
}

export interface Progress {
  /** Takes note of an event; returns a line for people who do not watch, where the event deserves one. */
  note(event: ComparisonEvent, now: number): string | undefined;
  /** One line for each running run and one for all. */
  lines(now: number, columns: number): string[];
}

const BAR = 16;
/** The part of a run that is training; the rest is scoring. Only for foretelling the end. */
const TRAINING_SHARE = 0.9;

export function trackProgress(runs: readonly RunConfiguration[], startedAt: number): Progress {
  const active = new Map<RunConfiguration, ActiveRun>();
  const nameWidth = Math.max(0, ...runs.map((run) => title(run).length));
  let kept = 0;
  let finished = 0;
  let failed = 0;
  /** Of finished runs: seconds spent here and the share of a whole run that was done in them. */
  let spent = 0;
  let shares = 0;
  /** The most runs seen at the same time. */
  let lanes = 1;

  /** The share of a whole run that lies between two steps. */
  const share = (run: RunConfiguration, from: number, to: number): number =>
    (TRAINING_SHARE * (to - from)) / run.training.steps;
  const secondsLeft = (now: number): number | undefined => {
    const running = [...active.values()];
    const seconds = running.reduce((sum, { startedAt: since }) => sum + (now - since) / 1000, spent);
    const done = running.reduce((sum, { run, first, step }) => sum + share(run, first?.step ?? step, step), shares);
    const waiting = runs.length - kept - finished - failed - running.length;
    const open = running.reduce((sum, { run, step }) => sum + 1 - share(run, 0, step), waiting);
    // Too early: a run has to be read in and compiled first.
    if (done < 0.02 || seconds < 3) return undefined;
    return ((seconds / done) * open) / Math.min(lanes, Math.max(1, open));
  };
  const overall = (now: number): string => {
    const parts = [`${kept + finished} of ${runs.length} runs done`];
    if (kept > 0) parts.push(`${kept} kept from before`);
    if (failed > 0) parts.push(`${failed} failed`);
    const left = secondsLeft(now);
    if (left !== undefined && kept + finished + failed < runs.length) parts.push(`about ${duration(left)} left`);
    return parts.join(', ');
  };

  return {
    note: (event, now) => {
      const { run } = event;
      const known = active.get(run);
      switch (event.type) {
        case 'kept':
          kept += 1;
          return undefined;
        case 'started':
          active.set(run, { run, startedAt: now, step: 0, phase: 'starting', lastAt: now });
          lanes = Math.max(lanes, active.size);
          return `started ${title(run)}`;
        case 'progress': {
          if (known === undefined) return undefined;
          const { step, phase, loss } = event.progress;
          known.first ??= { step, at: now };
          known.step = step;
          known.phase = phase;
          known.lastAt = now;
          if (loss !== undefined) known.loss = loss;
          return undefined;
        }
        case 'finished':
          active.delete(run);
          finished += 1;
          if (known !== undefined) {
            spent += (now - known.startedAt) / 1000;
            shares += 1 - share(run, 0, known.first?.step ?? 0);
          }
          return `finished ${title(run)} in ${duration((now - (known?.startedAt ?? now)) / 1000)}; ${overall(now)}`;
        case 'failed':
          active.delete(run);
          failed += 1;
          return `failed ${title(run)}: ${event.reason}`;
        case 'stopped':
          active.delete(run);
          return `stopped ${title(run)}${known === undefined ? '' : ` at step ${known.step}`}`;
        default:
          return event satisfies never;
      }
    },
    lines: (now, columns) => [
      ...[...active.values()].map((run) => runLine(run, nameWidth, now).slice(0, columns)),
      `${overall(now)}, ${duration((now - startedAt) / 1000)} so far`.slice(0, columns),
    ],
  };
}

/** `alibi:direction=symmetric, seed 0`. */
export function title({ encoding, seed }: RunConfiguration): string {
  return `${encoding}, seed ${seed}`;
}

function runLine({ run, first, step, phase, loss, lastAt }: ActiveRun, nameWidth: number, now: number): string {
  const { steps } = run.training;
  const name = title(run).padEnd(nameWidth);
  const filled = Math.round((step / steps) * BAR);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
  const count = `${String(step).padStart(String(steps).length)}/${steps}`;
  if (phase === 'starting') return `${name}  ${bar}  ${count}  reading data and compiling`;
  if (phase === 'evaluation') return `${name}  ${bar}  ${count}  scoring`;
  const parts = [name, bar, count];
  if (loss !== undefined) parts.push(`loss ${loss.toFixed(3)}`);
  const elapsed = (lastAt - (first?.at ?? lastAt)) / 1000;
  const rate = (step - (first?.step ?? step)) / elapsed;
  if (elapsed > 0 && rate > 0) {
    parts.push(`${rate.toFixed(1)} steps/s`, `${duration((steps - step) / rate - (now - lastAt) / 1000)} left`);
  }
  return parts.join('  ');
}
