/** `posenc show`: one encoding with its formula, parameters, limits and source, and a drawing of what it does. */
import { type Command, Option } from 'commander';
import type { Encoding } from 'posenc';
import { wavelengths } from 'posenc/analysis';
import {
  type AttentionShape,
  createEncoding,
  type EncodingDescription,
  findEncoding,
  type OptionDescription,
  type Preset,
  parseEncodingSpecifications,
  presets,
} from 'posenc/registry';
import { attentionKinds, drawEncoding, pictureShape } from '../report/pictures.ts';
import { drawView } from '../report/view-charts.ts';
import { VIEW_NAMES, type View, type ViewName, viewOf, viewsOf } from '../report/views.ts';
import { DONE } from './errors.ts';
import type { CommandLineIo } from './io.ts';
import { SITES } from './list.ts';
import { parseCount } from './option-values.ts';
import { writeOutput } from './output.ts';
import { viewText } from './view-text.ts';

const EXAMPLES = `
Examples:
  posenc show rotary
  posenc show alibi:direction=symmetric --heads 8
  posenc show sinusoidal --svg --output sinusoidal.svg
  posenc show t5 --json
  posenc show llama-3.1
  posenc show kerple --view distance
  posenc show rotary:base=500000 --view wavelengths --length 131072 --svg --output wavelengths.svg

Views: pattern (every pair of positions), table (position by channel), distance (similarity or score by distance),
wavelengths (of each pair of channels, against the context). Published models: posenc list --presets.
`;

/** Sizes when none are given. */
const SIZES = { headDim: 64, numHeads: 4 } as const;
/** Context when none is given. */
const LENGTH = 1024;

