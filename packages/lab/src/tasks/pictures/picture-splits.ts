/**
 * Divides labelled pictures and clips so that every class is in every split, equal ones are there once, and no group is in
 * two splits. Knows no particular task and nothing of what the pictures show.
 */
import { hash } from 'node:crypto';
import { orderByHash, type Split } from '../../data/hash.ts';
import type { Clip } from '../../data/pictures/clip.ts';
import { type LabelledClip, naturalOrder } from '../../data/pictures/labelled.ts';
import type { Refusals } from '../../data/refusals.ts';
import { FEWEST_IN_SPLIT } from '../shared/splits.ts';
import { TaskError } from '../task.ts';

/** An example of a split. */
export interface ClipExample {
  /** Stands for what it shows: no two examples have the same. */
  readonly key: string;
  readonly name: string;
  /** The number of its class. */
  readonly label: number;
  readonly clip: Clip;
}

export interface DividedClips {
  /** Names of the classes, as people count them. */
  readonly classes: readonly string[];
  readonly splits: Readonly<Record<Split, readonly ClipExample[]>>;
  /** Examples of each class, equal ones counted once. */
  readonly counts: readonly { readonly label: string; readonly count: number }[];
  /** Examples that were equal to another one of their class. */
  readonly repeated: number;
}

/** Of a class's groups; each split has one at least. */
const SHARES = { validation: 0.1, test: 0.2 };
/** A group for each split. */
const FEWEST_GROUPS = 3;

interface Keyed extends LabelledClip {
  readonly key: string;
  readonly unit: string;
}

/**
 * Where examples come with the publisher's parts, the part `test` stays the test split. Examples in a split are in an
 * order decided by hashes of what they show.
 *
 * @param rows - how many rows or files there were, for the share that may be refused
 * @param hasClasses - whether labels matter; else examples are divided as if they were of one class
 * @throws {TaskError} when fewer than two classes are left, or a split would be too small or lack a class to train on
 * @throws {DataError} when too many are refused
 */
export function divideClips(
  task: string,
  examples: readonly LabelledClip[],
  { refusals, rows, hasClasses }: { readonly refusals: Refusals; readonly rows: number; readonly hasClasses: boolean },
): DividedClips {
  const labelled = hasClasses ? examples : examples.map((example) => ({ ...example, label: '' }));
  const { distinct, repeated } = withoutRepeats(labelled, refusals);
  const kept = withoutSmallClasses(distinct, refusals);
  refusals.check(rows);
  const byClass = Map.groupBy(kept, ({ label }) => label);
  const classes = [...byClass.keys()].sort(naturalOrder);
  if (hasClasses && classes.length < 2) {
    throw new TaskError(
      `${task}: expected at least two classes, got ${classes.join() || 'none'}; give examples of another`,
    );
  }
  const splitOfUnit = assignUnits(kept);
  const splits: Record<Split, ClipExample[]> = { train: [], validation: [], test: [] };
  const numbers = new Map(classes.map((label, index) => [label, index]));
  for (const { key, name, label, clip, unit } of orderByHash(kept, (example) => example.key)) {
    splits[splitOfUnit.get(unit) as Split].push({ key, name, label: numbers.get(label) as number, clip });
  }
  checkSplits(task, splits, classes);
  return {
    classes,
    splits,
    counts: classes.map((label) => ({ label, count: (byClass.get(label) as Keyed[]).length })),
    repeated,
  };
}

/** Equal ones once; one that is in two classes cannot be right in both. */
function withoutRepeats(
  examples: readonly LabelledClip[],
  refusals: Refusals,
): { distinct: Keyed[]; repeated: number } {
  const distinct = new Map<string, Keyed>();
  let repeated = 0;
  for (const example of examples) {
    const key = clipKey(example.clip);
    const held = distinct.get(key);
    if (held === undefined) {
      // A publisher's part holds its groups together.
      const unit = example.group === undefined ? key : `group ${example.group}`;
      distinct.set(key, { ...example, key, unit });
    } else if (held.label === example.label) repeated += 1;
    else
      refusals.refuse(
        example.line,
        `${example.name}: shows the same as ${held.name}, which is in the class ${held.label}`,
      );
  }
  return { distinct: [...distinct.values()], repeated };
}

function withoutSmallClasses(examples: readonly Keyed[], refusals: Refusals): Keyed[] {
  const hasParts = examples.some(({ part }) => part !== undefined);
  const units = new Map<string, Set<string>>();
  for (const { label, unit } of examples) units.set(label, (units.get(label) ?? new Set()).add(unit));
  return examples.filter(({ line, name, label, group }) => {
    const count = (units.get(label) as Set<string>).size;
    if (hasParts || count >= FEWEST_GROUPS) return true;
    const what = group === undefined ? 'examples that differ' : 'groups of examples';
    refusals.refuse(
      line,
      `${name}: expected at least ${FEWEST_GROUPS} ${what} in the class ${label}, one for each split, got ${count}; ` +
        'add some, or take the class out',
    );
    return false;
  });
}

/** The split of each unit: class by class, by the rank of its hash among the class's. */
function assignUnits(examples: readonly Keyed[]): Map<string, Split> {
  const assigned = new Map<string, Split>();
  const hasParts = examples.some(({ part }) => part !== undefined);
  if (hasParts) for (const { unit, part } of examples) if (part === 'test') assigned.set(unit, 'test');
  // A unit with examples of several classes counts with one of them.
  const strata = Map.groupBy(
    new Map(
      examples.filter(({ unit }) => !assigned.has(unit)).map((example) => [example.unit, example.label] as const),
    ),
    ([, label]) => label,
  );
  for (const units of strata.values()) {
    const ranked = orderByHash(units, ([unit]) => unit);
    const test = hasParts ? 0 : Math.max(1, Math.round(SHARES.test * ranked.length));
    const validation = Math.max(1, Math.round(SHARES.validation * ranked.length));
    ranked.forEach(([unit], rank) => {
      assigned.set(unit, rank < test ? 'test' : rank < test + validation ? 'validation' : 'train');
    });
  }
  return assigned;
}

function checkSplits(
  task: string,
  splits: Readonly<Record<Split, readonly ClipExample[]>>,
  classes: readonly string[],
): void {
  for (const split of ['train', 'validation', 'test'] as const) {
    if (splits[split].length >= FEWEST_IN_SPLIT) continue;
    throw new TaskError(
      `${task}: expected at least ${FEWEST_IN_SPLIT} examples for ${split}, got ${splits[split].length}; ` +
        'give more examples, or smaller groups',
    );
  }
  const trained = new Set(splits.train.map(({ label }) => label));
  const missing = classes.find((_, label) => !trained.has(label));
  if (missing !== undefined) {
    throw new TaskError(`${task}: no example of the class ${missing} is left to train on; give it more groups`);
  }
}

/** What a clip shows: SHA-256 of its pixels, in hexadecimal, and their shape. */
export function clipKey({ frames, height, width, channels, pixels }: Clip): string {
  return `${hash('sha256', pixels)} ${frames} ${height} ${width} ${channels}`;
}
