/** Charts of the views of an encoding. Knows no encoding. */
import * as Plot from '@observablehq/plot';
import type { Grid } from 'posenc/analysis';
import { lineStyle } from './colors.ts';
import { drawChart } from './drawing.ts';
import type { View } from './views.ts';

const SIZE = { width: 480, height: 280, marginLeft: 60, marginBottom: 40 };

/** A view as one SVG element. */
export function drawView(view: View): string {
  switch (view.kind) {
    case 'grid': {
      const { title, values, columns, x, y } = view;
      const limit = values.reduce((most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))), 0);
      const grid = { rows: values.length / columns, columns, values };
      return drawGrid(title, grid, limit === 0 ? 1 : limit, { x: `${x} →`, y });
    }
    case 'curves': {
      const { title, curves, step, x, y } = view;
      const lines = curves.map(({ label, values }) =>
        Array.from(values, (value, at) => ({ label, at: at * step, value })).filter(
          ({ value }) => !Number.isNaN(value),
        ),
      );
      return drawChart(title, {
        ...SIZE,
        marginRight: 60,
        x: { label: `${x} →`, labelAnchor: 'center' },
        y: { label: y, grid: true },
        marks: lines.flatMap((line, index) => {
          const { color, dash } = lineStyle(index + 1);
          const end = { x: 'at', y: 'value', text: 'label', textAnchor: 'start', dx: 4, fill: color } as const;
          return [
            Plot.line(line, { x: 'at', y: 'value', stroke: color, strokeDasharray: dash, strokeWidth: 1.8 }),
            Plot.text(line.slice(-1), end),
          ];
        }),
      });
    }
    case 'wavelengths': {
      const { title, values, length } = view;
      const pairs = values
        .map((wavelength, pair) => ({ pair, wavelength }))
        .filter((one) => Number.isFinite(one.wavelength));
      const turns = (one: { readonly wavelength: number }): string => lineStyle(one.wavelength > length ? 2 : 1).color;
      return drawChart(title, {
        ...SIZE,
        marginRight: 30,
        x: { label: 'pair of channels →', labelAnchor: 'center', domain: [0, values.length - 1] },
        y: { label: 'wavelength in positions', type: 'log', grid: true, tickFormat: '~s' },
        marks: [
          Plot.ruleY([length], { stroke: '#222', strokeDasharray: '5 3' }),
          Plot.text([{ pair: 0, length }], {
            x: 'pair',
            y: 'length',
            text: () => `context ${length}`,
            textAnchor: 'start',
            dy: -7,
          }),
          Plot.dot(pairs, { x: 'pair', y: 'wavelength', fill: turns, r: 2.5 }),
        ],
      });
    }
  }
}

/** A heat map of a table, position by channel, with colours from −limit (purple) to limit (orange). */
export function drawGrid(
  label: string,
  { rows, columns, values }: Grid,
  limit: number,
  axis = { x: 'channel →', y: 'position' },
): string {
  const cells = Array.from(values, (value, at) => ({
    position: Math.floor(at / columns),
    channel: at % columns,
    value,
  })).filter(({ value }) => !Number.isNaN(value));
  return drawChart(label, {
    width: 420,
    height: 250,
    marginLeft: 55,
    marginBottom: 40,
    marginRight: 10,
    x: { label: axis.x, labelAnchor: 'center', domain: [0, columns], ticks: 8 },
    y: { label: axis.y, domain: [rows, 0], ticks: 8 },
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
