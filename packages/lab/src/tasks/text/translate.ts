/**
 * The task `translate`: from a text in one language to the same in another. Aligned English–Spanish verses with linked
 * words where they have been fetched, else the messages of a program; or the user's own pairs. Knows no model and no
 * encoding.
 */

import { orderByHash, type Split } from '../../data/hash.ts';
import { readInterfaceMessages } from '../../data/interface-messages.ts';
import type { TextTokenizer } from '../../data/text-tokenizer.ts';
import { readVerses, type TaggedWord } from '../../data/verses.ts';
import { alignmentScores } from '../metrics/alignment.ts';
import { corpusBleu } from '../metrics/bleu.ts';
import { corpusChrf, sentenceChrf } from '../metrics/chrf.ts';
import { chooseDataSet, type DataSetChoice, dataSetOption, folderOf, resolveDataSet } from '../shared/data-sets.ts';
import { trainLexicon, translateTokens } from '../shared/lexicon.ts';
import { integerOption } from '../shared/options.ts';
import { type ColumnUse, checkOptions, OWN_DATA_OPTIONS, pairCells, readOwnData } from '../shared/own-data.ts';
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
import type { TextPair, TokenPair } from '../shared/token-pairs.ts';
import { tokenizerFor, tokenizerOptions } from '../shared/tokenizers.ts';
import type { Metric, PreparedTask, Scores, Task, TaskOptions } from '../task.ts';
import { TEXT_WRITER } from './text-defaults.ts';
import { prepareTextToText, type TextToTextRequest, type Written } from './text-to-text.ts';
import { attendedLinks, tokenLinks, wordLinks, wordsWithin } from './word-links.ts';

const TEST_EXAMPLES = 128;
const VALIDATION_EXAMPLES = 64;
/** Pairs of the built-in data that are read at all, chosen by their hashes: reading more takes longer than it helps. */
const MOST_PAIRS = 40_000;
const SHARES = { validation: 0.05, test: 0.1 };
/** Per cent of the built-in training pairs that are trained on, the shortest sources. */
const PERCENTILE = 25;
const TOO_LONG: readonly [TooLong, ...TooLong[]] = ['refuse', 'cut'];
const VOCABULARY = 1000;
/** Training targets have at most this many times as many tokens as the longest trained source. */
const TARGET_RATIO = 1.3;

const DATA_SETS: readonly [DataSetChoice, ...DataSetChoice[]] = [
  { name: 'verses', description: 'aligned public-domain verses, English to Spanish', needs: 'verses' },
  { name: 'messages', description: 'messages of an editor, English to Spanish, installed' },
];

const COLUMNS: readonly ColumnUse[] = [
  { use: 'source', guesses: ['source', 'src', 'input', 'en', 'english'] },
  { use: 'target', guesses: ['target', 'tgt', 'output', 'translation'] },
  { use: 'group', guesses: [], optional: true },
];

/** A pair, with what its words mean where that is known. */
interface TranslationPair extends TextPair, MaybeKeyed {
  readonly words?: { readonly source: readonly TaggedWord[]; readonly target: readonly TaggedWord[] };
}

const CHRF: Metric = { name: 'chrf', title: 'chrF', better: 'higher', format: 'number', unit: 'chrF' };
const BLEU: Metric = { name: 'bleu', title: 'BLEU', better: 'higher', format: 'number', unit: 'BLEU' };
const ALIGNMENT: Metric = {
  name: 'alignment-error-rate',
  title: 'alignment error rate of cross-attention',
  better: 'lower',
  format: 'fraction',
};

