/** Pictures of encodings, without training: what each does with positions. */
import * as Plot from '@observablehq/plot';
import type { Encoding } from 'posenc';
import {
  attentionPattern,
  biasByDistance,
  inputGrid,
  type PatternShape,
  rotaryDecay,
  similarityByDistance,
} from 'posenc/analysis';
import { positionRange } from 'posenc/positions';
import { type AttentionShape, createEncoding, type EncodingDescription } from 'posenc/registry';
import { createRandom } from '../data/random.ts';
import { lineStyle } from './colors.ts';
import { drawChart } from './drawing.ts';
import { drawGrid, drawView } from './view-charts.ts';
import { patternOf, temperatureView } from './views.ts';

const SIZE = { width: 420, height: 250, marginLeft: 55, marginBottom: 40 };
const DISTANCES = 32;
const POSITIONS = 64;
const MOST_LINES = 4;
/** Grids that pictures are drawn on, by axes. */
const PICTURE_GRIDS: Readonly<Record<number, readonly number[]>> = { 2: [9, 9], 3: [3, 5, 5] };
/** Nodes of the path that pictures of graphs are drawn on. */
const PICTURE_NODES = 9;
const OFFSET_LABEL = '← before the query    key position − query position    after →';

/** A drawing with one sentence about it. */
export interface Picture {
  readonly svg: string;
  readonly caption: string;
}

/** The attention a picture is drawn for: a line of 64 positions, or a small grid where an encoding reads one. */
export function pictureShape(
  { axes }: Pick<EncodingDescription, 'axes'>,
  sizes: PatternShape,
  attention: AttentionShape['attention'],
): AttentionShape {
  if (typeof axes === 'string' && axes !== 'any') {
    return { ...sizes, maximumLength: POSITIONS, attention, graph: { positions: axes, features: PICTURE_NODES } };
  }
  const count = axes === 'any' ? 1 : (axes[0] as number);
  const extents = PICTURE_GRIDS[count];
  return { ...sizes, maximumLength: POSITIONS, attention, ...(extents === undefined ? {} : { extents }) };
}

/** The kinds of attention an encoding can be made for; some have a form for each. */
export function attentionKinds(description: EncodingDescription): readonly string[] {
  // Enough heads for every form.
  const sizes = { modelDim: 256, numHeads: 4, headDim: 64 };
  return (['causal', 'bidirectional'] as const).filter((kind) => {
    const { attention } = createEncoding(
      { name: description.name, options: {} },
      pictureShape(description, sizes, kind),
    );
    return attention === 'any' || attention === kind;
  });
}

/** A picture of an encoding with one sentence that says what it shows. */
export function drawEncoding(encoding: Encoding, sizes: PatternShape): Picture {
  if (encoding.site === 'none') return drawNothing();
  if (encoding.axes === 1) {
    const { length } = encoding.options;
    if (encoding.site === 'content' && typeof length === 'number') {
      const temperature = temperatureView(encoding, 4 * length);
      if (temperature !== undefined) return { svg: drawView(temperature), caption: `${temperature.title}.` };
    }
    const { table, cos, buckets } = encoding.vectors(positionRange(2));
    if (encoding.site === 'input' && table?.shape.length === 2) return drawTable(encoding);
    if (encoding.site === 'query-key' && cos?.shape.length === 2) return drawDecay(encoding);
    if (encoding.site === 'scores' && buckets !== undefined) return drawBuckets(encoding);
    if (encoding.site === 'scores') return drawBias(encoding, sizes);
  }
  return drawPattern(encoding, sizes);
}

/** What the first head makes of pairs of places: every pair on a line, or the middle of a grid with all of it. */
function drawPattern(encoding: Encoding, sizes: PatternShape): Picture {
  const { what, learned, extents, x, y, columns, values } = patternOf(encoding, sizes, PICTURE_GRIDS[encoding.axes]);
  const where =
    extents === undefined
      ? `at two ${encoding.axes === 1 ? 'positions' : 'nodes of a path'}`
      : `at the middle and at each place of a grid of ${extents.join(' × ')}`;
  const title = `${what} ${where}`;
  return {
    svg: drawView({ kind: 'grid', title, x, y, columns, values }),
    caption: `${title} (purple negative, white 0, orange positive; blank where hidden)${learned}.`,
  };
}

