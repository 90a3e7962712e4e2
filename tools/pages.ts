/**
 * Writes the frames of `docs/encodings/`, and the table of encodings in `docs/encodings/README.md`, from the catalogue:
 * `npm run pages`. The idea, the conventions and the example of each page are written by hand and left alone.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEncoding, type EncodingDescription, encodingDescriptions } from 'posenc/registry';
import { SITES } from '../packages/lab/src/cli/list.ts';
import { attentionKinds, drawEncoding, pictureShape } from '../packages/lab/src/report/pictures.ts';

const root = join(import.meta.dirname, '..');
const COSTS = { sizes: { modelDim: 256, numHeads: 4, headDim: 64 }, length: 128 };
const BEGIN = '<!-- frame: written by npm run pages -->';
const END = '<!-- end of frame -->';

/** A page, as it is and as it should be. */
export interface Page {
  readonly path: string;
  readonly current: string;
  readonly expected: string;
}

/** Every page of an encoding, and the list of them all. */
export function pages(): readonly Page[] {
  const list = join(root, 'docs/encodings/README.md');
  return [
    { path: list, current: existsSync(list) ? readFileSync(list, 'utf8') : '', expected: listPage() },
    ...encodingDescriptions.map((description) => {
      const path = join(root, 'docs/encodings', `${description.name}.md`);
      if (!existsSync(path)) throw new Error(`pages: expected a page ${path}; write its idea and example by hand`);
      const current = readFileSync(path, 'utf8');
      return { path, current, expected: withFrame(current, frameOf(description)) };
    }),
  ];
}

function withFrame(page: string, frame: string): string {
  const placed = page.replace(/^<!-- frame -->$/m, `${BEGIN}\n${END}`);
  const [begin, end] = [placed.indexOf(BEGIN), placed.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`pages: expected a line <!-- frame --> in ${page.slice(0, 40)}…`);
  return `${placed.slice(0, begin)}${BEGIN}\n\n${frame}\n${placed.slice(end)}`;
}

function frameOf(description: EncodingDescription): string {
  const { axes, extrapolation, formula, learnable, models, name, options, pitfalls, relative, site, source } =
    description;
  const shape = pictureShape(description, COSTS.sizes, 'bidirectional');
  const encoding = createEncoding({ name, options: {} }, shape);
  const { parameters, tableBytes } = encoding.costs(COSTS.length);
  const kinds = attentionKinds(description);
  const numbers = `${parameters} ${learnable || parameters === 0 ? 'learned' : 'drawn'} numbers`;
  const facts = [
    ['formula', formula],
    ['acts', `${SITES[site]} (\`site: '${site}'\`)`],
    ['kind', `${learnable ? 'learned' : 'fixed'}, ${relative ? 'relative' : 'absolute'}, ${axesText(axes)}`],
    ['attention', kinds.length === 1 ? `${kinds[0]} only` : kinds.join(' and ')],
    ['cost', `${numbers}, ${tableBytes} bytes of signals (4 heads of 64, length ${COSTS.length})`],
    ['longer inputs', extrapolation],
    ...(models.length === 0 ? [] : [['used by', models.join(', ')]]),
    ['source', source],
  ];
  return [
    `![${drawEncoding(encoding, COSTS.sizes).caption.replaceAll(/[[\]]/g, '')}](../images/${name}.svg)`,
    '',
    ...markdownTable(['fact', name], facts as string[][]),
    '',
    ...(options.length === 0
      ? []
      : [
          ...markdownTable(
            ['option', 'values', 'default', 'meaning'],
            options.map((option) => [
              `\`${option.name}\``,
              typeof option.type === 'string' ? option.type : option.type.map((choice) => `\`${choice}\``).join(', '),
              option.default === undefined ? 'see meaning' : `\`${String(option.default)}\``,
              option.description,
            ]),
          ),
          '',
        ]),
    ...pitfalls.map((pitfall) => `- ${pitfall}`),
    ...(pitfalls.length === 0 ? [] : ['']),
  ].join('\n');
}

function listPage(): string {
  const sites = [...new Set(encodingDescriptions.map(({ site }) => site))];
  const sections = sites.flatMap((site) => [
    `## ${SITES[site].charAt(0).toUpperCase()}${SITES[site].slice(1)}`,
    '',
    ...markdownTable(
      ['encoding', 'what it does', 'kind', 'axes'],
      encodingDescriptions
        .filter((description) => description.site === site)
        .map(({ axes, learnable, name, relative, summary }) => [
          `[${name}](${name}.md)`,
          summary,
          `${learnable ? 'learned' : 'fixed'}, ${relative ? 'relative' : 'absolute'}`,
          typeof axes === 'string' ? (axes === 'any' ? 'any' : 'graphs') : axes.join(', '),
        ]),
    ),
    '',
  ]);
  return [
    '# Encodings',
    '',
    'Written by `npm run pages` from the catalogue. `posenc show NAME` says the same in a terminal.',
    '',
    ...sections,
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function axesText(axes: EncodingDescription['axes']): string {
  if (axes === 'any') return 'any number of axes';
  return typeof axes === 'string'
    ? `${axes} of a graph’s nodes`
    : `${axes.join(' or ')} ${axes.join() === '1' ? 'axis' : 'axes'}`;
}

/** A table as the formatter leaves it: columns padded to their widest cell. */
function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const safe = [header, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = header.map((_, column) => Math.max(3, ...safe.map((row) => [...(row[column] ?? '')].length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell + ' '.repeat((widths[at] as number) - [...cell].length)).join(' | ')} |`;
  return [
    line(safe[0] as string[]),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...safe.slice(1).map(line),
  ];
}

if (process.argv[1] === import.meta.filename) {
  for (const { path, current, expected } of pages()) {
    if (current === expected) continue;
    writeFileSync(path, expected);
    process.stdout.write(`${path.slice(root.length + 1)}\n`);
  }
}
