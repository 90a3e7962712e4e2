/**
 * Times as people write them in tables, and how often a series of times ticks. All in UTC and in milliseconds since
 * 1970-01-01T00:00Z. Knows nothing of values or of files.
 */

/** In milliseconds. */
export const DAY = 86_400_000;
const WRITTEN =
  /^(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?)?$/i;

/**
 * A time written as ISO 8601 from year to fraction of a second (`2024`, `2024-01`, `2024-01-31`, `2024-01-31 12:00`,
 * `2024-01-31T12:00:00+01:00`; slashes may stand for hyphens), or as Unix seconds (9–10 digits) or milliseconds
 * (12–13 digits). Undefined for anything else, ambiguous forms such as 01/02/2024 and days that do not exist.
 */
export function parseTime(text: string): number | undefined {
  if (/^\d{9,10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{12,13}$/.test(text)) return Number(text);
  const match = WRITTEN.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part, index) => Number(part ?? (index === 1 || index === 2 ? 1 : 0))) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  // Date.UTC takes the years 0–99 for 1900–1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCDate() !== day) return undefined;
  const fraction = Math.floor(Number(`0.${match[7] ?? 0}`) * 1000);
  const time = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
  const zone = match[8];
  if (zone === undefined || /^z$/i.test(zone)) return time;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return undefined;
  return time - (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** A time as text: the date alone if it is midnight. */
export function formatTime(time: number): string {
  const text = new Date(time).toISOString();
  return time % DAY === 0 ? text.slice(0, 10) : text;
}

/** How often a series ticks. */
export interface Frequency {
  /** E.g. `business days`, `months`, `30 minutes`; `irregular` if no step is usual. */
  readonly name: string;
  /** Steps in the usual season: 5 business days, 7 days, 52 weeks, 12 months, a day of shorter steps; 1 if none. */
  readonly season: number;
  /** Indices i whose step from i−1 is not the usual one. */
  readonly irregular: readonly number[];
}

/** The smallest share of steps that must be the usual one. */
const USUAL = 0.5;

/**
 * The frequency of times in ascending order without repetition: the calendar step that most steps are, if at least
 * half of them are.
 */
export function detectFrequency(times: ArrayLike<number>): Frequency {
  const count = times.length;
  if (count < 3) return { name: 'irregular', season: 1, irregular: [] };
  const steps = Array.from(
    { length: count - 1 },
    (_, index) => (times[index + 1] as number) - (times[index] as number),
  );
  const median = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] as number;
  for (const { name, season, next } of candidates(times, median)) {
    const irregular: number[] = [];
    for (let index = 1; index < count; index++) {
      if (!next(times[index - 1] as number, times[index] as number)) irregular.push(index);
    }
    if (irregular.length <= (1 - USUAL) * steps.length) return { name, season, irregular };
  }
  return { name: 'irregular', season: 1, irregular: [] };
}

interface Candidate {
  readonly name: string;
  readonly season: number;
  /** Whether `time` is one step after `previous`. */
  readonly next: (previous: number, time: number) => boolean;
}

/** The steps that a median step in milliseconds may stand for. */
function candidates(times: ArrayLike<number>, median: number): Candidate[] {
  const months = (name: string, size: number, season: number): Candidate => ({
    name,
    season,
    next: (previous, time) => monthOf(time) - monthOf(previous) === size,
  });
  const days = median / DAY;
  if (days >= 28 && days <= 31) return [months('months', 1, 12)];
  if (days >= 89 && days <= 92) return [months('quarters', 3, 4)];
  if (days >= 365 && days <= 366) return [months('years', 12, 1)];
  const exact = (name: string, season: number): Candidate => ({
    name,
    season,
    next: (previous, time) => time - previous === median,
  });
  if (days === 7) return [exact('weeks', 52)];
  if (days === 1) {
    const weekend = Array.from(times).some((time) => [0, 6].includes(new Date(time).getUTCDay()));
    if (weekend) return [exact('days', 7)];
    const next = (previous: number, time: number): boolean =>
      time - previous === DAY * (new Date(previous).getUTCDay() === 5 ? 3 : 1);
    return [{ name: 'business days', season: 5, next }];
  }
  return [exact(nameOfStep(median), median < DAY ? rowsADay(times) : 1)];
}

/** The commonest number of times in a day (UTC), the first and the last day left out if there are others. */
function rowsADay(times: ArrayLike<number>): number {
  const days = new Map<number, number>();
  for (const time of Array.from(times)) {
    const day = Math.floor(time / DAY);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  const sizes = [...days.values()];
  const whole = sizes.length > 2 ? sizes.slice(1, -1) : [];
  const occurrences = new Map<number, number>();
  for (const size of whole) occurrences.set(size, (occurrences.get(size) ?? 0) + 1);
  return [...occurrences].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [1, 0])[0] as number;
}

function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function nameOfStep(step: number): string {
  for (const [name, size] of [
    ['day', DAY],
    ['hour', 3_600_000],
    ['minute', 60_000],
    ['second', 1000],
    ['millisecond', 1],
  ] as const) {
    if (step % size === 0) return step === size ? `${name}s` : `${step / size} ${name}s`;
  }
  return `${step} milliseconds`;
}

/** The middle one of the steps between times in ascending order, in milliseconds; a day for a single time. */
export function middleStep(times: ArrayLike<number>): number {
  const steps = Float64Array.from(
    { length: times.length - 1 },
    (_, at) => (times[at + 1] as number) - (times[at] as number),
  );
  return steps.sort()[Math.floor(steps.length / 2)] ?? DAY;
}
