/**
 * Metrics that are one score along another axis than the length, such as exact match by the depth of the answer: gathered,
 * so that each axis has one table. Knows no drawing.
 */
import { formatEstimate, formatScore } from './format.ts';
import type { Bucket, Metric, Summary } from './summary.ts';
import type { Table } from './tables.ts';

/** One score along one axis. */
export interface Along {
  /** As people read it: `exact match by depth of the answer`. */
  readonly title: string;
  readonly axis: string;
  /** The same for all steps. */
  readonly score: Pick<Metric, 'better' | 'format' | 'unit'>;
  /** In the order of the axis, with the label of each. */
  readonly steps: readonly { readonly label: string; readonly metric: Metric }[];
}

/** Metrics along the length alone; the first is the one that comparisons are drawn with. */
export function lengthMetrics(metrics: readonly Metric[]): readonly Metric[] {
  return metrics.filter(({ along }, index) => along === undefined || index === 0);
}

/** The other metrics by score and axis, in their order. */
export function alongAxes(metrics: readonly Metric[]): readonly Along[] {
  const groups: { axis: string; score: Metric; steps: { label: string; metric: Metric }[] }[] = [];
  for (const metric of metrics.slice(1)) {
    const { along } = metric;
    if (along === undefined) continue;
    const step = { label: along.label, metric };
    const group = groups.find(
      ({ axis, score, steps }) =>
        axis === along.axis &&
        (['better', 'format', 'unit'] as const).every((fact) => score[fact] === metric[fact]) &&
        steps.every(({ label }) => label !== along.label),
    );
    if (group === undefined) groups.push({ axis: along.axis, score: metric, steps: [step] });
    else group.steps.push(step);
  }
  return groups.map(({ axis, score, steps }) => {
    const common = commonWords(steps.map(({ metric }) => metric.title));
    return { title: `${common === '' ? 'score' : common} by ${axis}`, axis, score, steps };
  });
}

/** The trained bucket, and the one furthest beyond it where there is one. */
export function alongBuckets(buckets: readonly Bucket[]): readonly Bucket[] {
  const trained = buckets.find((bucket) => bucket.trained);
  const beyond = buckets.filter((bucket) => !bucket.trained).at(-1);
  return [trained, beyond].flatMap((bucket) => (bucket === undefined ? [] : [bucket]));
}

/** A row per encoding and baseline, a column per step of the axis and bucket; the best of each column is marked. */
export function alongTable(
  { task, encodings }: Pick<Summary, 'task' | 'encodings'>,
  { axis, steps }: Along,
  buckets: readonly Bucket[] = alongBuckets(task.buckets),
): Table {
  const columns = buckets
    .flatMap((bucket) => steps.map((step) => ({ bucket, ...step })))
    .filter(({ bucket, metric }) => encodings.some(({ scores }) => scores[metric.name]?.[bucket.label] !== undefined));
  const best = columns.map(({ bucket, metric }) => {
    const means = encodings.flatMap(({ scores }) => scores[metric.name]?.[bucket.label]?.mean ?? []);
    const [low, high] = [Math.min(...means), Math.max(...means)];
    return low === high ? undefined : metric.better === 'lower' ? low : high;
  });
  const of = (bucket: Bucket): string =>
    buckets.length === 1 ? '' : `, ${bucket.trained ? 'trained' : `${bucket.label} ${task.lengthUnit}`}`;
  return {
    header: [axis, ...columns.map(({ bucket, label }) => `${label}${of(bucket)}`)],
    rows: [
      ...encodings.map(({ title, scores }) => [
        { text: title },
        ...columns.map(({ bucket, metric }, at) => {
          const score = scores[metric.name]?.[bucket.label];
          return score === undefined
            ? { text: '–' }
            : { text: formatEstimate(score, metric), best: score.mean === best[at] };
        }),
      ]),
      ...task.baselines
        .filter(({ scores }) => columns.some(({ bucket, metric }) => scores[bucket.label]?.[metric.name] !== undefined))
        .map(({ title, scores }) => [
          { text: `baseline: ${title}` },
          ...columns.map(({ bucket, metric }) => {
            const score = scores[bucket.label]?.[metric.name];
            return { text: score === undefined ? '–' : formatScore(score, metric) };
          }),
        ]),
    ],
  };
}

/** What titles begin with, in whole words; of a phrase that is cut, only what stands before its last comma. */
function commonWords(titles: readonly string[]): string {
  const [first = [], ...others] = titles.map((title): readonly string[] => title.split(/\s+/));
  const end = first.findIndex((word, at) => others.some((other) => other[at] !== word));
  if (end < 0) return tidy(first.join(' '));
  const common = first.slice(0, end).join(' ');
  const comma = common.lastIndexOf(',');
  return tidy(comma < 0 ? common : common.slice(0, comma));
}

/** Without small words and punctuation at its end. */
function tidy(text: string): string {
  const shorter = text.replace(/[\s,:;(–-]+$/, '').replace(/\s(a|an|the|at|by|for|of|with|where|in|when|on|to)$/, '');
  return shorter === text ? text : tidy(shorter);
}
