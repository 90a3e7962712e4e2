/**
 * The task `language` on a person's own texts: rows that are documents, or parts of documents. Knows no model and no
 * encoding.
 */
import type { Split } from '../../data/hash.ts';
import { FIRST_TOKEN, UNKNOWN_TOKEN } from '../../data/tokenizer.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import { choiceOption, integerOption } from '../shared/options.ts';
import { type ColumnUse, groupCell, OWN_DATA_OPTIONS, readOwnData, textCell } from '../shared/own-data.ts';
import { nearDuplicateKey } from '../shared/splits.ts';
import { largest, summarizeLengths } from '../shared/text-lengths.ts';
import { tokenizerFor, tokenizerOptions } from '../shared/tokenizers.ts';
import { type PreparedTask, type Task, TaskError, type TaskOptions } from '../task.ts';
import {
  divideByKey,
  divideInOrder,
  FEWEST_DOCUMENTS,
  type Part,
  type Text,
  TRAINED_SHARE_IN_ORDER,
} from './language-splits.ts';
import { prepareLanguage } from './language-texts.ts';
import { bytePairTokens, characterTokens, LARGEST_VOCABULARY, type OwnTokens } from './language-tokens.ts';
import {
  type ChosenWindows,
  chooseWindows,
  type Document,
  type HeldOutDocument,
  type WindowLengths,
  windowLengths,
} from './language-windows.ts';
import { packDocuments, packHeldOut } from './packed-documents.ts';

const TRAINED_LENGTH = 64;
const SHORTEST_TRAINED_LENGTH = 8;
const MULTIPLES = [1, 2, 4, 8] as const;
const LONGEST_MULTIPLE = 8;
const VALIDATION_WINDOWS = 128;
/** A comparison of fewer windows says nothing. */
const FEWEST_WINDOWS = 8;
/** Longer contexts than the trained one are asked about where so many windows have them. */
const FEWEST_LONGER_WINDOWS = 64;
const VOCABULARY = 2000;
/** Characters rarer than this in the training texts are unknown. */
const RAREST_CHARACTER = 10;
/** A larger share of unknown characters means that they must be tokens. */
const MOST_UNKNOWN = 0.1;

const COLUMNS: readonly ColumnUse[] = [
  { use: 'text', guesses: ['text', 'document', 'body', 'content', 'passage', 'story', 'article'] },
  { use: 'group', guesses: [], optional: true },
];

/** The options of `language` that only a person's own texts have. */
export const OWN_TEXT_OPTIONS: Task['options'] = [
  ...OWN_DATA_OPTIONS,
  { name: 'text', description: 'the column of texts' },
  {
    name: 'documents',
    description: 'rows (each is a document) or joined (rows of one group, or of the whole file, are one document)',
    default: 'rows',
  },
  ...tokenizerOptions(VOCABULARY),
  { name: 'trainedLength', description: 'tokens of the context that is trained on', default: TRAINED_LENGTH },
];

