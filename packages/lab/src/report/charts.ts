/** The charts of a report, as SVG text. From the summary alone. */
import * as Plot from '@observablehq/plot';
import type { Along } from './along.ts';
import { lineStyle } from './colors.ts';
import { drawChart } from './drawing.ts';
import type { Bucket, EncodingSummary, Metric, Summary } from './summary.ts';

/** Letters that fit beside the end of a line; a baseline with a longer title is called by its name there. */
const LONGEST_LABEL = 28;
const WIDTH = 860;

/** One end of a line: where its name is written. */
interface Point {
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Score against length: a line per encoding, bands of 95 % over seeds, the trained range shaded, baselines dashed.
 *
 * @param width - `narrow` for phones: lines are not named
 */
export function lengthChart(
  summary: Summary,
  metric: Metric = summary.task.metrics[0] as Metric,
  width: 'wide' | 'narrow' = 'wide',
): string {
  const { buckets, lengthUnit, baselines } = summary.task;
  const position = new Map(buckets.map(({ label }, index) => [label, index]));
  const rows = summary.encodings.map((encoding, index) => ({
    encoding,
    style: lineStyle(index),
    points: points(encoding, metric, buckets),
  }));
  const percent = metric.format === 'fraction';
  const trained = buckets.filter((bucket) => bucket.trained).map(({ label }) => position.get(label) as number);
  const last = buckets.length - 1;
  const baselineRows = baselines.map(({ name, title: long, scores }) => {
    const title = long.length <= LONGEST_LABEL ? long : name;
    return buckets.flatMap(({ label }) => {
      const score = scores[label]?.[metric.name];
      return score === undefined ? [] : [{ title, x: position.get(label) as number, y: score }];
    });
  });
  const values = [
    ...rows.flatMap(({ points: list }) => list.map(({ y }) => y)),
    ...baselineRows.flat().map(({ y }) => y),
  ];
  const [low, high] = domainOf(values, metric);
  const ends = spread(
    [
      ...rows.map(({ points: list, style }) => ({ ...(list.at(-1) as Point), color: style.color })),
      ...baselineRows.flatMap((list) => list.slice(-1).map((end) => ({ ...end, color: '#222' }))),
    ],
    (high - low) / 20,
    [low, high],
  );
  const narrow = width === 'narrow';
  const right = narrow ? 0.3 : 0.12;
  return drawChart(`${metric.title} against length in ${lengthUnit}, one line per encoding`, {
    ...(narrow
      ? { width: 340, height: 300, marginRight: 6, marginLeft: 44, marginBottom: last > 3 ? 70 : 45 }
      : { width: WIDTH, height: 430, marginRight: 215, marginLeft: 60, marginBottom: 45 }),
    x: {
      domain: [-0.3, last + right],
      ticks: buckets.map((_, index) => index),
      tickFormat: (index: number) =>
        `${buckets[index]?.label ?? ''}${buckets[index]?.trained && !narrow ? ' (trained)' : ''}`,
      ...(narrow && last > 3 ? { tickRotate: -40 } : {}),
      label: `${lengthUnit} →`,
      labelAnchor: 'center',
    },
    y: {
      domain: [low, high],
      grid: true,
      label: `${metric.title}${metric.unit === undefined ? '' : ` (${metric.unit})`}${narrow ? '' : `, ${metric.better} is better`}`,
      ...(percent ? { tickFormat: '%' } : {}),
    },
    marks: [
      ...(trained.length === 0
        ? []
        : [
            Plot.rect([0], {
              x1: Math.min(...trained) - 0.3,
              x2: Math.max(...trained) + 0.5 > last ? last + right : Math.max(...trained) + 0.5,
              y1: low,
              y2: high,
              fill: '#000',
              fillOpacity: 0.06,
              ariaDescription: 'trained range',
            }),
          ]),
      ...rows.map(({ points: list, style }) =>
        Plot.areaY(list, { x: 'x', y1: 'low', y2: 'high', fill: style.color, fillOpacity: 0.13, clip: true }),
      ),
      ...rows.flatMap(({ points: list, style: { color, dash, symbol } }) => [
        Plot.line(list, { x: 'x', y: 'y', stroke: color, strokeWidth: 2, strokeDasharray: dash }),
        Plot.dot(list, { x: 'x', y: 'y', stroke: color, fill: 'white', symbol, r: 4 }),
      ]),
      ...baselineRows.map((list) =>
        Plot.line(list, { x: 'x', y: 'y', stroke: '#222', strokeWidth: 1, strokeDasharray: '4 4' }),
      ),
      ...(narrow ? [] : ends).flatMap(({ title, y, at, color }) => [
        Plot.link([0], {
          x1: last + 0.02,
          y1: y,
          x2: last + 0.12,
          y2: at,
          stroke: color,
          strokeWidth: 0.8,
          strokeOpacity: 0.6,
        }),
        Plot.text([title], { x: last + 0.12, y: at, dx: 4, textAnchor: 'start', fill: color, fontWeight: 600 }),
      ]),
      Plot.ruleY([low], { stroke: '#999' }),
    ],
  });
}

/** Scores of one bucket along another axis, a line per encoding with bands of 95 % over seeds. */
export function alongChart(
  encodings: Summary['encodings'],
  { title, axis, score, steps }: Along,
  { label }: Bucket,
): string {
  const lines = encodings.map(({ scores }) =>
    steps.map((step, x) => {
      const { mean, margin = 0 } = scores[step.metric.name]?.[label] ?? { mean: Number.NaN };
      return { x, y: mean, low: mean - margin, high: mean + margin };
    }),
  );
  const known = lines.flat().flatMap(({ y }) => (Number.isNaN(y) ? [] : [y]));
  return drawChart(`${title}, ${label}, one line per encoding`, {
    width: WIDTH / 2 - 10,
    height: 280,
    marginLeft: 50,
    marginBottom: steps.length > 5 ? 70 : 42,
    x: {
      domain: [-0.2, steps.length - 0.8],
      ticks: steps.map((_, at) => at),
      tickFormat: (at: number) => steps[at]?.label ?? '',
      ...(steps.length > 5 ? { tickRotate: -40 } : {}),
      label: `${axis} →`,
      labelAnchor: 'center',
    },
    y: {
      grid: true,
      label: score.unit ?? null,
      ...(known.length === 0 ? {} : { domain: domainOf(known, score) }),
      ...(score.format === 'fraction' ? { tickFormat: '%' } : {}),
    },
    marks: lines.flatMap((line, index) => {
      const { color, dash, symbol } = lineStyle(index);
      return [
        Plot.areaY(line, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.1, clip: true }),
        Plot.line(line, { x: 'x', y: 'y', stroke: color, strokeWidth: 1.8, strokeDasharray: dash }),
        Plot.dot(line, { x: 'x', y: 'y', stroke: color, fill: 'white', symbol, r: 3.5 }),
      ];
    }),
  });
}

