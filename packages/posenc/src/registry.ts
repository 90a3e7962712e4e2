/**
 * `posenc/registry`: the explicit list of encodings, each with its constructor, its options and its facts.
 * Anything that picks an encoding by name goes through here; anything that knows its encoding imports it directly.
 */
import type { Encoding, OptionValue } from './encoding.ts';
import { learned } from './encodings/input/learned.ts';
import { sinusoidal } from './encodings/input/sinusoidal.ts';
import { none } from './encodings/none.ts';
import { rotary } from './encodings/rotary/rotary.ts';
import { alibi } from './encodings/scores/alibi.ts';
import { t5 } from './encodings/scores/t5.ts';
import { suggestion } from './numbers/suggestion.ts';

/** The attention an encoding is made for. */
export interface AttentionShape {
  readonly modelDim: number;
  readonly numHeads: number;
  readonly headDim: number;
  /** Positions 0 … maximumLength−1 must be representable. */
  readonly maximumLength: number;
  readonly attention: 'causal' | 'bidirectional';
}

/** An option of an encoding, as offered by `posenc list` and `posenc vectors`. */
export interface OptionDescription {
  /** camelCase, as in the constructor: `rotaryDim`. */
  readonly name: string;
  readonly type: 'number' | 'boolean' | readonly string[];
  /** Absent where the default depends on the attention's shape; the description says how. */
  readonly default?: OptionValue;
  readonly description: string;
}

/** What is known of an encoding, whatever its options. */
export interface EncodingDescription {
  readonly name: string;
  /** As people write it: `ALiBi`. */
  readonly title: string;
  readonly site: Encoding['site'];
  readonly summary: string;
  /** Authors, title, year, arXiv id. */
  readonly source: string;
  readonly learnable: boolean;
  readonly relative: boolean;
  /** What its paper claims of lengths beyond the trained one. */
  readonly extrapolation: string;
  /** When it fails, in plain words. */
  readonly pitfalls: readonly string[];
  readonly options: readonly OptionDescription[];
  create(shape: AttentionShape, options?: Readonly<Record<string, OptionValue>>): Encoding;
}

/** Options as they reach a constructor: checked against the descriptions, defaults left to the constructor. */
type Options = Readonly<Record<string, OptionValue>>;

