/** What `posenc compare --check` prints: what was understood of the data, for people. Knows no files. */
import type { ComparisonCheck } from '../comparison/check.ts';
import type { DataSummary } from '../record/data-summary.ts';
import { formatBytes, formatCount, formatNumber } from '../report/format.ts';
import { duration } from './durations.ts';

const BAR = 30;

/** Lines of at most `columns` characters where texts allow it. */
export function checkText(check: ComparisonCheck, workers: number, columns: number): string {
  const { task, sizes, buckets, data, estimate } = check;
  const width = widthOf(columns);
  return [
    `${task.name}: ${task.title}`,
    ...check.notices.map((notice) => `note: ${notice}`),
    '',
    ...(data === undefined ? [] : dataLines(data, width)),
    'Splits',
    `  ${formatCount(sizes.train)} train, ${formatCount(sizes.validation)} validation, ${formatCount(sizes.test)} test` +
      `${data?.splitBy === undefined ? '' : `; divided ${data.splitBy}`}`,
    ...buckets.map(
      ({ label, trained, examples }) =>
        `  test, ${label} ${task.lengthUnit}${trained ? ' (trained range)' : ''}: ${formatCount(examples)}`,
    ),
    '',
    'Cost',
    `  ${check.runs} ${check.runs === 1 ? 'run' : 'runs'}: ${check.encodings.join(', ')}; seeds ${check.seeds.join(', ')}`,
    `  ${formatNumber(estimate.secondsPerStep * 1000)} ms a step with ${check.encodings[0]}, measured now; training takes about ` +
      `${duration(estimate.trainingSeconds / Math.min(workers, check.runs))} with ${workers} at a time, scoring comes on top`,
    `  about ${formatBytes(estimate.memoryBytes)} of memory for each run`,
    '',
    ...(check.notes.length === 0 ? [] : ['About the data', ...check.notes.map((note) => `  - ${note}`), '']),
    'Nothing was trained and nothing written. Without --check, the same command starts.',
    '',
  ].join('\n');
}

/** What was understood of data whose lengths stop the comparison; the error says the rest. */
export function stoppedText(
  { task, data }: { readonly task: { readonly name: string; readonly title: string }; readonly data: DataSummary },
  columns: number,
): string {
  const lines = [`${task.name}: ${task.title}`, '', ...dataLines(data, widthOf(columns))];
  return `${lines.join('\n')}\nThis would stop the comparison; nothing was trained and nothing written.\n`;
}

function widthOf(columns: number): number {
  return Math.min(Math.max(columns, 40), 110);
}

function shorten(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

function dataLines(data: DataSummary, lineWidth: number): string[] {
  const { refused, columns, lengths, trainedLength, tooLong, classes, time } = data;
  return [
    'Data',
    `  ${data.source} (${data.format}): ${formatCount(data.rows)} ${data.rows === 1 ? 'row' : 'rows'}`,
    ...(columns === undefined ? [] : [`  columns: ${columns.map(({ name, use }) => `${name} (${use})`).join(', ')}`]),
    `  refused: ${formatCount(refused.count)}`,
    ...refused.first.map(({ line, reason }) => `    ${refused.unit ?? 'line'} ${line}: ${reason}`),
    ...(refused.count > refused.first.length ? [`    … and ${refused.count - refused.first.length} more`] : []),
    ...(time === undefined ? [] : [`  time: ${time.first} to ${time.last}, ${time.frequency}, ${time.gaps} gaps`]),
    ...(classes === undefined ? [] : ['  classes', ...bars(classes)]),
    ...(lengths === undefined
      ? []
      : [
          `  length in ${lengths.unit}: ${lengths.minimum} to ${lengths.maximum}, median ${lengths.median}`,
          ...bars(lengths.histogram),
        ]),
    ...(trainedLength === undefined
      ? []
      : [
          `  trained on lengths up to ${trainedLength.maximum} (${trainedLength.chosenBy}); the longest used is ${trainedLength.limit}`,
        ]),
    ...(tooLong === undefined ? [] : [`  longer than that: ${formatCount(tooLong.count)}, ${tooLong.action}`]),
    ...(data.examples.length === 0
      ? []
      : ['  first examples', ...data.examples.map((text) => `    ${shorten(text, lineWidth - 4)}`)]),
    '',
  ];
}

function bars(counts: readonly { readonly label: string; readonly count: number }[]): string[] {
  const most = Math.max(1, ...counts.map(({ count }) => count));
  const width = Math.max(...counts.map(({ label }) => label.length));
  return counts.map(
    ({ label, count }) =>
      `    ${label.padStart(width)} ${'█'.repeat(Math.ceil((BAR * count) / most))} ${formatCount(count)}`,
  );
}
