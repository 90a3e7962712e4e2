/** `posenc list`: the encodings and tasks there are, with what each is. */
import type { Command } from 'commander';
import { createEncoding, type EncodingDescription, encodingDescriptions, presets } from 'posenc/registry';
import { pictureShape } from '../report/pictures.ts';
import { tasks } from '../tasks/index.ts';
import type { Task } from '../tasks/task.ts';
import { DONE } from './errors.ts';
import type { CommandLineIo } from './io.ts';
import { kebab } from './option-values.ts';

const EXAMPLES = `
Examples:
  posenc list
  posenc list --json
  posenc list --presets
`;

export const SITES: Readonly<Record<EncodingDescription['site'], string>> = {
  none: 'acting nowhere',
  input: 'added to the embeddings',
  'query-key': 'turns queries and keys',
  scores: 'added to attention scores',
  content: 'computed from content and positions',
  structure: 'replaces the attention step',
};

export function addListCommand(program: Command, io: CommandLineIo, done: (code: number) => void): void {
  program
    .command('list')
    .summary('list encodings and tasks')
    .description('List the encodings and the tasks, with their options.')
    .option('--json', 'as JSON')
    .option('--presets', 'published models and their settings')
    .addHelpText('after', EXAMPLES)
    .action(({ json, presets: asked }: { readonly json?: true; readonly presets?: true }) => {
      if (asked === true) io.stdout.write(json === true ? `${JSON.stringify(presets, null, 2)}\n` : presetsText());
      else io.stdout.write(json === true ? listJson() : listText(io.stdout.columns));
      done(DONE);
    });
}

function presetsText(): string {
  const lines = presets.map(({ name, specification }) => {
    const short = specification.replaceAll(/((?:short|long)Factors)=[\d./]+/g, '$1=…');
    return `${name.padEnd(16)}${short}`;
  });
  return ['Published models (posenc show NAME says all of one)', '', ...lines, ''].join('\n');
}

function listJson(): string {
  const list = {
    encodings: encodingDescriptions.map(({ create, ...facts }) => facts),
    tasks: tasks.map(({ name, title, description, metrics, lengthUnit, options, defaults }) => {
      return { name, title, description, metrics, lengthUnit, options, defaults };
    }),
  };
  return `${JSON.stringify(list, null, 2)}\n`;
}

function listText(columns: number): string {
  const width = Math.min(Math.max(columns, 40), 100);
  const sites = [...new Set(encodingDescriptions.map(({ site }) => site))];
  return [
    ...wrap('Encodings (posenc show NAME says all of one; posenc compare --encodings NAME,NAME:OPTION=VALUE)', width),
    ...wrap(
      `Costs: learned numbers and bytes of signals for ${COST_SHAPE.numHeads} heads of ${COST_SHAPE.headDim} at length ${COST_LENGTH}.`,
      width,
    ),
    '',
    ...sites.flatMap((site) => [
      `${SITES[site].charAt(0).toUpperCase()}${SITES[site].slice(1)}:`,
      ...encodingDescriptions
        .filter((description) => description.site === site)
        .flatMap((description) => encodingLines(description, width)),
      '',
    ]),
    ...entry(
      'gru',
      ['No attention at all: a recurrent network of about the same size, as a control. For compare only.'],
      width,
    ),
    'Tasks (posenc compare --task NAME)',
    '',
    ...tasks.flatMap((task, index) => taskLines(task, index === 0, width)),
  ].join('\n');
}

/** What `list` gives costs for. */
const COST_SHAPE = { modelDim: 256, numHeads: 4, headDim: 64 };
const COST_LENGTH = 128;

function encodingLines(description: EncodingDescription, width: number): string[] {
  const { axes, learnable, name, options, relative, summary } = description;
  const names = options.map((option) => option.name);
  const shape = pictureShape(description, COST_SHAPE, 'bidirectional');
  const { parameters, tableBytes } = createEncoding({ name, options: {} }, shape).costs(COST_LENGTH);
  const facts = [
    learnable ? 'learned' : 'fixed',
    relative ? 'relative' : 'absolute',
    axes === 'any'
      ? 'any axes'
      : typeof axes === 'string'
        ? `${axes} of graphs`
        : `${axes.join(' or ')} ${axes.length === 1 && axes[0] === 1 ? 'axis' : 'axes'}`,
    `${parameters} ${learnable || parameters === 0 ? 'learned' : 'drawn'}`,
    `${tableBytes} bytes`,
  ];
  return [
    `  ${name}`,
    ...[`${summary}.`, facts.join(', '), ...(names.length === 0 ? [] : [`options: ${names.join(', ')}`])]
      .flatMap((text) => wrap(text, width - 6))
      .map((text) => `      ${text}`),
  ];
}

function taskLines(task: Task, isDefault: boolean, width: number): string[] {
  const [metric, ...others] = task.metrics;
  const scored = [`${metric.title}, ${metric.better} is better`, ...others.map(({ title }) => title)].join('; ');
  const about = [
    `${task.title}${isDefault ? ' (the default)' : ''}. ${task.description}`,
    `Scored by ${scored}. Length in ${task.lengthUnit}.`,
    `Compares ${task.defaults.encodings.join(', ')}.`,
    ...task.options.map(
      (option) =>
        `--${kebab(option.name)}  ${option.description}${option.default === undefined ? '' : `; default ${option.default}`}`,
    ),
  ];
  return entry(task.name, about, width);
}

/** The name in the first column, the paragraphs beside it, and an empty line. */
function entry(name: string, paragraphs: readonly string[], width: number): string[] {
  const indent = 14;
  const lines = paragraphs.filter((text) => text !== '').flatMap((text) => wrap(text, width - indent));
  return [...lines.map((line, index) => (index === 0 ? `  ${name}` : '').padEnd(indent) + line), ''];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
