/**
 * The task `forecast`: the next values of series, several steps ahead: the daily S&P 500, other real series, or the
 * user's own. The same forecasts are made from the context length a model was trained on and from longer ones. Nothing
 * of what comes after the time of a forecast reaches it. Knows no model and no encoding.
 */
import { fingerprint } from '../../data/hash.ts';
import type { SeriesData } from '../../data/series.ts';
import { batchSizeAtLength, checkPredictionCount, drawExamples, evaluationSet } from '../shared/batches.ts';
import { dataSetOption } from '../shared/data-sets.ts';
import { checkOptionNames, choiceOption, integerOption, textOption } from '../shared/options.ts';
import { OWN_DATA_OPTIONS } from '../shared/own-data.ts';
import {
  type LengthBucket,
  type Predictions,
  type PreparedTask,
  type Task,
  TaskError,
  type TaskOptions,
} from '../task.ts';
import { scoreBaselines } from './forecast-baselines.ts';
import { readForecastData, SERIES_DATA_SETS, shareAllowed, usableSeries } from './forecast-data.ts';
import { type Origin, planForecasts } from './forecast-plan.ts';
import { type Outcome, pointMetrics, pointScores, quantileMetrics, quantileScores } from './forecast-scores.ts';
import { forecastPortrait, notesOf, sampleForecasts, summarizeSeries } from './forecast-shown.ts';
import { createWindows, scaleOf, scalesOf, type WindowRequest } from './forecast-windows.ts';

/** Options of `OWN_DATA_OPTIONS` that mean something of their own for series. */
const OWN_MEANINGS: Readonly<Record<string, Partial<Task['options'][number]>>> = {
  group: { description: 'a column that tells series apart: no window reaches from one into another' },
  allowRefused: {
    description: 'the share of rows that may be unusable: they leave gaps in time; a series is stopped by the first',
    default: 0,
  },
};

/** Multi-step forecasts of series. */
export const forecast: Task = {
  name: 'forecast',
  title: 'Forecasting a series',
  description:
    'The next values of a series from those before (decoder): the daily S&P 500, other real series (dataset), or your own ' +
    'table (data, time, target). Trained on contexts of one length; the same forecasts are then made from up to four times as many values.',
  metrics: pointMetrics(),
  lengthUnit: 'values of context',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 128,
    encoderLayers: 0,
    decoderLayers: 2,
    steps: 250,
    batchSize: 32,
    learningRate: 3e-3,
    warmupSteps: 50,
    encodings: ['none', 'sinusoidal', 'learned', 'time2vec', 'rotary', 'alibi'],
  },
  options: [
    dataSetOption(SERIES_DATA_SETS),
    ...OWN_DATA_OPTIONS.map((option) => ({ ...option, ...OWN_MEANINGS[option.name] })),
    { name: 'time', description: 'the column of times' },
    { name: 'target', description: 'the columns to forecast, with commas between' },
    { name: 'features', description: 'columns that are read too, with commas between' },
    {
      name: 'positions',
      description:
        'index: 0, 1, 2 …; time: the times themselves, in days or shorter usual steps since the first of each context; ' +
        'index, of the data set exchange time, unless given',
    },
    { name: 'series', description: 'what is read and forecast: level or returns (log returns)', default: 'level' },
    {
      name: 'quantiles',
      description: 'forecast these quantiles, 0.5 among them, such as 0.1,0.5,0.9; values alone unless given',
    },
    { name: 'horizon', description: 'steps ahead; 5, of the data set electricity 48, unless given' },
    { name: 'context', description: 'values of context in training; 64, of the data set electricity 96, unless given' },
    {
      name: 'testExamples',
      description: 'test forecasts, at most; 512, of the data set electricity 128, unless given',
    },
  ],
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptionNames(forecast, options);
  const kind = choiceOption('forecast', options, 'series', ['level', 'returns']);
  const asked = choiceOption('forecast', options, 'positions', ['index', 'time']);
  const quantiles = quantilesOption(options);
  const allowedShare = shareAllowed(options);
  // Numbers that are wrong are refused before a file is read.
  const number = (name: string, fallback: number, least: number): number =>
    integerOption('forecast', options, name, fallback, least);
  number('horizon', 1, 1);
  number('context', 2, 2);
  number('testExamples', 1, 1);
  const { data, defaults } = await readForecastData(options);
  return prepareForecast(data, {
    kind,
    positions: options.positions === undefined ? defaults.positions : asked,
    quantiles,
    horizon: number('horizon', defaults.horizon, 1),
    context: number('context', defaults.context, 2),
    contextChosenBy: options.context === undefined ? 'the default' : 'as given',
    testForecasts: number('testExamples', defaults.testForecasts, 1),
    allowedShare,
  });
}

/** How series are forecast. */
export interface ForecastRequest extends WindowRequest {
  readonly context: number;
  /** In words; `as given` unless said. */
  readonly contextChosenBy?: string;
  readonly testForecasts: number;
  /** The share of rows that may belong to series that cannot be used; 0 unless given. */
  readonly allowedShare?: number;
}

/**
 * The task for series that have been read.
 * @throws {TaskError} if a series is too short, does not change, has values without a logarithm, or times are asked for
 * that are not known
 */
