/**
 * How much room order has on a task: the best encoding against baselines that see the same input without its order, and
 * against trivial ones, within the trained range. Says no more than that: a baseline is another kind of model, so a small
 * room may also mean that these models are small or trained little.
 */
import { type Difference, differenceOf, pairDifferences } from './differences.ts';
import { formatEstimate, formatNumber, formatScore, listed } from './format.ts';
import type { Advantage, BaselineScore, EncodingSummary, Metric, Room, Summary } from './summary.ts';
import type { Table } from './tables.ts';

/** Smaller rooms are little whatever the interval: of a fraction, and of other metrics as a share of the baseline. */
const LEAST_FRACTION = 0.01;
const LEAST_SHARE = 0.02;

const CONTROL = 'none';

/** `undefined` where no baseline is known within the trained range. */
export function roomOf(task: Summary['task'], encodings: readonly EncodingSummary[]): Room | undefined {
  const bucket = task.buckets.find(({ trained }) => trained);
  if (bucket === undefined) return undefined;
  const known = (metric: Metric): boolean =>
    task.baselines.some(({ scores }) => scores[bucket.label]?.[metric.name] !== undefined);
  const metric = task.metrics.find(known);
  if (metric === undefined) return undefined;
  const sign = metric.better === 'lower' ? -1 : 1;
  const bestOf = (blind: boolean): BaselineScore | undefined =>
    task.baselines
      .filter(({ orderBlind = false }) => orderBlind === blind)
      .flatMap(({ name, title, scores }) => {
        const score = scores[bucket.label]?.[metric.name];
        return score === undefined ? [] : [{ name, title, score }];
      })
      .sort((a, b) => sign * (b.score - a.score))[0];
  const [orderBlind, trivial] = [bestOf(true), bestOf(false)];
  const rows = encodings
    .flatMap(({ encoding, title, scores }) => {
      const score = scores[metric.name]?.[bucket.label];
      if (score === undefined) return [];
      const over = (baseline: BaselineScore): Advantage =>
        advantageOf(sign * (score.mean - baseline.score), score.margin);
      return [
        {
          encoding,
          title,
          score,
          ...(orderBlind === undefined ? {} : { overOrderBlind: over(orderBlind) }),
          ...(trivial === undefined ? {} : { overTrivial: over(trivial) }),
        },
      ];
    })
    .sort((a, b) => sign * (b.score.mean - a.score.mean));
  const [best] = rows;
  if (best === undefined) return undefined;
  const pairs = pairDifferences(encodings, metric.name, bucket.label);
  return {
    metric: metric.name,
    bucket: bucket.label,
    ...(orderBlind === undefined ? {} : { orderBlind }),
    ...(trivial === undefined ? {} : { trivial }),
    ...(best.overOrderBlind === undefined ? {} : { room: best.overOrderBlind.difference }),
    verdict: verdictOf(metric, orderBlind, best.overOrderBlind),
    ...(pairs.some(({ p }) => p !== undefined) ? { encodingsDiffer: pairs.some(({ distinct }) => distinct) } : {}),
    ...positionsHelp(best.encoding, pairs),
    encodings: rows,
  };
}

/** Whether the best encoding is better than no positions; nothing where that is not known. */
function positionsHelp(best: string, pairs: readonly Difference[]): Pick<Room, 'positionsHelp'> {
  if (best === CONTROL) return pairs.some(({ p }) => p !== undefined) ? { positionsHelp: false } : {};
  const pair = differenceOf(pairs, best, CONTROL);
  return pair?.p === undefined ? {} : { positionsHelp: pair.distinct };
}

/** Sentences, the most important first. */
export function roomFindings(room: Room | undefined, task: Summary['task']): readonly string[] {
  const metric = task.metrics.find(({ name }) => name === room?.metric);
  if (room === undefined || metric === undefined) return [];
  return [...blindFindings(room, metric, task), ...trivialFindings(room, metric)];
}

function blindFindings(room: Room, metric: Metric, task: Summary['task']): readonly string[] {
  const [best] = room.encodings as [Room['encodings'][number]];
  const { orderBlind } = room;
  if (orderBlind === undefined) {
    return ['No order-blind baseline is known for this task: how much room order has is not measured here.'];
  }
  const amount = gap(room.room as number, metric);
  return [
    `Room for order within the trained length (${room.bucket} ${task.lengthUnit}, ${metric.title}): the best encoding, ${best.title}, scores ${formatEstimate(best.score, metric)}, the order-blind baseline “${orderBlind.title}” ${formatScore(orderBlind.score, metric)}: ${(room.room as number) > 0 ? `${amount} to gain` : `${amount}, nothing to gain`}.`,
    ...verdictFinding(room, best.title),
    ...controlFinding(room, metric),
  ];
}

function verdictFinding({ verdict, positionsHelp, encodingsDiffer }: Room, best: string): readonly string[] {
  if (verdict === 'some') return [];
  if (verdict === 'unjudged') return ['With one seed it is not known whether that room is more than chance.'];
  if (positionsHelp === true) {
    return [
      `That is little or no room over that baseline, which is another kind of model; yet ${best} and no positions differ, so order does help these models here.`,
    ];
  }
  if (encodingsDiffer === true) {
    return [
      'That is little or no room over that baseline, which is another kind of model; encodings differ all the same, but whether by order is not shown here.',
    ];
  }
  return [
    'That is little or no room: at this size this task cannot tell encodings apart, and differences between them here say nothing about positions.',
  ];
}

