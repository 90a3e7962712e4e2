/** Shows the progress of a comparison on standard error: live lines on a terminal, plain lines elsewhere. */
import { createLogUpdate } from 'log-update';
import type { Comparison } from '../comparison/plan.ts';
import type { ComparisonEvent } from '../comparison/run.ts';
import type { CommandLineIo } from './io.ts';
import { trackProgress } from './progress.ts';

export interface ProgressDisplay {
  note(event: ComparisonEvent): void;
  /** A message above the live lines. */
  say(text: string): void;
  /** Takes the live lines away. */
  end(): void;
}

/** Milliseconds between two pictures. */
const INTERVAL = 200;

export function showProgress(
  { runs }: Comparison,
  style: 'live' | 'lines' | 'off',
  { stderr, now }: CommandLineIo,
): ProgressDisplay {
  const progress = trackProgress(runs, now());
  if (style !== 'live') {
    return {
      note: (event) => {
        const line = progress.note(event, now());
        if (style === 'lines' && line !== undefined) stderr.write(`${line}\n`);
      },
      say: (text) => {
        stderr.write(`${text}\n`);
      },
      end: () => undefined,
    };
  }
  const update = createLogUpdate(stderr as unknown as NodeJS.WritableStream);
  const draw = (): void => update(progress.lines(now(), stderr.columns).join('\n'));
  const timer = setInterval(draw, INTERVAL);
  draw();
  return {
    note: (event) => {
      const line = progress.note(event, now());
      if (line !== undefined && event.type !== 'started') update.persist(line);
    },
    say: (text) => update.persist(text),
    end: () => {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}