/** @throws {TaskError} when the file or an option cannot be used, or texts are too few or too short */
export async function prepareOwnTexts(options: TaskOptions, testWindows: number): Promise<PreparedTask> {
  const trained = integerOption('language', options, 'trainedLength', TRAINED_LENGTH, SHORTEST_TRAINED_LENGTH);
  const kind = choiceOption('language', options, 'tokens', ['characters', 'bpe']);
  const { encoded, tokens, files, inOrder, gap, textLengths, summary, shown } = await encodeTexts(
    options,
    kind,
    trained,
  );
  const share = unknownShare(encoded.test);
  if (share > MOST_UNKNOWN && kind === 'bpe') {
    throw new TaskError(
      `language: --tokenizer: expected tokens for the test texts, but ${percent(share)} of theirs are the unknown token of ` +
        'this tokenizer; give one for texts like these, or leave it out to train one that knows every character',
    );
  }
  if (share > MOST_UNKNOWN) {
    throw new TaskError(
      `language: expected characters of the test texts that the training texts have too, but ${percent(share)} of them ` +
        `occur fewer than ${RAREST_CHARACTER} times there or are beyond the vocabulary of ${tokens.vocabulary}; give ` +
        '--tokens bpe, which knows every character, or a larger --vocabulary',
    );
  }
  const train = encoded.train.filter((document) => document.tokens.length > trained);
  const lengths = reachedLengths(trained, encoded.test);
  const validation = chooseWindows(train, encoded.validation, { ...lengths, longest: trained }, VALIDATION_WINDOWS);
  const test = chooseWindows(train, encoded.test, lengths, testWindows);
  checkWindows(
    trained,
    { train, validation, test },
    {
      longestText: largest(textLengths),
      gap: inOrder ? gap : 0,
    },
  );
  return prepareLanguage({
    ...tokens,
    train,
    validation,
    test,
    lengths,
    ...(files === undefined ? {} : { files }),
    data: {
      ...summary,
      lengths: summarizeLengths('tokens', textLengths),
      trainedLength: {
        maximum: trained,
        limit: lengths.longest,
        chosenBy: options.trainedLength === undefined ? 'the default; --trained-length sets another' : 'as given',
      },
      splitBy: inOrder
        ? `in order: the first ${percent(TRAINED_SHARE_IN_ORDER)} of each document are ` +
          `trained on, its end is the test; ${gap} tokens between the parts are left out`
        : options.group === undefined
          ? 'by document, near-duplicates together'
          : `by ${options.group}`,
      examples: shown,
    },
    notes: [
      'Your own texts, composed (Unicode NFC), upper and lower case kept.',
      kind === 'bpe'
        ? `Characters are counted as they are in the texts, so scores of different tokenizers can be compared${unknownNote(share)}.`
        : `A token is one of the ${tokens.vocabulary - FIRST_TOKEN} characters that occur at least ${RAREST_CHARACTER} times in ` +
          `the training texts; ${percent(share)} of the characters of test texts are unknown and not scored` +
          `${test.unknown === 0 ? '' : `; ${test.unknown} windows in which none is known are left out`}.`,
      ...shortNotes(trained, lengths, encoded),
    ],
  });
}

/** Texts by split as tokens; what they are made of is no longer needed then. */
async function encodeTexts(options: TaskOptions, kind: 'characters' | 'bpe', trained: number) {
  const { texts, summary } = await readTexts(options);
  const grouped = options.group !== undefined;
  const inOrder = !grouped && texts.length < FEWEST_DOCUMENTS;
  const gap = trained * LONGEST_MULTIPLE;
  const parts = inOrder
    ? divideInOrder(texts, gap)
    : divideByKey(texts, ({ group, text }) => (group === undefined ? nearDuplicateKey(text) : `group ${group}`));
  const { tokens, files } = tokensFor(kind, options, function* () {
    for (const { text } of parts.train.texts) yield text;
  });
  const textLengths: number[] = [];
  // Texts that are divided in order are in every part, others in one.
  const encoder = ({ gap: left }: Part) => {
    const first = inOrder ? 0 : textLengths.length;
    return ({ text }: Text, index: number): Omit<HeldOutDocument, 'name'> => {
      const found = tokens.encode(text);
      textLengths[first + index] = (textLengths[first + index] ?? 0) + found.tokens.length;
      return { tokens: found.tokens.subarray(left), characters: found.characters.subarray(left) };
    };
  };
  const { train, validation, test } = parts;
  const encodeTrain = encoder(train);
  const encoded = {
    train: packDocuments(train.texts, (text, index) => encodeTrain(text, index).tokens),
    validation: packHeldOut(validation.texts, encoder(validation)),
    test: packHeldOut(test.texts, encoder(test)),
  };
  const shown = texts.slice(0, 3).map(({ text }) => text.slice(0, 200));
  return { encoded, tokens, files, inOrder, gap, textLengths, summary, shown };
}

async function readTexts(options: TaskOptions): Promise<{
  readonly texts: readonly Text[];
  readonly summary: Pick<DataSummary, 'source' | 'format' | 'rows' | 'refused' | 'columns'>;
}> {
  const documents = choiceOption('language', options, 'documents', ['rows', 'joined']);
  const { examples, summary } = await readOwnData('language', options, COLUMNS, (cells, { name }): Text | string => {
    const text = textCell(cells, 'text');
    if (typeof text === 'string') return text;
    return { name, text: text.text.normalize('NFC'), group: groupCell(cells) };
  });
  if (documents === 'rows') return { texts: examples, summary };
  const texts = [...Map.groupBy(examples, ({ group }) => group)].map(([group, rows]) => ({
    name: group ?? 'the whole file',
    group,
    text: rows.map(({ text }) => text).join('\n'),
  }));
  return { texts, summary };
}

