/** `posenc show`: one encoding with its formula, parameters, limits and source, and a drawing of what it does. */
import { type Command, Option } from 'commander';
import type { Encoding } from 'posenc';
import { attentionPattern, wavelengths } from 'posenc/analysis';
import { positionRange } from 'posenc/positions';
import {
  type AttentionShape,
  createEncoding,
  type EncodingDescription,
  findEncoding,
  type OptionDescription,
  type Preset,
  parseEncodingSpecification,
  parseEncodingSpecifications,
  presets,
} from 'posenc/registry';
import { createRandom } from '../data/random.ts';
import { drawEncoding, gridPositions, linePositions, pictureShape } from '../report/pictures.ts';
import { DONE } from './errors.ts';
import type { CommandLineIo } from './io.ts';
import { SITES } from './list.ts';
import { parseCount } from './option-values.ts';
import { writeOutput } from './output.ts';
import { shade } from './shade.ts';

const EXAMPLES = `
Examples:
  posenc show rotary
  posenc show alibi:direction=symmetric --heads 8
  posenc show sinusoidal --svg --output sinusoidal.svg
  posenc show t5 --json
  posenc show llama-3.1                  a published model; posenc list --presets shows them all
`;

interface ShowFlags {
  readonly dim: number;
  readonly heads: number;
  readonly length: number;
  readonly causal?: true;
  readonly json?: true;
  readonly svg?: true;
  readonly output?: string;
}

export function addShowCommand(program: Command, io: CommandLineIo, done: (code: number) => void): void {
  program
    .command('show')
    .summary('one encoding: formula, parameters, limits, source, and a drawing')
    .description('Show an encoding: its formula, parameters, limits and source, and a drawing of what it does.')
    .argument('<encoding>', 'as in rotary, or alibi:direction=symmetric, or a model as in llama-3.1; see posenc list')
    .option('--dim <number>', 'width of one head', parseCount, 64)
    .option('--heads <number>', 'attention heads', parseCount, 4)
    .option('--length <number>', 'context length that costs and wavelengths are given for', parseCount, 1024)
    .option('--causal', 'made for causal attention')
    .addOption(new Option('--json', 'as JSON').conflicts('svg'))
    .addOption(new Option('--svg', 'only the drawing, as SVG'))
    .option('--output <file>', 'write to a file')
    .addHelpText('after', EXAMPLES)
    .action(async (typed: string, flags: ShowFlags) => {
      await writeOutput(show(typed, flags, io.stdout.columns), flags.output, io);
      done(DONE);
    });
}

function show(typed: string, flags: ShowFlags, columns: number): string {
  const preset = presets.find(({ name }) => name === typed);
  if (preset !== undefined) return showPreset(preset, flags, columns);
  const specification = parseEncodingSpecification(typed);
  const description = findEncoding(specification.name);
  const sizes = { modelDim: flags.dim * flags.heads, numHeads: flags.heads, headDim: flags.dim };
  const shape = pictureShape(description, sizes, flags.causal === true ? 'causal' : 'bidirectional');
  const encoding = createEncoding(specification, shape);
  if (flags.svg === true) return `${drawEncoding(encoding, sizes).svg}\n`;
  const facts = factsOf(description, encoding, flags.length);
  if (flags.json === true) return `${JSON.stringify(facts, null, 2)}\n`;
  return [...words(description, encoding, facts), '', ...drawing(encoding, shape, Math.min(columns, 80)), ''].join(
    '\n',
  );
}

/** A published model: its settings, then each of its encodings. */
function showPreset(preset: Preset, flags: ShowFlags, columns: number): string {
  const { attention, extents, headDim, note, numHeads, source, specification, title, trainedLength } = preset;
  const sizes = { modelDim: headDim * numHeads, numHeads, headDim };
  const parts = parseEncodingSpecifications(specification).map((part) => {
    const description = findEncoding(part.name);
    const shape = {
      ...pictureShape(description, sizes, attention),
      ...(extents === undefined ? {} : { extents }),
      maximumLength: trainedLength ?? flags.length,
    };
    const encoding = createEncoding(part, shape);
    return { description, encoding, facts: factsOf(description, encoding, flags.length) };
  });
  if (flags.json === true) {
    return `${JSON.stringify({ ...preset, encodings: parts.map(({ facts }) => facts) }, null, 2)}\n`;
  }
  if (flags.svg === true) {
    throw new RangeError(`${preset.name}: expected an encoding to draw, got a model; draw one of ${specification}`);
  }
  const width = Math.min(columns, 80);
  const line = (name: string, text: string): string[] =>
    text === '' ? [] : [`${name.padEnd(11)}${specification === text ? text : wrapText(text, width - 11)}`];
  return [
    `${title}: ${numHeads} heads of ${headDim}, ${attention} attention`,
    ...line('encodings', specification),
    ...line('trained on', trainedLength === undefined ? '' : `${trainedLength} positions`),
    ...line('note', note ?? ''),
    ...line('source', source),
    ...parts.flatMap(({ description, encoding, facts }) => ['', ...words(description, encoding, facts)]),
    '',
  ].join('\n');
}