interface ShowFlags {
  readonly dim?: number;
  readonly heads?: number;
  readonly length?: number;
  readonly view?: ViewName | 'all';
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
    .option('--dim <number>', `width of one head (default: ${SIZES.headDim}, or the model's)`, parseCount)
    .option('--heads <number>', `attention heads (default: ${SIZES.numHeads}, or the model's)`, parseCount)
    .option(
      '--length <number>',
      `context length that costs, distances and wavelengths are given for (default: ${LENGTH}, or the model's)`,
      parseCount,
    )
    .addOption(
      new Option('--view <name>', 'what is drawn; without it pattern, and wavelengths where pairs turn').choices([
        ...VIEW_NAMES,
        'all',
      ]),
    )
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

/** One of the encodings that act together. */
interface Part {
  readonly description: EncodingDescription;
  readonly encoding: Encoding;
  readonly shape: AttentionShape;
  /** The kinds of attention that it can be made for. */
  readonly kinds: readonly string[];
  /** The layers it acts in, as written. */
  readonly layers: string | undefined;
}

function show(typed: string, flags: ShowFlags, columns: number): string {
  const preset = presets.find(({ name }) => name === typed);
  const own = (['dim', 'heads', 'causal'] as const).find((flag) => flags[flag] !== undefined);
  if (preset !== undefined && own !== undefined) {
    throw new RangeError(
      `${preset.name}: --${own}: expected none with a published model, which has its own; leave it out`,
    );
  }
  const { headDim, numHeads, contextLength, extents } = preset ?? {
    headDim: flags.dim ?? SIZES.headDim,
    numHeads: flags.heads ?? SIZES.numHeads,
  };
  const sizes = { modelDim: headDim * numHeads, numHeads, headDim };
  const attention = preset?.attention ?? (flags.causal === true ? 'causal' : 'bidirectional');
  const length = flags.length ?? contextLength ?? LENGTH;
  const specifications = parseEncodingSpecifications(preset?.specification ?? typed);
  const parts = specifications.map((part): Part => {
    const description = findEncoding(part.name);
    const shape = {
      ...pictureShape(description, sizes, attention),
      ...(extents === undefined ? {} : { extents }),
      ...(contextLength === undefined ? {} : { maximumLength: contextLength }),
    };
    const kinds = attentionKinds(description);
    return { description, encoding: createEncoding(part, shape), shape, kinds, layers: part.layers };
  });
  if (flags.svg === true) return `${svgOf(parts, flags, length)}\n`;
  const facts = parts.map(({ description, encoding }) => factsOf(description, encoding, length));
  if (flags.json === true) {
    const [only] = facts;
    const all = preset === undefined && facts.length === 1 ? only : { ...preset, encodings: facts };
    return `${JSON.stringify(all, null, 2)}\n`;
  }
  const width = Math.min(columns, 80);
  const drawn = viewsFor(parts, flags, length);
  return [
    ...(preset === undefined ? [] : [...presetLines(preset, width), '']),
    ...parts.flatMap((part, index) => [
      ...(index === 0 ? [] : ['']),
      ...words(part, facts[index] as (typeof facts)[number]),
      ...(drawn[index] as readonly View[]).flatMap((view) => ['', ...viewText(view, width)]),
    ]),
    '',
  ].join('\n');
}

/** The views of each part that were asked for, or those that say most: pairs of places, and how fast pairs turn. */
function viewsFor(parts: readonly Part[], { view }: ShowFlags, length: number): readonly (readonly View[])[] {
  const wanted = view === undefined ? (['pattern', 'wavelengths'] as const) : view === 'all' ? VIEW_NAMES : [view];
  const found = parts.map(({ encoding, shape }) =>
    wanted.flatMap((name) => viewOf(name, encoding, shape, length) ?? []),
  );
  if (found.some((views) => views.length > 0)) return found;
  const [{ encoding, shape }] = parts as readonly [Part];
  const names = [...viewsOf(encoding, shape, length), 'all'];
  throw new RangeError(`${encoding.name}: --view: expected one of ${names.join(', ')}, got ${view}`);
}

/** The drawing of the docs, or the first view that was asked for of the first part that has it. */
function svgOf(parts: readonly Part[], flags: ShowFlags, length: number): string {
  const [{ encoding, shape }] = parts as readonly [Part];
  if (flags.view === undefined) return drawEncoding(encoding, shape).svg;
  return drawView(viewsFor(parts, flags, length).flat()[0] as View);
}

function presetLines(preset: Preset, width: number): string[] {
  const { attention, contextLength, headDim, note = '', numHeads, source, specification, title } = preset;
  const line = (name: string, text: string): string[] =>
    text === '' ? [] : [`${name.padEnd(11)}${specification === text ? text : wrapText(text, width - 11)}`];
  return [
    `${title}: ${numHeads} heads of ${headDim}, ${attention} attention`,
    ...line('encodings', specification),
    ...line('context', contextLength === undefined ? '' : `${contextLength} positions`),
    ...line('note', note),
    ...line('source', source),
  ];
}

function wrapText(text: string, width: number): string {
  return text.replaceAll(new RegExp(`(.{1,${Math.max(width, 20)}})(\\s|$)`, 'g'), `$1\n${' '.repeat(11)}`).trimEnd();
}

function factsOf(description: EncodingDescription, encoding: Encoding, length: number) {
  const { create, ...facts } = description;
  const turns = wavelengths(encoding).filter(Number.isFinite);
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

function words({ description, encoding, kinds, layers }: Part, facts: ReturnType<typeof factsOf>): string[] {
  const { costs, wavelengths: turns } = facts;
  const line = (name: string, text: string): string[] => (text === '' ? [] : [`${name.padEnd(12)}${text}`]);
  const kind = [
    SITES[description.site],
    description.learnable ? 'learned' : 'fixed',
    description.relative ? 'relative' : 'absolute',
    encoding.axes === 1 ? '' : `${encoding.axes} numbers per token`,
    kinds.length === 1 ? `${kinds[0]} attention only` : '',
  ];
  const limit = Number.isFinite(encoding.largestPosition)
    ? `positions 0 … ${encoding.largestPosition}`
    : 'no largest position';
  return [
    `${description.title}: ${description.summary}`,
    '',
    ...line('formula', description.formula),
    ...line('acts', kind.filter((text) => text !== '').join(', ')),
    ...line('layers', layers === undefined ? '' : `${layers} (4n: the 4th, 8th …; numbers count from 0)`),
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
      `${costs.parameters} ${description.learnable || costs.parameters === 0 ? 'learned' : 'drawn'} numbers; ` +
        `${costs.tableBytes} bytes of signals at length ${costs.length}`,
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

function valuesOf({ type, default: fallback }: OptionDescription): string {
  if (type === 'number') return fallback === undefined ? 'NUMBER' : String(fallback);
  if (type === 'numbers') return 'NUMBER/NUMBER/…';
  if (type === 'boolean') return 'true|false';
  return type.join('|');
}
