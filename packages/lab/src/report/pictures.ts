/** Pictures of encodings, without training: what each does with positions. */
import * as Plot from '@observablehq/plot';
import type { Encoding } from 'posenc';
import { biasByDistance, type Grid, inputGrid, rotaryDecay, similarityByDistance } from 'posenc/analysis';
import { lineStyle } from './colors.ts';
import { drawChart } from './drawing.ts';

const SIZE = { width: 420, height: 250, marginLeft: 55, marginBottom: 40 };
const DISTANCES = 32;
const POSITIONS = 64;

/** A drawing with one sentence about it. */
export interface Picture {
  readonly svg: string;
  readonly caption: string;
}

/** A picture of an encoding with one sentence that says what it shows; `undefined` where there is nothing to see. */
export function drawEncoding(encoding: Encoding): Picture | undefined {
  switch (encoding.site) {
    case 'input':
      return encoding.parameters.length > 0 ? undefined : drawTable(encoding);
    case 'query-key':
      return drawDecay(encoding);
    case 'scores':
      return drawBias(encoding);
    case 'none':
    case 'content':
    case 'structure':
      return undefined;
  }
  return encoding satisfies never;
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

/** A heat map of a table, position by channel, with colours from −limit (purple) to limit (orange). */
export function drawGrid(label: string, { rows, columns, values }: Grid, limit: number): string {
  const cells = Array.from(values, (value, at) => ({
    position: Math.floor(at / columns),
    channel: at % columns,
    value,
  }));
  return drawChart(label, {
    ...SIZE,
    marginRight: 10,
    x: { label: 'channel →', labelAnchor: 'center', domain: [0, columns], ticks: 8 },
    y: { label: 'position', domain: [rows, 0], ticks: 8 },
    color: { scheme: 'PuOr', domain: [-limit, limit], legend: false },
    marks: [
      Plot.rect(cells, {
        x1: 'channel',
        x2: (cell: { channel: number }) => cell.channel + 1,
        y1: 'position',
        y2: (cell: { position: number }) => cell.position + 1,
        fill: 'value',
        inset: 0,
        shapeRendering: 'crispEdges',
      }),
    ],
  });
}

/** What no encoding adds to a score, at every distance: nothing. */
export function drawNothing(): Picture {
  const points = [-DISTANCES, DISTANCES].map((offset) => ({ offset, value: 0 }));
  const svg = drawChart("A flat line: 0 is added to every score, whatever the key's position", {
    ...SIZE,
    x: { label: '← before the query    key position − query position    after →', labelAnchor: 'center' },
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

function drawBias(encoding: Extract<Encoding, { site: 'scores' }>): Picture {
  const buckets = encoding.parameters.length > 0;
  const causal = encoding.attention === 'causal';
  const profiles = biasByDistance(encoding, DISTANCES);
  const lines = profiles.map(({ label, values }) =>
    values
      .map((value, at) => ({ label, offset: at - DISTANCES, value }))
      .filter(({ value, offset }) => !Number.isNaN(value) && (!causal || offset <= 0)),
  );
  const svg = drawChart(`${buckets ? 'Bucket' : 'Bias'} against the key's position relative to the query`, {
    ...SIZE,
    ...(buckets ? {} : { marginLeft: 75, marginRight: 60 }),
    x: { label: '← before the query    key position − query position    after →', labelAnchor: 'center' },
    y: { label: buckets ? 'bucket' : 'added to the score', grid: true },
    marks: lines.flatMap((line, index) => {
      const { color, dash } = lineStyle(index + 1);
      const end = line.at(causal || (line.at(-1)?.offset ?? 0) <= 0 ? 0 : -1);
      return [
        buckets
          ? Plot.dot(line, { x: 'offset', y: 'value', fill: color, r: 2 })
          : Plot.line(line, { x: 'offset', y: 'value', stroke: color, strokeDasharray: dash, strokeWidth: 1.8 }),
        ...(buckets || end === undefined
          ? []
          : [
              Plot.text([end], {
                x: 'offset',
                y: 'value',
                text: 'label',
                dx: end.offset < 0 ? 7 : 4,
                dy: end.offset < 0 ? 8 : 0,
                textAnchor: 'start',
                fill: color,
              }),
            ]),
      ];
    }),
  });
  return {
    svg,
    caption: buckets
      ? 'The bucket of each distance; every bucket has a learned bias per head.'
      : 'What each head adds to the score of a key, by its position relative to the query.',
  };
}
