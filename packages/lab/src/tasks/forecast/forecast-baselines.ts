/**
 * Forecasts that need no model: the last value, the value a season before, and the mean of the context, which does not
 * see the order of its values. Their quantiles are their own errors in training, put around them. Knows no model.
 * Shape legend: H steps ahead, T targets, Q quantiles.
 */
import type { Series, SeriesColumn, SeriesData } from '../../data/series.ts';
import { DAY, middleStep } from '../../data/time.ts';
import type { PreparedTask, Scores } from '../task.ts';
import { type ForecastPlan, type Origin, spread } from './forecast-plan.ts';
import { type Outcome, pointScores, quantileScores } from './forecast-scores.ts';
import { type Scales, scaleOf } from './forecast-windows.ts';

/** What baselines are scored on. */
export interface BaselineRequest {
  readonly data: SeriesData;
  readonly plan: ForecastPlan;
  readonly scales: Scales;
  /** The context length of training. */
  readonly context: number;
  readonly horizon: number;
  readonly quantiles?: readonly number[] | undefined;
  /** Of the test forecasts. */
  readonly outcome: Outcome;
}

export interface Baselines {
  readonly baselines: PreparedTask['baselines'];
  /** Seasons for which there are too few rows. */
  readonly leftOut: readonly number[];
}

interface Rule {
  readonly name: string;
  readonly title: string;
  readonly orderBlind?: true;
  /** Values that a forecast needs up to its origin. */
  readonly history: number;
  /** The next H values of a target. */
  predict(series: Series, values: Float64Array, at: number, length: number): ArrayLike<number>;
}

/** Training forecasts whose errors spread the quantiles, at most and at least. */
const MOST_ERRORS = 2000;
const FEWEST_ERRORS = 16;

export function scoreBaselines(request: BaselineRequest): Baselines {
  const { data, plan, horizon, quantiles } = request;
  const shortest = plan.origins.test.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const history = ({ history: needed }: Rule): boolean =>
    needed <= shortest + 1 &&
    (quantiles === undefined || plan.origins.train.filter(({ at }) => at + 1 >= needed).length >= FEWEST_ERRORS);
  const seasonal = data.seasons.map((season) => ({ season, rule: seasonalNaive(data, season, horizon) }));
  const mean: Rule = {
    name: 'mean',
    title: 'mean of the context',
    orderBlind: true,
    history: 1,
    predict: (_, values, at, length) =>
      new Float64Array(horizon).fill(meanOf(values.subarray(at - length + 1, at + 1))),
  };
  const rules = [lastValue(horizon), ...seasonal.map(({ rule }) => rule).filter(history), mean];
  return {
    baselines: rules.map((rule) => {
      const scores = scorer(rule, request);
      const { name, orderBlind } = rule;
      const title = quantiles === undefined ? rule.title : `${rule.title}, spread as its training errors`;
      return {
        name,
        title,
        ...(orderBlind === undefined ? {} : { orderBlind }),
        scores: Object.fromEntries(plan.buckets.map(({ label, maximum }) => [label, scores(maximum)])),
      };
    }),
    leftOut: seasonal.filter(({ rule }) => !history(rule)).map(({ season }) => season),
  };
}

function lastValue(horizon: number): Rule {
  return {
    name: 'naive',
    title: 'naive (the last value)',
    history: 1,
    predict: (_, values, at) => new Float64Array(horizon).fill(values[at] as number),
  };
}

/**
 * The value the fewest whole seasons before the time forecast. Where a series of equal steps has gaps, that is the last
 * value at or before that time; nothing later than the origin is looked at, not even times.
 */
