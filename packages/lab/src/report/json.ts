/** The report as JSON: the summary, whole. */
import type { RunRecord } from '../record/record.ts';
import { summarize } from './summarize.ts';

/** @throws {RecordError} when the records do not belong together */
export function renderJson(records: readonly RunRecord[]): string {
  const text = JSON.stringify(summarize(records), null, 2);
  // Lists of numbers on one line; no string holds a line break, so nothing else is touched.
  return `${text.replaceAll(/\[\n[-+.\de,\s]+\]/g, (list) => list.replaceAll(/\s+/g, '').replaceAll(',', ', '))}\n`;
}
