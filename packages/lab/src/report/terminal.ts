/** The report for a terminal. */
import Table from 'cli-table3';
import type { RunRecord } from '../record/record.ts';
import { summarize } from './summarize.ts';
import type { Metric, Summary } from './summary.ts';
import { costTable, intervalNote, orderTable, type Table as ReportTable, scoreTable } from './tables.ts';

/** Where the text is shown. */
export interface TerminalContext {
  readonly columns: number;
  readonly color: boolean;
}

/**
 * Tables and findings that fit the given width. The best of each column carries a star.
 *
 * @throws {RecordError} when the records do not belong together
 */
export function renderTerminal(records: readonly RunRecord[], { columns, color }: TerminalContext): string {
  const summary = summarize(records);
  const order = orderTable(summary);
  const width = Math.max(40, Math.min(columns, 110));
  const strong = (text: string): string => (color ? `\u001b[1m${text}\u001b[22m` : text);
  const [metric, ...others] = summary.task.metrics as [Metric, ...Metric[]];
  return [
    strong(`${summary.task.title}: ${metric.title}, ${metric.better} is better`),
    drawTable(scoreTable(summary, metric), strong),
    ...wrap(intervalNote(summary), width),
    ...others.flatMap((other) => [
      '',
      strong(`${other.title}, ${other.better} is better`),
      drawTable(scoreTable(summary, other), strong),
    ]),
    ...(order === undefined
      ? []
      : ['', strong('Can an untrained encoder see order at all?'), drawTable(order, strong)]),
    '',
    strong('Costs'),
    drawTable(costTable(summary), strong),
    '',
    strong('What this shows'),
    ...summary.findings.flatMap((finding) => bullet(finding, width)),
    '',
    ...notes(summary, width, strong),
  ].join('\n');
}

function notes({ task }: Summary, width: number, strong: (text: string) => string): string[] {
  return task.notes.length === 0
    ? []
    : [strong('About the data'), ...task.notes.flatMap((note) => bullet(note, width)), ''];
}

function drawTable({ header, rows }: ReportTable, strong: (text: string) => string): string {
  const table = new Table({
    head: [...header],
    colAligns: header.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true, 'padding-left': 1, 'padding-right': 1 },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: ' ',
    },
  });
  for (const row of rows) table.push(row.map(({ text, best }) => (best ? strong(`*${text}`) : text)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function bullet(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}

/** Lines of at most `width` characters, broken at spaces. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) as string;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
