/** Observable Plot without a browser: marks to SVG text. Knows nothing of records. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Options of a chart, as Plot takes them. */
export type ChartOptions = Parameters<typeof Plot.plot>[0];

const FONT = 'system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif';

/**
 * The chart as one `<svg>` element that stands on its own.
 *
 * @param label - what a person who cannot see it is told
 */
export function drawChart(label: string, options: ChartOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const figure = Plot.plot({
    style: { fontFamily: FONT, fontSize: '12px', color: '#222', background: 'white' },
    ...options,
    ariaLabel: label,
    document: document as unknown as Document,
  });
  const svg = figure.tagName.toLowerCase() === 'svg' ? figure : figure.querySelector('svg');
  if (svg === null) throw new TypeError('drawChart: expected an svg element, got none');
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return svg.outerHTML;
}