/** From one language to another. */
export const translate: Task = {
  name: 'translate',
  title: 'Translation',
  description:
    'From one language to another (encoder–decoder): aligned English–Spanish verses, messages of a program, or your own ' +
    'pairs (data, source, target). Trained on short texts, tested on longer ones too.',
  metrics: [BLEU, CHRF, ALIGNMENT],
  lengthUnit: 'source tokens',
  defaults: { ...TEXT_WRITER, steps: 600 },
  options: [
    dataSetOption(DATA_SETS),
    ...OWN_DATA_OPTIONS,
    { name: 'source', description: 'the column of texts to translate' },
    { name: 'target', description: 'the column of translations' },
    ...tokenizerOptions(VOCABULARY),
    ...lengthOptions(PERCENTILE, TOO_LONG, OWN_PERCENTILE),
    { name: 'beams', description: 'hypotheses kept while writing; 1 takes the best token each time', default: 1 },
    { name: 'testExamples', description: 'test texts of each length, at most', default: TEST_EXAMPLES },
  ],
  resolve: async (options) => resolveDataSet('translate', options, DATA_SETS),
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptions(translate, options, COLUMNS);
  const lengths = readLengthOptions(
    'translate',
    options,
    options.data === undefined ? PERCENTILE : OWN_PERCENTILE,
    TOO_LONG,
  );
  const beams = integerOption('translate', options, 'beams', 1, 1);
  const testExamples = integerOption('translate', options, 'testExamples', TEST_EXAMPLES, 1);
  const { pairs, summary, notes, keys } = await readPairs(options);
  const known: string[] = [];
  const divided = splitExamples('translate', pairs, { ...keys, idOf: ({ id }) => id, shares: SHARES, notes: known });
  const splits = leaveOutKnown('translate', divided, ({ source }) => source, known);
  const linked = pairs.some(({ words }) => words !== undefined);
  const tokenizer = tokenizerFor('translate', options, VOCABULARY, function* () {
    for (const { source, target } of splits.train) {
      yield source;
      yield target;
    }
  });
  const request: TextToTextRequest<TranslationPair> = {
    task: 'translate',
    splits,
    tokenizer,
    lengths: options.data === undefined && options.tooLong === undefined ? { ...lengths, tooLong: 'cut' } : lengths,
    mayCut: true,
    targetRatio: TARGET_RATIO,
    beams,
    alignments: linked,
    validationExamples: VALIDATION_EXAMPLES,
    testExamples,
    score: (examples, written) => scoresOf(examples, written, linked),
    scoreOne: { metric: 'chrf', of: ({ pair }, text) => sentenceChrf(text, pair.target) },
    baselines: [
      { name: 'copy', title: 'the source as it is', write: ({ pair }) => pair.source },
      wordByWord(splits, tokenizer),
    ],
    ...(linked ? { linksOf: (example) => tokenLinks(sourceOf(example), targetOf(example)) } : {}),
    summary,
    notes: [...notes, ...known],
  };
  const prepared = prepareTextToText(request);
  return linked ? prepared : { ...prepared, metrics: [BLEU, CHRF] };
}

interface ReadPairs {
  readonly pairs: readonly TranslationPair[];
  readonly summary: TextToTextRequest<TranslationPair>['summary'];
  readonly notes: readonly string[];
  readonly keys: Pick<SplitKeys<TranslationPair>, 'keyOf' | 'alike'>;
}

async function readPairs(options: TaskOptions): Promise<ReadPairs> {
  if (options.data !== undefined) return readOwnPairs(options);
  const { choice } = chooseDataSet('translate', options, DATA_SETS);
  return choice.name === 'verses' ? versePairs() : await messagePairs();
}

async function readOwnPairs(options: TaskOptions): Promise<ReadPairs> {
  const { examples, summary } = await readOwnData(
    'translate',
    options,
    COLUMNS,
    (cells, { name }): TranslationPair | string => pairCells(cells, name, 'source'),
  );
  const { splitBy, ...keys } = splitKeys(examples, options, 'source', ({ source }) => source);
  return {
    pairs: examples,
    keys,
    summary: { ...summary, splitBy },
    notes: [],
  };
}