function tokensFor(
  kind: 'characters' | 'bpe',
  options: TaskOptions,
  training: () => Iterable<string>,
): { readonly tokens: OwnTokens; readonly files?: Readonly<Record<string, string>> } {
  if (kind === 'bpe') {
    const tokenizer = tokenizerFor('language', options, VOCABULARY, training);
    if (tokenizer.vocabulary > LARGEST_VOCABULARY) {
      throw new TaskError(
        `language: --tokenizer: expected at most ${LARGEST_VOCABULARY} tokens, got ${tokenizer.vocabulary}; give a smaller one`,
      );
    }
    return { tokens: bytePairTokens(tokenizer), files: { 'tokenizer.json': tokenizer.toJson() } };
  }
  if (options.tokenizer !== undefined) {
    throw new TaskError('language: --tokenizer: expected --tokens bpe to go with it, got characters');
  }
  const vocabulary = integerOption('language', options, 'vocabulary', VOCABULARY, 3);
  if (vocabulary > LARGEST_VOCABULARY) {
    throw new TaskError(`language: --vocabulary: expected at most ${LARGEST_VOCABULARY}, got ${vocabulary}`);
  }
  return { tokens: characterTokens(training(), { minimumCount: RAREST_CHARACTER, vocabulary }) };
}

/** Contexts as long as enough windows of the test texts have; at least the trained one. */
function reachedLengths(trained: number, test: readonly Document[]): WindowLengths {
  const scored = Math.floor(trained / 2);
  const windowsWith = (longest: number): number =>
    test.reduce((sum, { tokens }) => sum + Math.max(0, Math.floor((tokens.length - longest - 1) / scored) + 1), 0);
  const reached = MULTIPLES.filter((times) => times === 1 || windowsWith(trained * times) >= FEWEST_LONGER_WINDOWS);
  return windowLengths(trained, reached);
}

function checkWindows(
  trained: number,
  {
    train,
    validation,
    test,
  }: { readonly train: readonly Document[]; readonly validation: ChosenWindows; readonly test: ChosenWindows },
  { longestText, gap }: { readonly longestText: number; readonly gap: number },
): void {
  const inOrder =
    gap === 0 ? '' : ` and each of so few texts is divided in order, with ${gap} tokens left out between the parts`;
  const advice =
    `the longest text has ${longestText}${inOrder}; give more or longer texts, a smaller --trained-length, or ` +
    '--documents joined where rows are parts of one text';
  if (train.length === 0) {
    throw new TaskError(`language: expected training texts of more than ${trained} tokens, got none: ${advice}`);
  }
  for (const [split, { windows, quoted }] of [['validation', validation] as const, ['test', test] as const]) {
    if (windows.length >= FEWEST_WINDOWS) continue;
    const left = quoted === 0 ? '' : ` (${quoted} more repeat a training text)`;
    throw new TaskError(
      `language: expected at least ${FEWEST_WINDOWS} stretches of more than ${trained} tokens for ${split}, got ` +
        `${windows.length}${left}: ${advice}`,
    );
  }
}

/** What is said of unknown tokens, which other tokenizers may know. */
function unknownNote(share: number): string {
  if (share === 0) return '';
  return `, but for ${percent(share)} of the tokens of test texts that this tokenizer does not know, which are not scored`;
}

/** The share of unknown tokens. */
function unknownShare(documents: readonly Document[]): number {
  let [unknown, all] = [0, 0];
  for (const { tokens } of documents) {
    all += tokens.length;
    for (const token of tokens) if (token === UNKNOWN_TOKEN) unknown += 1;
  }
  return all === 0 ? 0 : unknown / all;
}

/** What short documents cannot be used for. */
function shortNotes(
  trained: number,
  { longest }: WindowLengths,
  encoded: Readonly<Record<Split, readonly Document[]>>,
): string[] {
  const shorter = (documents: readonly Document[], length: number): string =>
    `${documents.filter(({ tokens }) => tokens.length <= length).length} of ${documents.length}`;
  return [
    `Texts of at most ${trained} tokens give no training window (${shorter(encoded.train, trained)}) and none for ` +
      `validation (${shorter(encoded.validation, trained)}); test windows need more than ${longest}, which ` +
      `${shorter(encoded.test, longest)} do not have.`,
    ...(longest < trained * LONGEST_MULTIPLE
      ? [
          `Too few test texts are long enough for contexts of more than ${longest} tokens, so none are asked about. Where ` +
            'rows are parts of one text, --documents joined gives longer ones.',
        ]
      : []),
  ];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
