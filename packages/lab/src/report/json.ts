/** The report as JSON: the summary, whole. */
import type { RunRecord } from '../record/record.ts';
import { summarize } from './summarize.ts';

/** @throws {RecordError} when the records do not belong together */
export function renderJson(records: readonly RunRecord[]): string {
  return `${JSON.stringify(summarize(records), null, 2)}\n`;
}