function versePairs(): ReadPairs {
  const verses = readVerses(folderOf('translate', 'verses'));
  const chosen = orderByHash(verses, ({ reference }) => reference).slice(0, MOST_PAIRS);
  return {
    pairs: chosen.map(({ reference, book, chapter, english, spanish, englishWords, spanishWords }) => ({
      id: reference,
      key: `${book} ${chapter}`,
      source: english,
      target: spanish,
      words: { source: englishWords, target: spanishWords },
    })),
    keys: CARRIED_KEYS,
    summary: {
      source: 'World English Bible and Reina-Valera 1909 (public domain)',
      format: 'aligned verses',
      rows: verses.length,
      refused: { count: 0, first: [] },
      splitBy: 'by chapter',
    },
    notes: [
      `Aligned public-domain verses, English to Spanish; ${chosen.length} of ${verses.length} are used, chosen by hash. ` +
        'Verses of a chapter are never in two splits; some verses of other books tell the same in similar words.',
      'The alignment error rate compares what cross-attention looks at, the true translation given, with words that ' +
        'carry the same number of Strong’s dictionaries: sure links where one word of each text does, possible links ' +
        'where several do. Marks of small words are noisy, so no model reaches 0.',
    ],
  };
}

async function messagePairs(): Promise<ReadPairs> {
  const messages = await readInterfaceMessages();
  return {
    pairs: messages.map(({ english, spanish }, index) => ({
      id: `message ${index}`,
      key: nearDuplicateKey(english),
      source: english,
      target: spanish,
    })),
    keys: CARRIED_KEYS,
    summary: {
      source: 'messages of an editor, npm @codingame/monaco-vscode-language-pack-es 25.1.2 (MIT)',
      format: 'installed package',
      rows: messages.length,
      refused: { count: 0, first: [] },
      splitBy: 'by message, near-duplicates together',
    },
    notes: ['Messages of a program: short, with many names and placeholders that are copied as they are.'],
  };
}

function scoresOf(
  examples: readonly TokenPair<TranslationPair>[],
  written: readonly Written[],
  linked: boolean,
): Scores {
  const texts = written.map(({ text }) => text);
  const expected = examples.map(({ pair }) => pair.target);
  const scores = { chrf: corpusChrf(texts, expected), bleu: corpusBleu(texts, expected).score };
  if (!linked || written.some(({ alignment }) => alignment === undefined)) return scores;
  const aligned = examples.flatMap((example, index) => {
    const [source, target] = [sourceOf(example), targetOf(example)];
    const links = wordLinks(source.words, target.words);
    return links.possible.length === 0
      ? []
      : [attendedLinks(written[index]?.alignment as NonNullable<Written['alignment']>, source, target, links)];
  });
  // A few texts may have no word that is surely linked.
  if (aligned.every(({ sure }) => sure.length === 0)) return scores;
  return { ...scores, 'alignment-error-rate': alignmentScores(aligned).errorRate };
}

function sourceOf({ pair, source }: TokenPair<TranslationPair>) {
  return { words: wordsWithin(pair.words?.source ?? [], source), tokens: source };
}

function targetOf({ pair, target }: TokenPair<TranslationPair>) {
  return { words: wordsWithin(pair.words?.target ?? [], target), tokens: target };
}

/** Each token's likeliest translation, in the order of the source: what can be done without any sense of order. */
function wordByWord(
  splits: Readonly<Record<Split, readonly TranslationPair[]>>,
  tokenizer: TextTokenizer,
): TextToTextRequest<TranslationPair>['baselines'][number] {
  const lexicon = trainLexicon(
    splits.train
      .slice(0, LEXICON_PAIRS)
      .map(({ source, target }) => ({ source: tokenizer.encode(source).ids, target: tokenizer.encode(target).ids })),
  );
  return {
    name: 'word-by-word',
    title: 'each token’s likeliest translation (IBM model 1)',
    orderBlind: true,
    write: ({ source }) => tokenizer.decode(translateTokens(lexicon, source.ids, 'copy')),
  };
}

/** Pairs the lexicon of the order-blind baseline is learned from. */
const LEXICON_PAIRS = 4000;
