/** The report as Markdown, for a repository or an issue. */
import type { RunRecord } from '../record/record.ts';
import { summarize } from './summarize.ts';
import { costTable, intervalNote, orderTable, scoreTable, settingsTable, type Table } from './tables.ts';

/** @throws {RecordError} when the records do not belong together */
export function renderMarkdown(records: readonly RunRecord[]): string {
  const summary = summarize(records);
  const { task } = summary;
  const order = orderTable(summary);
  return [
    `# ${escapeMarkdown(task.title)}: positional encodings compared`,
    '## What this shows',
    ...summary.findings.map((finding) => `- ${escapeMarkdown(finding)}`),
    ...task.metrics.flatMap((metric) => [
      `## ${metric.title}, ${metric.better} is better`,
      table(scoreTable(summary, metric)),
    ]),
    escapeMarkdown(intervalNote(summary)),
    ...(order === undefined ? [] : ['## Can an encoder see order at all?', table(order)]),
    '## Costs',
    table(costTable(summary)),
    ...(task.notes.length === 0 ? [] : ['## About the data', ...task.notes.map((note) => `- ${escapeMarkdown(note)}`)]),
    '## Settings',
    table(settingsTable(summary)),
    '## Command',
    `\`\`\`sh\n${summary.command}\n\`\`\``,
  ]
    .reduce(
      (text, block) =>
        text.includes('\n') && text.split('\n').at(-1)?.startsWith('- ') && block.startsWith('- ')
          ? `${text}\n${block}`
          : `${text}\n\n${block}`,
      '',
    )
    .trimStart()
    .concat('\n');
}

function table({ header, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(header.map(escapeMarkdown)),
    line(header.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map((row) =>
      line(row.map(({ text, best }) => (best ? `**${escapeMarkdown(text)}**` : escapeMarkdown(text)))),
    ),
  ].join('\n');
}

/** Text that Markdown and a table leave as it is. */
function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\|<>*_`[\]]/g, (character) => `\\${character}`).replaceAll(/\s*\n\s*/g, ' ');
}
