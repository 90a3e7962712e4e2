/**
 * Which lengths of a person's texts are trained on, which are only tested, and what happens to longer ones. Nothing is
 * cut or left out unless somebody asked for it, and then it is counted. Knows no particular task.
 */
import type { DataSummary } from '../../record/data-summary.ts';
import { type LengthBucket, type Task, TaskError, type TaskOptions } from '../task.ts';
import { batchSizeAtLength } from './batches.ts';
import { choiceOption, integerOption } from './options.ts';

/** What is done with an example that is longer than the limit. */
export type TooLong = 'refuse' | 'cut' | 'window';

/** As asked for, with defaults filled in. */
export interface LengthRequest {
  /** The longest trained length; absent where `percentile` decides. */
  readonly trained?: number;
  /** Per cent of the training examples that are at most as long as the longest trained one. */
  readonly percentile: number;
  /** The longest length used at all; absent where `BEYOND` times the trained one decides. */
  readonly longest?: number;
  readonly tooLong: TooLong;
}

/** The lengths of a task. */
export interface LengthPlan {
  /** The longest trained length. */
  readonly trained: number;
  /** The longest length used at all. */
  readonly limit: number;
  /** In words: what decided `trained`. */
  readonly chosenBy: string;
  /** The trained stretch first, then longer ones that test examples reach. */
  readonly buckets: readonly [LengthBucket, ...LengthBucket[]];
}

/** Ends of the stretches beyond the trained one, as multiples of its end. The last decides the limit. */
const BEYOND = [1.5, 2, 4] as const;
/** A stretch with fewer test examples says nothing and joins the one after it, the last the one before it. */
const FEWEST_EXAMPLES = 16;

/** Positions of a sequence whose attention takes little memory in any batch. */
const SMALL = 256;

/**
 * Per cent of a person's own training examples that are trained on, where built-in data take fewer: lengths often have a
 * long tail, which four times a smaller share would not reach.
 */
export const OWN_PERCENTILE = 80;

/**
 * The options of every task whose examples come in lengths of their own. `choices` are those the task can follow, its
 * default first; `own` is the percentile of a person's own data.
 */
export function lengthOptions(
  percentile: number,
  choices: readonly [TooLong, ...TooLong[]],
  own = percentile,
): Task['options'] {
  const meanings = { refuse: 'stop and say which', cut: 'keep the start', window: 'overlapping windows' };
  return [
    { name: 'trainedLength', description: 'longest length trained on, in the unit of the length axis' },
    {
      name: 'trainedPercentile',
      description:
        'per cent of training examples that are trained on, the shortest; instead of trainedLength' +
        `${own === percentile ? '' : `; ${own} of your own data`}`,
      default: percentile,
    },
    {
      name: 'longest',
      description: `longest length used at all; ${BEYOND.at(-1)} times the trained one unless given`,
    },
    {
      name: 'tooLong',
      description: `examples longer than that: ${choices.map((choice) => `${choice} (${meanings[choice]})`).join(', ')}`,
      default: choices[0],
    },
  ];
}

/** @throws {TaskError} when an option is no number it can be, or two contradict each other */
export function readLengthOptions(
  task: string,
  options: TaskOptions,
  percentile: number,
  choices: readonly [TooLong, ...TooLong[]],
): LengthRequest {
  if (options.trainedLength !== undefined && options.trainedPercentile !== undefined) {
    throw new TaskError(`${task}: expected --trained-length or --trained-percentile, got both; leave one out`);
  }
  const per = integerOption(task, options, 'trainedPercentile', percentile, 1);
  if (per > 100) throw new TaskError(`${task}: --trained-percentile: expected an integer from 1 to 100, got ${per}`);
  const optional = (name: string): number | undefined =>
    options[name] === undefined ? undefined : integerOption(task, options, name, 1, 1);
  const trained = optional('trainedLength');
  const longest = optional('longest');
  return {
    ...(trained === undefined ? {} : { trained }),
    percentile: per,
    ...(longest === undefined ? {} : { longest }),
    tooLong: choiceOption(task, options, 'tooLong', choices),
  };
}

/**
 * The trained stretch, from all training lengths, and stretches beyond it that test examples reach.
 *
 * @param lengths - of the examples of each split, in the unit of the length axis
 * @throws {TaskError} when the longest length asked for is below the trained one, or there are no examples
 */