function drawTable(encoding: Extract<Encoding, { site: 'input' }>): Picture {
  const { values: similarity } = similarityByDistance(encoding, DISTANCES);
  const far = (similarity.at(-1) as number).toFixed(2);
  return {
    svg: drawGrid(
      `Heat map of the ${encoding.name} table: position against channel`,
      inputGrid(encoding, POSITIONS),
      1,
    ),
    caption: `The table, position by channel (purple −1, white 0, orange 1). Rows ${DISTANCES - 1} positions apart have cosine similarity ${far}.`,
  };
}

/** What no encoding adds to a score, at every distance: nothing. */
export function drawNothing(): Picture {
  const points = [-DISTANCES, DISTANCES].map((offset) => ({ offset, value: 0 }));
  const svg = drawChart("A flat line: 0 is added to every score, whatever the key's position", {
    ...SIZE,
    x: { label: OFFSET_LABEL, labelAnchor: 'center' },
    y: { label: 'added to the score', domain: [-1, 1], grid: true },
    marks: [Plot.line(points, { x: 'offset', y: 'value', stroke: lineStyle(0).color, strokeWidth: 1.8 })],
  });
  return { svg, caption: 'Nothing is added to any score, whatever the distance.' };
}

function drawDecay(encoding: Extract<Encoding, { site: 'query-key' }>): Picture {
  const { values } = rotaryDecay(encoding, 4 * POSITIONS);
  const points = values.map((score, distance) => ({ distance, score }));
  const svg = drawChart('Score of equal queries and keys against their distance', {
    ...SIZE,
    x: { label: 'distance between query and key →', labelAnchor: 'center' },
    y: { label: 'score relative to distance 0', grid: true },
    marks: [
      Plot.ruleY([0], { stroke: '#999' }),
      Plot.line(points, { x: 'distance', y: 'score', stroke: lineStyle(1).color, strokeWidth: 1.8 }),
    ],
  });
  return { svg, caption: 'Score of a query and a key of ones against their distance: the mean of cos(distance · ωₖ).' };
}

function drawBuckets(encoding: Extract<Encoding, { site: 'scores' }>): Picture {
  const causal = encoding.attention === 'causal';
  const dots = biasByDistance(encoding, DISTANCES)
    .flatMap(({ values }) => values.map((value, at) => ({ offset: at - DISTANCES, value })))
    .filter(({ offset }) => !causal || offset <= 0);
  const svg = drawChart("Bucket against the key's position relative to the query", {
    ...SIZE,
    x: { label: OFFSET_LABEL, labelAnchor: 'center' },
    y: { label: 'bucket', grid: true },
    marks: [Plot.dot(dots, { x: 'offset', y: 'value', fill: lineStyle(1).color, r: 2 })],
  });
  return { svg, caption: 'The bucket of each distance; every bucket has a learned bias per head.' };
}

function drawBias(encoding: Extract<Encoding, { site: 'scores' }>, sizes: PatternShape): Picture {
  const keys = positionRange(2 * DISTANCES + 1);
  const random = createRandom(0, 'picture');
  const { heads, values } = attentionPattern(encoding, positionRange(DISTANCES, DISTANCES + 1), keys, sizes, random);
  const lines = Array.from({ length: Math.min(heads, MOST_LINES) }, (_, head) =>
    Array.from(values.subarray(head * keys.length, (head + 1) * keys.length), (value, at) => ({
      label: `head ${head + 1}`,
      offset: at - DISTANCES,
      value,
    })).filter(({ value }) => !Number.isNaN(value)),
  );
  const svg = drawChart("Bias against the key's position relative to the query", {
    ...SIZE,
    marginLeft: 75,
    marginRight: 60,
    x: { label: OFFSET_LABEL, labelAnchor: 'center' },
    y: { label: 'added to the score', grid: true },
    marks: lines.flatMap((line, index) => {
      const { color, dash } = lineStyle(index + 1);
      const end = line.at((line.at(-1)?.offset ?? 0) <= 0 ? 0 : -1);
      const text = { x: 'offset', y: 'value', text: 'label', textAnchor: 'start', fill: color } as const;
      return [
        Plot.line(line, { x: 'offset', y: 'value', stroke: color, strokeDasharray: dash, strokeWidth: 1.8 }),
        ...(end === undefined
          ? []
          : [Plot.text([end], { ...text, dx: end.offset < 0 ? 7 : 4, dy: end.offset < 0 ? 8 : 0 })]),
      ];
    }),
  });
  const start = encoding.parameters.length > 0 ? ', learned numbers as they start' : '';
  return { svg, caption: `What each head adds to the score of a key, by its position relative to the query${start}.` };
}
