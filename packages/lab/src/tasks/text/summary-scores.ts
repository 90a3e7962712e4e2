/** What summaries are scored by, however they were made. Knows no method, no data and no model. */
import { corpusRouge, rouge } from '../metrics/rouge.ts';
import type { Metric } from '../task.ts';

/** The metric that comparisons are drawn with. */
export const MAIN_METRIC = 'rouge-l';

export const SUMMARY_METRICS: readonly [Metric, ...Metric[]] = [
  { name: MAIN_METRIC, title: 'ROUGE-L F1', better: 'higher', format: 'fraction' },
  { name: 'rouge-1', title: 'ROUGE-1 F1', better: 'higher', format: 'fraction' },
  { name: 'rouge-2', title: 'ROUGE-2 F1', better: 'higher', format: 'fraction' },
];

/** Every metric of summaries beside those expected. @throws {RangeError} unless there are as many, and at least one */
export function summaryScores(summaries: readonly string[], expected: readonly string[]) {
  const { rougeL, rouge1, rouge2 } = corpusRouge(summaries, expected);
  return { [MAIN_METRIC]: rougeL.f1, 'rouge-1': rouge1.f1, 'rouge-2': rouge2.f1 };
}

/** The main metric of one summary. */
export function summaryScore(summary: string, expected: string): number {
  return rouge(summary, expected).rougeL.f1;
}
