/**
 * The task `order` on a person's own text: rows of one or more sentences, in any language. Knows no model and no encoding.
 */
import type { Split } from '../../data/hash.ts';
import { countTooLong, everyLength } from '../shared/length-checks.ts';
import { type ColumnUse, groupCell, OWN_DATA_OPTIONS, readOwnData, textCell } from '../shared/own-data.ts';
import { nearDuplicateKey, splitExamples, withoutKnown } from '../shared/splits.ts';
import {
  lengthOptions,
  planLengths,
  readLengthOptions,
  summarizeLengths,
  type TooLong,
} from '../shared/text-lengths.ts';
import type { PreparedTask, Task, TaskOptions } from '../task.ts';
import { prepareOrder } from './order-sentences.ts';
import { countWords, FREQUENT_WORDS } from './usable-sentences.ts';

/** Sentences of fewer words are not asked about. */
const SHORTEST = 5;
const SHARES = { validation: 0.1, test: 0.2 };
/** Per cent of the training sentences that are trained on, the shortest. */
const PERCENTILE = 60;
const TOO_LONG: readonly [TooLong, ...TooLong[]] = ['refuse', 'cut'];
/** Of fewer rows, sentences are divided, not rows. */
const FEWEST_ROWS = 40;

const COLUMNS: readonly ColumnUse[] = [
  { use: 'text', guesses: ['text', 'sentence', 'document', 'body', 'content'] },
  { use: 'group', guesses: [], optional: true },
];

/** The options of `order` that only a person's own text has. */
export const OWN_SENTENCE_OPTIONS: Task['options'] = [
  ...OWN_DATA_OPTIONS,
  { name: 'text', description: 'the column of sentences, one or more in a row' },
  ...lengthOptions(PERCENTILE, TOO_LONG),
];

/** A row of a person's own file. */
interface SentenceRow {
  readonly name: string;
  readonly group: string | undefined;
  /** Words of each sentence, with spaces between them. */
  readonly sentences: readonly string[];
}

/** A sentence, and its place among those of its row. */
interface Sentence {
  readonly row: SentenceRow;
  readonly place: number;
}