export function planLengths(
  task: string,
  lengths: { readonly train: ArrayLike<number>; readonly test: ArrayLike<number> },
  request: LengthRequest,
): LengthPlan {
  const sorted = Float64Array.from(lengths.train).sort();
  const tested = Float64Array.from(lengths.test);
  const shortest = sorted[0];
  if (shortest === undefined) throw new TaskError(`${task}: expected training examples, got none; give more rows`);
  if (shortest === 0 || tested.includes(0)) {
    throw new TaskError(`${task}: expected texts of at least one token, got one of none; is this the right tokenizer?`);
  }
  const percentile = sorted[Math.ceil((request.percentile / 100) * sorted.length) - 1] as number;
  const trained = request.trained ?? percentile;
  if (trained < shortest) {
    throw new TaskError(
      `${task}: --trained-length: expected at least ${shortest}, the length of the shortest training example, got ${trained}`,
    );
  }
  const limit = request.longest ?? Math.ceil(trained * (BEYOND.at(-1) as number));
  if (limit < trained) {
    throw new TaskError(`${task}: --longest: expected at least the trained length ${trained}, got ${limit}`);
  }
  const least = tested.reduce((a, b) => Math.min(a, b), shortest);
  const used = tested.map((length) => Math.min(length, limit));
  const buckets: [LengthBucket, ...LengthBucket[]] = [bucketOf(least, trained, true)];
  let start = trained + 1;
  let reachedBefore = 0;
  for (const end of [...BEYOND.map((times) => Math.min(limit, Math.round(trained * times))), limit]) {
    if (end < start) continue;
    const reached = used.filter((length) => length >= start && length <= end).length;
    if (reached < FEWEST_EXAMPLES && end < limit) continue;
    if (reached > 0 && reached < FEWEST_EXAMPLES && reachedBefore > 0) {
      const last = buckets.pop() as LengthBucket;
      buckets.push(bucketOf(last.minimum, end, false));
    } else if (reached > 0) buckets.push(bucketOf(start, end, false));
    reachedBefore = reached;
    start = end + 1;
  }
  const chosenBy =
    request.trained === undefined ? `the shortest ${request.percentile} % of training examples` : 'as given';
  return { trained, limit, chosenBy, buckets };
}

/** The bucket of a length, after cutting or windowing. @throws {RangeError} if it lies in none */
export function bucketIndex(buckets: readonly LengthBucket[], length: number): number {
  const index = buckets.findIndex(({ minimum, maximum }) => length >= minimum && length <= maximum);
  if (index < 0) throw new RangeError(`bucketIndex: expected a length of a bucket, got ${length}`);
  return index;
}

/** The largest of many numbers, 0 of none. */
export function largest(numbers: Iterable<number>): number {
  let most = 0;
  for (const number of numbers) if (number > most) most = number;
  return most;
}

/** As `batchSizeAtLength`, but sequences of up to `SMALL` positions are never too many: their attention is small. */
export function fittingBatchSize(batchSize: number, trained: number, length: number): number {
  return Math.min(batchSize, batchSizeAtLength(batchSize, Math.max(trained, SMALL), length));
}

/** Stretches of a histogram, at most, and those of them that are for a long tail. */
const STRETCHES = 12;
const TAIL_STRETCHES = 4;
/** The tail is long where the shortest 95 % take less than half of the range. */
const BULK = { share: 0.95, part: 0.5 };

/**
 * How lengths are spread, for people: a dozen stretches at most, of equal width. Where a few examples are far longer than
 * the rest, they have a few stretches of their own, each several times as long as the one before.
 */
export function summarizeLengths(unit: string, lengths: ArrayLike<number>): NonNullable<DataSummary['lengths']> {
  const sorted = Float64Array.from(lengths).sort();
  const [minimum, maximum] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const ends = stretchEnds(sorted, minimum, maximum);
  const counts = new Array<number>(ends.length).fill(0);
  let at = 0;
  for (const length of sorted) {
    while (length > (ends[at] as number)) at += 1;
    counts[at] = (counts[at] as number) + 1;
  }
  const labelOf = (index: number): string => {
    const [from, to] = [index === 0 ? minimum : (ends[index - 1] as number) + 1, ends[index] as number];
    return from === to ? String(from) : `${from}–${to}`;
  };
  return {
    unit,
    minimum,
    median: sorted[Math.floor((sorted.length - 1) / 2)] ?? 0,
    maximum,
    histogram: counts.map((count, index) => ({ label: labelOf(index), count })),
  };
}

/** The last lengths of the stretches of a histogram. */
function stretchEnds(sorted: Float64Array, minimum: number, maximum: number): number[] {
  const bulk = sorted[Math.ceil(BULK.share * sorted.length) - 1] ?? maximum;
  const range = maximum - minimum + 1;
  const long = range > STRETCHES && bulk - minimum + 1 < BULK.part * range;
  const equal = (end: number, stretches: number): number[] => {
    const width = Math.max(1, Math.ceil((end - minimum + 1) / stretches));
    const count = Math.max(1, Math.ceil((end - minimum + 1) / width));
    return Array.from({ length: count }, (_, index) => minimum + (index + 1) * width - 1);
  };
  if (!long) return equal(maximum, STRETCHES);
  const ends = equal(bulk, STRETCHES - TAIL_STRETCHES);
  const start = ends.at(-1) as number;
  const tail = Array.from({ length: TAIL_STRETCHES }, (_, index) =>
    Math.round(Math.max(1, start) * (maximum / Math.max(1, start)) ** ((index + 1) / TAIL_STRETCHES)),
  );
  return [...ends, ...tail.filter((end, index) => end > (index === 0 ? start : (tail[index - 1] as number)))];
}

function bucketOf(minimum: number, maximum: number, trained: boolean): LengthBucket {
  return { label: minimum === maximum ? String(minimum) : `${minimum}–${maximum}`, minimum, maximum, trained };
}