/** Every encoding, in the order in which reports show them. */
export const encodingDescriptions: readonly EncodingDescription[] = [
  {
    name: 'none',
    title: 'none',
    site: 'none',
    summary: 'No positions at all: the control of every comparison',
    source: 'Kazemnejad et al., The Impact of Positional Encoding on Length Generalization, 2023, arXiv 2305.19466',
    learnable: false,
    relative: true,
    extrapolation: 'Best of five at small scale in causal models, by its paper',
    pitfalls: ['In an encoder, permuting the tokens changes nothing: order is invisible.'],
    options: [],
    create: () => none(),
  },
  {
    name: 'sinusoidal',
    title: 'sinusoidal',
    site: 'input',
    summary: 'Fixed sines and cosines of the position, added to the embeddings',
    source: 'Vaswani et al., Attention Is All You Need, 2017, arXiv 1706.03762, section 3.5',
    learnable: false,
    relative: false,
    extrapolation: 'Hoped for in its paper; fails soon past the trained length (arXiv 2108.12409)',
    pitfalls: [
      'The four tables (two layouts, two exponents) are not weight-compatible.',
      'Past the trained length slow channels reach values never seen in training.',
    ],
    options: [
      {
        name: 'layout',
        type: ['interleaved', 'halves'],
        default: 'interleaved',
        description: 'sin, cos, sin, cos … or all sines, then all cosines',
      },
      {
        name: 'exponent',
        type: ['paper', 'tensor2tensor'],
        default: 'paper',
        description: '2k/dim, or k/(dim/2 − 1) as in tensor2tensor, Whisper and fairseq',
      },
      { name: 'base', type: 'number', default: 10000, description: 'longest wavelength is about 2π·base' },
    ],
    create: ({ modelDim }, options) => sinusoidal({ dim: modelDim, ...options }),
  },
  {
    name: 'learned',
    title: 'learned',
    site: 'input',
    summary: 'A learned table with one row per position, added to the embeddings',
    source: 'Gehring et al., Convolutional Sequence to Sequence Learning, 2017, arXiv 1705.03122',
    learnable: true,
    relative: false,
    extrapolation: 'None: positions past the table are an error, and rows never trained are noise',
    pitfalls: ['Rows past the trained length keep their random start.'],
    options: [
      { name: 'maximumPositions', type: 'number', description: 'rows of the table; default: the longest input' },
      { name: 'standardDeviation', type: 'number', default: 0.02, description: 'of the initial rows' },
    ],
    create: ({ modelDim, maximumLength }, options) =>
      learned({ dim: modelDim, maximumPositions: maximumLength, ...options }),
  },
  {
    name: 'rotary',
    title: 'rotary',
    site: 'query-key',
    summary: 'Queries and keys are turned by angles proportional to their positions',
    source: 'Su et al., RoFormer, 2021, arXiv 2104.09864',
    learnable: false,
    relative: true,
    extrapolation: 'Suggested by its paper; in practice fails past the trained length unless frequencies are scaled',
    pitfalls: ['The two pairings are not weight-compatible.'],
    options: [
      { name: 'rotaryDim', type: 'number', description: 'channels that are turned; default: all of the head' },
      { name: 'base', type: 'number', default: 10000, description: 'base of the frequencies (rope_theta)' },
      {
        name: 'pairing',
        type: ['half', 'interleaved'],
        default: 'half',
        description: 'channels k and k + dim/2 (GPT-NeoX, Llama on Hugging Face), or 2k and 2k+1 (GPT-J)',
      },
    ],
    create: ({ headDim }, options) => rotary({ headDim, ...options }),
  },
  {
    name: 'alibi',
    title: 'ALiBi',
    site: 'scores',
    summary: 'A penalty on scores, linear in the distance, with a fixed slope per head',
    source: 'Press, Smith, Lewis, Train Short, Test Long, 2022, arXiv 2108.12409',
    learnable: false,
    relative: true,
    extrapolation: 'Yes: its purpose',
    pitfalls: ['The symmetric form alone, in an encoder, cannot tell a sequence from its reversal; left-right can.'],
    options: [
      {
        name: 'direction',
        type: ['causal', 'symmetric', 'left-right'],
        description:
          'for bidirectional attention: left-right (default; half of the heads look each way) or symmetric; causal attention always uses causal',
      },
    ],
    create: ({ numHeads, attention }, options) =>
      alibi({
        numHeads,
        ...(attention === 'causal' ? { ...options, direction: 'causal' } : { direction: 'left-right', ...options }),
      }),
  },
  {
    name: 't5',
    title: 'T5 bias',
    site: 'scores',
    summary: 'A learned bias per head for each bucket of distances',
    source: 'Raffel et al., Exploring the Limits of Transfer Learning, 2020, arXiv 1910.10683',
    learnable: true,
    relative: true,
    extrapolation: 'Not claimed; distances past maxDistance share one bucket',
    pitfalls: [
      'The original adds it to scores that are not scaled by 1/√headDim; added to scaled scores with scale=1 it hardly trains.',
    ],
    options: [
      { name: 'numBuckets', type: 'number', default: 32, description: 'distances are told apart by this many buckets' },
      { name: 'maxDistance', type: 'number', default: 128, description: 'distances from here on share a bucket' },
      {
        name: 'bidirectional',
        type: 'boolean',
        description: 'own buckets for later keys; default: true in an encoder; causal attention always uses false',
      },
      {
        name: 'scale',
        type: 'number',
        description:
          'factor of the bias on scaled scores; default √headDim, the scale of the original; 1 is the plain sum',
      },
      {
        name: 'standardDeviation',
        type: 'number',
        description: 'of the initial table; default modelDim^(−1/2), as T5',
      },
    ],
    create: ({ modelDim, numHeads, headDim, attention }, options) =>
      t5({
        numHeads,
        scale: Math.sqrt(headDim),
        standardDeviation: modelDim ** -0.5,
        ...options,
        ...(attention === 'causal' ? { bidirectional: false } : {}),
      }),
  },
];

