/**
 * The task `forecast`: the next values of a series, several steps ahead: the daily S&P 500, or the user's own CSV.
 * The same forecasts are made from the context length a model was trained on and from longer ones. Nothing of what
 * comes after the time of a forecast reaches it. Knows no model and no encoding.
 */
import type { Positions } from 'posenc';
import { DataError } from '../data/data-error.ts';
import { fingerprint } from '../data/hash.ts';
import { readSeries, type Series } from '../data/series.ts';
import { DAY, formatTime } from '../data/time.ts';
import { batchSizeAtLength, checkPredictionCount, drawExamples, evaluationSet } from './batches.ts';
import { causalWindow, FEATURES, forecastFrom, type SeriesKind, targetAt, typicalChange } from './causal-window.ts';
import { forecastErrors, naiveError } from './metrics.ts';
import { checkOptionNames, choiceOption, integerOption, textOption } from './options.ts';
import {
  type Batch,
  type LengthBucket,
  type PreparedTask,
  type Scores,
  type Task,
  TaskError,
  type TaskOptions,
} from './task.ts';

const CONTEXT = 64;
const HORIZON = 5;
/** Evaluated contexts, as multiples of the trained one. */
const CONTEXT_MULTIPLES = [1, 1.5, 2, 4];
/** Shares of the rows, in order of time; the rest, at the end, is for test. */
const SHARES = { train: 0.7, validation: 0.1 };
const VALIDATION_FORECASTS = 256;
const TEST_FORECASTS = 512;
/** The fewest training windows and test forecasts worth a comparison. */
const FEWEST = 16;

/** Where the parts of a series of `rows` values end, and from where windows may reach. */
interface Parts {
  readonly trainEnd: number;
  readonly validationEnd: number;
}

/** Multi-step forecasts of a series. */
export const forecast: Task = {
  name: 'forecast',
  title: 'Forecasting a series',
  description:
    'The next values of a series from those before (decoder): the daily S&P 500, or your own CSV (data, time, ' +
    'target). Trained on contexts of up to 64 values; the same forecasts are then made from up to 256.',
  metrics: [
    { name: 'mase', title: 'mean absolute scaled error', better: 'lower', format: 'number' },
    { name: 'mae', title: 'mean absolute error', better: 'lower', format: 'number', unit: 'units of the series' },
    { name: 'rmse', title: 'root mean squared error', better: 'lower', format: 'number', unit: 'units of the series' },
  ],
  lengthUnit: 'values of context',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 128,
    encoderLayers: 0,
    decoderLayers: 2,
    steps: 400,
    batchSize: 32,
    learningRate: 1e-3,
    warmupSteps: 50,
    encodings: ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 't5', 't5:scale=1'],
  },
  options: [
    { name: 'data', description: 'a CSV file with a header line, instead of the S&P 500' },
    { name: 'time', description: 'the column of times' },
    { name: 'target', description: 'the column to forecast' },
    {
      name: 'positions',
      description: 'index: 0, 1, 2 …; time: the times themselves, in days since the first of each context',
      default: 'index',
    },
    { name: 'series', description: 'what is read and forecast: level or returns (log returns)', default: 'level' },
    { name: 'horizon', description: 'steps ahead', default: HORIZON },
    { name: 'context', description: 'values of context in training', default: CONTEXT },
    { name: 'testExamples', description: 'test forecasts, at most', default: TEST_FORECASTS },
  ],
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptionNames(
    'forecast',
    options,
    forecast.options.map(({ name }) => name),
  );
  const kind = choiceOption('forecast', options, 'series', ['level', 'returns']);
  const positions = choiceOption('forecast', options, 'positions', ['index', 'time']);
  const horizon = integerOption('forecast', options, 'horizon', HORIZON, 1);
  const context = integerOption('forecast', options, 'context', CONTEXT, 2);
  const testForecasts = integerOption('forecast', options, 'testExamples', TEST_FORECASTS, 1);
  const columns = { time: textOption('forecast', options, 'time'), value: textOption('forecast', options, 'target') };
  try {
    const series = await readSeries(textOption('forecast', options, 'data'), columns);
    return prepareSeries(series, { kind, positions, horizon, context, testForecasts });
  } catch (error) {
    throw error instanceof DataError ? new TaskError(`forecast: ${error.message}`, { cause: error }) : error;
  }
}

/**
 * The task for a series that has been read.
 * @throws {TaskError} if the series is too short, does not change, or has values without a logarithm
 */
