/**
 * `posenc/registry`: the explicit list of encodings, each with its constructor, its options and its facts.
 * Anything that picks an encoding by name goes through here; anything that knows its encoding imports it directly.
 */
import { contentEncodings } from './catalogue/content.ts';
import type { AttentionShape, EncodingDescription, OptionDescription } from './catalogue/description.ts';
import { inputEncodings } from './catalogue/input.ts';
import { parseLayers } from './catalogue/layers.ts';
import { noEncodings } from './catalogue/none.ts';
import { presets } from './catalogue/presets.ts';
import { rotaryEncodings } from './catalogue/rotary.ts';
import { scoresEncodings } from './catalogue/scores.ts';
import { structureEncodings } from './catalogue/structure.ts';
import type { Encoding, OptionValue } from './encoding.ts';
import { suggestion } from './numbers/suggestion.ts';

export type {
  AttentionShape,
  EncodingDescription,
  GraphPositions,
  OptionDescription,
} from './catalogue/description.ts';
export { findPreset, type Preset, presets } from './catalogue/presets.ts';

/** Every encoding, by where it acts, in the order in which reports show them. */
export const encodingDescriptions: readonly EncodingDescription[] = [
  ...noEncodings,
  ...inputEncodings,
  ...rotaryEncodings,
  ...scoresEncodings,
  ...contentEncodings,
  ...structureEncodings,
];

/**
 * The description of an encoding.
 *
 * @throws {RangeError} when there is none of that name, naming the nearest
 */
export function findEncoding(name: string): EncodingDescription {
  const found = encodingDescriptions.find((description) => description.name === name);
  if (found !== undefined) return found;
  const model = presets.find((preset) => preset.name === name);
  if (model !== undefined) {
    throw new RangeError(
      `encoding: ${name} is a published model, which takes no options; it is ${model.specification}`,
    );
  }
  const names = encodingDescriptions.map((description) => description.name);
  const near = suggestion(name, [...names, ...presets.map((preset) => preset.name)]);
  throw new RangeError(
    near === ''
      ? `encoding: expected one of ${names.join(', ')}, got ${name}`
      : `encoding: expected a name of the catalogue, got ${name}${near}`,
  );
}

/** An encoding's name with the options that differ from their defaults. */
export interface EncodingSpecification {
  readonly name: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  /** The layers it acts in, as written: `4n`, `not-4n`, `0/2/5`; all when absent. */
  readonly layers?: string;
}

/**
 * Reads one encoding, `alibi:direction=symmetric`, or several that act together:
 * `rotary:base=10000:layers=not-6n+rotary:base=1000000:layers=6n`. Lists of numbers are written `16/24/24`.
 *
 * @throws {RangeError} when the encoding, an option or a value is unknown, naming the nearest or the known ones
 */
export function parseEncodingSpecifications(text: string): readonly EncodingSpecification[] {
  // A + inside a number (1e+6) does not separate encodings.
  return text.split(/\+(?=[a-z])/).map(parseEncodingSpecification);
}

/**
 * Reads one encoding: `rotary:base=500000:pairing=interleaved`.
 *
 * @throws {RangeError} when the encoding, an option or a value is unknown, naming the nearest or the known ones
 */
export function parseEncodingSpecification(text: string): EncodingSpecification {
  const [name = '', ...parts] = text.split(':');
  const description = findEncoding(name);
  const options: Record<string, OptionValue> = {};
  let layers: string | undefined;
  for (const part of parts) {
    const [key = '', ...rest] = part.split('=');
    const value = rest.join('=');
    if (value === '') {
      throw new RangeError(`${name}: expected options as name=value, got ${JSON.stringify(part)} in ${text}`);
    }
    if (Object.hasOwn(options, key) || (key === 'layers' && layers !== undefined)) {
      throw new RangeError(`${name}: ${key}: expected once, got twice in ${text}`);
    }
    if (key === 'layers') {
      parseLayers(value);
      layers = value;
    } else options[key] = parseOption(description, key, value);
  }
  return { name, options, ...(layers === undefined ? {} : { layers }) };
}

/**
 * The value of an option from its text.
 *
 * @throws {RangeError} when the encoding has no such option or the text is not one of its values
 */
export function parseOption(description: EncodingDescription, key: string, text: string): OptionValue {
  const option = findOption(description, key);
  const numberOf = (part: string): number => {
    const value = Number(part);
    if (part.trim() === '' || !Number.isFinite(value)) {
      const wanted = option.type === 'numbers' ? 'numbers with / between them' : 'a number';
      throw new RangeError(`${description.name}: ${key}: expected ${wanted}, got ${text}`);
    }
    return value;
  };
  if (option.type === 'number') return numberOf(text);
  if (option.type === 'numbers') return text.split('/').map(numberOf);
  const choices = option.type === 'boolean' ? ['true', 'false'] : option.type;
  if (!choices.includes(text)) {
    throw new RangeError(`${description.name}: ${key}: expected one of ${choices.join(', ')}, got ${text}`);
  }
  return option.type === 'boolean' ? text === 'true' : text;
}

/**
 * The encoding of a specification, text or parsed, made for an attention.
 *
 * @throws {RangeError} when the encoding, an option or a value is unknown or out of range, or it cannot read as many
 *   numbers per token as the attention's tokens have
 * @throws {TypeError} when the value of a parsed option is of another kind than described
 */
export function createEncoding(specification: string | EncodingSpecification, shape: AttentionShape): Encoding {
  const { name, options, layers } =
    typeof specification === 'string' ? parseEncodingSpecification(specification) : specification;
  const description = findEncoding(name);
  for (const [key, value] of Object.entries(options)) {
    const { type } = findOption(description, key);
    const kind = typeof type === 'string' ? type : 'string';
    const actual = Array.isArray(value) ? 'numbers' : typeof value;
    if (actual !== kind) {
      const wanted = kind === 'numbers' ? 'list of numbers' : kind;
      throw new TypeError(`${name}: ${key}: expected a ${wanted}, got ${JSON.stringify(value)}`);
    }
  }
  const axes = shape.extents?.length ?? 1;
  if (typeof description.axes === 'string' && description.axes !== 'any') {
    const given = shape.graph?.positions;
    if (given !== description.axes) {
      const got = given === undefined ? 'tokens without a graph' : given;
      throw new RangeError(`${name}: positions: expected ${description.axes} of a graph's nodes, got ${got}`);
    }
  }
  if (Array.isArray(description.axes) && !description.axes.includes(axes)) {
    throw new RangeError(
      `${name}: positions: expected ${description.axes.join(' or ')} per token, got ${axes}; ` +
        'choose an encoding for as many axes, or give the extents of their grid',
    );
  }
  const encoding = description.create(shape, options);
  return layers === undefined ? encoding : { ...encoding, layers: parseLayers(layers) };
}

/**
 * The encodings of a specification that may name several joined by `+`, in the order in which they apply.
 *
 * @throws {RangeError} when an encoding, an option or a value is unknown or out of range
 */
export function createEncodings(text: string, shape: AttentionShape): readonly Encoding[] {
  return parseEncodingSpecifications(text).map((specification) => createEncoding(specification, shape));
}

function findOption({ name, options }: EncodingDescription, key: string): OptionDescription {
  const found = options.find((option) => option.name === key);
  if (found !== undefined) return found;
  const names = options.map((option) => option.name);
  const known = names.length === 0 ? 'no options' : `one of ${names.join(', ')}`;
  throw new RangeError(`${name}: expected ${known}, got ${key}${suggestion(key, names)}`);
}
