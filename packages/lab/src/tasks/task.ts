/**
 * What a task is: data with splits, a metric of its field, and a length axis along which "within the trained length"
 * and "beyond it" are measured. A task knows no model, no encoding and no engine; it hands out batches of numbers and
 * scores predictions.
 */
import type { Positions } from 'posenc';
import type { AttentionShape } from 'posenc/registry';
import type { Architecture, InputKind, OutputKind } from '../model/model.ts';
import type { DataSummary } from '../record/data-summary.ts';
import type { Sample } from '../record/sample.ts';

/** A number a task reports. The first metric of a task is the one comparisons are drawn with. */
export interface Metric {
  /** As used in records: `phoneme-error-rate`. */
  readonly name: string;
  /** As people read it: `phoneme error rate`. */
  readonly title: string;
  readonly better: 'lower' | 'higher';
  /** `fraction` is shown as a percentage. */
  readonly format: 'fraction' | 'number';
  /** The unit of a `number`, e.g. `bits per character`. */
  readonly unit?: string;
  /** What guessing scores, where that is known. */
  readonly chance?: number;
  /** For one of several metrics that are one score along another axis, such as the depth of an answer. */
  readonly along?: { readonly axis: string; readonly label: string };
}

/** A stretch of the length axis. */
export interface LengthBucket {
  /** E.g. `3–8`. */
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
  /** Whether sequences of this length were trained on. */
  readonly trained: boolean;
}

/**
 * Sequences padded on the right to a common length, as flat row-major arrays.
 * `encoder` and `encoder-decoder` models read `source`; `decoder` and `encoder-decoder` models read `target`.
 */
export interface Batch {
  readonly size: number;
  readonly source?: SequenceArray;
  readonly target?: SequenceArray;
  /**
   * What the model should answer. Tokens: Int32Array [B, U], −1 where nothing is scored. Class: Int32Array [B].
   * Values: Float32Array [B, U, horizon], NaN where nothing is scored. Tags: Int32Array [B, T], −1 where nothing is
   * scored. Spans: Int32Array [B, 2], the first and the last position of the answer, both 0 where there is none.
   */
  readonly labels: Int32Array | Float32Array;
  /** For spans: the first source position that may belong to an answer, Int32Array [B]; position 0 stands for no answer. */
  readonly answerFrom?: Int32Array;
}

/** A padded array of sequences: Int32Array tokens [B, length] or Float32Array values [B, length, features]. */
export interface SequenceArray {
  readonly data: Int32Array | Float32Array;
  readonly length: number;
  /** The number of real positions of each sequence, Int32Array [B]. */
  readonly lengths: Int32Array;
  /** Where the tokens stand, when not at 0 … length−1: rows and columns of patches, timestamps. */
  readonly positions?: Positions;
}

/**
 * How a model is asked at evaluation:
 * `generate`: decoding of `source`, until `endToken` or `maximumLength` tokens → `sequences`; greedy, or with `beams` kept
 * at each step; with `alignments`, what each label's step attends to in the source, its true target given;
 * `likelihood`: negative log-likelihood of the labels → `losses`;
 * `exact`: whether the most probable token is the label wherever there is one → `exact`;
 * `classify`: the most probable class → `classes`;
 * `tag`: the most probable tag at every real source position → `tags`; with `odds`, also how likely any tag but the first is;
 * `span`: the most probable answer of at most `maximumAnswer` positions → `spans`;
 * `regress`: the values at the last real position of each sequence → `values`.
 */
export type Question =
  | {
      readonly kind: 'generate';
      readonly startToken: number;
      readonly endToken: number;
      readonly maximumLength: number;
      /** Hypotheses kept at each step; 1 (greedy) unless given. */
      readonly beams?: number;
      readonly alignments?: boolean;
    }
  | { readonly kind: 'likelihood' }
  | { readonly kind: 'exact' }
  | { readonly kind: 'classify' }
  | { readonly kind: 'tag'; readonly odds?: boolean }
  | { readonly kind: 'span'; readonly maximumAnswer: number }
  | { readonly kind: 'regress' };

/** Answers for the examples of one bucket, in order. */
export type Predictions =
  | {
      readonly kind: 'sequences';
      readonly sequences: readonly (readonly number[])[];
      /**
       * Where asked for: cross-attention of each example under its true target, the mean over heads and layers, row-major
       * [target length, source length] of the batch it was in: row r is the step that writes label r.
       */
      readonly alignments?: readonly Alignment[];
    }
  /** Summed nats and counted labels of each example. */
  | { readonly kind: 'losses'; readonly nats: Float64Array; readonly counts: Int32Array }
  /** 1 for each example whose every label was the most probable token, else 0. */
  | { readonly kind: 'exact'; readonly right: Int32Array }
  | { readonly kind: 'classes'; readonly classes: Int32Array }
  /**
   * For each example, the tag at each of its real positions; where asked for, by how many nats any tag but the first is more
   * probable than the first there.
   */
  | { readonly kind: 'tags'; readonly tags: readonly Int32Array[]; readonly odds?: readonly Float64Array[] }
  /**
   * For each example, the first and the last position of its best answer that is one (`start` ≥ `answerFrom`), and by how
   * many nats it is better than no answer.
   */
  | { readonly kind: 'spans'; readonly starts: Int32Array; readonly ends: Int32Array; readonly scores: Float64Array }
  /** Row-major [examples, horizon], with quantiles [examples, horizon · quantiles]. */
  | { readonly kind: 'values'; readonly values: Float64Array };

