/**
 * What a comparison shows, in plain words, and no more than it shows: a difference is called real only when the paired
 * t-test over seeds says so after Holm's correction for the number of comparisons made.
 */
import { formatScore, listed } from './format.ts';
import { holm, type PairedDifference, pairedDifference } from './statistics.ts';
import type { Bucket, EncodingSummary, Metric, Summary } from './summary.ts';

/** What every comparison is held against. */
const CONTROL = 'none';

/** Sentences, the most important first. */
export function findings(task: Summary['task'], encodings: readonly EncodingSummary[]): readonly string[] {
  const metric = task.metrics[0] as Metric;
  const trained = task.buckets.find((bucket) => bucket.trained) as Bucket;
  const beyond = task.buckets.filter((bucket) => !bucket.trained).at(-1);
  const seeds = Math.min(...encodings.map((encoding) => encoding.seeds.length));
  return [
    ...seedsFinding(seeds),
    ...bestFinding(metric, trained, `within the trained length (${bucketText(task, trained)})`, encodings),
    ...controlFinding(metric, trained, encodings, seeds),
    ...(beyond === undefined ? [] : beyondFindings(task, metric, trained, beyond, encodings)),
    ...tiesFinding(metric, trained, encodings, seeds),
    ...baselineFinding(task, metric, beyond ?? trained, encodings),
    ...orderFinding(task, metric, encodings),
    ...pitfallFindings(encodings),
  ];
}

function bucketText(task: Pick<Summary['task'], 'lengthUnit'>, bucket: Bucket): string {
  return `${bucket.label} ${task.lengthUnit}`;
}

function seedsFinding(seeds: number): string[] {
  if (seeds === 1) {
    return ['One seed: nothing can be concluded about differences, however large they look. Run more: --seeds 3.'];
  }
  if (seeds > 2) return [];
  return [
    'Two seeds give wide intervals: only very large differences can be told from chance. Three or more tell smaller ones: --seeds 3.',
  ];
}

function bestFinding(metric: Metric, bucket: Bucket, where: string, encodings: readonly EncodingSummary[]): string[] {
  const [best, second] = ranked(metric, bucket, encodings);
  if (best === undefined || second === undefined) return [];
  const score = (encoding: EncodingSummary): string => formatScore(meanOf(encoding, metric, bucket), metric);
  return [
    `Best mean ${metric.title} ${where}: ${best.title} with ${score(best)}, then ${second.title} with ${score(second)}.`,
  ];
}

/** Every encoding against no positions, within the trained length. */
function controlFinding(
  metric: Metric,
  bucket: Bucket,
  encodings: readonly EncodingSummary[],
  seeds: number,
): string[] {
  const control = encodings.find(({ encoding }) => encoding === CONTROL);
  if (control === undefined || seeds < 2) return [];
  const others = encodings.filter((encoding) => encoding !== control);
  const tested = others.map((encoding) => compare(encoding, control, metric, bucket));
  const real = holm(tested.map(({ p }) => p ?? 1));
  const better = others.filter((_, index) => real[index] && isBetter(tested[index] as PairedDifference, metric));
  const always = others.filter(
    (encoding, index) => !better.includes(encoding) && winsEverywhere(tested[index] as PairedDifference, metric),
  );
  const rest = others.filter((encoding) => !better.includes(encoding) && !always.includes(encoding));
  const names = (list: readonly EncodingSummary[]): string => listed(list.map(({ title }) => title));
  return [
    ...(better.length > 0
      ? [
          `Better than no positions within the trained length (paired over ${seeds} seeds, corrected for ${others.length} comparisons): ${names(better)}.`,
        ]
      : []),
    ...(always.length > 0
      ? [
          `Better than no positions on every one of ${seeds} seeds, though ${seeds} seeds are too few to exclude chance after correction: ${names(always)}.`,
        ]
      : []),
    ...(rest.length > 0 ? [`Not told from no positions: ${names(rest)}.`] : []),
  ];
}

function beyondFindings(
  task: Summary['task'],
  metric: Metric,
  trained: Bucket,
  beyond: Bucket,
  encodings: readonly EncodingSummary[],
): string[] {
  const change = (encoding: EncodingSummary): number =>
    (meanOf(encoding, metric, beyond) - meanOf(encoding, metric, trained)) * (metric.better === 'lower' ? 1 : -1);
  const positioned = encodings.filter(({ encoding }) => encoding !== CONTROL);
  const byChange = positioned.toSorted((a, b) => change(a) - change(b));
  const [least, most] = [byChange[0], byChange.at(-1)];
  const points = (encoding: EncodingSummary): string =>
    `${formatScore(meanOf(encoding, metric, trained), metric)} to ${formatScore(meanOf(encoding, metric, beyond), metric)}`;
  return [
    ...bestFinding(metric, beyond, `furthest beyond it (${bucketText(task, beyond)})`, encodings),
    ...(least === undefined || most === undefined || least === most
      ? []
      : [
          `From ${bucketText(task, trained)} to ${bucketText(task, beyond)}, ${least.title} loses least (${points(least)}) and ${most.title} most (${points(most)}).`,
        ]),
  ];
}

