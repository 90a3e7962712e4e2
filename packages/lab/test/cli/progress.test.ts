import { describe, expect, test } from 'vitest';
import { duration } from '../../src/cli/durations.ts';
import { trackProgress } from '../../src/cli/progress.ts';
import { planComparison } from '../../src/comparison/plan.ts';
import { sampleRecord, sampleTask } from '../comparison/samples.ts';

const { runs } = await planComparison({
  task: sampleTask(),
  encodings: ['none', 'rotary:base=500'],
  seeds: [0, 1],
  overrides: { steps: 100 },
});
const [first, second, third] = runs;
if (first === undefined || second === undefined || third === undefined) throw new Error('expected four runs');
const training = (step: number, loss = 1.5) => ({ phase: 'training', step, steps: 100, loss }) as const;

describe('progress', () => {
  test('shows step, loss, rate and time left of each run that is running', () => {
    const progress = trackProgress(runs, 0);
    expect(progress.note({ type: 'started', run: first }, 0)).toBe('started none, seed 0');
    progress.note({ type: 'started', run: second }, 0);
    expect(progress.lines(500, 100)[0]).toBe(
      'none, seed 0             ░░░░░░░░░░░░░░░░    0/100  reading data and compiling',
    );
    progress.note({ type: 'progress', run: first, progress: training(1) }, 1000);
    progress.note({ type: 'progress', run: first, progress: training(51) }, 11_000);
    progress.note({ type: 'progress', run: second, progress: { phase: 'evaluation', step: 100, steps: 100 } }, 11_000);
    expect(progress.lines(11_000, 100)).toEqual([
      'none, seed 0             ████████░░░░░░░░   51/100  loss 1.500  5.0 steps/s  10 s left',
      'rotary:base=500, seed 0  ████████████████  100/100  scoring',
      expect.stringMatching(/^0 of 4 runs done, .*11 s so far$/),
    ]);
  });

  test('measures the rate of a resumed run from where it went on', () => {
    const progress = trackProgress(runs, 0);
    progress.note({ type: 'started', run: first }, 0);
    progress.note({ type: 'progress', run: first, progress: training(80) }, 1000);
    progress.note({ type: 'progress', run: first, progress: training(90) }, 6000);
    expect(progress.lines(6000, 100)[0]).toContain('2.0 steps/s  5 s left');
  });

  test('foretells the end from the runs that are done, and counts those kept from before', () => {
    const progress = trackProgress(runs, 0);
    expect(progress.note({ type: 'kept', run: first, record: sampleRecord(first) }, 0)).toBeUndefined();
    progress.note({ type: 'started', run: second }, 0);
    expect(progress.note({ type: 'finished', run: second, record: sampleRecord(second) }, 60_000)).toBe(
      'finished rotary:base=500, seed 0 in 1 min; 2 of 4 runs done, 1 kept from before, about 2 min left',
    );
    progress.note({ type: 'started', run: third }, 60_000);
    progress.note({ type: 'failed', run: third, reason: 'out of memory', details: '' }, 61_000);
    expect(progress.lines(61_000, 100)).toEqual([
      '2 of 4 runs done, 1 kept from before, 1 failed, about 1 min left, 1 min 1 s so far',
    ]);
  });

  test('never promises before anything is known, nor after all is done', () => {
    const progress = trackProgress([first], 0);
    expect(progress.lines(100, 100)).toEqual(['0 of 1 runs done, 0 s so far']);
    progress.note({ type: 'started', run: first }, 0);
    expect(progress.note({ type: 'finished', run: first, record: sampleRecord(first) }, 5000)).toBe(
      'finished none, seed 0 in 5 s; 1 of 1 runs done',
    );
  });

  test('keeps to the width of the terminal', () => {
    const progress = trackProgress(runs, 0);
    progress.note({ type: 'started', run: second }, 0);
    expect(progress.lines(0, 30).map((line) => line.length)).toEqual([30, 28]);
  });
});

test.each([
  [0, '0 s'],
  [-3, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min'],
  [130, '2 min 10 s'],
  [3600, '1 h'],
  [3900, '1 h 5 min'],
])('%d seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});
