/**
 * What an encoding does, seen from several sides, as numbers: every pair of places, its table, a curve over the distance,
 * its wavelengths. Terminals and charts draw the same numbers. Knows nothing of drawing.
 */
import type { Encoding, Positions } from 'posenc';
import { attentionPattern, inputGrid, type PatternShape, wavelengths } from 'posenc/analysis';
import { gridPositions, positionList, positionRange, shortestPathPositions } from 'posenc/positions';
import type { AttentionShape } from 'posenc/registry';
import { createRandom } from '../data/random.ts';

/** The sides there are. */
export const VIEW_NAMES = ['pattern', 'table', 'distance', 'wavelengths'] as const;

/** Which side is looked at. */
export type ViewName = (typeof VIEW_NAMES)[number];

/** One side of an encoding. */
export type View =
  /** Row-major numbers; `NaN` where a key is hidden. */
  | {
      readonly kind: 'grid';
      readonly title: string;
      readonly x: string;
      readonly y: string;
      readonly columns: number;
      readonly values: Float64Array;
    }
  /** A number at each of 0, step, 2·step … of each curve. */
  | {
      readonly kind: 'curves';
      readonly title: string;
      readonly x: string;
      readonly step: number;
      readonly y: string;
      readonly curves: readonly { readonly label: string; readonly values: Float64Array }[];
    }
  /** A wavelength for each pair of channels, against a length. */
  | {
      readonly kind: 'wavelengths';
      readonly title: string;
      readonly values: readonly number[];
      readonly length: number;
    };

/** Positions along each side of a pattern. */
const PATTERN_POSITIONS = 24;
const TABLE_POSITIONS = 24;
const TABLE_CHANNELS = 64;
const LARGEST_DISTANCE = 256;
const MOST_CURVES = 4;
/** Patterns whose numbers differ by a smaller share than this look flat. */
const FLAT = 0.12;

/** The sides from which an encoding can be looked at, the best first. */
export function viewsOf(encoding: Encoding, shape: AttentionShape, length: number): readonly ViewName[] {
  return VIEW_NAMES.filter((name) => viewOf(name, encoding, shape, length) !== undefined);
}

/**
 * One side of an encoding, learned numbers as they start; nothing where it has none: a table that is trained, distances of
 * tokens on a grid, wavelengths of anything but turning pairs.
 *
 * @param length - the context that distances and wavelengths are held against
 */
export function viewOf(name: ViewName, encoding: Encoding, shape: AttentionShape, length: number): View | undefined {
  switch (name) {
    case 'pattern':
      return patternView(encoding, shape);
    case 'table':
      return tableView(encoding);
    case 'distance':
      return distanceView(encoding, shape, length);
    case 'wavelengths': {
      const values = wavelengths(encoding);
      if (values.length === 0) return undefined;
      return {
        kind: 'wavelengths',
        title: `Wavelength of each pair of channels against ${length} positions`,
        values,
        length,
      };
    }
  }
}

/** What the first head makes of pairs of positions, or of the middle of a grid. */
function patternView(encoding: Encoding, shape: AttentionShape): View {
  const cells = shape.extents?.map((extent, _, { length }) => Math.min(extent, length === 2 ? 15 : 5));
  const { what, learned, extents, ...grid } = patternOf(encoding, shape, cells);
  const where =
    extents === undefined
      ? `query position down, key position across${shape.graph === undefined ? '' : ', nodes of a path'}`
      : `from the middle of a grid of ${extents.join(' × ')}`;
  return {
    kind: 'grid',
    title: `${what}${encoding.site === 'input' ? '' : ', head 1'}${learned}: ${where}`,
    ...grid,
  };
}

/** What the first head makes of pairs of places, with words for it. */
export interface Pattern extends Pick<Extract<View, { kind: 'grid' }>, 'x' | 'y' | 'columns' | 'values'> {
  readonly what: string;
  readonly learned: string;
  /** As far as the encoding goes along each axis; absent on a line, where every pair is looked at. */
  readonly extents: readonly number[] | undefined;
}

/**
 * Every pair of places on a line, or of the nodes of a path where an encoding reads distances to all; on a grid, its middle
 * with all of it.
 *
 * @param cells - extents of the grid, cut to what the encoding has vectors for
 */
export function patternOf(encoding: Encoding, sizes: PatternShape, cells?: readonly number[]): Pattern {
  const extents = cells && withinTable(encoding, cells);
  const keys =
    extents === undefined
      ? linePositions(encoding.axes, Math.min(PATTERN_POSITIONS - 1, encoding.largestPosition))
      : gridPositions(extents);
  const middle = Math.floor(keys.length / 2) * keys.axes;
  const queries =
    extents === undefined ? keys : { ...keys, length: 1, values: keys.values.slice(middle, middle + keys.axes) };
  const { what, learned, values } = tellingPattern(encoding, queries, keys, sizes);
  const columns = extents?.at(-1) ?? keys.length;
  const rows = extents === undefined ? queries.length : keys.length / columns;
  const axes = extents === undefined ? ['key position', 'query position'] : ['column', 'row'];
  const [x, y] = axes as [string, string];
  return { what, learned, extents, x, y, columns, values: values.subarray(0, rows * columns) };
}

/**
 * The pattern of equal tokens, and where it would be flat, that of random ones, with learned numbers away from their start;
 * `what` and `learned` say in words which.
 */
