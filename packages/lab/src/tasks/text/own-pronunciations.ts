/**
 * The task `pronounce` on a person's own dictionary: rows of a word and its pronunciation, symbols with spaces between
 * them. Knows no model and no encoding.
 */
import {
  BEGIN,
  END,
  type EncodedText,
  FIRST_TEXT_ID,
  PADDING,
  SEPARATOR,
  type TextTokenizer,
} from '../../data/text-tokenizer/types.ts';
import { fractionRight } from '../metrics/accuracy.ts';
import { errorRate, nearestReference } from '../metrics/edit-distance.ts';
import { trainLexicon, translateTokens } from '../shared/lexicon.ts';
import { type ColumnUse, groupCell, OWN_DATA_OPTIONS, readOwnData, textCell } from '../shared/own-data.ts';
import { splitExamples } from '../shared/splits.ts';
import { lengthOptions, readLengthOptions, type TooLong } from '../shared/text-lengths.ts';
import type { TextPair } from '../shared/token-pairs.ts';
import type { PreparedTask, Task, TaskOptions } from '../task.ts';
import { prepareTextToText } from './text-to-text.ts';

const VALIDATION_WORDS = 256;
const SHARES = { validation: 0.05, test: 0.2 };
/** Per cent of the training words that are trained on, the shortest. */
const PERCENTILE = 75;
const TOO_LONG: readonly [TooLong, ...TooLong[]] = ['refuse'];
/** Training pronunciations have at most this many times as many symbols as the longest trained word has letters. */
const TARGET_RATIO = 2;
/** Words that the order-blind baseline is learned from, at most. */
const LEXICON_WORDS = 8000;
/** Stands for symbols that no training word has. */
const UNKNOWN = FIRST_TEXT_ID;

const COLUMNS: readonly ColumnUse[] = [
  { use: 'source', guesses: ['word', 'spelling', 'source', 'grapheme', 'graphemes', 'text'] },
  { use: 'target', guesses: ['pronunciation', 'phonemes', 'target', 'ipa', 'arpabet'] },
  { use: 'group', guesses: [], optional: true },
];

/** The options of `pronounce` that only a person's own dictionary has. */
export const OWN_PRONUNCIATION_OPTIONS: Task['options'] = [
  ...OWN_DATA_OPTIONS,
  { name: 'source', description: 'the column of words' },
  { name: 'target', description: 'the column of pronunciations: symbols with spaces between them' },
  ...lengthOptions(PERCENTILE, TOO_LONG),
];

/** A word with all its pronunciations, each as symbols with spaces between them. */
class Word implements TextPair {
  readonly id: string;
  readonly group: string | undefined;
  /** The pronunciation that is trained on. */
  readonly target: string;
  /** The others; a million empty lists would be most of the memory. */
  others: readonly string[] = NONE;

  constructor(id: string, group: string | undefined, target: string) {
    this.id = id;
    this.group = group;
    this.target = target;
  }

  /** Its letters; a space within a word is a symbol too. */
  get source(): string {
    return this.id.replaceAll(/\s/g, '␣').replaceAll(/./gsu, '$& ').slice(0, -1);
  }
}

const NONE: readonly string[] = [];

