/** What models attended to in one example, as heat maps. From the summary alone. */
import type { AttentionPicture } from '../record/sample.ts';
import { clip, escapeHtml, folded } from './markup.ts';
import { drawPixels } from './pixels.ts';
import type { Summary } from './summary.ts';

/** Titles that are not folded. */
const OPEN = 2;
/** Cells along a side; longer sequences are drawn in stretches. */
const MOST_CELLS = 48;
const LABEL_ROOM = 64;
const MAP_SIZE = 196;
const LARGEST_CELL = 22;
const LABEL_LENGTH = 11;
const LINE_HEIGHT = 10.5;
/** From no weight to the largest, light to dark: white, blue, near black. */
const SHADES = [
  [255, 255, 255],
  [86, 180, 233],
  [0, 62, 116],
  [8, 8, 32],
] as const;

/** The section, or nothing where records keep no attention. */
export function attentionSection({ attention }: Summary): string {
  const titles = [...new Set(attention.flatMap(({ pictures }) => pictures.map(({ title }) => title)))];
  if (titles.length === 0) return '';
  const parts = titles.map((title) => {
    const found = attention.flatMap((one) =>
      one.pictures.filter((picture) => picture.title === title).map((picture) => ({ name: one.title, picture })),
    );
    const limit = found.reduce((most, { picture }) => Math.max(most, largest(merged(picture).weights)), 0);
    const figures = found.map(
      ({ name, picture }) =>
        `<figure>${drawAttention(picture, limit === 0 ? 1 : limit, `${name}, ${title}`)}<figcaption><strong>${escapeHtml(name)}</strong>${escapeHtml(linkText(picture))}</figcaption></figure>`,
    );
    const notes = [
      `Darkest: ${limit.toPrecision(2)}, the same in all.`,
      mergeText(found.map(({ picture }) => picture)),
    ];
    return `<h3>${escapeHtml(title)}</h3><p class="note">${escapeHtml(notes.filter((text) => text !== '').join(' '))}</p><div class="maps">${figures.join('')}</div>`;
  });
  const rest = parts.slice(OPEN);
  const ringed = attention.some(({ pictures }) => pictures.some(({ links = [] }) => links.length > 0));
  return `<section class="long"><h2>What models attend to</h2>
<p class="note">One test example with each encoding's first seed, the mean over heads: what asks down the side, what it attends to along the top, darker for more weight (by its square root, so that small weights show).${ringed ? ' Known links are ringed.' : ''} One example shows what can happen, not what usually does.</p>
${parts.slice(0, OPEN).join('\n')}
${rest.length === 0 ? '' : folded(`${rest.length} more: ${titles.slice(OPEN).join(', ')}`, rest.join('\n'))}</section>`;
}

/**
 * A heat map as one SVG element.
 *
 * @param limit - the weight that is drawn darkest
 * @param label - what a person who cannot see it is told
 */