// A language is named, since that of the machine would be taken otherwise; scripts without spaces are divided by
// dictionaries whatever it is.
const SENTENCES = new Intl.Segmenter('en', { granularity: 'sentence' });
const WORDS = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * The sentences of a text as lower-case words without punctuation, composed (NFC), by the rules of Unicode (UAX #29). A
 * line break within a paragraph is a space. Stretches without words are none.
 */
export function sentencesOf(text: string): string[][] {
  return text
    .normalize('NFC')
    .split(/\r?\n\s*\n/)
    .flatMap((paragraph) => segmentsOf(SENTENCES, paragraph.replaceAll(/\s+/g, ' ')))
    .map(({ segment }) =>
      segmentsOf(WORDS, segment)
        .filter(({ isWordLike }) => isWordLike)
        .map((word) => word.segment.toLowerCase()),
    )
    .filter((words) => words.length > 0);
}

/** All segments of a text. Asked one by one, which takes half the time and memory of iterating over them. */
function segmentsOf(segmenter: Intl.Segmenter, text: string): Intl.SegmentData[] {
  const segments = segmenter.segment(text);
  const found: Intl.SegmentData[] = [];
  let at = 0;
  while (at < text.length) {
    const segment = segments.containing(at) as Intl.SegmentData;
    found.push(segment);
    at = segment.index + segment.segment.length;
  }
  return found;
}

/** @throws {TaskError} when the file or an option cannot be used, or sentences are too few or too long */
export async function prepareOwnSentences(
  options: TaskOptions,
  examples: { readonly validationExamples: number; readonly testExamples: number },
): Promise<PreparedTask> {
  const request = readLengthOptions('order', options, PERCENTILE, TOO_LONG);
  const { sentences, short, summary, keyOf, by } = await readSentences(options);
  const splits = splitExamples('order', sentences, {
    keyOf,
    idOf: ({ row, place }) => `${row.name} ${place}`,
    shares: SHARES,
  });
  const { kept, count: repeated } = withoutKnown(splits, wordsOf);
  const lengthOf = (sentence: Sentence): number => countWords(wordsOf(sentence));
  const lengths = {
    train: Uint32Array.from(kept.train, lengthOf),
    validation: Uint32Array.from(kept.validation, lengthOf),
    test: Uint32Array.from(kept.test, lengthOf),
  };
  const plan = planLengths('order', lengths, request);
  const tooLong = countTooLong({
    task: 'order',
    what: 'sentences',
    unit: 'words',
    lengths,
    plan,
    tooLong: request.tooLong,
    instead: { tooLong: 'cut', to: 'keep their starts' },
    nameOf: (split, index) => `in ${(kept[split][index] as Sentence).row.name}`,
    data: {
      ...summary,
      lengths: summarizeLengths('words', everyLength(lengths)),
      splitBy: by,
      examples: kept.train.slice(0, 3).map(wordsOf),
    },
  });
  const used = (split: Split): string[] =>
    kept[split].map((sentence, index) =>
      (lengths[split][index] as number) > plan.limit
        ? wordsOf(sentence).split(' ').slice(0, plan.limit).join(' ')
        : wordsOf(sentence),
    );
  return prepareOrder({
    sentences: { train: used('train'), validation: used('validation'), test: used('test') },
    buckets: plan.buckets,
    ...examples,
    data: {
      ...summary,
      ...(tooLong === 0 ? {} : { tooLong: { count: tooLong, action: 'cut' } }),
      splitBy: by,
    },
    chosenBy: plan.chosenBy,
    notes: [
      'Your own text. Sentences and words are found by the rules of Unicode; words are in lower case without punctuation, ' +
        `all but the ${FREQUENT_WORDS} most frequent of the training sentences are one unknown word.`,
      `${short} sentences of fewer than ${SHORTEST} words are not asked about; ${repeated} held-out ones that also occur ` +
        'in another split, but for their numbers, are left out.',
    ],
  });
}

interface ReadSentences {
  /** Long enough to be asked about. */
  readonly sentences: readonly Sentence[];
  /** How many were not. */
  readonly short: number;
  readonly summary: Awaited<ReturnType<typeof readOwnData>>['summary'];
  /** What must not be in two splits, and that in words. */
  readonly keyOf: (sentence: Sentence) => string;
  readonly by: string;
}

async function readSentences(options: TaskOptions): Promise<ReadSentences> {
  const { examples, summary } = await readOwnData(
    'order',
    options,
    COLUMNS,
    (cells, { name }): SentenceRow | string => {
      const text = textCell(cells, 'text');
      if (typeof text === 'string') return text;
      const sentences = sentencesOf(text.text).map((words) => words.join(' '));
      if (sentences.length === 0) return `text: expected words, got ${text.text.slice(0, 40)}`;
      return { name, group: groupCell(cells), sentences };
    },
  );
  const sentences: Sentence[] = [];
  let short = 0;
  for (const row of examples) {
    row.sentences.forEach((words, place) => {
      if (countWords(words) < SHORTEST) short += 1;
      else sentences.push({ row, place });
    });
  }
  return { sentences, short, summary, ...keptTogether(options, examples.length) };
}

/** Rows, unless they are so few that their sentences are divided. */
function keptTogether(options: TaskOptions, rows: number): Pick<ReadSentences, 'keyOf' | 'by'> {
  if (options.group !== undefined) return { keyOf: ({ row }) => `group ${row.group}`, by: `by ${options.group}` };
  if (rows < FEWEST_ROWS) return { keyOf: (sentence) => nearDuplicateKey(wordsOf(sentence)), by: 'by sentence' };
  return { keyOf: ({ row }) => nearDuplicateKey(row.sentences.join(' ')), by: 'by row, near-duplicates together' };
}

function wordsOf({ row, place }: Sentence): string {
  return row.sentences[place] as string;
}
