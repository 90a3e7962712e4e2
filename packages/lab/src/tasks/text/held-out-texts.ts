/**
 * What the tasks on texts share whatever they ask: how they are requested, and their validation and test examples by
 * length. Knows no question, no particular data, no model and no encoding.
 */
import type { Split } from '../../data/hash.ts';
import type { TextTokenizer } from '../../data/text-tokenizer.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import { evaluationSet } from '../shared/batches.ts';
import { indicesWithin, type SplitLengths } from '../shared/length-checks.ts';
import { bucketIndex, fittingBatchSize, type LengthPlan, type LengthRequest } from '../shared/text-lengths.ts';
import type { Batch, EvaluationSet, LengthBucket, Scores } from '../task.ts';

/** What a task on texts says of itself. */
export interface TextRequest<Text> {
  readonly task: string;
  readonly splits: Readonly<Record<Split, readonly Text[]>>;
  readonly tokenizer: TextTokenizer;
  readonly lengths: LengthRequest;
  readonly validationExamples: number;
  readonly testExamples: number;
  readonly summary: Pick<DataSummary, 'source' | 'format' | 'rows' | 'refused' | 'columns' | 'splitBy'>;
  readonly notes: readonly string[];
}

/** Examples of each bucket that a report shows: of the trained one, and of every other. */
const SHOWN = { trained: 6, beyond: 2 };

/** Validation and test examples; validation is within the trained lengths only. */
export interface HeldOutTexts<Example> {
  readonly validation: readonly Example[];
  /** One list for each bucket. */
  readonly test: readonly (readonly Example[])[];
  /** Test examples within the trained lengths. */
  readonly trainedTest: readonly Example[];
  readonly sizes: { readonly validation: number; readonly test: number };
  /** @throws {RangeError} if the split has no such bucket */
  examplesOf(split: 'validation' | 'test', bucket: LengthBucket): readonly Example[];
  /** Those a report shows. */
  shownOf(bucket: LengthBucket): readonly Example[];
  /** Scores of every test bucket, by its label. */
  scoreTest(score: (examples: readonly Example[]) => Scores): Readonly<Record<string, Scores>>;
  /** Batches of the rows of each bucket, `rowsOf` its examples: windows, or the examples themselves. */
  evaluation<Row>(
    split: 'validation' | 'test',
    batchSize: number,
    rowsOf: (examples: readonly Example[]) => readonly Row[],
    collate: (rows: readonly Row[], length: number) => Batch,
  ): readonly EvaluationSet[];
}

/**
 * Encodes the held-out texts that are used: of each bucket the first ones, in the order of their split.
 *
 * @param lengths - of all texts; longer ones than the limit count as the limit
 * @param fits - whether an example is validated on, where length alone does not say
 */
export function holdOutTexts<Text, Example>(
  { task, splits, validationExamples, testExamples }: TextRequest<Text>,
  lengths: SplitLengths,
  plan: LengthPlan,
  toExample: (text: Text) => Example,
  fits: (example: Example) => boolean = () => true,
): HeldOutTexts<Example> {
  const { buckets, limit, trained } = plan;
  const lengthOf = (split: Split, index: number): number => Math.min(lengths[split][index] as number, limit);
  const validation: Example[] = [];
  for (const [index, text] of splits.validation.entries()) {
    if (validation.length === validationExamples) break;
    if (lengthOf('validation', index) > trained) continue;
    const example = toExample(text);
    if (fits(example)) validation.push(example);
  }
  const test = buckets.map((): Example[] => []);
  splits.test.forEach((text, index) => {
    const bucket = test[bucketIndex(buckets, lengthOf('test', index))] as Example[];
    if (bucket.length < testExamples) bucket.push(toExample(text));
  });
  const evaluated = { validation: [validation], test };
  const examplesOf = (split: 'validation' | 'test', { label }: LengthBucket): readonly Example[] => {
    const found = evaluated[split][buckets.findIndex((bucket) => bucket.label === label)];
    if (found === undefined) throw new RangeError(`${task}: ${split} has no bucket ${label}`);
    return found;
  };
  return {
    validation,
    test,
    trainedTest: test[0] as readonly Example[],
    sizes: { validation: validation.length, test: test.reduce((sum, list) => sum + list.length, 0) },
    examplesOf,
    shownOf: (bucket) => examplesOf('test', bucket).slice(0, bucket.trained ? SHOWN.trained : SHOWN.beyond),
    scoreTest: (score) => Object.fromEntries(buckets.map(({ label }, at) => [label, score(test[at] as Example[])])),
    evaluation: (split, batchSize, rowsOf, collate) =>
      evaluated[split].map((list, index) => {
        const bucket = buckets[index] as LengthBucket;
        const rows = rowsOf(list);
        const size = Math.min(rows.length, fittingBatchSize(batchSize, trained, bucket.maximum));
        return evaluationSet(bucket, rows, size, (some) => collate(some, bucket.maximum));
      }),
  };
}

/** Which training texts are within the trained lengths, by number. */
export function trainedIndices(lengths: SplitLengths, { limit, trained }: LengthPlan): Uint32Array {
  // Longer ones than the limit count as the limit.
  return indicesWithin(lengths.train, 0, trained < limit ? trained : Number.POSITIVE_INFINITY);
}