export function drawAttention(picture: AttentionPicture, limit: number, label: string): string {
  const { queries, keys, weights, links } = merged(picture);
  const [rows, columns] = [queries.length, keys.length];
  const cell = Math.min(LARGEST_CELL, MAP_SIZE / columns, (1.4 * MAP_SIZE) / rows);
  const [width, height] = [cell * columns, cell * rows];
  const pixels = new Uint8Array(weights.length * 3);
  weights.forEach((weight, at) => {
    pixels.set(shade(Math.sqrt(Math.min(1, Math.max(0, weight / limit)))), at * 3);
  });
  const map = drawPixels(
    { pixels, width: columns, height: rows, channels: 3 },
    { x: LABEL_ROOM, y: LABEL_ROOM, width: round(width), height: round(height) },
  );
  const every = Math.max(1, Math.ceil(LINE_HEIGHT / cell));
  const middle = (at: number): number => round(LABEL_ROOM + (at + 0.5) * cell);
  const side = queries.map((text, at) =>
    at % every === 0
      ? `<text x="${LABEL_ROOM - 4}" y="${round(middle(at) + 3.3)}" text-anchor="end">${labelText(text)}</text>`
      : '',
  );
  const top = keys.map((text, at) =>
    at % every === 0
      ? `<text transform="translate(${round(middle(at) + 3.3)} ${LABEL_ROOM - 4}) rotate(-90)">${labelText(text)}</text>`
      : '',
  );
  const rings = links.map(
    ([query, key]) =>
      `<rect x="${round(LABEL_ROOM + key * cell)}" y="${round(LABEL_ROOM + query * cell)}" width="${round(cell)}" height="${round(cell)}" rx="${round(cell / 3)}"/>`,
  );
  const size = [LABEL_ROOM + round(width) + 2, LABEL_ROOM + round(height) + 2];
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeHtml(label)}" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size[0]} ${size[1]}" font-size="10" font-family="system-ui, sans-serif" fill="#222">${map}<rect x="${LABEL_ROOM}" y="${LABEL_ROOM}" width="${round(width)}" height="${round(height)}" fill="none" stroke="#999" stroke-width="0.6"/>${side.join('')}${top.join('')}${rings.length === 0 ? '' : `<g class="links" fill="none" stroke="#D55E00" stroke-width="1.7">${rings.join('')}</g>`}</svg>`;
}

/** An attention picture in few cells, with the links that it has. */
type Merged = Pick<AttentionPicture, 'queries' | 'keys' | 'weights'> & {
  readonly links: NonNullable<AttentionPicture['links']>;
};

/**
 * The picture with at most 48 queries and keys: of neighbouring keys the sum, so that rows still sum to 1, and of
 * neighbouring queries the mean. Links are of the stretches that they lie in.
 */
export function merged(picture: AttentionPicture): Merged {
  const { queries, keys, weights, links = [] } = picture;
  const [down, across] = strides(picture);
  const stretch = (texts: readonly string[], stride: number): string[] => texts.filter((_, at) => at % stride === 0);
  const [rows, columns] = [stretch(queries, down), stretch(keys, across)];
  const sums = new Array<number>(rows.length * columns.length).fill(0);
  weights.forEach((weight, at) => {
    const [query, key] = [Math.floor(at / keys.length), at % keys.length];
    const row = Math.floor(query / down);
    const count = Math.min(down, queries.length - row * down);
    const cell = row * columns.length + Math.floor(key / across);
    sums[cell] = (sums[cell] as number) + weight / count;
  });
  const placed = new Map(
    links.map(([query, key]): [string, [number, number]] => {
      const link: [number, number] = [Math.floor(query / down), Math.floor(key / across)];
      return [link.join(), link];
    }),
  );
  return { queries: rows, keys: columns, weights: sums, links: [...placed.values()] };
}

/** Of the queries with known links, the mean weight on the keys that they are linked to; `undefined` without links. */
export function weightOnLinks({ keys, weights, links = [] }: AttentionPicture): number | undefined {
  const linked = [...new Set(links.map(([query]) => query))];
  if (linked.length === 0) return undefined;
  const total = links.reduce((sum, [query, key]) => sum + (weights[query * keys.length + key] ?? 0), 0);
  return total / linked.length;
}

function linkText(picture: AttentionPicture): string {
  const share = weightOnLinks(picture);
  return share === undefined
    ? ''
    : `: ${(100 * share).toFixed(0)} % of the weight of linked queries lies on their links`;
}

function mergeText(pictures: readonly AttentionPicture[]): string {
  const [down, across] = [0, 1].map((axis) => Math.max(...pictures.map((picture) => strides(picture)[axis] as number)));
  const parts = [
    (down as number) > 1 ? `${down} neighbouring queries (mean)` : '',
    (across as number) > 1 ? `${across} neighbouring keys (sum)` : '',
  ].filter((text) => text !== '');
  return parts.length === 0 ? '' : `Long: each cell stands for ${parts.join(' and ')}, and is named by the first.`;
}

function strides({ queries, keys }: AttentionPicture): readonly [number, number] {
  return [Math.max(1, Math.ceil(queries.length / MOST_CELLS)), Math.max(1, Math.ceil(keys.length / MOST_CELLS))];
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** The colour at `share` of the way. */
function shade(share: number): readonly number[] {
  const at = Math.min(share * (SHADES.length - 1), SHADES.length - 1 - 1e-9);
  const [from, to] = [SHADES[Math.floor(at)], SHADES[Math.floor(at) + 1]] as [readonly number[], readonly number[]];
  return from.map((value, channel) => Math.round(value + ((to[channel] as number) - value) * (at % 1)));
}

function labelText(text: string): string {
  const shown = text.trim() === '' ? '␣' : text;
  const { text: start, left } = clip(shown, LABEL_LENGTH);
  return escapeHtml(left === 0 ? start : `${start}…`);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
