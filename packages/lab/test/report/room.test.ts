/** How much room order has: verdicts and their words, against numbers given by hand. */
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/record/record.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { summarize } from '../../src/report/summarize.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { sampleRecord, sampleRecords } from './sample-records.ts';

const RATE = 'phoneme-error-rate';

type Baseline = RunRecord['task']['baselines'][number];
const baseline = (title: string, score: number, orderBlind?: boolean): Baseline => ({
  name: title,
  title,
  ...(orderBlind === undefined ? {} : { orderBlind }),
  scores: { '3–8': { [RATE]: score }, '13–16': { [RATE]: score } },
});

const withBaselines = (records: readonly RunRecord[], ...baselines: Baseline[]): RunRecord[] =>
  records.map((record) => ({ ...record, task: { ...record.task, baselines } }));

const findingsOf = (records: readonly RunRecord[]): string => summarize(records).findings.join('\n');

describe('room for order', () => {
  const some = withBaselines(
    sampleRecords(2),
    baseline('bag', 0.647, true),
    baseline('bag 2', 0.7, true),
    baseline('copy', 0.3),
  );

  test('is what the best encoding has over the best order-blind baseline', () => {
    const { room } = summarize(some);
    expect(room).toMatchObject({
      metric: RATE,
      bucket: '3–8',
      verdict: 'some',
      positionsHelp: true,
      encodingsDiffer: true,
    });
    expect(room?.orderBlind?.title).toBe('bag');
    // 0.647 − (0.185 + 0.186) / 2: an error rate, so lower is better and the difference positive.
    expect(room?.room).toBeCloseTo(0.4615, 12);
    expect(room?.encodings.map(({ encoding }) => encoding)).toEqual(['sinusoidal', 'alibi', 'rotary', 'none']);
    // Variances of the four pairs of seeds: 4.5, 0.5, 12.5 and 0.5 · 10⁻⁶; t of 4 degrees of freedom 2.776, so ± 0.0042.
    expect(room?.encodings[0]?.score.margin).toBeCloseTo(2.776 * Math.sqrt(4.5e-6 / 2), 5);
    const findings = findingsOf(some);
    expect(findings).toContain(
      'Room for order within the trained length (3–8 letters, phoneme error rate): the best encoding, sinusoidal, scores 18.6 % ± 0.4, the order-blind baseline “bag” 64.7 %: 46.2 points to gain.',
    );
    expect(findings).not.toMatch(/little or no room/);
  });

  test('says where no positions lie against the order-blind baseline', () => {
    expect(findingsOf(some)).toContain(
      'Without positions the score is 64.7 % ± 0.4: at the order-blind baseline within its interval.',
    );
    expect(findingsOf(withBaselines(sampleRecords(2), baseline('bag', 0.55, true)))).toContain(
      'worse than the order-blind baseline by 9.7 points: as trained, it does not use all that can be known without order',
    );
    expect(findingsOf(withBaselines(sampleRecords(2), baseline('bag', 0.75, true)))).toContain(
      'better than the order-blind baseline by 10.3 points: it found more than that baseline does, or sees order by other means',
    );
  });

  test('says of each encoding whether it beats the trivial baseline', () => {
    expect(findingsOf(some)).toContain(
      'Against the trivial baseline “copy” (30.0 %) within the trained length: sinusoidal, ALiBi and rotary beat it by more than the 95 % interval; none does not.',
    );
    const { room } = summarize(some);
    expect(room?.encodings.at(-1)?.overTrivial).toMatchObject({ is: 'worse' });
    expect(room?.encodings.at(-1)?.overTrivial?.difference).toBeCloseTo(-0.3465, 12);
  });

  test('is little where the best is within its interval of the baseline; then the task tells nothing apart', () => {
    const flat = ['none', 'rotary', 'alibi'].flatMap((encoding, at) =>
      [0, 1].map((seed) => sampleRecord(encoding, seed, [0.5 + 0.004 * ((at + seed) % 2), 0.6])),
    );
    const records = withBaselines(flat, baseline('bag', 0.51, true));
    expect(summarize(records).room).toMatchObject({ verdict: 'little', positionsHelp: false, encodingsDiffer: false });
    expect(findingsOf(records)).toContain('at this size this task cannot tell encodings apart');
  });

  test('is little, yet order helps, where the baseline is strong and no positions are worse', () => {
    const records = withBaselines(sampleRecords(2), baseline('bag', 0.181, true));
    expect(summarize(records).room?.verdict).toBe('little');
    const findings = findingsOf(records);
    expect(findings).toContain('“bag” 18.1 %: −0.5 points, nothing to gain.');
    expect(findings).toContain('yet sinusoidal and no positions differ, so order does help these models here');
    expect(findings).not.toContain('cannot tell encodings apart');
  });

  test('is not said to be order where no positions were not run', () => {
    const records = withBaselines(
      sampleRecords(2).filter(({ configuration }) => configuration.encoding !== 'none'),
      baseline('bag', 0.18, true),
    );
    expect(findingsOf(records)).toContain('encodings differ all the same, but whether by order is not shown here');
  });

  test('is not judged from one seed', () => {
    const records = withBaselines(sampleRecords(1), baseline('bag', 0.6, true), baseline('copy', 0.3));
    expect(summarize(records).room?.verdict).toBe('unjudged');
    const findings = findingsOf(records);
    expect(findings).toContain('With one seed it is not known whether that room is more than chance.');
    expect(findings).toContain('one seed, so not judged; by its score alone, sinusoidal, ALiBi and rotary are better.');
    expect(findings).not.toMatch(/beat it by more/);
  });

  test('is not measured without an order-blind baseline, and not spoken of without any', () => {
    expect(findingsOf(withBaselines(sampleRecords(2), baseline('copy', 0.3)))).toContain(
      'No order-blind baseline is known for this task',
    );
    expect(summarize(sampleRecords(2)).room).toBeUndefined();
    expect(renderHtml(sampleRecords(2))).not.toContain('How much room');
  });

  test('is measured upwards where higher is better, in the unit of the metric', () => {
    const records = withBaselines(sampleRecords(2), baseline('bag', 0.3999, true)).map((record) => ({
      ...record,
      task: {
        ...record.task,
        metrics: [{ name: RATE, title: 'score', better: 'higher' as const, format: 'number' as const, unit: 'bits' }],
      },
    }));
    const { room } = summarize(records);
    expect(room?.encodings[0]?.encoding).toBe('none');
    expect(room?.room).toBeCloseTo(0.2466, 12);
    expect(findingsOf(records)).toContain('“bag” 0.400: 0.247 bits to gain.');
  });

  test('has a table in every report', () => {
    for (const text of [renderMarkdown(some), renderTerminal(some, { columns: 80, color: false })]) {
      expect(text).toContain('How much room order has');
      expect(text).toMatch(/none.* 64\.7 % ± 0\.4.* 0\.0 points, level.* −34\.7 points, worse/);
    }
    expect(renderHtml(some)).toContain('<td>+46.2 points, better</td><td>+11.4 points, better</td>');
  });
});