function controlFinding({ encodings, orderBlind }: Room, metric: Metric): readonly string[] {
  const control = encodings.find(({ encoding }) => encoding === CONTROL);
  if (control?.overOrderBlind === undefined || orderBlind === undefined) return [];
  const { is, difference } = control.overOrderBlind;
  const score = formatEstimate(control.score, metric);
  const where = {
    level: `at the order-blind baseline within its interval`,
    better: `better than the order-blind baseline by ${gap(Math.abs(difference), metric)}: it found more than that baseline does, or sees order by other means, such as a causal mask`,
    worse: `worse than the order-blind baseline by ${gap(Math.abs(difference), metric)}: as trained, it does not use all that can be known without order`,
    unjudged: `${gap(difference, metric)} from the order-blind baseline; one seed, so not judged`,
  }[is];
  return [`Without positions the score is ${score}: ${where}.`];
}

function trivialFindings({ trivial, encodings }: Room, metric: Metric): readonly string[] {
  if (trivial === undefined) return [];
  const titles = (kinds: readonly Advantage['is'][]): readonly string[] =>
    encodings.flatMap(({ title, overTrivial }) => (overTrivial && kinds.includes(overTrivial.is) ? [title] : []));
  const [better, not, unjudged] = [titles(['better']), titles(['level', 'worse']), titles(['unjudged'])];
  const parts = [
    ...(better.length === 0
      ? []
      : [`${listed(better)} ${better.length === 1 ? 'beats' : 'beat'} it by more than the 95 % interval`]),
    ...(not.length === 0 ? [] : [`${listed(not)} ${not.length === 1 ? 'does' : 'do'} not`]),
    ...(unjudged.length === 0 ? [] : [unjudgedText(encodings)]),
  ];
  const which = `the trivial baseline “${trivial.title}” (${formatScore(trivial.score, metric)})`;
  return [`Against ${which} within the trained length: ${parts.join('; ')}.`];
}

function unjudgedText(encodings: Room['encodings']): string {
  const above = encodings.filter(({ overTrivial }) => (overTrivial?.difference ?? 0) > 0);
  return `one seed, so not judged; by its score alone, ${above.length === 0 ? 'none is' : `${listed(above.map(({ title }) => title))} ${above.length === 1 ? 'is' : 'are'}`} better`;
}

/** A row per encoding, the best first; then the baselines. */
export function roomTable(room: Room, task: Pick<Summary['task'], 'metrics'>): Table | undefined {
  const metric = task.metrics.find(({ name }) => name === room.metric);
  if (metric === undefined) return undefined;
  const { orderBlind, trivial } = room;
  const against = [
    ...(orderBlind === undefined ? [] : [{ title: 'over the order-blind baseline', key: 'overOrderBlind' as const }]),
    ...(trivial === undefined ? [] : [{ title: 'over the trivial one', key: 'overTrivial' as const }]),
  ];
  const named = { 'order-blind': orderBlind, trivial };
  const baselines = Object.entries(named).flatMap(([kind, baseline]) =>
    baseline === undefined ? [] : [{ ...baseline, kind }],
  );
  return {
    header: ['encoding', metric.title, ...against.map(({ title }) => title)],
    rows: [
      ...room.encodings.map((row) => [
        { text: row.title },
        { text: formatEstimate(row.score, metric) },
        ...against.map(({ key }) => ({ text: advantageText(row[key], metric) })),
      ]),
      ...baselines.map(({ kind, title, score }) => [
        { text: `${kind} baseline: ${title}` },
        { text: formatScore(score, metric) },
        ...against.map(() => ({ text: '' })),
      ]),
    ],
  };
}

/** What the table's words mean. */
export function roomNote(room: Room, task: Pick<Summary['task'], 'lengthUnit'>): string {
  return (
    `Within the trained length (${room.bucket} ${task.lengthUnit}); positive is better. “Better” and “worse” are by more ` +
    "than the encoding's own 95 % interval over seeds, “level” is within it; baselines have no spread."
  );
}

function advantageOf(difference: number, margin: number | undefined): Advantage {
  if (margin === undefined) return { difference, is: 'unjudged' };
  const is = Math.abs(difference) <= margin ? 'level' : difference > 0 ? 'better' : 'worse';
  return { difference, margin, is };
}

function verdictOf(
  metric: Metric,
  orderBlind: BaselineScore | undefined,
  best: Advantage | undefined,
): Room['verdict'] {
  if (orderBlind === undefined || best === undefined) return 'unjudged';
  const least = metric.format === 'fraction' ? LEAST_FRACTION : LEAST_SHARE * Math.abs(orderBlind.score);
  if (best.difference < least) return 'little';
  return { better: 'some', unjudged: 'unjudged', level: 'little', worse: 'little' }[best.is] as Room['verdict'];
}

function advantageText(advantage: Advantage | undefined, metric: Metric): string {
  if (advantage === undefined) return '–';
  return `${gap(advantage.difference, metric, true)}${advantage.is === 'unjudged' ? '' : `, ${advantage.is}`}`;
}

/** A difference in the metric's units: percentage points of a fraction. */
function gap(difference: number, { format, unit }: Metric, signed = false): string {
  const size = Math.abs(difference);
  const number = format === 'fraction' ? (100 * size).toFixed(1) : formatNumber(size);
  const sign = Number(number) === 0 ? '' : difference < 0 ? '−' : signed ? '+' : '';
  const name = format === 'fraction' ? 'points' : unit;
  return `${sign}${number}${name === undefined ? '' : ` ${name}`}`;
}
