/**
 * Questions and answers of a person's own file as exercises: tokens with spaces between them, or, where there are no
 * spaces in the file, single characters.
 * Knows no model and no encoding.
 */

import { checkReached, countTooLong, everyLength, indicesWithin, trainedLengthOf } from '../shared/length-checks.ts';
import { type ColumnUse, OWN_DATA_OPTIONS, readOwnData, textCell } from '../shared/own-data.ts';
import { splitExamples } from '../shared/splits.ts';
import { lengthOptions, planLengths, readLengthOptions, summarizeLengths } from '../shared/text-lengths.ts';
import { counted } from '../shared/wording.ts';
import type { Task, TaskOptions } from '../task.ts';
import { type ExerciseSet, showExercises } from './exercise-set.ts';
import type { Exercise } from './problem.ts';

const VALIDATION_EXAMPLES = 128;
/** Per cent of a person's own examples that are trained on, the shortest. */
const PERCENTILE = 80;
/** What sizes count. */
const UNIT = 'tokens of question and answer';
const SHARES = { validation: 0.1, test: 0.2 };
const COLUMNS: readonly ColumnUse[] = [
  { use: 'source', guesses: ['source', 'question', 'input', 'x'] },
  { use: 'target', guesses: ['target', 'answer', 'output', 'y'] },
  { use: 'group', guesses: [], optional: true },
];

/** A row of a person's own file, as it stands there: the symbols of a million rows would not fit. */
interface OwnExample {
  readonly name: string;
  readonly group: string;
  readonly source: string;
  readonly target: string;
}

/** The options of `algorithmic` that only a person's own file has. */
export const OWN_EXERCISE_OPTIONS: Task['options'] = [
  ...OWN_DATA_OPTIONS,
  { name: 'source', description: 'the column of questions' },
  { name: 'target', description: 'the column of answers' },
  ...lengthOptions(PERCENTILE, ['refuse']),
];

/** @throws {TaskError} when the file or an option cannot be used */
export async function ownExercises(options: TaskOptions, testExamples: number): Promise<ExerciseSet> {
  const request = readLengthOptions('algorithmic', options, PERCENTILE, ['refuse']);
  const { examples, summary } = await readOwnData('algorithmic', options, COLUMNS, (cells, { name }) => {
    const [source, target] = [textCell(cells, 'source'), textCell(cells, 'target')];
    if (typeof source === 'string') return source;
    if (typeof target === 'string') return target;
    const group = cells.group === undefined ? source.text : String(cells.group);
    return { name, group, source: source.text, target: target.text };
  });
  // Of the whole file, so that a single word is one symbol where others have several.
  const spaced = examples.some(({ source, target }) => /\s/.test(source) || /\s/.test(target));
  const symbolsOf = (text: string): string[] => (spaced ? text.split(/\s+/) : [...text]);
  const sizeOf = ({ source, target }: OwnExample): number => symbolsOf(source).length + symbolsOf(target).length;
  const splits = splitExamples('algorithmic', examples, {
    keyOf: ({ group }) => group,
    idOf: ({ name }) => name,
    shares: SHARES,
  });
  const lengths = {
    train: Uint32Array.from(splits.train, sizeOf),
    validation: Uint32Array.from(splits.validation, sizeOf),
    test: Uint32Array.from(splits.test, sizeOf),
  };
  const plan = planLengths('algorithmic', lengths, request);
  const used = new Set<string>();
  for (const { source, target } of splits.train) {
    for (const text of [source, target]) for (const symbol of symbolsOf(text)) used.add(symbol);
  }
  const names = [...used].sort();
  const numbers = new Map(names.map((name, index) => [name, index + 1]));
  const toNumbers = (text: string): number[] => symbolsOf(text).map((symbol) => numbers.get(symbol) ?? 0);
  const toExercise = ({ source, target }: OwnExample): Exercise => ({
    question: toNumbers(source),
    answer: toNumbers(target),
  });
  const textOf = (symbols: readonly number[]): string =>
    symbols.map((symbol) => (symbol === 0 ? '?' : names[symbol - 1])).join(' ');
  const told = {
    ...summary,
    lengths: summarizeLengths(UNIT, everyLength(lengths)),
    splitBy: options.group === undefined ? 'by question' : `by ${options.group}`,
    examples: showExercises(splits.train.slice(0, 3).map(toExercise), textOf),
  };
  countTooLong({
    task: 'algorithmic',
    what: 'questions and answers together',
    unit: 'tokens',
    lengths,
    plan,
    tooLong: request.tooLong,
    nameOf: (split, index) => (splits[split][index] as OwnExample).name,
    data: told,
  });
  const inside = indicesWithin(lengths.train, 0, plan.trained);
  const exercisesOf = (split: 'validation' | 'test', from: number, to: number, count: number): Exercise[] =>
    Array.from(indicesWithin(lengths[split], from, to).subarray(0, count), (index) =>
      toExercise(splits[split][index] as OwnExample),
    );
  const test = plan.buckets.map(({ minimum, maximum }) => exercisesOf('test', minimum, maximum, testExamples));
  const validation = exercisesOf('validation', 0, plan.trained, VALIDATION_EXAMPLES);
  const counts = { train: inside.length, validation: validation.length, test: test[0]?.length ?? 0 };
  const few = checkReached('algorithmic', counted(plan.trained, 'tokens'), counts);
  return {
    symbols: names.length + 1,
    training: (index) => toExercise(splits.train[inside[index] as number] as OwnExample),
    trainingCount: inside.length,
    stored: true,
    validation,
    test,
    buckets: plan.buckets,
    trainedLength: plan.trained,
    longest: plan.limit,
    textOf,
    lengthUnit: UNIT,
    data: { ...told, trainedLength: trainedLengthOf(plan) },
    notes: [
      ...few,
      'Your own questions and answers. Sizes are the tokens of both together; tokens that no training example has are ' +
        'one unknown token.',
    ],
  };
}
