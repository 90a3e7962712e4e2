/** The report as Markdown, for a repository or an issue. */
import type { RunRecord } from '../record/record.ts';
import { alongAxes, alongTable, lengthMetrics } from './along.ts';
import { dataTable } from './data-facts.ts';
import { roomNote, roomTable } from './room.ts';
import { sampleLines } from './sample-text.ts';
import { summarize } from './summarize.ts';
import type { ComparedSample, Summary } from './summary.ts';
import { costTable, intervalNote, orderTable, scoreTable, settingsTable, type Table } from './tables.ts';

/** Examples that are shown, and characters of each of their texts. */
const MOST_SAMPLES = 6;
const TEXT_LIMIT = 240;

/** @throws {RecordError} when the records do not belong together */
export function renderMarkdown(records: readonly RunRecord[]): string {
  const summary = summarize(records);
  const { task } = summary;
  const order = orderTable(summary);
  return [
    `# ${escapeMarkdown(task.title)}: positional encodings compared`,
    '## What this shows',
    ...summary.findings.map((finding) => `- ${escapeMarkdown(finding)}`),
    ...lengthMetrics(task.metrics).flatMap((metric) => [
      `## ${metric.title}, ${metric.better} is better`,
      table(scoreTable(summary, metric)),
    ]),
    escapeMarkdown(intervalNote(summary)),
    ...alongAxes(task.metrics).flatMap((along) => [
      `## ${escapeMarkdown(along.title)}, ${along.score.better} is better`,
      table(alongTable(summary, along)),
    ]),
    ...roomBlocks(summary),
    ...sampleBlocks(summary.samples, task.lengthUnit),
    ...(order === undefined ? [] : ['## Can an encoder see order at all?', table(order)]),
    '## Costs',
    table(costTable(summary)),
    ...(task.notes.length === 0 && task.data === undefined ? [] : ['## About the data']),
    ...(task.data === undefined ? [] : [table(dataTable(task.data))]),
    ...task.notes.map((note) => `- ${escapeMarkdown(note)}`),
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

function roomBlocks({ room, task }: Summary): string[] {
  const rows = room && roomTable(room, task);
  if (room === undefined || rows === undefined) return [];
  return ['## How much room order has', table(rows), escapeMarkdown(roomNote(room, task))];
}

/** The first examples, where answers differ most. */
function sampleBlocks(samples: readonly ComparedSample[], lengthUnit: string): string[] {
  if (samples.length === 0) return [];
  return [
    '## Examples side by side',
    "Answers of each encoding's first seed; examples on which encodings differ most come first.",
    ...samples.slice(0, MOST_SAMPLES).flatMap((sample, index) => {
      const { title, lines } = sampleLines(sample, lengthUnit, TEXT_LIMIT);
      return [
        `${index + 1}. ${escapeMarkdown(title)}`,
        lines
          .map(({ name, sign, text }) => `   - ${sign === '' ? '' : `${sign} `}${escapeMarkdown(name)}: ${code(text)}`)
          .join('\n'),
      ];
    }),
  ];
}

/** A text that Markdown leaves alone, whatever is in it. */
function code(text: string): string {
  if (text === '') return '(nothing)';
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
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
