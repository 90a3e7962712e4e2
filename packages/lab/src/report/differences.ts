/**
 * Which encodings of a comparison really differ: every pair, seed by seed, with one correction for all pairs of a metric
 * and a bucket, so that any pair may be looked at afterwards, the best one included. Knows no words and no drawing.
 */
import { blockVariance, holm, type PairedDifference, pairedDifference } from './statistics.ts';
import type { EncodingSummary } from './summary.ts';

/** first − second of two encodings, over the seeds that all encodings of the report share. */
export interface Difference extends PairedDifference {
  /** As typed: `alibi:direction=symmetric`. */
  readonly first: string;
  readonly second: string;
  /** Whether the two can be told apart: the paired t-test says so after Holm's correction for all pairs. */
  readonly distinct: boolean;
}

/** Seeds on which every encoding has been run. A comparison that was stopped may have few, or none. */
export function sharedSeeds(encodings: readonly EncodingSummary[]): readonly number[] {
  return encodings[0]?.seeds.filter((seed) => encodings.every(({ seeds }) => seeds.includes(seed))) ?? [];
}

/** All pairs of encodings, in their order; none where no seed is shared. */
export function pairDifferences(
  encodings: readonly EncodingSummary[],
  metric: string,
  bucket: string,
): readonly Difference[] {
  const seeds = sharedSeeds(encodings);
  if (seeds.length === 0) return [];
  const rows = encodings.map((encoding) =>
    seeds.map((seed) => encoding.values[metric]?.[bucket]?.[encoding.seeds.indexOf(seed)] as number),
  );
  const spread = blockVariance(rows);
  const pairs = encodings.flatMap(({ encoding: first }, a) =>
    encodings.slice(a + 1).map(({ encoding: second }, offset) => ({
      first,
      second,
      ...pairedDifference(rows[a] as number[], rows[a + 1 + offset] as number[], spread),
    })),
  );
  const distinct = holm(pairs.map(({ p }) => p ?? 1));
  return pairs.map((pair, index) => ({ ...pair, distinct: distinct[index] as boolean }));
}

/** first − second, whichever way round it is held; `undefined` where it is not held. */
export function differenceOf(
  differences: readonly Difference[],
  first: string,
  second: string,
): Difference | undefined {
  const held = differences.find((pair) => pair.first === first && pair.second === second);
  if (held !== undefined) return held;
  const turned = differences.find((pair) => pair.first === second && pair.second === first);
  if (turned === undefined) return undefined;
  return { ...turned, first, second, mean: -turned.mean, smaller: turned.larger, larger: turned.smaller };
}
