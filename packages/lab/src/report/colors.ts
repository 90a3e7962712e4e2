/** How encodings are told apart: by colour, by dash and by symbol, so that a grey print can still be read. */

/**
 * Okabe and Ito 2008, "Color Universal Design", without its yellow, which is too light on white; then black again.
 * The first, for the control, is grey.
 */
const COLORS = ['#6b6b6b', '#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00', '#000000'] as const;
const DASHES = ['2 3', '', '7 3', '3 2', '9 3 2 3', '5 2', '1 2', '12 3'] as const;
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond2', 'cross', 'star', 'wye', 'times'] as const;

/** What one line of a chart looks like. */
export interface LineStyle {
  readonly color: string;
  /** SVG stroke-dasharray; empty for a full line. */
  readonly dash: string;
  readonly symbol: (typeof SYMBOLS)[number];
}

/** The style of the encoding at `index` in a report. From the ninth on, colours repeat with other dashes. */
export function lineStyle(index: number): LineStyle {
  const at = index % COLORS.length;
  const dash = (index + Math.floor(index / COLORS.length)) % DASHES.length;
  return { color: COLORS[at] as string, dash: DASHES[dash] as string, symbol: SYMBOLS[dash] as LineStyle['symbol'] };
}
