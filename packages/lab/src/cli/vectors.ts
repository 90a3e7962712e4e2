/** `posenc vectors`: the numbers an encoding contributes, for checking a port in any language. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Encoding, Signals } from 'posenc';
import { gridPositions, type Positions, positionList } from 'posenc/positions';
import {
  createEncoding,
  type EncodingSpecification,
  encodingDescriptions,
  findEncoding,
  type OptionDescription,
  parseEncodingSpecification,
  parseOption,
} from 'posenc/registry';
import { DONE, UsageError } from './errors.ts';
import type { CommandLineIo } from './io.ts';
import { encodeNpy } from './npy.ts';
import { kebab, parseCount } from './option-values.ts';
import { writeOutput } from './output.ts';
import { parsePositions } from './position-list.ts';
import { vectorsCsv, vectorsJson } from './vectors-text.ts';

/** Numbers printed at most; more belong into a program that uses the library. */
const MOST_NUMBERS = 10_000_000;
/** Options that say for which attention an encoding is made; without them it is made for causal attention. */
const ATTENTION_OPTIONS = ['direction', 'bidirectional'];

const EXAMPLES = `
The attention is causal unless an option such as --bidirectional or --direction says otherwise.

Examples:
  posenc vectors sinusoidal --dim 512 --positions 0:16
  posenc vectors rotary --dim 64 --base 500000 --positions 0,5,4097 --csv --value cos
  posenc vectors alibi --heads 12 --positions 0:8
  posenc vectors t5 --bidirectional --num-buckets 32 --max-distance 128 --positions 0:200:10
  posenc vectors rotary --dim 64 --positions 0:1024 --npy --value sin --output sin.npy
  posenc vectors sinusoidal-grid --dim 64 --grid 7x7 --layout reversed
`;

interface VectorsFlags {
  readonly dim: number;
  readonly numHeads: number;
  readonly positions?: string;
  readonly grid?: readonly number[];
  readonly csv?: true;
  readonly npy?: true;
  readonly value?: string;
  readonly output?: string;
  /** Options of encodings, as typed. */
  readonly [option: string]: unknown;
}

export function addVectorsCommand(program: Command, io: CommandLineIo, done: (code: number) => void): void {
  const command = program
    .command('vectors')
    .summary('print the numbers an encoding contributes')
    .description(
      'Print what an encoding contributes at given positions, in float64: {encoding, options, positions, values}, ' +
        'where each value is {shape, data} and data is flat and row-major.',
    )
    .argument(
      '<encoding>',
      `${encodingDescriptions.map(({ name }) => name).join(', ')}; or as in alibi:direction=symmetric`,
    )
    .option('--dim <number>', 'width of the model (sinusoidal, learned) or of one head (rotary)', parseCount, 64)
    .option('--heads, --num-heads <number>', 'attention heads', parseCount, 8)
    .option('--positions <list>', 'e.g. 0:16, 0:64:4 or 0,5,4097 (default: 0:16)')
    .addOption(
      new Option('--grid <extents>', 'every cell of a grid in place of --positions, e.g. 7x7, or 4x7x7 with frames')
        .argParser(parseExtents)
        .conflicts('positions'),
    )
    .optionsGroup('Output:')
    .addOption(new Option('--json', 'as JSON (the default)').conflicts(['csv', 'npy']))
    .addOption(new Option('--csv', 'as CSV, one table for each value').conflicts('npy'))
    .addOption(new Option('--npy', 'as a NumPy file of one value, float64'))
    .option('--value <name>', 'only this value, e.g. cos')
    .option('--output <file>', 'write to a file')
    .optionsGroup('Options of the encodings:');
  for (const option of registryOptions()) command.addOption(option);
  command.addHelpText('after', EXAMPLES).action(async (name: string, flags: VectorsFlags) => {
    await printVectors(name, flags, io);
    done(DONE);
  });
}

async function printVectors(name: string, flags: VectorsFlags, io: CommandLineIo): Promise<void> {
  const listed = flags.grid === undefined ? parsePositions(flags.positions ?? '0:16') : [];
  const positions = flags.grid === undefined ? positionList(listed) : gridPositions(flags.grid);
  const specification = specificationOf(name, flags);
  const { axes } = findEncoding(specification.name);
  if (typeof axes === 'string' && axes !== 'any') {
    throw new UsageError(
      `vectors: ${specification.name} reads ${axes} of a graph, which a list of positions is not; use the library`,
    );
  }
  if (flags.grid === undefined && axes !== 'any' && !axes.includes(1)) {
    throw new UsageError(
      `vectors: ${specification.name} reads ${axes.join(' or ')} numbers per token; give --grid, as in --grid ${axes[0] === 3 ? '4x7x7' : '7x7'}`,
    );
  }
  const encoding = createEncoding(specification, {
    modelDim: flags.dim,
    headDim: flags.dim,
    numHeads: flags.numHeads,
    maximumLength: positions.values.reduce((longest, position) => Math.max(longest, Math.floor(position) + 1), 1),
    ...(flags.grid === undefined ? {} : { extents: flags.grid }),
    attention: ATTENTION_OPTIONS.some((option) => option in specification.options) ? 'bidirectional' : 'causal',
  });
  checkSize(encoding, positions.length);
  const all = encoding.vectors(positions);
  const values = flags.value === undefined ? all : { [flags.value]: pickValue(encoding, all, flags.value) };
  const places = flags.grid === undefined ? listed : pointsOf(positions);
  await writeOutput(render(encoding, places, values, flags, io), flags.output, io);
}