/** @throws {TaskError} when the file or an option cannot be used */
export async function prepareOwnPronunciations(options: TaskOptions, testExamples: number): Promise<PreparedTask> {
  const lengths = readLengthOptions('pronounce', options, PERCENTILE, TOO_LONG);
  const words = new Map<string, Word>();
  const { summary } = await readOwnData('pronounce', options, COLUMNS, (cells) => {
    const [word, pronunciation] = [textCell(cells, 'source'), textCell(cells, 'target')];
    if (typeof word === 'string') return word;
    if (typeof pronunciation === 'string') return pronunciation;
    const symbols = pronunciation.text.normalize('NFC').replaceAll(/\s+/g, ' ');
    const name = word.text.normalize('NFC');
    const known = words.get(name);
    if (known !== undefined) {
      known.others = [...known.others, symbols];
      return known;
    }
    const found = new Word(name, groupCell(cells), symbols);
    words.set(name, found);
    return found;
  });
  const splits = splitExamples('pronounce', [...words.values()], {
    keyOf: ({ id, group }) => (group === undefined ? id.toLowerCase() : `group ${group}`),
    idOf: ({ id }) => id,
    shares: SHARES,
  });
  const tokenizer = symbolTokenizer(textsOf(splits.train));
  const results = (pair: Word, text: string) => {
    const numbers = new Map<string, number>();
    const toNumbers = (symbols: readonly string[]): number[] =>
      symbols.map((symbol) => {
        const number = numbers.get(symbol) ?? numbers.size + 1;
        numbers.set(symbol, number);
        return number;
      });
    return nearestReference(
      toNumbers(text === '' ? [] : text.split(' ')),
      [pair.target, ...pair.others].map((variant) => toNumbers(variant.split(' '))),
    );
  };
  return prepareTextToText<Word>({
    task: 'pronounce',
    splits,
    tokenizer,
    unit: 'letters',
    lengths,
    mayCut: false,
    targetRatio: TARGET_RATIO,
    beams: 1,
    alignments: false,
    validationExamples: VALIDATION_WORDS,
    testExamples,
    score: (list, written) => {
      const scored = list.map(({ pair }, index) => results(pair, written[index]?.text as string));
      return { 'phoneme-error-rate': errorRate(scored), 'word-accuracy': fractionRight(scored, ({ exact }) => exact) };
    },
    scoreOne: { metric: 'phoneme-error-rate', of: ({ pair }, text) => errorRate([results(pair, text)]) },
    baselines: [
      { name: 'spelling', title: 'the spelling itself', write: ({ pair }) => pair.source },
      letterByLetter(splits.train, tokenizer),
    ],
    summary: { ...summary, splitBy: options.group === undefined ? 'by word' : `by ${options.group}` },
    notes: [
      'Your own dictionary. Where it gives several pronunciations of a word, the first is trained on and the nearest is ' +
        'scored. Relatives of a word may be in another split: give --group to keep them together.',
    ],
  });
}

function* textsOf(words: readonly Word[]): Generator<string> {
  for (const { source, target } of words) yield* [source, target];
}

/** Each letter's likeliest symbol, whatever stands around it. */
function letterByLetter(
  train: readonly Word[],
  tokenizer: TextTokenizer,
): Parameters<typeof prepareTextToText<Word>>[0]['baselines'][number] {
  const lexicon = trainLexicon(
    train
      .slice(0, LEXICON_WORDS)
      .map(({ source, target }) => ({ source: tokenizer.encode(source).ids, target: tokenizer.encode(target).ids })),
  );
  return {
    name: 'letter-by-letter',
    title: 'each letter’s likeliest symbol (IBM model 1)',
    orderBlind: true,
    write: ({ source }) => tokenizer.decode(translateTokens(lexicon, source.ids, 'leave-out')),
  };
}

/** A tokenizer of texts that are symbols with spaces between them, one token each. */
export function symbolTokenizer(texts: Iterable<string>): TextTokenizer {
  const used = new Set<string>();
  for (const text of texts) for (const symbol of text.split(' ')) used.add(symbol);
  const symbols = [...used].sort();
  const numbers = new Map(symbols.map((symbol, index) => [symbol, UNKNOWN + 1 + index]));
  const textOf = (id: number): string => (id === UNKNOWN ? '?' : (symbols[id - UNKNOWN - 1] ?? ''));
  return {
    vocabulary: UNKNOWN + 1 + symbols.length,
    padding: PADDING,
    begin: BEGIN,
    end: END,
    separator: SEPARATOR,
    unknown: UNKNOWN,
    encode: (text): EncodedText => {
      const parts = [...text.matchAll(/\S+/g)];
      return {
        ids: Int32Array.from(parts, ([symbol]) => numbers.get(symbol) ?? UNKNOWN),
        starts: Int32Array.from(parts, ({ index }) => index),
        ends: Int32Array.from(parts, ({ 0: symbol, index }) => index + symbol.length),
      };
    },
    decode: (ids) =>
      [...ids]
        .filter((id) => id >= UNKNOWN)
        .map(textOf)
        .join(' '),
    text: textOf,
    toJson: () => {
      const special = { '<pad>': PADDING, '<bos>': BEGIN, '<eos>': END, '<sep>': SEPARATOR, '<unk>': UNKNOWN };
      const vocab = { ...special, ...Object.fromEntries(numbers) };
      const added = Object.entries(special).map(([content, id]) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      }));
      const json = {
        version: '1.0',
        truncation: null,
        padding: null,
        added_tokens: added,
        normalizer: { type: 'NFC' },
        pre_tokenizer: { type: 'WhitespaceSplit' },
        post_processor: null,
        decoder: null,
        model: { type: 'WordLevel', vocab, unk_token: '<unk>' },
      };
      return `${JSON.stringify(json, null, 2)}\n`;
    },
  };
}
