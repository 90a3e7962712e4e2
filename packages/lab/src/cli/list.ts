/** `posenc list`: the encodings and tasks there are, with what each is. */
import type { Command } from 'commander';
import { type EncodingDescription, encodingDescriptions, type OptionDescription } from 'posenc/registry';
import { tasks } from '../tasks/index.ts';
import type { Task } from '../tasks/task.ts';
import { DONE } from './errors.ts';
import type { CommandLineIo } from './io.ts';
import { kebab } from './option-values.ts';

const EXAMPLES = `
Examples:
  posenc list
  posenc list --json
`;

const SITES: Readonly<Record<EncodingDescription['site'], string>> = {
  none: 'nowhere',
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
    .addHelpText('after', EXAMPLES)
    .action(({ json }: { readonly json?: true }) => {
      io.stdout.write(json === true ? listJson() : listText(io.stdout.columns));
      done(DONE);
    });
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
  const encodings = encodingDescriptions.flatMap((encoding) => encodingLines(encoding, width));
  return [
    'Encodings (posenc vectors NAME, posenc compare --encodings NAME,NAME:OPTION=VALUE)',
    '',
    ...encodings,
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

function encodingLines(encoding: EncodingDescription, width: number): string[] {
  const facts = [
    SITES[encoding.site],
    encoding.learnable ? 'learned' : 'fixed',
    encoding.relative ? 'relative' : 'absolute',
  ];
  const about = [
    `${encoding.summary}.`,
    encoding.site === 'none' ? '' : `Acts: ${facts.join(', ')}.`,
    `Source: ${encoding.source}.`,
    `Longer inputs: ${encoding.extrapolation}.`,
    ...encoding.pitfalls.map((pitfall) => `Beware: ${pitfall}`),
    ...encoding.options.map((option) => `${option.name}=${valuesOf(option)}  ${option.description}`),
  ];
  return entry(encoding.name, about, width);
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

function valuesOf({ type, default: fallback }: OptionDescription): string {
  if (type === 'number') return fallback === undefined ? 'NUMBER' : String(fallback);
  if (type === 'numbers') return 'NUMBER/NUMBER/…';
  if (type === 'boolean') return 'true|false';
  return type.join('|');
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