function wrapText(text: string, width: number): string {
  return text.replaceAll(new RegExp(`(.{1,${Math.max(width, 20)}})(\\s|$)`, 'g'), `$1\n${' '.repeat(11)}`).trimEnd();
}

function factsOf(description: EncodingDescription, encoding: Encoding, length: number) {
  const { create, ...facts } = description;
  const turns = wavelengthsOf(encoding);
  return {
    ...facts,
    chosen: encoding.options,
    parameters: encoding.parameters,
    largestPosition: Number.isFinite(encoding.largestPosition) ? encoding.largestPosition : null,
    attention: encoding.attention,
    costs: { length, ...encoding.costs(length) },
    ...(turns.length === 0 ? {} : { wavelengths: turns }),
  };
}

function wavelengthsOf(encoding: Encoding): readonly number[] {
  return encoding.site === 'query-key' && encoding.axes === 1 ? wavelengths(encoding).filter(Number.isFinite) : [];
}

function words(description: EncodingDescription, encoding: Encoding, facts: ReturnType<typeof factsOf>): string[] {
  const { costs, wavelengths: turns } = facts;
  const line = (name: string, text: string): string[] => (text === '' ? [] : [`${name.padEnd(12)}${text}`]);
  const attention = { causal: 'causal attention only', bidirectional: 'bidirectional attention only', any: '' };
  const kind = [
    SITES[description.site],
    description.learnable ? 'learned' : 'fixed',
    description.relative ? 'relative' : 'absolute',
    encoding.axes === 1 ? '' : `${encoding.axes} numbers per token`,
    attention[encoding.attention],
  ];
  const limit = Number.isFinite(encoding.largestPosition)
    ? `positions 0 … ${encoding.largestPosition}`
    : 'no largest position';
  return [
    `${description.title}: ${description.summary}`,
    '',
    ...line('formula', description.formula),
    ...line('acts', kind.filter((text) => text !== '').join(', ')),
    ...line(
      'made with',
      Object.entries(encoding.options)
        .map(([name, value]) => `${name}=${String(value)}`)
        .join('  '),
    ),
    ...description.options.flatMap((option, index) =>
      line(index === 0 ? 'options' : '', `${option.name}=${valuesOf(option)}  ${option.description}`),
    ),
    ...encoding.parameters.flatMap(({ name, shape, sharing }, index) =>
      line(
        index === 0 ? 'parameters' : '',
        `${name} [${shape.join(', ')}], one for ${sharing === 'model' ? 'the model' : 'each layer'}`,
      ),
    ),
    ...line('limits', limit),
    ...line(
      'cost',
      `${costs.parameters} learned numbers; ${costs.tableBytes} bytes of signals at length ${costs.length}`,
    ),
    ...(turns === undefined
      ? []
      : line(
          'wavelengths',
          `${turns.at(0)?.toPrecision(3)} … ${turns.at(-1)?.toPrecision(3)} positions; ` +
            `${turns.filter((turn) => turn > costs.length).length} of ${turns.length} pairs do not turn once in ${costs.length}`,
        )),
    ...line('longer', description.extrapolation),
    ...description.pitfalls.flatMap((pitfall) => line('beware', pitfall)),
    ...line('used by', description.models.join(', ')),
    ...line('source', description.source),
  ];
}

/** What the first head makes of pairs of positions, or of the middle of a grid, in shades. */
function drawing(encoding: Encoding, shape: AttentionShape, columns: number): string[] {
  const count = Math.min(Math.floor((columns - 4) / 2), 24);
  const { extents, features } = shape;
  const keys =
    extents !== undefined
      ? gridPositions(extents)
      : features === undefined
        ? positionRange(count)
        : linePositions(features);
  const middle = Math.floor(keys.length / 2) * keys.axes;
  const queries =
    extents === undefined ? keys : { ...keys, length: 1, values: keys.values.slice(middle, middle + keys.axes) };
  const { what, values } = attentionPattern(encoding, queries, keys, shape, createRandom(0, 'picture'));
  const width = extents?.at(-1) ?? keys.length;
  const height = extents === undefined ? keys.length : keys.length / width;
  const title =
    what === 'similarity' ? 'Cosine similarity of what is added' : 'Score of equal queries and keys, head 1';
  const where =
    extents === undefined
      ? `query position down, key position across${features === undefined ? '' : ', nodes of a path'}`
      : `from the middle of a grid of ${extents.join(' × ')}`;
  return [`${title}: ${where}`, ...shade(values.subarray(0, width * height), width)];
}

function valuesOf({ type, default: fallback }: OptionDescription): string {
  if (type === 'number') return fallback === undefined ? 'NUMBER' : String(fallback);
  if (type === 'numbers') return 'NUMBER/NUMBER/…';
  if (type === 'boolean') return 'true|false';
  return type.join('|');
}
