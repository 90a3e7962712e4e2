/** Shows how far a fetch is on standard error: one live line on a terminal, plain lines elsewhere. Knows no network. */
import { createLogUpdate } from 'log-update';
import { megabytes } from '../data/fetch/data-sets.ts';
import type { FetchProgress } from '../data/fetch/fetch.ts';
import { duration } from './durations.ts';
import type { CommandLineIo } from './io.ts';

export interface FetchDisplay {
  note(progress: FetchProgress): void;
  /** A message above the live line. */
  say(text: string): void;
  /** Takes the live line away. */
  end(): void;
}

/** Milliseconds between two pictures, and between two lines where there is no terminal. */
const PICTURES = 100;
const LINES = 10_000;
const BAR = 16;

/** What is being loaded now. Times are in milliseconds. */
interface Current {
  readonly title: string;
  /** Bytes that were here when it began, and when that was. */
  readonly first: number;
  readonly startedAt: number;
  shownAt: number;
}

export function showFetchProgress(
  style: 'live' | 'lines' | 'off',
  { stderr, now }: Pick<CommandLineIo, 'stderr' | 'now'>,
): FetchDisplay {
  let current: Current | undefined;
  const update = style === 'live' ? createLogUpdate(stderr as unknown as NodeJS.WritableStream) : undefined;
  return {
    note: (progress) => {
      if (style === 'off') return;
      const { title, received, bytes } = progress;
      const at = now();
      const isFirst = current?.title !== title;
      // A file that is begun anew counts from there.
      if (current === undefined || isFirst || received < current.first) {
        current = { title, first: received, startedAt: at, shownAt: isFirst ? Number.NEGATIVE_INFINITY : at };
      }
      const isDue = at - current.shownAt >= (style === 'live' ? PICTURES : LINES) || (update && received === bytes);
      if (!isDue) return;
      current.shownAt = at;
      if (update !== undefined) update(liveLine(progress, current, at, stderr.columns));
      else stderr.write(`${isFirst ? firstLine(progress) : fetchLine(progress, current, at)}\n`);
    },
    say: (text) => {
      // Not by `persist`, which breaks long lines within words.
      update?.clear();
      stderr.write(`${text}\n`);
    },
    end: () => {
      update?.clear();
      update?.done();
    },
  };
}

/** The line, with its title cut short when it is too long for the terminal. */
function liveLine(progress: FetchProgress, current: Current, now: number, columns: number): string {
  const line = fetchLine(progress, current, now);
  const excess = line.length - columns;
  if (excess <= 0) return line;
  const title = `${progress.title.slice(0, Math.max(8, progress.title.length - excess - 1))}…`;
  return fetchLine({ ...progress, title }, current, now).slice(0, columns);
}

function firstLine({ title, received, bytes }: FetchProgress): string {
  if (received === bytes) return `${title}: ${megabytes(bytes)}, here already`;
  return `${title}: ${megabytes(bytes)}${received === 0 ? '' : `, going on after ${megabytes(received)}`}`;
}

/** `sword-text-web 426.0-1  ████░░░░  2 of 4 MB  1.2 MB/s  2 s left`. */
export function fetchLine(
  { title, received, bytes }: FetchProgress,
  { first, startedAt }: Pick<Current, 'first' | 'startedAt'>,
  now: number,
): string {
  const filled = Math.floor((received / bytes) * BAR);
  const parts = [
    title,
    `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`,
    `${(received / 1e6).toFixed(1)} of ${(bytes / 1e6).toFixed(1)} MB`,
  ];
  const rate = (received - first) / ((now - startedAt) / 1000);
  if (now > startedAt && rate > 0) {
    parts.push(`${(rate / 1e6).toFixed(1)} MB/s`, `${duration((bytes - received) / rate)} left`);
  }
  return parts.join('  ');
}
