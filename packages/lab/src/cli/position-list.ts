/** Positions as typed: `0:16`, `0:64:4`, `0,5,4097`, or several of these with commas. Knows no encoding. */
import { UsageError } from './errors.ts';

/** More would not fit the memory of most machines once an encoding makes a table of them. */
export const MOST_POSITIONS = 1_000_000;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INTEGER = /^[+-]?\d+$/;

/**
 * `start:stop` is start … stop−1, `start:stop:step` goes on by `step`; both are for integers. A list may hold any
 * numbers.
 *
 * @throws {UsageError} saying which part is wrong
 */
export function parsePositions(text: string): number[] {
  const positions: number[] = [];
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const more = part.includes(':') ? range(part) : [single(part)];
    if (positions.length + more.length > MOST_POSITIONS) throw tooMany(text);
    for (const position of more) positions.push(position);
  }
  return positions;
}

function single(part: string): number {
  const value = Number(part);
  if (!NUMBER.test(part) || !Number.isFinite(value)) {
    throw new UsageError(
      `positions: expected numbers and ranges such as 0:16, 0:64:4 or 0,5,4097, got ${JSON.stringify(part)}`,
    );
  }
  if (INTEGER.test(part) && !Number.isSafeInteger(value)) {
    throw new UsageError(`positions: expected integers of at most ${Number.MAX_SAFE_INTEGER}, got ${part}`);
  }
  return value;
}

function range(part: string): number[] {
  const bounds = part.split(':');
  const [start, stop, step = 1] = bounds.map(Number);
  const valid =
    (bounds.length === 2 || bounds.length === 3) &&
    bounds.every((bound) => INTEGER.test(bound) && Number.isSafeInteger(Number(bound)));
  if (!valid || start === undefined || stop === undefined) {
    throw new UsageError(`positions: expected start:stop or start:stop:step of integers, got ${JSON.stringify(part)}`);
  }
  if (step < 1) throw new UsageError(`positions: expected a step of at least 1, got ${step} in ${part}`);
  if (stop <= start) throw new UsageError(`positions: expected a stop after the start, got ${part}`);
  const length = Math.ceil((stop - start) / step);
  if (length > MOST_POSITIONS) throw tooMany(part);
  return Array.from({ length }, (_, index) => start + index * step);
}

function tooMany(text: string): UsageError {
  return new UsageError(`positions: expected at most ${MOST_POSITIONS}, got more in ${text.slice(0, 40)}`);
}