export function prepareSeries(
  series: Series,
  options: {
    readonly kind: SeriesKind;
    /** Where values stand: at their index within the context, or at their time. Default `index`. */
    readonly positions?: 'index' | 'time';
    readonly horizon: number;
    readonly context: number;
    readonly testForecasts: number;
  },
): PreparedTask {
  const { kind, positions = 'index', horizon, context } = options;
  const { values, times, frequency } = series;
  checkSeries(series, options);
  const { trainEnd, validationEnd } = partsOf(values.length);
  const naiveScale = naiveError(values.subarray(0, trainEnd));
  const prior = typicalChange(kind, values, trainEnd);

  // A forecast's origin is the index of the last value it may see.
  const train = range(context, trainEnd - horizon);
  const origins = {
    validation: spread(range(trainEnd - 1, validationEnd - horizon), VALIDATION_FORECASTS),
    test: spread(range(validationEnd - 1, values.length - horizon), options.testForecasts),
  };
  const lengths = CONTEXT_MULTIPLES.map((multiple) => Math.round(context * multiple));
  const buckets = lengths
    .filter((length) => length < validationEnd)
    .map((length, index): LengthBucket => {
      return { label: `${length}`, minimum: length, maximum: length, trained: index === 0 };
    });
  const longest = Math.max(...buckets.map(({ maximum }) => maximum));
  const bucketsOf = { validation: buckets.slice(0, 1), test: buckets };

  const collate = (chosen: readonly number[], length: number, scored: 'all' | 'last'): Batch => {
    const features = FEATURES[kind];
    const inputs = new Float32Array(chosen.length * length * features);
    const labels = new Float32Array(chosen.length * length * horizon).fill(Number.NaN);
    chosen.forEach((origin, row) => {
      const start = origin - length + 1;
      const window = causalWindow(kind, values, start, length, prior);
      inputs.set(window.inputs, row * length * features);
      for (let position = scored === 'all' ? 0 : length - 1; position < length; position++) {
        const scale = window.scales[position] as number;
        for (let step = 1; step <= horizon; step++) {
          const target = targetAt(kind, values, start + position, step, scale);
          labels[(row * length + position) * horizon + step - 1] = target;
        }
      }
    });
    const target = {
      data: inputs,
      length,
      lengths: new Int32Array(chosen.length).fill(length),
      ...(positions === 'time' ? { positions: daysOf(times, chosen, length) } : {}),
    };
    return { size: chosen.length, target, labels };
  };
  const actual = (split: 'validation' | 'test'): Float64Array =>
    Float64Array.from(origins[split].flatMap((origin) => [...values.subarray(origin + 1, origin + 1 + horizon)]));
  const errors = (forecasts: Float64Array, split: 'validation' | 'test'): Scores => ({
    ...forecastErrors(forecasts, actual(split), naiveScale),
  });
  /** Forecasts by the value `lag` steps or the fewest whole multiples of it before the time forecast. */
  const repeat = (lag: number): Float64Array =>
    Float64Array.from(
      origins.test.flatMap((origin) =>
        range(1, horizon + 1).map((step) => values[origin + step - lag * Math.ceil(step / lag)] as number),
      ),
    );
  const baseline = (name: string, title: string, lag: number): PreparedTask['baselines'][number] => {
    const scores = errors(repeat(lag), 'test');
    return { name, title, scores: Object.fromEntries(buckets.map(({ label }) => [label, scores])) };
  };
  const seasonal = frequency.season <= validationEnd;
  const seasonName = `period ${frequency.season}, ${frequency.name}`;
  const left = lengths.slice(buckets.length);

  return {
    fingerprint: fingerprint([
      `${kind} horizon ${horizon} context ${context} train ${trainEnd} validation ${validationEnd}`,
      times,
      values,
      Int32Array.from([...origins.validation, -1, ...origins.test]),
    ]),
    sizes: { train: train.length, validation: origins.validation.length, test: origins.test.length },
    architecture: 'decoder',
    input: { kind: 'values', features: FEATURES[kind] },
    output: { kind: 'values', horizon },
    question: { kind: 'regress' },
    maximumLength: positions === 'time' ? Math.floor(longestSpan(times, longest)) + 1 : longest,
    trainingBatch: (size, uniform) => collate(drawExamples(train, size, uniform), context, 'all'),
    evaluation: (split, batchSize) =>
      bucketsOf[split].map((bucket) =>
        evaluationSet(bucket, origins[split], batchSizeAtLength(batchSize, context, bucket.maximum), (chosen) =>
          collate(chosen, bucket.maximum, 'last'),
        ),
      ),
    score: (split, bucket, predictions) => {
      if (predictions.kind !== 'values') {
        throw new TypeError(`forecast: score: expected values, got ${predictions.kind}`);
      }
      checkPredictionCount(predictions.values.length / horizon, origins[split].length);
      const forecasts = new Float64Array(predictions.values.length);
      origins[split].forEach((origin, index) => {
        const window = causalWindow(kind, values, origin - bucket.maximum + 1, bucket.maximum, prior);
        const answers = predictions.values.subarray(index * horizon, (index + 1) * horizon);
        const scale = window.scales[bucket.maximum - 1] as number;
        forecasts.set(forecastFrom(kind, values[origin] as number, scale, answers), index * horizon);
      });
      return errors(forecasts, split);
    },
    baselines: [
      baseline('naive', 'naive (the last value)', 1),
      ...(seasonal ? [baseline('seasonal-naive', `seasonal naive (${seasonName})`, frequency.season)] : []),
    ],
    notes: [
      ...series.notes,
      `Trained on values before ${formatTime(times[trainEnd] as number)}, tested on those from ` +
        `${formatTime(times[validationEnd] as number)} on; contexts may reach back, forecasts never do.`,
      'Every input is scaled by the changes up to its own position, never by later ones. All contexts make the same ' +
        'forecasts. Validation is at the trained context only.',
      `Errors are in the units of the series${kind === 'returns' ? ', forecast returns compounded' : ''}, over steps 1 ` +
        `to ${horizon}; the scaled error is divided by the naive one-step error of the training part, ` +
        `${naiveScale.toPrecision(4)}.`,
      ...(positions === 'time'
        ? [
            'Positions are times, in days since the first value of each context; tables of whole positions have no row there.',
          ]
        : []),
      ...(left.length > 0 ? [`Too few rows for contexts of ${left.join(', ')}: they are left out.`] : []),
      ...(seasonal ? [] : [`Too few rows for a seasonal naive forecast (${seasonName}): it is left out.`]),
    ],
  };
}

