/** The formats of a report, by name. Knows no command. */
import type { RunRecord } from '../record/record.ts';
import { renderJson } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { renderTerminal, type TerminalContext } from '../report/terminal.ts';

export const REPORT_FORMATS = ['terminal', 'markdown', 'html', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Files of a comparison's folder. */
export const REPORT_FILES: readonly (readonly [ReportFormat, string])[] = [
  ['html', 'report.html'],
  ['markdown', 'report.md'],
  ['json', 'report.json'],
];

export async function renderReport(
  format: ReportFormat,
  records: readonly RunRecord[],
  context: TerminalContext,
): Promise<string> {
  switch (format) {
    case 'terminal':
      return renderTerminal(records, context);
    case 'markdown':
      return renderMarkdown(records);
    case 'html': {
      // Charts take half a second to load, which only this format needs.
      const { renderHtml } = await import('../report/html.ts');
      return renderHtml(records);
    }
    case 'json':
      return renderJson(records);
    default:
      return format satisfies never;
  }
}
