/**
 * The task `algorithmic`: problems with one right answer, trained at small sizes and asked at larger ones (decoder). An
 * answer is right when every token of it is. Knows no model and no encoding.
 */
import { hashFraction } from '../../data/hash.ts';
import { checkOptionNames, choiceOption, integerOption } from '../shared/options.ts';
import { refuseWithoutData } from '../shared/own-data.ts';
import type { LengthBucket, PreparedTask, Task, TaskOptions } from '../task.ts';
import { type ExerciseSet, prepareExercises, showExercises } from './exercise-set.ts';
import { OWN_EXERCISE_OPTIONS, ownExercises } from './own-exercises.ts';
import type { Exercise, Problem, Sizes } from './problem.ts';
import { findProblem, PROBLEM_NAMES } from './problems.ts';

const TEST_EXAMPLES = 256;
const VALIDATION_EXAMPLES = 128;
/** Exercises that training draws from; their sizes are spread evenly. */
const TRAINING_EXERCISES = 100_000;
/** Of questions that are divided by their hash, this share is asked about. */
const HELD_OUT = 0.1;
/** Generated problems, scored by exact match. */
export const algorithmic: Task = {
  name: 'algorithmic',
  title: 'Generated problems',
  description:
    'Problems with one right answer (decoder), such as copying, adding or finding a needle: problem=NAME. Trained at ' +
    'small sizes, asked at larger ones; an answer is right when every token is.',
  metrics: [{ name: 'exact-match', title: 'exact match', better: 'higher', format: 'fraction' }],
  lengthUnit: 'letters, blanks or actions',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 256,
    encoderLayers: 0,
    decoderLayers: 2,
    steps: 650,
    batchSize: 32,
    learningRate: 2e-3,
    warmupSteps: 100,
    encodings: ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 't5'],
  },
  options: [
    { name: 'problem', description: PROBLEM_NAMES.join(', '), default: 'copy' },
    ...OWN_EXERCISE_OPTIONS,
    { name: 'testExamples', description: 'test exercises at each size, at most', default: TEST_EXAMPLES },
  ],
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptionNames(algorithmic, options);
  refuseWithoutData(
    'algorithmic',
    options,
    OWN_EXERCISE_OPTIONS.map(({ name }) => name),
  );
  const testExamples = integerOption('algorithmic', options, 'testExamples', TEST_EXAMPLES, 1);
  if (options.data !== undefined) return prepareExercises(await ownExercises(options, testExamples));
  return prepareExercises(
    generatedExercises(findProblem(choiceOption('algorithmic', options, 'problem', PROBLEM_NAMES)), testExamples),
  );
}

function generatedExercises(problem: Problem, testExamples: number): ExerciseSet {
  const [trained] = problem.sizes;
  const test = problem.sizes.map((sizes) => heldOut(problem, sizes, testExamples, 'test'));
  const training = (index: number): Exercise => exercise(problem, trained, 'training', `train ${index}`);
  return {
    symbols: problem.symbols,
    training,
    trainingCount: TRAINING_EXERCISES,
    stored: false,
    validation: heldOut(problem, trained, VALIDATION_EXAMPLES, 'validation'),
    test,
    buckets: problem.sizes.map((sizes, index): LengthBucket => ({ ...sizes, trained: index === 0 })),
    trainedLength: problem.longest.trained,
    longest: problem.longest.all,
    ...(problem.blind === undefined ? {} : { blind: problem.blind }),
    textOf: (symbols) => symbols.join(' '),
    data: {
      source: `generated: ${problem.name}`,
      format: 'generated from hashes',
      rows: TRAINING_EXERCISES,
      refused: { count: 0, first: [] },
      trainedLength: { maximum: trained.maximum, limit: problem.sizes[3].maximum, chosenBy: 'the task' },
      splitBy: problem.separate === true ? 'by the hash of the question' : 'by command',
      examples: showExercises((test[0] as readonly Exercise[]).slice(0, 3), (symbols) => symbols.join(' ')),
    },
    notes: ['Generated, not real data.', problem.description, `Sizes are in ${problem.sizeUnit}.`],
  };
}

function heldOut(problem: Problem, sizes: Sizes, count: number, split: string): readonly Exercise[] {
  return Array.from({ length: count }, (_, index) =>
    exercise(problem, sizes, 'held-out', `${split} ${sizes.label} ${index}`),
  );
}

/** The exercise of that name; where questions are divided, the first drawn that belongs to this use. Longer sizes are never trained on. */
function exercise(problem: Problem, sizes: Sizes, use: 'training' | 'held-out', name: string): Exercise {
  let draws = 0;
  for (;;) {
    const drawn = problem.draw(sizes, use, () => hashFraction(`${problem.name} ${name} draw ${draws++}`));
    if (problem.separate !== true || sizes.label !== problem.sizes[0].label) return drawn;
    const heldOut = hashFraction(`${problem.name} ${drawn.question.join(' ')}`) < HELD_OUT;
    if (heldOut === (use === 'held-out')) return drawn;
  }
}
