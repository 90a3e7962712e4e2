import type { Split } from '../../data/hash.ts';
import { chooseDataSet, dataSetOption, resolveDataSet } from '../shared/data-sets.ts';
import { choiceOption, integerOption } from '../shared/options.ts';
import { checkOptions, OWN_DATA_OPTIONS } from '../shared/own-data.ts';
import { leaveOutKnown, splitExamples } from '../shared/splits.ts';
import { lengthOptions, OWN_PERCENTILE, readLengthOptions } from '../shared/text-lengths.ts';
import { tokenizerFor, tokenizerOptions } from '../shared/tokenizers.ts';
import { type PreparedTask, type Task, TaskError, type TaskOptions } from '../task.ts';
import type { TextRequest } from './held-out-texts.ts';
import { COLUMNS, DATA_SETS, readPairs, type SummaryPair } from './summary-pairs.ts';
import { MAIN_METRIC, SUMMARY_METRICS, summaryScore, summaryScores } from './summary-scores.ts';
import { findWords } from './tagged-text.ts';
import { TEXT_ENCODER } from './text-defaults.ts';
import { ExtractText, extracts } from './text-extracts.ts';
import { prepareTextTags } from './text-tags.ts';
import { prepareTextToText, type TextToTextRequest } from './text-to-text.ts';

const TEST_EXAMPLES = 256;
const VALIDATION_EXAMPLES = 64;
const SHARES = { validation: 0.05, test: 0.1 };
/** Per cent of the built-in training texts that are trained on, the shortest. */
const PERCENTILE = 25;
/** What can be done with texts that are too long, by method. */
const TOO_LONG = { extract: ['window', 'refuse'], write: ['refuse', 'cut'] } as const;
const METHODS = ['extract', 'write'] as const;
const EVERY_TOO_LONG = ['window', 'refuse', 'cut'] as const;
const VOCABULARY = 1500;
const TARGET_RATIO = 0.5;
/** Words of the baselines' written summaries, about as many as synopses have. */
const SUMMARY_WORDS = 7;

/** From a text to its summary. */
export const summarise: Task = {
  name: 'summarise',
  title: 'Summarisation',
  description:
    'From a text to one line that says what it is about: descriptions of software packages to their synopses, definitions ' +
    'to words, or your own texts and summaries (data, text, target). Words of the text are chosen (encoder), or the line ' +
    'is written anew (encoder–decoder).',
  metrics: SUMMARY_METRICS,
  lengthUnit: 'source tokens',
  defaults: { ...TEXT_ENCODER, decoderLayers: 1, steps: 400 },
  options: [
    dataSetOption(DATA_SETS),
    ...OWN_DATA_OPTIONS,
    { name: 'text', description: 'the column of texts' },
    { name: 'target', description: 'the column of summaries' },
    {
      name: 'method',
      description: 'extract: choose words of the text (encoder); write: token by token (encoder–decoder)',
      default: METHODS[0],
    },
    ...tokenizerOptions(VOCABULARY),
    ...lengthOptions(PERCENTILE, EVERY_TOO_LONG, OWN_PERCENTILE).map((option) =>
      option.name === 'tooLong'
        ? { ...option, description: `${option.description}; extract cannot cut, write has no windows` }
        : option,
    ),
    {
      name: 'beams',
      description: 'of method write: hypotheses kept while writing; 1 takes the best token each time',
      default: 1,
    },
    { name: 'testExamples', description: 'test texts of each length, at most', default: TEST_EXAMPLES },
  ],
  resolve: async (options) => resolveDataSet('summarise', options, DATA_SETS),
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptions(summarise, options, COLUMNS);
  const own = options.data !== undefined;
  const method = methodOf(options);
  const lengths = readLengthOptions('summarise', options, own ? OWN_PERCENTILE : PERCENTILE, TOO_LONG[method]);
  const beams = integerOption('summarise', options, 'beams', 1, 1);
  if (method === 'extract' && options.beams !== undefined) {
    throw new TaskError('summarise: --beams: only --method write writes token by token; leave it out, or give that');
  }
  const testExamples = integerOption('summarise', options, 'testExamples', TEST_EXAMPLES, 1);
  const { pairs, summary, notes, keys } = await readPairs(options);
  const known: string[] = [];
  const divided = splitExamples('summarise', pairs, { ...keys, idOf: ({ id }) => id, shares: SHARES, notes: known });
  const splits = leaveOutKnown('summarise', divided, ({ source }) => source, known);
  const tokenizer = tokenizerFor('summarise', options, VOCABULARY, function* () {
    for (const { source, target } of splits.train) {
      yield source;
      if (method === 'write') yield target;
    }
  });
  const request = {
    task: 'summarise',
    splits,
    tokenizer,
    lengths:
      method === 'write' && !own && options.tooLong === undefined ? { ...lengths, tooLong: 'cut' as const } : lengths,
    validationExamples: VALIDATION_EXAMPLES,
    testExamples,
    summary,
    notes: [...notes, ...known],
  };
  return method === 'extract' ? extracted(request) : written(request, beams);
}

/** Definitions do not hold the words they define: those are written. */
function methodOf(options: TaskOptions): (typeof METHODS)[number] {
  if (options.method === undefined && options.data === undefined) {
    const { choice } = chooseDataSet('summarise', options, DATA_SETS);
    if (choice.name === 'definitions') return 'write';
  }
  return choiceOption('summarise', options, 'method', METHODS);
}

type Request = TextRequest<SummaryPair>;

function extracted({ splits, ...request }: Request): PreparedTask {
  const toText = (pair: SummaryPair): ExtractText => new ExtractText(pair);
  const tagged = {
    train: splits.train.map(toText),
    validation: splits.validation.map(toText),
    test: splits.test.map(toText),
  };
  return prepareTextTags({ ...request, splits: tagged, meaning: extracts(tagged.train) });
}

function written(request: Request, beams: number): PreparedTask {
  return prepareTextToText({
    ...request,
    mayCut: true,
    targetRatio: TARGET_RATIO,
    beams,
    alignments: false,
    score: (examples, texts) =>
      summaryScores(
        texts.map(({ text }) => text),
        examples.map(({ pair }) => pair.target),
      ),
    scoreOne: { metric: MAIN_METRIC, of: ({ pair }, text) => summaryScore(text, pair.target) },
    baselines: [
      {
        name: 'lead',
        title: `the first ${SUMMARY_WORDS} words`,
        write: ({ pair }) => wordsOf(pair.source).slice(0, SUMMARY_WORDS).join(' '),
      },
      rarestWords(request.splits),
    ],
  });
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
  return findWords(text).map(({ word }) => word);
}
