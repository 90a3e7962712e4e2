/**
 * What labelled pictures and clips are, and the order of file names in which they are read. Knows nothing of where they
 * come from.
 */
import type { Clip } from './clip.ts';

/** A picture or a clip with its class. */
export interface LabelledClip {
  /** From 1: the number of the file or row it came from. */
  readonly line: number;
  /** As a person finds it: `cat/12.png`, `row 7`. */
  readonly name: string;
  readonly label: string;
  /** Examples of one group must not be in two splits; absent where each stands for itself. */
  readonly group?: string;
  /** The part the publisher put it in. */
  readonly part?: 'train' | 'test';
  readonly clip: Clip;
}

/** What was read of a person's or a publisher's files. */
export interface ReadClips {
  readonly examples: readonly LabelledClip[];
  /** As a person would name it: `folder of pictures by class`. */
  readonly format: string;
  /** Files or rows, those refused among them. */
  readonly rows: number;
  /** Things to be told in reports, in full sentences. */
  readonly notes: readonly string[];
}

/** All pictures of a source together, as bytes; more would not fit beside a model in a gigabyte. */
export const MOST_BYTES = 2 ** 28;

/** As people count: `frame 9` before `frame 10`. Equal numbers and everything else by code units. */
export function naturalOrder(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => name.split(/(\d+)/)) as [string[], string[]];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const [one, other] = [left[at] as string, right[at] as string];
    // Every second part is a number.
    const difference = at % 2 === 1 ? compareNumbers(one, other) : 0;
    if (difference !== 0) return difference;
    if (one !== other && at % 2 === 0) return one < other ? -1 : 1;
  }
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

function compareNumbers(a: string, b: string): number {
  const [one, other] = [a, b].map((digits) => digits.replace(/^0+(?=\d)/, '')) as [string, string];
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
