/** The tables of a report as rows of text, the same for terminal, Markdown and HTML. From the summary alone. */
import { formatBytes, formatCount, formatEstimate, formatNumber, formatScore } from './format.ts';
import type { Bucket, EncodingSummary, Metric, Summary } from './summary.ts';

/** Rows under a header. Marked cells are the best of their column. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface Cell {
  readonly text: string;
  readonly best?: boolean;
}

/** One metric by encoding and length; the best mean of each column is marked, baselines come last. */
export function scoreTable({ task, encodings }: Summary, metric: Metric): Table {
  const cell = (encoding: EncodingSummary, bucket: Bucket): Cell => {
    const score = encoding.scores[metric.name]?.[bucket.label];
    if (score === undefined) return { text: '–' };
    return { text: formatEstimate(score, metric), best: isBest(score.mean, encodings, metric, bucket) };
  };
  return {
    header: ['encoding', ...task.buckets.map(({ label, trained }) => (trained ? `${label} (trained)` : label))],
    rows: [
      ...encodings.map((encoding) => [
        { text: encoding.title },
        ...task.buckets.map((bucket) => cell(encoding, bucket)),
      ]),
      ...task.baselines
        .filter(({ scores }) => task.buckets.some(({ label }) => scores[label]?.[metric.name] !== undefined))
        .map(({ title, scores }) => [
          { text: `baseline: ${title}` },
          ...task.buckets.map(({ label }) => {
            const score = scores[label]?.[metric.name];
            return { text: score === undefined ? '–' : formatScore(score, metric) };
          }),
        ]),
    ],
  };
}

/** What an untrained encoder notices of order; `undefined` where no run had an encoder. */
export function orderTable({ encodings }: Summary): Table | undefined {
  const rows = encodings.flatMap(({ title, orderSensitivity: moves }) =>
    moves === undefined
      ? []
      : [[title, formatMove(moves.permuted), formatMove(moves.reversed)].map((text) => ({ text }))],
  );
  if (rows.length === 0) return undefined;
  return { header: ['encoding', 'answer moves when permuted', 'when reversed'], rows };
}

/** Rounding in float64 is called what it is. */
function formatMove(move: number): string {
  return move < 1e-12 ? '0 (rounding)' : formatNumber(move);
}

/** What each encoding costs. */
export function costTable({ encodings }: Summary): Table {
  return {
    header: ['encoding', 'parameters', 'of positions', 'tables', 'ms/step', 'tokens/s', 'memory'],
    rows: encodings.map(({ title, costs }) => [
      { text: title },
      { text: formatCount(costs.parameters) },
      { text: formatCount(costs.positionParameters) },
      { text: formatBytes(costs.tableBytes) },
      { text: formatNumber(costs.medianStepMilliseconds) },
      { text: formatCount(costs.tokensPerSecond) },
      { text: formatBytes(costs.peakMemoryBytes) },
    ]),
  };
}

/** Settings shared by all runs. */
export function settingsTable({ task, model, training, encodings, environment, runs }: Summary): Table {
  const seeds = [...new Set(encodings.flatMap((encoding) => encoding.seeds))].sort((a, b) => a - b);
  const rows: [string, string][] = [
    ['task', `${task.name}: ${task.title}`],
    [
      'examples',
      `${formatCount(task.sizes.train)} train, ${formatCount(task.sizes.validation)} validation, ${formatCount(task.sizes.test)} test`,
    ],
    [
      'test examples by length',
      task.buckets.map(({ label, examples }) => `${label}: ${formatCount(examples)}`).join('; '),
    ],
    ['data fingerprint (SHA-256)', task.fingerprint.slice(0, 16)],
    [
      'model',
      Object.entries(model)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
    [
      'training',
      Object.entries(training)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ],
    ['seeds', seeds.join(', ')],
    ['runs', String(runs)],
    ['computed with', `${environment.engine}; ${environment.cpu}, ${environment.cores} cores, ${environment.platform}`],
    [
      'versions',
      Object.entries(environment.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ];
  return { header: ['setting', 'value'], rows: rows.map((row) => row.map((text) => ({ text }))) };
}

/** What an interval in the tables means. */
export function intervalNote({ encodings }: Summary): string {
  const counts = [...new Set(encodings.map(({ seeds }) => seeds.length))].sort((a, b) => a - b);
  if (counts.every((count) => count === 1)) return 'One seed each: no intervals.';
  return (
    `Means over ${counts.join(' or ')} seeds ± half the 95 % confidence interval (Student's t), with the spread from ` +
    'seed to seed pooled over all encodings. Differences are judged seed by seed, not by whether intervals overlap.'
  );
}

/** Whether a mean is the best of its column; where all are equal, none is. */
function isBest(mean: number, encodings: readonly EncodingSummary[], metric: Metric, bucket: Bucket): boolean {
  const means = encodings.map(({ scores }) => scores[metric.name]?.[bucket.label]?.mean ?? Number.NaN);
  const [low, high] = [Math.min(...means), Math.max(...means)];
  return low !== high && mean === (metric.better === 'lower' ? low : high);
}