/** Training loss against steps. */
export function lossChart(summary: Summary): string {
  return curveChart(
    'training loss',
    'loss',
    summary.encodings.map(({ curve }) => curve.map(({ step, loss }) => ({ step, y: loss }))),
    false,
  );
}

/** Validation score of the first metric against steps. */
export function validationChart(summary: Summary): string {
  const metric = summary.task.metrics[0] as Metric;
  return curveChart(
    `validation ${metric.title}`,
    metric.title,
    summary.encodings.map(({ validation }) => validation.map(({ step, score }) => ({ step, y: score }))),
    metric.format === 'fraction',
  );
}

function curveChart(
  label: string,
  axis: string,
  curves: readonly (readonly { readonly step: number; readonly y: number }[])[],
  percent: boolean,
): string {
  return drawChart(`${label} against training steps, one line per encoding`, {
    width: WIDTH / 2 - 10,
    height: 270,
    marginLeft: 55,
    marginBottom: 42,
    x: { label: 'training steps →', labelAnchor: 'center', ticks: 5 },
    y: { label: axis, grid: true, ...(percent ? { tickFormat: '%' } : {}) },
    marks: curves.flatMap((curve, index) => {
      const { color, dash } = lineStyle(index);
      return [Plot.line(curve, { x: 'step', y: 'y', stroke: color, strokeDasharray: dash, strokeWidth: 1.6 })];
    }),
  });
}

/** A small sample of an encoding's line, for tables. */
export function lineSample(index: number): string {
  const { color, dash } = lineStyle(index);
  return `<svg class="sample" width="34" height="10" aria-hidden="true"><line x1="1" y1="5" x2="33" y2="5" stroke="${color}" stroke-width="2.5" stroke-dasharray="${dash}"/></svg>`;
}

function points(encoding: EncodingSummary, metric: Metric, buckets: readonly Bucket[]): Point[] {
  return buckets.map(({ label }, x) => {
    const { mean, margin = 0 } = encoding.scores[metric.name]?.[label] ?? { mean: Number.NaN };
    return { title: encoding.title, x, y: mean, low: mean - margin, high: mean + margin };
  });
}

/** From the lowest to the highest mean with some air, so that wide intervals do not flatten the lines. */
function domainOf(values: readonly number[], metric: Pick<Metric, 'format'>): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low || Math.abs(high) || 1) * 0.12;
  const floor = metric.format === 'fraction' ? Math.max(0, low - air) : low - air;
  return [floor, metric.format === 'fraction' ? Math.min(1, high + air) : high + air];
}

/** Places names beside the ends of their lines, at least `gap` apart and within the chart. */
function spread<End extends { readonly y: number }>(
  ends: readonly End[],
  gap: number,
  [low, high]: readonly [number, number],
): readonly (End & { readonly at: number })[] {
  const placed = ends.toSorted((a, b) => a.y - b.y).map((end) => ({ ...end, at: end.y }));
  for (let round = 0; round < 100; round += 1) {
    for (let index = 1; index < placed.length; index += 1) {
      const [below, above] = [placed[index - 1], placed[index]] as [{ at: number }, { at: number }];
      const missing = gap - (above.at - below.at);
      if (missing > 0) {
        below.at -= missing / 2;
        above.at += missing / 2;
      }
    }
    for (const end of placed) end.at = Math.min(high - gap / 2, Math.max(low + gap / 2, end.at));
  }
  return placed;
}