/**
 * The description of an encoding.
 *
 * @throws {RangeError} when there is none of that name, naming the nearest
 */
export function findEncoding(name: string): EncodingDescription {
  const found = encodingDescriptions.find((description) => description.name === name);
  if (found !== undefined) return found;
  const names = encodingDescriptions.map((description) => description.name);
  throw new RangeError(`encoding: expected one of ${names.join(', ')}, got ${name}${suggestion(name, names)}`);
}

/** An encoding's name with the options that differ from their defaults. */
export interface EncodingSpecification {
  readonly name: string;
  readonly options: Options;
}

/**
 * Reads `alibi:direction=symmetric` or `rotary:base=500000:pairing=interleaved`.
 *
 * @throws {RangeError} when the encoding, an option or a value is unknown, naming the nearest or the known ones
 */
export function parseEncodingSpecification(text: string): EncodingSpecification {
  const [name = '', ...parts] = text.split(':');
  const description = findEncoding(name);
  const options: Record<string, OptionValue> = {};
  for (const part of parts) {
    const [key = '', ...rest] = part.split('=');
    const value = rest.join('=');
    if (value === '') {
      throw new RangeError(`${name}: expected options as name=value, got ${JSON.stringify(part)} in ${text}`);
    }
    if (Object.hasOwn(options, key)) throw new RangeError(`${name}: ${key}: expected once, got twice in ${text}`);
    options[key] = parseOption(description, key, value);
  }
  return { name, options };
}

/**
 * The value of an option from its text.
 *
 * @throws {RangeError} when the encoding has no such option or the text is not one of its values
 */
export function parseOption(description: EncodingDescription, key: string, text: string): OptionValue {
  const option = findOption(description, key);
  if (option.type === 'number') {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) {
      throw new RangeError(`${description.name}: ${key}: expected a number, got ${text}`);
    }
    return value;
  }
  const choices = option.type === 'boolean' ? ['true', 'false'] : option.type;
  if (!choices.includes(text)) {
    throw new RangeError(`${description.name}: ${key}: expected one of ${choices.join(', ')}, got ${text}`);
  }
  return option.type === 'boolean' ? text === 'true' : text;
}

/**
 * The encoding of a specification, text or parsed, made for an attention.
 *
 * @throws {RangeError} when the encoding, an option or a value is unknown or out of range
 * @throws {TypeError} when the value of a parsed option is of another kind than described
 */
export function createEncoding(specification: string | EncodingSpecification, shape: AttentionShape): Encoding {
  const { name, options } =
    typeof specification === 'string' ? parseEncodingSpecification(specification) : specification;
  const description = findEncoding(name);
  for (const [key, value] of Object.entries(options)) {
    const { type } = findOption(description, key);
    const kind = typeof type === 'string' ? type : 'string';
    if (typeof value !== kind) {
      throw new TypeError(`${name}: ${key}: expected a ${kind}, got ${JSON.stringify(value)}`);
    }
  }
  return description.create(shape, options);
}

function findOption({ name, options }: EncodingDescription, key: string): OptionDescription {
  const found = options.find((option) => option.name === key);
  if (found !== undefined) return found;
  const names = options.map((option) => option.name);
  const known = names.length === 0 ? 'no options' : `one of ${names.join(', ')}`;
  throw new RangeError(`${name}: expected ${known}, got ${key}${suggestion(key, names)}`);
}
