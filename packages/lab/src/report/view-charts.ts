/** Charts of the views of an encoding. Knows no encoding. */
import * as Plot from '@observablehq/plot';
import { lineStyle } from './colors.ts';
import { drawChart } from './drawing.ts';
import { drawGrid } from './pictures.ts';
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
      const { title, curves, y } = view;
      const lines = curves.map(({ label, values }) =>
        Array.from(values, (value, distance) => ({ label, distance, value })).filter(
          ({ value }) => !Number.isNaN(value),
        ),
      );
      return drawChart(title, {
        ...SIZE,
        marginRight: 60,
        x: { label: 'distance →', labelAnchor: 'center' },
        y: { label: y, grid: true },
        marks: lines.flatMap((line, index) => {
          const { color, dash } = lineStyle(index + 1);
          const end = { x: 'distance', y: 'value', text: 'label', textAnchor: 'start', dx: 4, fill: color } as const;
          return [
            Plot.line(line, { x: 'distance', y: 'value', stroke: color, strokeDasharray: dash, strokeWidth: 1.8 }),
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
