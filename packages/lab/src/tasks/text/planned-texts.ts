/**
 * Which lengths texts are trained, tested and used at, and what is told of that. Knows no question, no particular data, no
 * model and no encoding.
 */
import type { DataSummary } from '../../record/data-summary.ts';
import { countTooLong, everyLength, type SplitLengths, trainedLengthOf } from '../shared/length-checks.ts';
import { type LengthPlan, planLengths, summarizeLengths } from '../shared/text-lengths.ts';
import type { TextRequest } from './held-out-texts.ts';

/** How texts that are longer than all others may be used, and how that is told. */
const INSTEAD = {
  cut: { tooLong: 'cut', to: 'keep their starts', action: 'cut' },
  window: { tooLong: 'window', to: 'read them in windows', action: 'windowed' },
} as const;

/** What is planned, in words. */
export interface PlanWording<Text> {
  /** `texts`, and the unit of their lengths, `tokens`. */
  readonly what: string;
  readonly unit: string;
  /** The unit where all lengths are told; `unit` unless given. */
  readonly measured?: string;
  /** What may be done with longer texts; only refused where absent. */
  readonly instead?: keyof typeof INSTEAD;
  readonly classes?: NonNullable<DataSummary['classes']>;
  /** A text on one line; absent where texts are not shown. */
  readonly shown?: (text: Text) => string;
}

/** The plan, and what is told of the data but for examples of it. */
export interface PlannedTexts {
  readonly plan: LengthPlan;
  readonly data: Omit<DataSummary, 'examples'>;
}

/** @throws {TaskError} when a text is longer than the limit and such are to be refused, or there are none */
export function planTexts<Text extends { readonly id: string }>(
  { task, splits, summary, lengths: request }: TextRequest<Text>,
  lengths: SplitLengths,
  { what, unit, measured = unit, instead, classes, shown }: PlanWording<Text>,
): PlannedTexts {
  const plan = planLengths(task, lengths, request);
  const told = {
    ...summary,
    lengths: summarizeLengths(measured, everyLength(lengths)),
    ...(classes === undefined ? {} : { classes }),
  };
  const choice = instead === undefined ? undefined : INSTEAD[instead];
  const count = countTooLong({
    task,
    what,
    unit,
    lengths,
    plan,
    tooLong: request.tooLong,
    ...(choice === undefined ? {} : { instead: choice }),
    nameOf: (split, index) => (splits[split][index] as Text).id,
    data: { ...told, examples: shown === undefined ? [] : splits.train.slice(0, 3).map(shown) },
  });
  const action = choice?.action ?? 'cut';
  return {
    plan,
    data: { ...told, trainedLength: trainedLengthOf(plan), ...(count === 0 ? {} : { tooLong: { count, action } }) },
  };
}
