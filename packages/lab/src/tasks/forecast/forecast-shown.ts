/**
 * What people see of the task `forecast`: what was read, in numbers and in words, test forecasts over their series, and
 * the window whose attention is drawn. Knows no model.
 */
import { type Series, type SeriesColumn, type SeriesData, timeSpan, timeText } from '../../data/series.ts';
import { formatTime } from '../../data/time.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import type { Sample } from '../../record/sample.ts';
import { summarizeLengths } from '../shared/text-lengths.ts';
import type { LengthBucket, Portrait } from '../task.ts';
import { type Dates, type ForecastPlan, type Origin, spread } from './forecast-plan.ts';
import { intervalShare, medianOf, shareText } from './forecast-scores.ts';
import { positionUnit, type WindowRequest, type Windows } from './forecast-windows.ts';

/** Forecasts that are shown: of the trained context, and of every longer one. */
const SHOWN = { trained: 6, beyond: 2 };
/** Values of the past that are shown with a forecast, at least, or twice its horizon; no more than its context. */
const PAST = 64;
const PORTRAIT_LENGTH = 64;
const FIRST_EXAMPLES = 3;
/** Names of series told in a note. */
const TOLD = 5;

/** @param longest context in use */
export function summarizeSeries(
  data: SeriesData,
  dates: Dates,
  lengths: { readonly context: number; readonly longest: number; readonly chosenBy: string },
): DataSummary {
  const { series, table, timesExact } = data;
  const [first] = series;
  const span = timeSpan(series);
  const gaps = series.reduce((sum, { frequency }) => sum + frequency.irregular.length, 0);
  const columns = [...first.targets, ...first.features];
  return {
    source: table.source,
    format: table.format,
    rows: table.rows,
    refused: { count: table.refused.count, unit: table.refused.unit, first: [...table.refused.first] },
    columns: [...table.columns],
    ...(series.length === 1
      ? {}
      : {
          lengths: summarizeLengths(
            'rows of a series',
            series.map(({ times }) => times.length),
          ),
        }),
    trainedLength: { maximum: lengths.context, limit: lengths.longest, chosenBy: lengths.chosenBy },
    time: {
      first: timeText(data, span.first),
      last: timeText(data, span.last),
      frequency: timesExact ? first.frequency.name : `${first.frequency.name}, counted`,
      gaps,
    },
    splitBy: `by time: training before ${timeText(data, dates.trainEnd)}, test from ${timeText(data, dates.validationEnd)} on${series.length === 1 ? '' : ', the same for all series'}`,
    examples: Array.from({ length: Math.min(FIRST_EXAMPLES, first.times.length) }, (_, row) => {
      const numbers = columns.map(({ name, values }) => `${name} ${values[row]}`);
      return `${timeText(data, first.times[row] as number)}: ${numbers.join(', ')}${series.length === 1 ? '' : ` (${first.name})`}`;
    }),
  };
}

/** What the notes tell of. */
export interface NotesRequest extends WindowRequest {
  readonly data: SeriesData;
  readonly plan: ForecastPlan;
  /** The naive errors of the first series' targets in training. */
  readonly naiveErrors: readonly number[];
  readonly seasonsLeftOut: readonly number[];
}

/** What the reader of a report must know. */
export function notesOf(request: NotesRequest): string[] {
  const { data, plan, kind, horizon, positions, quantiles, naiveErrors, seasonsLeftOut } = request;
  const [first, ...others] = data.series;
  const [train, test] = [timeText(data, plan.dates.trainEnd), timeText(data, plan.dates.validationEnd)];
  const { contexts, forecasts } = plan.leftOut;
  const crossing = crossings(data, plan, horizon);
  const gaps = data.series.some(({ frequency }) => frequency.irregular.length > 0);
  const several = first.targets.length > 1;
  return [
    ...data.notes,
    ...(others.length === 0
      ? []
      : [
          `Series: ${nameList(data.series)}. No window reaches from one into another; all are divided at the same ` +
            'dates, and each is scaled by its own training part.',
        ]),
    `Trained on values before ${train}, tested on those from ${test} on; contexts may reach back, forecasts never do.`,
    'Every input is scaled by the changes up to its own position, never by later ones. All contexts make the same ' +
      'forecasts. Validation is at the trained context only.',
    'Each input says the change since the value before, so a model without positions sees some order too.',
    ...(first.features.length === 0
      ? []
      : [
          `Read but not forecast: ${first.features.map(({ name }) => name).join(', ')}, up to the time of the forecast.`,
        ]),
    `Errors are in the units of the series${kind === 'returns' ? ', forecast returns compounded' : ''}, over steps 1 ` +
      `to ${horizon}; the scaled error is divided by the naive one-step error of the training part, ` +
      `${naiveText(data, naiveErrors)}.`,
    ...(several
      ? [
          `All errors are means over the ${first.targets.length} targets of each one's own; only scaled errors compare ` +
            'targets of different units.',
        ]
      : []),
    ...(quantiles === undefined ? [] : quantileNotes(quantiles)),
    ...(positions === 'time'
      ? [
          `Positions are times, in ${unitText(positionUnit(data))} since the first value of each context, so gaps are ` +
            'seen; tables of whole positions have no row between them.',
        ]
      : gaps
        ? ['Positions are counted, so values on both sides of a gap are neighbours; --positions time shows gaps.']
        : []),
    ...(crossing === 0
      ? []
      : [
          `Steps ahead are counted in values: ${crossing} of ${plan.origins.test.length} test forecasts have a step that ` +
            'is not the usual one before their last value.',
        ]),
    ...(contexts.length > 0 ? [`Too few rows for contexts of ${contexts.join(', ')}: they are left out.`] : []),
    ...(forecasts > 0
      ? [`${forecasts} test forecasts are left out: they have not the longest context behind them.`]
      : []),
    ...seasonsLeftOut.map(
      (season) =>
        `Too few rows for a seasonal naive forecast (period ${season}, ${first.frequency.name}): it is left out.`,
    ),
  ];
}