export function prepareForecast(read: SeriesData, request: ForecastRequest): PreparedTask {
  const { kind, horizon, quantiles, context, allowedShare = 0 } = request;
  if (request.positions === 'time' && !read.timesExact) {
    throw new TaskError(
      'forecast: --positions time: expected data that says when each value was, this only counts days',
    );
  }
  const { data, dates } = usableSeries(read, kind, request, allowedShare);
  const plan = planForecasts(data, dates, request);
  const { origins, buckets } = plan;
  const scales = data.series.map((series, index) => scalesOf(series, plan.parts[index]?.trainEnd as number, kind));
  const windows = createWindows(data, scales, request);
  const [{ targets }] = data.series;
  const naiveErrorsOf = (series: number): number[] =>
    targets.map((_, target) => scaleOf(scales, series, target).naiveError);
  const outcomeOf = (list: readonly Origin[]): Outcome => ({
    actual: windows.actual(list),
    naiveErrors: Float64Array.from(list.flatMap(({ series }) => naiveErrorsOf(series))),
    targets: targets.length,
    horizon,
  });
  const outcomes = { validation: outcomeOf(origins.validation), test: outcomeOf(origins.test) };
  const { baselines, leftOut } = scoreBaselines({ ...request, data, plan, scales, outcome: outcomes.test });
  const longest = (buckets.at(-1) as LengthBucket).maximum;
  const width = horizon * targets.length * (quantiles?.length ?? 1);
  const forecastsOf = (split: 'validation' | 'test', bucket: LengthBucket, predictions: Predictions): Float64Array => {
    if (predictions.kind !== 'values') {
      throw new TypeError(`forecast: score: expected values, got ${predictions.kind}`);
    }
    checkPredictionCount(predictions.values.length / width, origins[split].length);
    return windows.forecasts(origins[split], bucket.maximum, predictions.values);
  };

  return {
    fingerprint: fingerprintOf(data, request, origins),
    sizes: { train: origins.train.length, validation: origins.validation.length, test: origins.test.length },
    architecture: 'decoder',
    input: { kind: 'values', features: windows.features },
    output: {
      kind: 'values',
      horizon: horizon * targets.length,
      ...(quantiles === undefined ? {} : { quantiles }),
    },
    question: { kind: 'regress' },
    maximumLength: windows.extent(longest),
    trainingBatch: (size, uniform) => windows.collate(drawExamples(origins.train, size, uniform), context, 'all'),
    evaluation: (split, batchSize) =>
      (split === 'validation' ? buckets.slice(0, 1) : buckets).map((bucket) =>
        evaluationSet(bucket, origins[split], batchSizeAtLength(batchSize, context, bucket.maximum), (chosen) =>
          windows.collate(chosen, bucket.maximum, 'last'),
        ),
      ),
    metrics: quantiles === undefined ? pointMetrics(data.unit) : quantileMetrics(quantiles, data.unit),
    score: (split, bucket, predictions) => {
      const forecasts = forecastsOf(split, bucket, predictions);
      const outcome = outcomes[split];
      return quantiles === undefined ? pointScores(forecasts, outcome) : quantileScores(forecasts, outcome, quantiles);
    },
    baselines,
    data: summarizeSeries(data, dates, { context, longest, chosenBy: request.contextChosenBy ?? 'as given' }),
    samples: (bucket, predictions) =>
      sampleForecasts(data, origins.test, bucket, request, forecastsOf('test', bucket, predictions)),
    portrait: forecastPortrait(data, plan, windows, context),
    notes: notesOf({ ...request, data, plan, naiveErrors: naiveErrorsOf(0), seasonsLeftOut: leftOut }),
  };
}

/** Ascending quantiles with the median, or none. @throws {TaskError} */
function quantilesOption(options: TaskOptions): number[] | undefined {
  const text = textOption('forecast', options, 'quantiles');
  if (text === undefined) return undefined;
  const quantiles = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const right = quantiles.every((quantile, at) => quantile > (quantiles[at - 1] ?? 0) && quantile < 1);
  if (right && quantiles.includes(0.5)) return quantiles;
  throw new TaskError(
    'forecast: --quantiles: expected numbers between 0 and 1 in ascending order, 0.5 among them for the point forecast, ' +
      `such as 0.1,0.5,0.9, got ${text}`,
  );
}

function fingerprintOf(
  data: SeriesData,
  { kind, horizon, context, quantiles, positions }: ForecastRequest,
  origins: Readonly<Record<'train' | 'validation' | 'test', readonly Origin[]>>,
): string {
  const places = (list: readonly Origin[]): Int32Array =>
    Int32Array.from(list.flatMap(({ series, at }) => [series, at]));
  return fingerprint([
    `${kind} horizon ${horizon} context ${context} positions ${positions} quantiles ${quantiles?.join(' ') ?? 'none'}`,
    ...data.series.flatMap(({ name, times, targets, features }) => [
      name,
      times,
      ...[...targets, ...features].flatMap((column) => [column.name, column.values]),
    ]),
    places(origins.train),
    places(origins.validation),
    places(origins.test),
  ]);
}
