/**
 * What a comparison shows, in plain words, and no more than it shows: a difference is called real only when the t-test
 * paired over seeds (randomised block design: residual variance pooled over encodings) says so after Holm's correction
 * for all pairs of encodings, so that the best one may be picked after looking.
 */
import { type Difference, differenceOf, pairDifferences } from './differences.ts';
import { formatScore, listed } from './format.ts';
import { roomFindings } from './room.ts';
import type { Bucket, EncodingSummary, Metric, Room, Summary } from './summary.ts';

/** Below this a move of the answer is rounding. */
const INVISIBLE = 1e-5;

/** What every comparison is held against. */
const CONTROL = 'none';

/** Sentences, the most important first. */
export function findings(
  task: Summary['task'],
  encodings: readonly EncodingSummary[],
  room: Room | undefined,
): readonly string[] {
  const metric = task.metrics[0] as Metric;
  const trained = task.buckets.find((bucket) => bucket.trained) as Bucket;
  const beyond = task.buckets.filter((bucket) => !bucket.trained).at(-1);
  const seeds = Math.min(...encodings.map((encoding) => encoding.seeds.length));
  return [
    ...seedsFinding(seeds),
    ...bestFinding(metric, trained, `within the trained length (${bucketText(task, trained)})`, encodings),
    ...roomFindings(room, task),
    ...controlFinding(metric, trained, encodings, seeds),
    ...(beyond === undefined ? [] : beyondFindings(task, metric, trained, beyond, encodings)),
    ...tiesFinding(metric, trained, 'within the trained length', encodings, seeds),
    ...(beyond === undefined ? [] : tiesFinding(metric, beyond, `at ${bucketText(task, beyond)}`, encodings, seeds)),
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
  return [];
}

function bestFinding(metric: Metric, bucket: Bucket, where: string, encodings: readonly EncodingSummary[]): string[] {
  const [best, second] = ranked(metric, bucket, encodings);
  if (best === undefined || second === undefined) return [];
  const score = (encoding: EncodingSummary): string => formatScore(meanOf(encoding, metric, bucket), metric);
  return [
    `Best ${metric.title} ${where}, by the mean over seeds: ${best.title} with ${score(best)}, then ${second.title} with ${score(second)}.`,
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
  const pairs = pairDifferences(encodings, metric.name, bucket.label);
  const against = (encoding: EncodingSummary): Difference | undefined =>
    differenceOf(pairs, encoding.encoding, control.encoding);
  const names = (list: readonly EncodingSummary[]): string => listed(list.map(({ title }) => title));
  const isGain = (mean: number): boolean => (metric.better === 'lower' ? mean < 0 : mean > 0);
  const distinct = others.filter((encoding) => against(encoding)?.distinct);
  const better = distinct.filter((encoding) => isGain(against(encoding)?.mean as number));
  const worse = distinct.filter((encoding) => !better.includes(encoding));
  const rest = others.filter((encoding) => !distinct.includes(encoding));
  const how = `paired over ${seeds} seeds, corrected for all ${pairs.length} pairs`;
  return [
    ...(better.length > 0 ? [`Better than no positions within the trained length (${how}): ${names(better)}.`] : []),
    ...(worse.length > 0 ? [`Worse than no positions within the trained length (${how}): ${names(worse)}.`] : []),
    ...(rest.length > 0 ? [`Not told from no positions within the trained length: ${names(rest)}.`] : []),
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
  // An encoding that is hardly better than none has little to lose; its small loss would mislead.
  const control = encodings.find(({ encoding }) => encoding === CONTROL);
  const [first] = ranked(metric, trained, encodings);
  const positioned = encodings.filter((encoding) => {
    if (control === undefined || first === undefined) return true;
    const score = meanOf(encoding, metric, trained);
    return Math.abs(score - meanOf(first, metric, trained)) < Math.abs(score - meanOf(control, metric, trained));
  });
  const byChange = positioned.toSorted((a, b) => change(a) - change(b));
  const [least, most] = [byChange[0], byChange.at(-1)];
  const points = (encoding: EncodingSummary): string =>
    `${formatScore(meanOf(encoding, metric, trained), metric)} to ${formatScore(meanOf(encoding, metric, beyond), metric)}`;
  return [
    ...bestFinding(metric, beyond, `furthest beyond it (${bucketText(task, beyond)})`, encodings),
    ...(least === undefined || most === undefined || least === most
      ? []
      : [
          `From ${bucketText(task, trained)} to ${bucketText(task, beyond)}, of the encodings that do well within the trained length, ${least.title} loses least (${points(least)}) and ${most.title} most (${points(most)}).`,
        ]),
  ];
}

/** Encodings that cannot be told from the best one of a bucket. */
function tiesFinding(
  metric: Metric,
  bucket: Bucket,
  where: string,
  encodings: readonly EncodingSummary[],
  seeds: number,
): string[] {
  const [best, ...others] = ranked(metric, bucket, encodings);
  if (best === undefined || others.length === 0 || seeds < 2) return [];
  const pairs = pairDifferences(encodings, metric.name, bucket.label);
  const ties = others.filter(({ encoding }) => !differenceOf(pairs, best.encoding, encoding)?.distinct);
  if (ties.length === 0) return [`${capital(where)}, ${best.title} differs from every other encoding.`];
  const rest = ties.length === others.length ? '' : '; it can from every other encoding';
  return [
    `${capital(where)}, ${best.title} cannot be told from ${listed(ties.map(({ title }) => title))} with ${seeds} seeds${rest}.`,
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
  const isZero = (move: number | undefined): boolean => move !== undefined && move < INVISIBLE;
  const tested = encodings.filter(({ orderSensitivity }) => orderSensitivity !== undefined);
  const blind = tested.filter(({ orderSensitivity }) => isZero(orderSensitivity?.permuted));
  const mirrored = tested.filter(
    (encoding) => !blind.includes(encoding) && isZero(encoding.orderSensitivity?.reversed),
  );
  const names = (list: readonly EncodingSummary[]): string => listed(list.map(({ title }) => title));
  const exact = [
    ...(blind.length === 0
      ? []
      : [
          `Permuting the tokens given to an untrained encoder leaves its answer unchanged with ${names(blind)}, and with no other encoding: order is invisible.`,
        ]),
    ...(mirrored.length === 0
      ? []
      : [
          `Reversing them leaves the answer unchanged with ${names(mirrored)} too: before any training, left and right are told apart by nothing.`,
        ]),
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

function ranked(metric: Metric, bucket: Bucket, encodings: readonly EncodingSummary[]): readonly EncodingSummary[] {
  const sign = metric.better === 'lower' ? 1 : -1;
  return encodings.toSorted((a, b) => sign * (meanOf(a, metric, bucket) - meanOf(b, metric, bucket)));
}

function meanOf(encoding: EncodingSummary, metric: Metric, bucket: Bucket): number {
  return encoding.scores[metric.name]?.[bucket.label]?.mean as number;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