/** Days that the longest context spans at most. */
function longestSpan(times: Float64Array, length: number): number {
  return times.reduce((most, time, index) => {
    return index < length - 1 ? most : Math.max(most, (time - (times[index - length + 1] as number)) / DAY);
  }, 0);
}

/** Days from the first value of each context to each of its values. */
function daysOf(times: Float64Array, origins: readonly number[], length: number): Positions {
  const values = Float64Array.from({ length: origins.length * length }, (_, at) => {
    const start = (origins[Math.floor(at / length)] as number) - length + 1;
    return ((times[start + (at % length)] as number) - (times[start] as number)) / DAY;
  });
  return { values, batch: origins.length, length, axes: 1 };
}

function checkSeries(
  { name, values, times }: Series,
  { kind, horizon, context }: { readonly kind: SeriesKind; readonly horizon: number; readonly context: number },
): void {
  const needed = rowsNeeded(context, horizon);
  if (values.length < needed) {
    throw new TaskError(
      `forecast: ${name}: expected at least ${needed} rows for a context of ${context} and a horizon of ${horizon}, ` +
        `got ${values.length}; give more rows, or a smaller context or horizon`,
    );
  }
  const { trainEnd } = partsOf(values.length);
  if (naiveError(values.subarray(0, trainEnd)) === 0) {
    throw new TaskError(
      `forecast: ${name}: expected a series that changes, got ${values[0]} in each of the ${trainEnd} training rows`,
    );
  }
  const bad = kind === 'returns' ? values.findIndex((value) => value <= 0) : -1;
  if (bad >= 0) {
    throw new TaskError(
      `forecast: ${name}: series=returns: expected values above 0, got ${values[bad]} at ` +
        `${formatTime(times[bad] as number)}; use series=level`,
    );
  }
}

/** The fewest rows that leave `FEWEST` training windows and test forecasts, and one validation forecast. */
function rowsNeeded(context: number, horizon: number): number {
  const enough = (rows: number): boolean => {
    const { trainEnd, validationEnd } = partsOf(rows);
    return (
      trainEnd - horizon - context >= FEWEST &&
      validationEnd - trainEnd >= horizon &&
      rows - validationEnd - horizon + 1 >= FEWEST
    );
  };
  let rows = Math.ceil((context + horizon + FEWEST) / SHARES.train);
  while (!enough(rows)) rows++;
  return rows;
}

function partsOf(rows: number): Parts {
  const trainEnd = Math.floor(rows * SHARES.train);
  return { trainEnd, validationEnd: trainEnd + Math.floor(rows * SHARES.validation) };
}

/** Integers from `from` up to, not including, `to`. */
function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

/** At most `count` of the items, evenly spread. */
function spread(items: readonly number[], count: number): number[] {
  const taken = Math.min(count, items.length);
  return Array.from({ length: taken }, (_, index) => items[Math.floor((index * items.length) / taken)] as number);
}