function tellingPattern(
  encoding: Encoding,
  queries: Positions,
  keys: Positions,
  shape: PatternShape,
): { readonly what: string; readonly learned: string; readonly values: Float64Array } {
  const look = (tokens: 'equal' | 'random') =>
    attentionPattern(encoding, queries, keys, shape, createRandom(0, 'picture'), { tokens });
  const equal = look('equal');
  const known = equal.values.filter((value) => !Number.isNaN(value));
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const isFlat = most - least <= FLAT * Math.max(Math.abs(most), Math.abs(least));
  const isLearned = encoding.parameters.length > 0;
  if (equal.what !== 'weight' && (!isFlat || (!isLearned && encoding.site !== 'content'))) {
    const what = equal.what === 'score' ? 'Score of equal queries and keys' : 'Cosine similarity of what is added';
    return { what, learned: isLearned ? ', learned numbers as they start' : '', values: equal.values };
  }
  const random = look('random');
  const what = {
    score: 'Score of random queries and keys',
    similarity: 'Cosine similarity of what is added to random tokens',
    weight: 'Attention weight of random queries and keys',
  }[random.what];
  return { what, learned: isLearned ? ', learned numbers drawn at random' : '', values: random.values };
}

function tableView(encoding: Encoding): View | undefined {
  if (encoding.site !== 'input' || encoding.axes !== 1) return undefined;
  const { table } = encoding.vectors(positionRange(2));
  if (table?.shape.length !== 2) return undefined;
  const grid = inputGrid(encoding, TABLE_POSITIONS);
  const columns = Math.min(grid.columns, TABLE_CHANNELS);
  const values = Float64Array.from(
    { length: grid.rows * columns },
    (_, at) => grid.values[Math.floor(at / columns) * grid.columns + (at % columns)] as number,
  );
  const part = columns === grid.columns ? '' : `, the first ${columns} of ${grid.columns}`;
  return {
    kind: 'grid',
    title: `Table: position down, channel across${part}`,
    x: 'channel',
    y: 'position',
    columns,
    values,
  };
}

/** From one query back to the keys before it, or on a table from the first position onwards. */
function distanceView(encoding: Encoding, shape: AttentionShape, length: number): View | undefined {
  if (encoding.axes !== 1 || encoding.site === 'none' || encoding.site === 'structure') return undefined;
  if (encoding.site === 'content') {
    const temperature = temperatureView(encoding, length);
    if (temperature !== undefined) return temperature;
  }
  const last = Math.min(length - 1, LARGEST_DISTANCE, encoding.largestPosition);
  const back = Array.from({ length: last + 1 }, (_, distance) => last - distance);
  const isInput = encoding.site === 'input';
  // A table looks forward from its start; whatever has a mask looks back. Keys stand in order, the query among them.
  const keys = positionRange(last + 1);
  const at = isInput ? 0 : last;
  const all = attentionPattern(
    encoding,
    needsAllQueries(encoding) ? keys : positionList([at]),
    keys,
    shape,
    createRandom(0, 'picture'),
  );
  const rows = needsAllQueries(encoding) ? keys.length : 1;
  const row = needsAllQueries(encoding) ? at : 0;
  const curveOf = (head: number): Float64Array => {
    const start = (head * rows + row) * keys.length;
    const ofKeys = all.values.subarray(start, start + keys.length);
    return isInput ? ofKeys : Float64Array.from(back, (key) => ofKeys[key] as number);
  };
  const first = curveOf(0);
  const differ = Array.from({ length: all.heads }, (_, head) => curveOf(head)).some((curve) =>
    curve.some((value, at) => !Object.is(value, first[at])),
  );
  const curves = Array.from({ length: differ ? Math.min(all.heads, MOST_CURVES) : 1 }, (_, head) => ({
    label: differ ? `head ${head + 1}` : '',
    values: curveOf(head),
  }));
  const [y, title] =
    all.what === 'similarity'
      ? ['cosine similarity', 'Cosine similarity of what is added, by distance']
      : ['score', 'Score of equal queries and keys, by distance'];
  return { kind: 'curves', title, x: 'distance', step: 1, y, curves };
}

/** What scores are multiplied by, over the query's position, for encodings that do nothing else. */
export function temperatureView(encoding: Encoding, length: number): View | undefined {
  const step = Math.max(Math.ceil(length / LARGEST_DISTANCE), 1);
  const positions = Array.from({ length: Math.ceil(length / step) }, (_, at) => at * step);
  const { temperature } = encoding.vectors(positionList(positions));
  if (temperature === undefined) return undefined;
  const title = "What scores are multiplied by, over the query's position";
  return { kind: 'curves', title, x: 'position', step, y: 'factor', curves: [{ label: '', values: temperature.data }] };
}

/** Convolutions and draws see neighbours: a token alone is another token. */
function needsAllQueries(encoding: Encoding): boolean {
  return encoding.site === 'input' && encoding.cacheable === false;
}

/** As much of a grid as an encoding has vectors for: its table or its extents may have fewer rows, columns or frames. */
function withinTable({ largestPosition, options }: Encoding, extents: readonly number[]): readonly number[] {
  const names = ['frames', 'rows', 'columns'].slice(-extents.length);
  return extents.map((extent, axis) => {
    const { extents: cells } = options;
    const own = Array.isArray(cells) ? cells[axis] : options[names[axis] as string];
    return Math.min(extent, largestPosition + 1, typeof own === 'number' ? own : extent);
  });
}

/** Tokens of equal spacing; nodes of a path where an encoding reads distances to all. */
function linePositions(axes: number, last: number): Positions {
  if (axes === 1) return positionRange(last + 1);
  const edges = Array.from({ length: axes - 1 }, (_, node): [number, number] => [node, node + 1]);
  return shortestPathPositions(axes, edges);
}
