/** What the task `video` is made of, whatever its clips are. Knows no data. */
import type { Clip } from '../../data/pictures/clip.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import type { LengthBucket, Scores, Uniform } from '../task.ts';

/** A clip and its answer. */
export interface AskedClip {
  /** The same in every run; distinguishes the examples of a bucket. */
  readonly id: string;
  /** The number of the class. */
  readonly label: number;
  readonly clip: Clip;
}

/** Clips with questions about them, divided. */
export interface ClipQuestions {
  /** What the answers are called. */
  readonly classes: readonly string[];
  /** Clips or pictures that training draws from, and what they show, for the fingerprint. */
  readonly trained: { readonly size: number; readonly keys: readonly string[] };
  /** Frames of the longest clip in training. */
  readonly trainedFrames: number;
  /** `size` training examples. */
  draw(size: number, uniform: Uniform): readonly AskedClip[];
  readonly validation: readonly AskedClip[];
  /** The trained lengths first, then longer ones. */
  readonly test: readonly { readonly bucket: LengthBucket; readonly examples: readonly AskedClip[] }[];
  readonly baselines: readonly {
    readonly name: string;
    readonly title: string;
    readonly orderBlind?: boolean;
    readonly scores: Readonly<Record<string, Scores>>;
  }[];
  readonly data: DataSummary;
  readonly notes: readonly string[];
}

/** What cannot be told without the order of frames, where every clip is asked about twice with the same frames. */
export function bagOfFrames(test: ClipQuestions['test']): ClipQuestions['baselines'][number] {
  return {
    name: 'bag-of-frames',
    title: 'any bag of frames, at best',
    orderBlind: true,
    scores: Object.fromEntries(test.map(({ bucket }) => [bucket.label, { accuracy: 0.5 }])),
  };
}