/** Weights of a cross-attention, row-major [rows, columns]. */
export interface Alignment {
  readonly rows: number;
  readonly columns: number;
  readonly weights: Float32Array;
}

/** One test example whose attention is drawn in reports: a batch of one, and what stands at each of its positions. */
export interface Portrait {
  readonly batch: Batch;
  /** As in the sentence; absent where the model has no such sequence. */
  readonly source?: readonly string[];
  readonly target?: readonly string[];
  /** Known links from target to source positions. */
  readonly links?: readonly (readonly [target: number, source: number])[];
}

/** One bucket of a split, cut into batches of one common shape. The last batch is padded by repeating its last example; `examples` counts the real ones. */
export interface EvaluationSet {
  readonly bucket: LengthBucket;
  readonly examples: number;
  readonly batches: readonly Batch[];
}

/** Numbers in [0, 1), passed in. */
export type Uniform = () => number;

/** Scores by metric name. */
export type Scores = Readonly<Record<string, number>>;

/** A task whose data has been read and split. */
export interface PreparedTask {
  /** SHA-256 over the examples of all splits, in hexadecimal. */
  readonly fingerprint: string;
  /** Examples in each split. */
  readonly sizes: { readonly train: number; readonly validation: number; readonly test: number };
  readonly architecture: Architecture;
  readonly input: InputKind;
  readonly output: OutputKind;
  readonly question: Question;
  /** The longest source and target any batch has, at evaluation too: learned tables are made this long. */
  readonly maximumLength: number;
  /** For tokens on a grid: the largest extent of any batch along each axis. Absent where tokens stand in a line. */
  readonly extents?: readonly number[];
  /** For tokens that are nodes of a graph: what their positions are made of. Absent elsewhere. */
  readonly graph?: NonNullable<AttentionShape['graph']>;
  /** A batch of training examples drawn with `uniform`; the same draws give the same batch. All have one shape. */
  trainingBatch(size: number, uniform: Uniform): Batch;
  /**
   * The examples of a split, bucket by bucket. Batches hold `batchSize` sequences, or fewer where sequences longer than
   * the trained ones would take more memory. Validation may have the trained bucket only.
   */
  evaluation(split: 'validation' | 'test', batchSize: number): readonly EvaluationSet[];
  /** What this data is scored by, where that is not what the task always is: other scores need what it does not have. */
  readonly metrics?: readonly [Metric, ...Metric[]];
  /** What the length axis of this data counts, where that is not what the task always counts. */
  readonly lengthUnit?: string;
  /** Scores of a bucket's predictions, in the order of its examples. */
  score(split: 'validation' | 'test', bucket: LengthBucket, predictions: Predictions): Scores;
  /** Forecasts or guesses that need no model, scored on the test split by bucket label: `naive`, `majority`. */
  readonly baselines: readonly {
    readonly name: string;
    readonly title: string;
    /** Whether it sees the same input without its order: what separates it from the best is the room order has. */
    readonly orderBlind?: boolean;
    readonly scores: Readonly<Record<string, Scores>>;
  }[];
  /** What was read, in numbers: for `--check` and for reports. */
  readonly data?: DataSummary;
  /** Files worth keeping beside the records, by name: `tokenizer.json`. */
  readonly files?: Readonly<Record<string, string>>;
  /** A few examples of a test bucket with what was answered: the same examples whatever the answers are. */
  samples?(bucket: LengthBucket, predictions: Predictions): readonly Sample[];
  /** The example whose attention is drawn. */
  readonly portrait?: Portrait;
  /** Things the reader of a report must know about this data, in plain words. */
  readonly notes: readonly string[];
}

/** Values of a task's options, from the command line. */
export type TaskOptions = Readonly<Record<string, string | number | boolean>>;

/** A task, before its data is read. */
export interface Task {
  readonly name: string;
  readonly title: string;
  /** One or two sentences for `posenc list`. */
  readonly description: string;
  readonly metrics: readonly [Metric, ...Metric[]];
  /** What the length axis counts: `letters`. */
  readonly lengthUnit: string;
  /** Sizes, steps and encodings used unless the user asks for others; the same for every encoding. */
  readonly defaults: TaskDefaults;
  readonly options: readonly {
    readonly name: string;
    readonly description: string;
    readonly default?: string | number | boolean;
  }[];
  /**
   * Options that depend on what is on this machine, such as which data set is there, decided once for all runs of a
   * comparison; `notice` tells the person what was decided and what else there would be.
   * @throws {TaskError} as `prepare`
   */
  resolve?(options: TaskOptions): Promise<{ readonly options: TaskOptions; readonly notice?: string }>;
  /** @throws {TaskError} when data or options are wrong, saying what was expected and what to do */
  prepare(options: TaskOptions): Promise<PreparedTask>;
}

/** How a task is trained unless told otherwise. */
export interface TaskDefaults {
  readonly modelDim: number;
  readonly numHeads: number;
  readonly feedForwardDim: number;
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly warmupSteps: number;
  /** As typed on the command line: `sinusoidal`, `alibi:direction=symmetric`. */
  readonly encodings: readonly string[];
}

/** Data or options of a task that cannot be used; the message says what was expected and what to do. */
export class TaskError extends Error {
  override readonly name = 'TaskError';
}
