/** The report for a terminal. */
import Table from 'cli-table3';
import type { RunRecord } from '../record/record.ts';
import { alongAxes, alongBuckets, alongTable, lengthMetrics } from './along.ts';
import { dataFacts } from './data-facts.ts';
import { roomNote, roomTable } from './room.ts';
import { sampleLines } from './sample-text.ts';
import { summarize } from './summarize.ts';
import type { Bucket, Metric, Summary } from './summary.ts';
import { costTable, intervalNote, orderTable, type Table as ReportTable, scoreTable } from './tables.ts';

/** Examples that are shown, and characters of each of their texts. */
const MOST_SAMPLES = 3;
const TEXT_LIMIT = 160;

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
  const [metric, ...others] = lengthMetrics(summary.task.metrics) as [Metric, ...Metric[]];
  return [
    strong(`${summary.task.title}: ${metric.title}, ${metric.better} is better`),
    drawTable(scoreTable(summary, metric), strong),
    ...wrap(intervalNote(summary), width),
    ...others.flatMap((other) => [
      '',
      strong(`${other.title}, ${other.better} is better`),
      drawTable(scoreTable(summary, other), strong),
    ]),
    ...alongAxes(summary.task.metrics).flatMap((along) =>
      alongBuckets(summary.task.buckets).flatMap((bucket) => [
        '',
        strong(`${along.title}, ${along.score.better} is better: ${bucketText(summary, bucket)}`),
        drawTable(alongTable(summary, along, [bucket]), strong),
      ]),
    ),
    ...room(summary, width, strong),
    ...samples(summary, width, strong),
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

function bucketText({ task }: Summary, { label, trained }: Bucket): string {
  return `${label} ${task.lengthUnit}${trained ? ' (trained)' : ''}`;
}

function room({ room: found, task }: Summary, width: number, strong: (text: string) => string): string[] {
  const rows = found && roomTable(found, task);
  if (found === undefined || rows === undefined) return [];
  return ['', strong('How much room order has'), drawTable(rows, strong), ...wrap(roomNote(found, task), width)];
}

/** The first examples, where answers differ most. */
function samples(summary: Summary, width: number, strong: (text: string) => string): string[] {
  if (summary.samples.length === 0) return [];
  return [
    '',
    strong('Examples side by side, those on which encodings differ most'),
    ...summary.samples.slice(0, MOST_SAMPLES).flatMap((sample) => {
      const { title, lines } = sampleLines(sample, summary.task.lengthUnit, TEXT_LIMIT);
      return [
        ...wrap(title, width),
        ...lines.flatMap(({ name, sign, text }) =>
          wrap(`${sign === '' ? ' ' : sign} ${name}: ${text}`, width - 4).map(
            (line, index) => `${index === 0 ? '  ' : '      '}${line}`,
          ),
        ),
      ];
    }),
  ];
}

function notes({ task }: Summary, width: number, strong: (text: string) => string): string[] {
  const facts = task.data === undefined ? [] : dataFacts(task.data).map(([name, fact]) => `${name}: ${fact}`);
  const all = [...facts, ...task.notes];
  return all.length === 0 ? [] : [strong('About the data'), ...all.flatMap((note) => bullet(note, width)), ''];
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

/** Lines of at most `width` characters, broken at spaces, and within words that are longer than a line. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  const words = text.split(' ').flatMap((word) => word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? ['']);
  for (const word of words) {
    const line = lines.at(-1) as string;
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