function quantileNotes(quantiles: readonly number[]): string[] {
  const share = shareText(quantiles);
  return [
    `Quantiles ${quantiles.join(', ')} are forecast and trained with the pinball loss; the median is the point forecast. ` +
      'They are not put in order: the share of neighbours in the wrong order is a score. Baselines spread their forecast ' +
      'by the quantiles of their own training errors.',
    ...(quantiles.length === 1 ? [] : [`Between the lowest and the highest, ${share} of values should lie.`]),
  ];
}

/** Test forecasts, evenly spread, with what came; of several targets in turn. */
export function sampleForecasts(
  data: SeriesData,
  origins: readonly Origin[],
  bucket: LengthBucket,
  { horizon, quantiles }: WindowRequest,
  forecasts: Float64Array,
): Sample[] {
  const targets = data.series[0].targets.length;
  const groups = quantiles?.length ?? 1;
  const rows = spread(Array.from(origins.keys()), bucket.trained ? SHOWN.trained : SHOWN.beyond);
  return rows.map((row, index) => {
    const { series: which, at } = origins[row] as Origin;
    const series = data.series[which] as Series;
    const target = index % targets;
    const column = series.targets[target] as SeriesColumn;
    const start = at + 1 - Math.min(bucket.maximum, Math.max(PAST, 2 * horizon));
    const stretch = (from: number, to: number) => ({
      times: Array.from(series.times.subarray(from, to), (time) => new Date(time).toISOString()),
      values: [...column.values.subarray(from, to)],
    });
    const group = (quantile: number): number[] =>
      Array.from({ length: horizon }, (_, step) => {
        return forecasts[((row * horizon + step) * targets + target) * groups + quantile] as number;
      });
    return {
      kind: 'series',
      id: `${data.series.length === 1 ? '' : `${series.name} `}${column.name} from ${timeText(data, series.times[at] as number)}, context ${bucket.label}`,
      bucket: bucket.label,
      title: titleOf(data, series, column),
      past: stretch(start, at + 1),
      future: stretch(at + 1, at + 1 + horizon),
      forecast: group(quantiles === undefined ? 0 : medianOf(quantiles)),
      ...(quantiles === undefined || groups === 1
        ? {}
        : { interval: { low: group(0), high: group(groups - 1), share: intervalShare(quantiles) } }),
    };
  });
}

/** The window before the first test forecast, at most `PORTRAIT_LENGTH` values of it. */
export function forecastPortrait(data: SeriesData, plan: ForecastPlan, windows: Windows, context: number): Portrait {
  const origin = plan.origins.test[0] as Origin;
  const length = Math.min(context, PORTRAIT_LENGTH);
  const { times, targets } = data.series[origin.series] as Series;
  const start = origin.at + 1 - length;
  return {
    batch: windows.collate([origin], length, 'last'),
    target: Array.from({ length }, (_, position) => {
      const value = String(Number((targets[0].values[start + position] as number).toPrecision(5)));
      return data.timesExact ? `${shortTime(times[start + position] as number)}: ${value}` : value;
    }),
  };
}

/** The time to the minute. */
function shortTime(time: number): string {
  return formatTime(time)
    .replace('T', ' ')
    .replace(/:\d\d\.\d{3}Z$/, '');
}

function titleOf({ series, unit, timesExact }: SeriesData, own: Series, column: SeriesColumn): string {
  const alone = series.length === 1;
  const named = alone && own.targets.length === 1 ? own.name : `${own.name}: ${column.name}`;
  return `${named}${unit === undefined ? '' : ` (${unit})`}${timesExact ? '' : ', dates counted, not stated'}`;
}

function nameList(series: readonly Series[]): string {
  const told = series.slice(0, TOLD).map(({ name }) => name);
  return `${told.join(', ')}${series.length > TOLD ? ` and ${series.length - TOLD} more` : ''}`;
}

function naiveText({ series }: SeriesData, naiveErrors: readonly number[]): string {
  const numbers = naiveErrors.map((error) => error.toPrecision(4)).join(', ');
  return series.length === 1 ? numbers : `of each series its own, of ${series[0].name} ${numbers}`;
}

function unitText(unit: number): string {
  for (const [name, size] of [
    ['days', 86_400_000],
    ['hours', 3_600_000],
    ['minutes', 60_000],
    ['seconds', 1000],
  ] as const) {
    if (unit % size === 0) return unit === size ? name : `steps of ${unit / size} ${name}`;
  }
  return `steps of ${unit} milliseconds`;
}

/** Test forecasts with an unusual step among their values. */
function crossings({ series }: SeriesData, { origins }: ForecastPlan, horizon: number): number {
  const unusual = series.map(({ frequency }) => new Set(frequency.irregular));
  return origins.test.filter(({ series: which, at }) =>
    Array.from({ length: horizon }, (_, step) => at + 1 + step).some((index) => unusual[which]?.has(index)),
  ).length;
}