function seasonalNaive({ seasons, series: all }: SeriesData, season: number, horizon: number): Rule {
  const steps = new Map(all.map((series) => [series, series.frequency.irregular.length > 0 ? equalStep(series) : 0]));
  const name = seasons.length === 1 ? 'seasonal-naive' : `seasonal-naive-${season}`;
  const title = `seasonal naive (period ${season}, ${all[0].frequency.name})`;
  const predict: Rule['predict'] = (series, values, at) => {
    const { times } = series;
    const step = steps.get(series) ?? 0;
    return Float64Array.from({ length: horizon }, (_, index) => {
      const ahead = index + 1;
      if (step === 0) return values[at + ahead - season * Math.ceil(ahead / season)] as number;
      const period = step < DAY ? Math.max(DAY, season * step) : season * step;
      const wanted = (times[at] as number) + ahead * step - period * Math.ceil((ahead * step) / period);
      let from = at;
      while (from > 0 && (times[from] as number) > wanted) from--;
      return values[from] as number;
    });
  };
  return { name, title, history: season, predict };
}

/** The step of a series whose usual steps are all equal, in milliseconds; 0 where they are not, as business days. */
function equalStep({ times, frequency }: Series): number {
  const step = middleStep(times);
  let others = 0;
  for (let at = 1; at < times.length; at++) if ((times[at] as number) - (times[at - 1] as number) !== step) others++;
  return others === frequency.irregular.length ? step : 0;
}

/** Scores of a rule by context length. */
function scorer(rule: Rule, request: BaselineRequest): (length: number) => Scores {
  const { plan, quantiles, outcome } = request;
  const predict = (length: number): Float64Array => predictAll(rule, request, plan.origins.test, length);
  if (quantiles === undefined) return (length) => pointScores(predict(length), outcome);
  const spreads = errorQuantiles(rule, request, quantiles);
  const { targets, horizon } = outcome;
  return (length) => {
    const points = predict(length);
    const forecasts = new Float64Array(points.length * quantiles.length);
    points.forEach((point, at) => {
      const [target, step] = [at % targets, Math.floor(at / targets) % horizon];
      const naive = outcome.naiveErrors[Math.floor(at / (targets * horizon)) * targets + target] as number;
      quantiles.forEach((_, group) => {
        const error = spreads[(step * targets + target) * quantiles.length + group] as number;
        forecasts[at * quantiles.length + group] = point + naive * error;
      });
    });
    return quantileScores(forecasts, outcome, quantiles);
  };
}

/** Quantiles of the training errors at the trained context, in naive errors of their series [H, T, Q]. */
function errorQuantiles(rule: Rule, request: BaselineRequest, quantiles: readonly number[]): Float64Array {
  const { data, plan, scales, context, horizon, outcome } = request;
  const { targets } = outcome;
  const origins = spread(
    plan.origins.train.filter(({ at }) => at + 1 >= rule.history),
    MOST_ERRORS,
  );
  const points = predictAll(rule, request, origins, context);
  const result = new Float64Array(horizon * targets * quantiles.length);
  for (let column = 0; column < horizon * targets; column++) {
    const [step, target] = [Math.floor(column / targets), column % targets];
    const errors = Float64Array.from(origins, ({ series, at }, row) => {
      const { values } = (data.series[series] as Series).targets[target] as SeriesColumn;
      const error = (values[at + 1 + step] as number) - (points[row * horizon * targets + column] as number);
      return error / scaleOf(scales, series, target).naiveError;
    }).sort();
    quantiles.forEach((quantile, group) => {
      result[column * quantiles.length + group] = quantileOf(errors, quantile);
    });
  }
  return result;
}

/** Forecasts [N, H, T]. */
function predictAll(rule: Rule, request: BaselineRequest, origins: readonly Origin[], length: number): Float64Array {
  const { data, horizon, outcome } = request;
  const { targets } = outcome;
  const forecasts = new Float64Array(origins.length * horizon * targets);
  origins.forEach(({ series: index, at }, row) => {
    const series = data.series[index] as Series;
    for (const [target, { values }] of series.targets.entries()) {
      const steps = rule.predict(series, values, at, length);
      for (let step = 0; step < horizon; step++) {
        forecasts[(row * horizon + step) * targets + target] = steps[step] as number;
      }
    }
  });
  return forecasts;
}

/** The quantile of sorted numbers, with straight lines between them (Hyndman & Fan 1996, definition 7; numpy's default). */
export function quantileOf(sorted: Float64Array, quantile: number): number {
  const place = quantile * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
