/**
 * From forecast origins to batches of numbers, and from a model's answers back to values. Every column is scaled by its
 * own changes up to each position. Knows no splits, no scores and no model.
 * Shape legend: B windows, L values of context, F numbers a position, H steps ahead, T targets, Q quantiles.
 */
import type { Positions } from 'posenc';
import type { Series, SeriesColumn, SeriesData } from '../../data/series.ts';
import { DAY, middleStep } from '../../data/time.ts';
import { naiveError } from '../metrics/forecast-errors.ts';
import type { Batch } from '../task.ts';
import {
  type CausalWindow,
  causalWindow,
  FEATURES,
  forecastFrom,
  type SeriesKind,
  targetAt,
  typicalChange,
} from './causal-window.ts';
import type { Origin } from './forecast-plan.ts';

/** Where values stand: at their index within the context, or at their time. */
export type PositionKind = 'index' | 'time';

/** What is read and what is asked for. */
export interface WindowRequest {
  readonly kind: SeriesKind;
  readonly positions: PositionKind;
  readonly horizon: number;
  /** Ascending; one forecast of each value without them. */
  readonly quantiles?: readonly number[] | undefined;
}

/** Sizes of one column that only its training part decides. */
export interface ColumnScale {
  /** The root mean square of its changes. */
  readonly typicalChange: number;
  /** The mean absolute change: the error of the naive forecast one step ahead. */
  readonly naiveError: number;
}

/** By series: of each target, then of each feature. */
export type Scales = readonly (readonly ColumnScale[])[];

export interface Windows {
  /** F: for each target what its kind has, for each feature its change and its distance from the mean. */
  readonly features: number;
  /** Windows [B, L, F] that end at the origins; labels [B, L, H · T] at all positions or at the last. */
  collate(origins: readonly Origin[], length: number, scored: 'all' | 'last'): Batch;
  /** What answers [B, H · T · Q] for contexts of that length mean: values [B, H, T, Q]. */
  forecasts(origins: readonly Origin[], length: number, answers: Float64Array): Float64Array;
  /** What came: values [B, H, T]. */
  actual(origins: readonly Origin[]): Float64Array;
  /** Positions that windows of that length reach, at most. */
  extent(length: number): number;
}

/** @throws {RangeError} if there is no such column */
export function scaleOf(scales: Scales, series: number, column: number): ColumnScale {
  const scale = scales[series]?.[column];
  if (scale === undefined) throw new RangeError(`scaleOf: series ${series} has no column ${column}`);
  return scale;
}

/** @param end of the training part of the series */
export function scalesOf({ targets, features }: Series, end: number, kind: SeriesKind): ColumnScale[] {
  return columnsOf({ targets, features }, kind).map(({ values, kind: own }) => ({
    typicalChange: typicalChange(own, values, end),
    naiveError: naiveError(values.subarray(0, end)),
  }));
}

/** What one unit of a position is, in milliseconds: the usual step if it is shorter than a day, else a day. */
export function positionUnit({ series: [first] }: SeriesData): number {
  return Math.min(DAY, middleStep(first.times));
}

