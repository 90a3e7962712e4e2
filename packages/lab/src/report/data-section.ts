/** What was read of the data, as HTML: facts, lengths, classes, first examples, and what the task says about it. */
import * as Plot from '@observablehq/plot';
import type { DataSummary } from '../record/data-summary.ts';
import { lineStyle } from './colors.ts';
import { dataTable } from './data-facts.ts';
import { drawChart } from './drawing.ts';
import { clip, escapeHtml, figure, folded, list, table } from './markup.ts';
import type { Summary } from './summary.ts';

/** Bars of a chart, and characters of an example, that are shown. */
const MOST_CLASSES = 20;
const EXAMPLE_LIMIT = 300;
const LABEL_LENGTH = 16;

/** The section, or nothing where neither data nor notes are known. */
export function dataSection({ task: { data, notes } }: Pick<Summary, 'task'>): string {
  if (data === undefined && notes.length === 0) return '';
  const parts = data === undefined ? [] : [table(dataTable(data)), charts(data), refused(data), examples(data)];
  return `<section class="long"><h2>About the data</h2>${parts.join('')}${notes.length === 0 ? '' : `${data === undefined ? '' : '<h3>Notes</h3>'}${list(notes)}`}</section>`;
}

function charts({ lengths, classes = [], trainedLength }: DataSummary): string {
  const figures = [
    ...(lengths === undefined || lengths.histogram.length === 0
      ? []
      : [
          figure(
            barChart(`examples by length in ${lengths.unit}`, lengths.histogram, `${lengths.unit} →`),
            `Examples by length in ${lengths.unit}.${trainedLength === undefined ? '' : ` Trained on: up to ${trainedLength.maximum}.`}`,
          ),
        ]),
    ...(classes.length === 0 ? [] : [classFigure(classes)]),
  ];
  return figures.length === 0 ? '' : `<div class="pair">${figures.join('')}</div>`;
}

function classFigure(classes: NonNullable<DataSummary['classes']>): string {
  const sorted = classes.toSorted((a, b) => b.count - a.count);
  const shown = sorted.slice(0, MOST_CLASSES);
  const rest = sorted.slice(MOST_CLASSES).reduce((sum, { count }) => sum + count, 0);
  const said = rest === 0 ? '' : ` The ${sorted.length - MOST_CLASSES} smaller ones have ${rest} together.`;
  return figure(classChart(shown), `Examples by class.${said}`);
}

function barChart(
  title: string,
  bars: readonly { readonly label: string; readonly count: number }[],
  x: string,
): string {
  const every = Math.ceil(bars.length / 6);
  return drawChart(`Bars: ${title}`, {
    width: 420,
    height: 190,
    marginLeft: 55,
    marginBottom: 42,
    x: {
      domain: bars.map((_, at) => at),
      ticks: bars.map((_, at) => at).filter((at) => at % every === 0),
      tickFormat: (at: number) => clip(bars[at]?.label ?? '', 9).text,
      label: x,
      labelAnchor: 'center',
      type: 'band',
    },
    y: { label: 'examples', grid: true, tickFormat: '~s' },
    marks: [
      Plot.barY(bars, {
        x: (_: unknown, at: number) => at,
        y: 'count',
        fill: lineStyle(1).color,
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      Plot.ruleY([0], { stroke: '#999' }),
    ],
  });
}

/** Names down the side, so that long ones can be read. */
function classChart(classes: readonly { readonly label: string; readonly count: number }[]): string {
  return drawChart('Bars: examples by class', {
    width: 420,
    height: 40 + 17 * classes.length,
    marginLeft: 130,
    marginRight: 40,
    x: { label: 'examples →', labelAnchor: 'center', ticks: 4, tickFormat: '~s', grid: true },
    y: {
      domain: classes.map((_, at) => at),
      tickFormat: (at: number) => short(classes[at]?.label ?? ''),
      tickSize: 0,
      label: null,
      type: 'band',
    },
    marks: [
      Plot.barX(classes, {
        y: (_: unknown, at: number) => at,
        x: 'count',
        fill: lineStyle(1).color,
        insetTop: 1,
        insetBottom: 1,
      }),
      Plot.ruleX([0], { stroke: '#999' }),
    ],
  });
}

function short(text: string): string {
  const { text: start, left } = clip(text, LABEL_LENGTH);
  return left === 0 ? start : `${start}…`;
}

/** All refused rows that are kept in detail; the table tells the first. */
function refused({ refused: { count, first } }: DataSummary): string {
  if (first.length <= 5) return '';
  const items = first.map(({ line, reason }) => `line ${line}: ${reason}`);
  const rest = count - first.length;
  return folded(
    `The first ${first.length} of ${count} refused rows`,
    list(rest > 0 ? [...items, `and ${rest} more`] : items),
  );
}

function examples({ examples: texts }: DataSummary): string {
  if (texts.length === 0) return '';
  const items = texts.map((text) => {
    const { text: start, left } = clip(text, EXAMPLE_LIMIT);
    const more =
      left === 0 ? '' : `… <span class="note" dir="ltr">(${left.toLocaleString('en-US')} more characters)</span>`;
    return `<li dir="auto"><span class="text">${escapeHtml(start)}</span>${more}</li>`;
  });
  return `<h3>First examples</h3><ul>${items.join('')}</ul>`;
}
