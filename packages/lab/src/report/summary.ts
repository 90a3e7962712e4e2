/** The shape of a report as data: what `--json` prints and every renderer draws. */

import type { RunRecord } from '../record/record.ts';
import type { Estimate } from './statistics.ts';

export type Metric = RunRecord['task']['metrics'][number];
export type Bucket = RunRecord['task']['buckets'][number];

/** One encoding over its seeds. */
export interface EncodingSummary {
  /** As typed: `alibi:direction=symmetric`. */
  readonly encoding: string;
  readonly title: string;
  readonly seeds: readonly number[];
  /** Test scores by metric name, then bucket label. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, Estimate>>>>;
  /** The same, one value per seed in the order of `seeds`. */
  readonly values: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  /** Mean training loss over seeds. */
  readonly curve: readonly { readonly step: number; readonly loss: number }[];
  /** Mean validation score of the first metric in the trained range, over seeds. */
  readonly validation: readonly { readonly step: number; readonly score: number }[];
  readonly costs: {
    readonly parameters: number;
    readonly positionParameters: number;
    readonly tableBytes: number;
    readonly medianStepMilliseconds: number;
    readonly tokensPerSecond: number;
    readonly trainingSeconds: number;
    readonly peakMemoryBytes: number;
  };
  readonly options: RunRecord['encoding']['encoder'];
  readonly pitfalls: readonly string[];
  /** How far an untrained encoder's answer moves when its tokens are permuted or reversed; absent without an encoder. */
  readonly orderSensitivity?: { readonly permuted: number; readonly reversed: number };
}

/** The whole report as data. */
export interface Summary {
  readonly task: RunRecord['task'] & {
    readonly name: string;
    readonly options: RunRecord['configuration']['task']['options'];
  };
  readonly model: RunRecord['configuration']['model'];
  readonly training: RunRecord['configuration']['training'];
  readonly encodings: readonly EncodingSummary[];
  /** In plain words, the most important first. */
  readonly findings: readonly string[];
  /** The command that makes these records. */
  readonly command: string;
  readonly environment: RunRecord['environment'];
  readonly runs: number;
}
