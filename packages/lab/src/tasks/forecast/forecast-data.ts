/**
 * Which series the task `forecast` reads, and what they make of its options: one of its own data sets or a person's
 * file. Series that cannot be trained on are refused. Knows no windows and no scores.
 */
import { DataError } from '../../data/data-error.ts';
import { readElectricity, readExchange, readYields } from '../../data/published-series.ts';
import { fromPublished, readSeries, readStockIndex, type Series, type SeriesData } from '../../data/series.ts';
import { formatTime } from '../../data/time.ts';
import { chooseDataSet, type DataSetChoice, folderOf } from '../shared/data-sets.ts';
import { shareOption, textOption } from '../shared/options.ts';
import { refuseWithoutData } from '../shared/own-data.ts';
import { TaskError, type TaskOptions } from '../task.ts';
import type { SeriesKind } from './causal-window.ts';
import { type Dates, datesOf, isTooShort, type PlanRequest } from './forecast-plan.ts';
import { scalesOf } from './forecast-windows.ts';

const TASK = 'forecast';

/** The data sets of the task; the first comes installed. */
export const SERIES_DATA_SETS: readonly [DataSetChoice, ...DataSetChoice[]] = [
  { name: 'sp500', description: 'the S&P 500 on trading days, 2000 to 2020' },
  { name: 'yields', description: 'yields of US Treasury notes of four maturities, daily', needs: 'yields' },
  { name: 'electricity', description: 'demand for electricity every half hour', needs: 'electricity' },
  { name: 'exchange', description: 'the US dollar in Swiss francs every half hour, with gaps', needs: 'exchange' },
];

/** What a data set makes of options that are not given. */
export interface SeriesDefaults {
  readonly context: number;
  readonly horizon: number;
  readonly positions: 'index' | 'time';
  readonly testForecasts: number;
}

const DEFAULTS: SeriesDefaults = { context: 64, horizon: 5, positions: 'index', testForecasts: 512 };
const DEFAULTS_OF: Readonly<Record<string, Partial<SeriesDefaults>>> = {
  // Two days, and a day ahead; there are only 760 such forecasts, and each is ten times as long.
  electricity: { context: 96, horizon: 48, testForecasts: 128 },
  exchange: { positions: 'time' },
};

/** @throws {TaskError} when the data cannot be read or is not there, saying what to do */
export async function readForecastData(
  options: TaskOptions,
): Promise<{ readonly data: SeriesData; readonly defaults: SeriesDefaults }> {
  refuseWithoutData(TASK, options, ['time']);
  const targets = textOption(TASK, options, 'target');
  const features = textOption(TASK, options, 'features');
  const path = textOption(TASK, options, 'data');
  try {
    if (path === undefined) {
      const { name } = chooseDataSet(TASK, options, SERIES_DATA_SETS).choice;
      return {
        data: await readDataSet(name, { targets, features }),
        defaults: { ...DEFAULTS, ...DEFAULTS_OF[name] },
      };
    }
    const data = await readSeries(path, {
      time: textOption(TASK, options, 'time'),
      targets,
      features,
      group: textOption(TASK, options, 'group'),
      format: textOption(TASK, options, 'format'),
      allowedShare: shareAllowed(options),
    });
    return { data, defaults: DEFAULTS };
  } catch (error) {
    throw error instanceof DataError ? new TaskError(`${TASK}: ${error.message}`, { cause: error }) : error;
  }
}

/** The share of rows that may be refused: none unless given, since a series without them has gaps. @throws {TaskError} */
export function shareAllowed(options: TaskOptions): number {
  return shareOption(TASK, options, 'allowRefused', 0);
}

async function readDataSet(
  name: string,
  columns: { readonly targets: string | undefined; readonly features: string | undefined },
): Promise<SeriesData> {
  switch (name) {
    case 'yields':
      return fromPublished(readYields(folderOf(TASK, 'yields')), columns);
    case 'electricity':
      return fromPublished(readElectricity(folderOf(TASK, 'electricity')), columns);
    case 'exchange':
      return fromPublished(readExchange(folderOf(TASK, 'exchange')), columns);
    default:
      return readStockIndex(columns);
  }
}

/**
 * The data without series that cannot be trained on, and the dates that divide all that was read. Of several, such
 * series count as refused rows.
 * @param allowed the share of rows that may be refused
 * @throws {TaskError} if the only series, or too many, cannot be used
 */
export function usableSeries(
  data: SeriesData,
  kind: SeriesKind,
  request: PlanRequest,
  allowed: number,
): { readonly data: SeriesData; readonly dates: Dates } {
  const dates = datesOf(data.series);
  const several = data.series.length > 1;
  const found = data.series.map((series) => ({ series, problem: problemOf(series, dates, kind, request, several) }));
  const wrong = found.filter(({ problem }) => problem !== undefined);
  const [first] = wrong;
  if (first === undefined) return { data, dates };
  if (!several) throw new TaskError(`${TASK}: ${first.series.name}: ${first.problem}`);
  const { table } = data;
  const told = wrong.slice(0, 3).map(({ series, problem }) => `${series.name}: ${problem}`);
  const more = wrong.length > told.length ? `; and ${wrong.length - told.length} more` : '';
  const lost = wrong.reduce((sum, { series }) => sum + series.times.length, 0) + table.refused.count;
  const [head, ...others] = found.flatMap(({ series, problem }) => (problem === undefined ? [series] : []));
  if (head === undefined || lost > allowed * table.rows) {
    const least = Math.ceil((100 * lost) / table.rows) / 100;
    throw new TaskError(
      `${TASK}: ${wrong.length} of ${data.series.length} series cannot be used: ${told.join('; ')}${more}` +
        (head === undefined ? '' : `. Mend them, or leave their rows out with --allow-refused ${least}`),
    );
  }
  const kept: SeriesData = {
    ...data,
    series: [head, ...others],
    table: { ...table, refused: { ...table.refused, count: lost } },
    notes: [...data.notes, `${wrong.length} series are left out: ${told.join('; ')}${more}.`],
  };
  return { data: kept, dates };
}

function problemOf(
  series: Series,
  dates: Dates,
  kind: SeriesKind,
  request: PlanRequest,
  several: boolean,
): string | undefined {
  const end = series.times.findIndex((time) => time >= dates.trainEnd);
  // The plan refuses a series alone with the number of rows it would need.
  if (isTooShort(series, dates, request)) {
    return several
      ? `expected more than ${request.context + request.horizon} rows before ${formatTime(dates.trainEnd)}, got ` +
          `${end < 0 ? series.times.length : end}`
      : undefined;
  }
  const trainEnd = end < 0 ? series.times.length : end;
  const columns = [...series.targets, ...series.features];
  const named = (index: number): string => (columns.length === 1 ? '' : `column ${columns[index]?.name}: `);
  if (kind === 'returns') {
    for (const [index, { values }] of series.targets.entries()) {
      const bad = values.findIndex((value) => value <= 0);
      if (bad < 0) continue;
      return (
        `${named(index)}--series returns: expected values above 0, got ${values[bad]} at ` +
        `${formatTime(series.times[bad] as number)}; use --series level`
      );
    }
  }
  const still = scalesOf(series, trainEnd, kind).findIndex((scale) => scale.typicalChange === 0);
  if (still < 0) return undefined;
  return (
    `${named(still)}expected a series that changes, got ${columns[still]?.values[0]} in each of the ${trainEnd} ` +
    'training rows'
  );
}
