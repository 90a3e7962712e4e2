/**
 * Rows of a person's file that cannot be used: counted, kept with their line numbers and reasons, and too many of them
 * stop the run. Knows no format and no task.
 */
import { DataError } from './data-error.ts';

/** A row that was left out, and why. */
export interface Refusal {
  /** From 1; what is counted is `Refusals.unit`. */
  readonly line: number;
  readonly reason: string;
}

/** The rows refused while one source is read. */
export interface Refusals {
  readonly source: string;
  /** What `line` counts: `line`, unless a reader that has no lines (Parquet, SQuAD, folders) says otherwise. */
  unit: 'line' | 'row' | 'question' | 'file';
  refuse(line: number, reason: string): void;
  /** How many were refused. */
  readonly count: number;
  /** The first of them (at most 10,000), in the order in which they were met. */
  readonly first: readonly Refusal[];
  /**
   * @param rows how many rows there were, those refused among them
   * @throws {DataError} if too large a share of the rows was refused, or all of them
   */
  check(rows: number): void;
}

/** More refusals are counted but not kept. */
const KEPT = 10_000;
/** So many are told in the error. */
const TOLD = 3;

/**
 * Collects the rows refused of `source`.
 * @param allowedShare the largest share of the rows, 0 to 1, that may be refused without stopping the run
 * @throws {DataError} if the share is not from 0 to 1
 */
export function createRefusals(source: string, allowedShare = 0.01): Refusals {
  if (!(allowedShare >= 0 && allowedShare <= 1)) {
    throw new DataError(`expected a share of refused rows from 0 to 1 such as 0.05, got ${allowedShare}`);
  }
  const first: Refusal[] = [];
  let count = 0;
  return {
    source,
    unit: 'line',
    refuse(line, reason) {
      count++;
      if (first.length < KEPT) first.push({ line, reason });
    },
    get count() {
      return count;
    },
    first,
    check(rows) {
      if (count === 0 || (count <= allowedShare * rows && count < rows)) return;
      const told = first.slice(0, TOLD).map(({ line, reason }) => `${this.unit} ${line}: ${reason}`);
      const more = count > told.length ? `; and ${count - told.length} more` : '';
      const allow =
        count < rows ? ` or allow them with --allow-refused ${Math.min(1, Math.ceil((count / rows) * 100) / 100)}` : '';
      const limit = count < rows ? `, more than the ${percent(allowedShare)} allowed` : '';
      throw new DataError(
        `${source}: ${count} of ${rows} rows (${percent(count / rows)}) cannot be used${limit}: ` +
          `${told.join('; ')}${more}. Mend these rows${allow}.`,
      );
    },
  };
}

/** Refusals of a source in which a hole matters: the first is thrown, `describe` saying how it is told. */
export function strictRefusals(source: string, describe = (reason: string): string => reason): Refusals {
  return {
    source,
    unit: 'line',
    count: 0,
    first: [],
    refuse(line, reason) {
      throw new DataError(`${source}: ${this.unit} ${line}: ${describe(reason)}`);
    },
    check: () => undefined,
  };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
