/** What was understood of a task's data, as facts in words: one table for every kind of report. Knows no drawing. */
import type { DataSummary } from '../record/data-summary.ts';
import { formatCount, formatNumber } from './format.ts';
import type { Table } from './tables.ts';

/** Refused rows that are told one by one, classes that are listed. */
const MOST_REFUSED = 5;
const MOST_CLASSES = 12;

/** Facts by name, in the order in which a person would ask. */
export function dataFacts(data: DataSummary): readonly (readonly [name: string, fact: string])[] {
  const { columns, lengths, trainedLength, tooLong, classes, time, splitBy } = data;
  const unit = lengths === undefined ? '' : ` ${lengths.unit}`;
  return [
    ['from', `${data.source} (${data.format})`],
    ['rows read', formatCount(data.rows)],
    ['rows refused', refusedText(data)],
    ...fact('columns', columns, (list) => list.map(({ name, use }) => `${name} (${use})`).join(', ')),
    ...fact(
      'lengths',
      lengths,
      ({ minimum, median, maximum }) => `${number(minimum)} to ${number(maximum)}${unit}, median ${number(median)}`,
    ),
    ...fact(
      'trained on lengths',
      trainedLength,
      ({ maximum, limit, chosenBy }) =>
        `up to ${number(maximum)}${unit} (${chosenBy}); used at all: up to ${number(limit)}`,
    ),
    ...fact('too long', tooLong, tooLongText),
    ...fact('classes', classes, classesText),
    ...fact(
      'time',
      time,
      ({ first, last, frequency, gaps }) =>
        `${first} to ${last}, ${frequency}, ${gaps === 0 ? 'no gaps' : gaps === 1 ? '1 gap' : `${formatCount(gaps)} gaps`}`,
    ),
    ...fact('divided into splits', splitBy, (text) => text),
  ];
}

/** The same as a table. */
export function dataTable(data: DataSummary): Table {
  return { header: ['data', ''], rows: dataFacts(data).map((row) => row.map((text) => ({ text }))) };
}

function fact<Value>(
  name: string,
  value: Value | undefined,
  text: (value: Value) => string,
): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[name, text(value)]];
}

function refusedText({ rows, refused }: DataSummary): string {
  if (refused.count === 0) return 'none';
  const share = rows === 0 ? '' : ` (${formatNumber((100 * refused.count) / rows)} %)`;
  const told = refused.first.slice(0, MOST_REFUSED).map(({ line, reason }) => `line ${line}: ${reason}`);
  const rest = refused.count - told.length;
  return `${formatCount(refused.count)}${share}: ${[...told, ...(rest > 0 ? [`and ${formatCount(rest)} more`] : [])].join('; ')}`;
}

function tooLongText({ count, action }: NonNullable<DataSummary['tooLong']>): string {
  if (count === 0) return 'none';
  const done = {
    refused: 'left out',
    cut: 'cut to the limit, as asked for',
    windowed: 'read in windows that overlap',
  }[action];
  return `${formatCount(count)}: ${done}`;
}

function classesText(classes: NonNullable<DataSummary['classes']>): string {
  const sorted = classes.toSorted((a, b) => b.count - a.count);
  const shown = sorted.slice(0, MOST_CLASSES).map(({ label, count }) => `${label} (${formatCount(count)})`);
  const rest = sorted.length - shown.length;
  return `${classes.length}: ${shown.join(', ')}${rest > 0 ? ` and ${rest} smaller` : ''}`;
}

function number(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}
