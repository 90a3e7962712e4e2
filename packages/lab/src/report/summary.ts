/** The shape of a report as data: what `--json` prints and every renderer draws. */

import type { RunRecord } from '../record/record.ts';
import type { AttentionPicture, Sample } from '../record/sample.ts';
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

/** An example and, in the order of encodings, what each answered with its first seed. */
type Compared<Kind extends Sample['kind'], Given extends keyof Extract<Sample, { kind: Kind }>> = Readonly<
  Omit<Extract<Sample, { kind: Kind }>, Given>
> & {
  readonly answers: readonly Readonly<
    Pick<Extract<Sample, { kind: Kind }>, Given> & { encoding: string; title: string; seed: number }
  >[];
};

/** A test example side by side. */
export type ComparedSample =
  | Compared<'text', 'answer' | 'right' | 'score'>
  | Compared<'spans', 'answer' | 'right'>
  | Compared<'series', 'forecast' | 'interval'>
  | Compared<'picture', 'answer' | 'right'>;

/** A difference to a baseline, positive where the encoding is better, in the units of the metric. */
export interface Advantage {
  readonly difference: number;
  /** Half the width of the encoding's own 95 % interval; absent with one seed. */
  readonly margin?: number;
  /** `level` within the interval; `unjudged` where there is none. */
  readonly is: 'better' | 'worse' | 'level' | 'unjudged';
}

/** A baseline's score in one bucket. */
export interface BaselineScore {
  readonly name: string;
  readonly title: string;
  readonly score: number;
}

/** How much there is to gain from order on a task, within the trained range. */
export interface Room {
  /** Name of the metric, and label of the bucket. */
  readonly metric: string;
  readonly bucket: string;
  /** The best of the baselines that see the input without its order. */
  readonly orderBlind?: BaselineScore;
  /** The best of the other baselines. */
  readonly trivial?: BaselineScore;
  /** Best encoding − order-blind baseline, positive where the encoding is better; absent without such a baseline. */
  readonly room?: number;
  /**
   * `some`: the best encoding is better than the order-blind baseline by more than its interval and than a trifle;
   * `little`: it is not; `unjudged`: one seed, or no order-blind baseline.
   */
  readonly verdict: 'some' | 'little' | 'unjudged';
  /** Whether the best encoding and no positions differ, paired over seeds; absent where that is not known. */
  readonly positionsHelp?: boolean;
  /** Whether any two encodings differ, likewise. */
  readonly encodingsDiffer?: boolean;
  /** The best first. */
  readonly encodings: readonly {
    readonly encoding: string;
    readonly title: string;
    readonly score: Estimate;
    readonly overOrderBlind?: Advantage;
    /** Over the best of the trivial baselines. */
    readonly overTrivial?: Advantage;
  }[];
}

/** What one encoding attended to in the portrait example, with its first seed. */
export interface EncodingAttention {
  readonly encoding: string;
  readonly title: string;
  readonly seed: number;
  readonly pictures: readonly AttentionPicture[];
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
  /** Absent where no baseline is known within the trained range. */
  readonly room?: Room;
  /** Where answers differ first. */
  readonly samples: readonly ComparedSample[];
  readonly attention: readonly EncodingAttention[];
  /** In plain words, the most important first. */
  readonly findings: readonly string[];
  /** The command that makes these records. */
  readonly command: string;
  readonly environment: RunRecord['environment'];
  readonly runs: number;
}