/** Encodings that cannot be told from the best one. */
function tiesFinding(metric: Metric, bucket: Bucket, encodings: readonly EncodingSummary[], seeds: number): string[] {
  const [best, ...others] = ranked(metric, bucket, encodings);
  if (best === undefined || others.length === 0 || seeds < 2) return [];
  const tested = others.map((encoding) => compare(best, encoding, metric, bucket));
  const real = holm(tested.map(({ p }) => p ?? 1));
  const ties = others.filter((encoding, index) => !real[index] && encoding.encoding !== CONTROL);
  if (ties.length === 0) return [`${best.title} differs from every other encoding within the trained length.`];
  return [
    `Within the trained length, ${best.title} cannot be told from ${listed(ties.map(({ title }) => title))} with ${seeds} seeds.`,
  ];
}

function baselineFinding(
  task: Summary['task'],
  metric: Metric,
  bucket: Bucket,
  encodings: readonly EncodingSummary[],
): string[] {
  return task.baselines.flatMap(({ title, scores }) => {
    const score = scores[bucket.label]?.[metric.name];
    if (score === undefined) return [];
    const better = encodings.filter((encoding) => {
      const mean = meanOf(encoding, metric, bucket);
      return metric.better === 'lower' ? mean < score : mean > score;
    });
    const where = `at ${bucketText(task, bucket)}`;
    return [
      `The baseline “${title}” scores ${formatScore(score, metric)} ${where}; ${better.length} of ${encodings.length} models are better.`,
    ];
  });
}

/** On a task where order is everything, a model without positions must be at chance. */
function orderFinding(task: Summary['task'], metric: Metric, encodings: readonly EncodingSummary[]): string[] {
  const control = encodings.find(({ encoding }) => encoding === CONTROL);
  const blind = encodings.filter(({ orderSensitivity }) => orderSensitivity !== undefined && orderSensitivity < 1e-5);
  const exact =
    blind.length === 0
      ? []
      : [
          `Permuting the input of an untrained encoder changes nothing for ${listed(blind.map(({ title }) => title))}, and something for every other encoding: order is invisible to it.`,
        ];
  if (control === undefined || metric.chance === undefined) return exact;
  const scores = task.buckets.map((bucket) => meanOf(control, metric, bucket));
  const worst = scores.reduce((a, b) =>
    Math.abs(b - (metric.chance ?? 0)) > Math.abs(a - (metric.chance ?? 0)) ? b : a,
  );
  const isAtChance = Math.abs(worst - metric.chance) < 0.005;
  return [
    `Without positions the score must be at chance (${formatScore(metric.chance, metric)}); it is ${formatScore(worst, metric)}${isAtChance ? '.' : ', which means that something leaks the order: do not trust this comparison.'}`,
    ...exact,
  ];
}

function pitfallFindings(encodings: readonly EncodingSummary[]): string[] {
  const told = new Set<string>();
  return encodings.flatMap(({ title, encoding, pitfalls }) =>
    encoding === CONTROL
      ? []
      : pitfalls
          .filter((pitfall) => !told.has(pitfall))
          .map((pitfall) => {
            told.add(pitfall);
            return `Known of ${title.replace(/ \(.*/, '')}: ${pitfall}`;
          }),
  );
}

function compare(a: EncodingSummary, b: EncodingSummary, metric: Metric, bucket: Bucket): PairedDifference {
  const seeds = a.seeds.filter((seed) => b.seeds.includes(seed));
  const pick = (encoding: EncodingSummary): number[] =>
    seeds.map((seed) => encoding.values[metric.name]?.[bucket.label]?.[encoding.seeds.indexOf(seed)] as number);
  // A comparison that was stopped may hold encodings without a common seed: nothing can be said of them.
  if (seeds.length === 0) return { mean: Number.NaN, count: 0, smaller: 0, larger: 0 };
  return pairedDifference(pick(a), pick(b));
}

function isBetter({ mean }: PairedDifference, metric: Metric): boolean {
  return metric.better === 'lower' ? mean < 0 : mean > 0;
}

function winsEverywhere({ smaller, larger, count }: PairedDifference, metric: Metric): boolean {
  return count > 0 && (metric.better === 'lower' ? smaller : larger) === count;
}

function ranked(metric: Metric, bucket: Bucket, encodings: readonly EncodingSummary[]): readonly EncodingSummary[] {
  const sign = metric.better === 'lower' ? 1 : -1;
  return encodings.toSorted((a, b) => sign * (meanOf(a, metric, bucket) - meanOf(b, metric, bucket)));
}

function meanOf(encoding: EncodingSummary, metric: Metric, bucket: Bucket): number {
  return encoding.scores[metric.name]?.[bucket.label]?.mean as number;
}