/** `7x7`: cells along each axis. */
function parseExtents(text: string): readonly number[] {
  const extents = text.split('x').map(Number);
  if (extents.length < 2 || extents.length > 3 || !extents.every((extent) => Number.isInteger(extent) && extent > 0)) {
    throw new InvalidArgumentError(`expected two or three counts such as 7x7 or 4x7x7, got ${text}.`);
  }
  return extents;
}

function pointsOf({ values, length, axes }: Positions): readonly (readonly number[])[] {
  return Array.from({ length }, (_, token) => [...values.subarray(token * axes, (token + 1) * axes)]);
}

/** The encoding as typed, with the options given as flags. */
function specificationOf(typed: string, flags: VectorsFlags): EncodingSpecification {
  const { name, options } = parseEncodingSpecification(typed);
  const given = registryOptionNames().flatMap((option) => {
    const value = flags[option];
    return value === undefined ? [] : [[option, parseOption(findEncoding(name), option, String(value))] as const];
  });
  const twice = given.find(([option]) => option in options);
  if (twice !== undefined) throw new UsageError(`${name}: ${twice[0]} is given twice, in ${typed} and as a flag`);
  return { name, options: { ...options, ...Object.fromEntries(given) } };
}

function pickValue(encoding: Encoding, values: Signals, name: string): Signals[string] {
  const value = values[name];
  if (value !== undefined) return value;
  const names = Object.keys(values);
  throw new UsageError(
    `vectors: value: ${names.length === 0 ? `${encoding.name} contributes no values` : `expected one of ${names.join(', ')}`}, got ${name}`,
  );
}

function render(
  encoding: Encoding,
  positions: readonly (number | readonly number[])[],
  values: Signals,
  { csv, npy, output }: VectorsFlags,
  io: CommandLineIo,
): string | Uint8Array {
  if (npy === undefined) {
    if (csv === true) return vectorsCsv(values);
    return vectorsJson({ encoding: encoding.name, options: encoding.options, positions, values });
  }
  const [only, ...more] = Object.entries(values);
  if (only === undefined) throw new UsageError(`vectors: ${encoding.name} contributes no values to put into a file`);
  if (more.length > 0) {
    throw new UsageError(
      `vectors: a NumPy file holds one value: give --value ${Object.keys(values).join(' or --value ')}`,
    );
  }
  if (output === undefined && io.stdout.isTTY) {
    throw new UsageError('vectors: a NumPy file is not text: give --output FILE, or send it to another program');
  }
  return encodeNpy(only[1].shape, only[1].data);
}

/** Tables grow with the square of the positions for some encodings: refuse before memory runs out. */
function checkSize(encoding: Encoding, positions: number): void {
  const numbers = encoding.costs(positions).tableBytes / 4;
  if (numbers <= MOST_NUMBERS) return;
  throw new UsageError(
    `vectors: ${encoding.name} makes ${numbers} numbers for ${positions} positions, expected at most ` +
      `${MOST_NUMBERS}; give fewer positions`,
  );
}

function registryOptionNames(): string[] {
  return [...new Set(encodingDescriptions.flatMap(({ options }) => options.map(({ name }) => name)))];
}

/** One flag for each option of any encoding; two for those that are true or false. */
function registryOptions(): Option[] {
  return registryOptionNames().flatMap((name) => {
    const uses = encodingDescriptions.flatMap((encoding) =>
      encoding.options.filter((option) => option.name === name).map((option) => ({ encoding: encoding.name, option })),
    );
    const text = uses.map(({ encoding, option }) => `${encoding}: ${describe(option)}`).join('; ');
    const flag = `--${kebab(name)}`;
    if (uses.every(({ option }) => option.type === 'boolean')) {
      return [new Option(flag, text), new Option(`--no-${kebab(name)}`, 'the opposite')];
    }
    return [new Option(`${flag} <value>`, text)];
  });
}

function describe({ type, default: fallback, description }: OptionDescription): string {
  const choices = typeof type === 'string' ? '' : ` (${type.join(', ')})`;
  return `${description}${choices}${fallback === undefined ? '' : `, default ${fallback}`}`;
}