export function createWindows(data: SeriesData, scales: Scales, request: WindowRequest): Windows {
  const { kind, horizon, positions, quantiles } = request;
  const { series } = data;
  const groups = quantiles?.length ?? 1;
  const targets = series[0].targets.length;
  const widths = columnsOf(series[0], kind).map((column) => FEATURES[column.kind]);
  const features = widths.reduce((sum, width) => sum + width, 0);
  const unit = positionUnit(data);
  const seriesOf = ({ series: index }: Origin): Series => series[index] as Series;
  const targetOf = (origin: Origin, target: number): Float64Array =>
    (seriesOf(origin).targets[target] as SeriesColumn).values;
  const windowsAt = (origin: Origin, length: number, columns: number): CausalWindow[] =>
    columnsOf(seriesOf(origin), kind)
      .slice(0, columns)
      .map(({ values, kind: own }, column) => {
        const prior = scaleOf(scales, origin.series, column).typicalChange;
        return causalWindow(own, values, origin.at - length + 1, length, prior);
      });

  const collate: Windows['collate'] = (origins, length, scored) => {
    const width = horizon * targets;
    const inputs = new Float32Array(origins.length * length * features);
    const labels = new Float32Array(origins.length * length * width).fill(Number.NaN);
    origins.forEach((origin, row) => {
      const windows = windowsAt(origin, length, widths.length);
      let column = 0;
      for (const [index, window] of windows.entries()) {
        const size = widths[index] as number;
        for (let position = 0; position < length; position++) {
          const from = window.inputs.subarray(position * size, (position + 1) * size);
          inputs.set(from, (row * length + position) * features + column);
        }
        column += size;
      }
      const start = origin.at - length + 1;
      for (let target = 0; target < targets; target++) {
        const values = targetOf(origin, target);
        const { scales: units } = windows[target] as CausalWindow;
        for (let position = scored === 'all' ? 0 : length - 1; position < length; position++) {
          const at = (row * length + position) * width + target;
          for (let step = 1; step <= horizon; step++) {
            const label = targetAt(kind, values, start + position, step, unitOf(units[position] as number, step));
            labels[at + (step - 1) * targets] = label;
          }
        }
      }
    });
    const placed = positions === 'time' ? { positions: timesOf(origins, length) } : {};
    const lengths = new Int32Array(origins.length).fill(length);
    return { size: origins.length, target: { data: inputs, length, lengths, ...placed }, labels };
  };

  /** Units from the first value of each context to each of its values. */
  const timesOf = (origins: readonly Origin[], length: number): Positions => {
    const values = new Float64Array(origins.length * length);
    origins.forEach((origin, row) => {
      const { times } = seriesOf(origin);
      const start = origin.at - length + 1;
      for (let position = 0; position < length; position++) {
        values[row * length + position] = ((times[start + position] as number) - (times[start] as number)) / unit;
      }
    });
    return { values, batch: origins.length, length, axes: 1 };
  };

  return {
    features,
    collate,
    forecasts: (origins, length, answers) => {
      const width = horizon * targets * groups;
      const forecasts = new Float64Array(origins.length * width);
      origins.forEach((origin, row) => {
        for (const [target, { scales: units }] of windowsAt(origin, length, targets).entries()) {
          const [value, scale] = [targetOf(origin, target)[origin.at] as number, units[length - 1] as number];
          for (let step = 0; step < horizon; step++) {
            for (let group = 0; group < groups; group++) {
              const at = row * width + (step * targets + target) * groups + group;
              forecasts[at] = forecastFrom(kind, value, unitOf(scale, step + 1), answers[at] as number);
            }
          }
        }
      });
      return forecasts;
    },
    actual: (origins) => {
      const values = new Float64Array(origins.length * horizon * targets);
      origins.forEach((origin, row) => {
        for (let target = 0; target < targets; target++) {
          for (let step = 0; step < horizon; step++) {
            const value = targetOf(origin, target)[origin.at + 1 + step] as number;
            values[(row * horizon + step) * targets + target] = value;
          }
        }
      });
      return values;
    },
    extent: (length) => {
      if (positions === 'index') return length;
      return Math.floor(Math.max(...series.map(({ times }) => longestSpan(times, length))) / unit) + 1;
    },
  };
}

/** What one unit of an answer means `step` steps ahead: the changes of a random walk grow with the root of its steps. */
export function unitOf(scale: number, step: number): number {
  return scale * Math.sqrt(step);
}

/** Columns in the order of a model's input. Features are read as levels: they may have no logarithm. */
function columnsOf(
  { targets, features }: Pick<Series, 'targets' | 'features'>,
  kind: SeriesKind,
): { readonly values: Float64Array; readonly kind: SeriesKind }[] {
  return [
    ...targets.map(({ values }) => ({ values, kind })),
    ...features.map(({ values }) => ({ values, kind: 'level' as const })),
  ];
}

/** Milliseconds that `length` values in turn span at most. */
function longestSpan(times: Float64Array, length: number): number {
  return times.reduce((most, time, at) => {
    return at < length - 1 ? most : Math.max(most, time - (times[at - length + 1] as number));
  }, 0);
}
