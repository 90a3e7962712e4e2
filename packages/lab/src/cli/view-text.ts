/** Views of an encoding for a terminal, in characters. Knows no encoding. */
import type { View } from '../report/views.ts';
import { shade } from './shade.ts';

const CURVE_ROWS = 10;
const WAVELENGTH_ROWS = 16;

/** The lines of a view, within `columns` characters. */
export function viewText(view: View, columns: number): string[] {
  switch (view.kind) {
    case 'grid':
      return [view.title, ...shade(view.values, view.columns, view.columns * 2 > columns ? 1 : 2)];
    case 'curves':
      return [view.title, ...view.curves.flatMap((curve) => curveText(curve, view.step, columns))];
    case 'wavelengths':
      return wavelengthText(view, columns);
  }
}

/** A curve as columns of blocks, each the mean of the distances that it stands for. */
function curveText(
  { label, values }: { readonly label: string; readonly values: Float64Array },
  step: number,
  columns: number,
): string[] {
  const known = values.filter((value) => !Number.isNaN(value));
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const margin = 11;
  const width = Math.max(Math.min(columns - margin, values.length), 1);
  const means = Array.from({ length: width }, (_, column) => {
    const part = values.subarray(
      Math.floor((column * values.length) / width),
      Math.ceil(((column + 1) * values.length) / width),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const name = label === '' ? [] : [label];
  if (!(most > least)) {
    const hidden = values.findIndex(Number.isNaN);
    const where = hidden < 0 ? 'everywhere' : `up to ${(hidden - 1) * step}`;
    return [...name, `${least.toPrecision(3)} ${where}${hidden < 0 ? '' : `, hidden from ${hidden * step} on`}`];
  }
  const rows = Array.from({ length: CURVE_ROWS }, (_, row) => {
    const floor = (CURVE_ROWS - 1 - row) / CURVE_ROWS;
    const cells = means.map((mean) => {
      if (Number.isNaN(mean)) return '·';
      const share = ((mean - least) / (most - least) - floor) * CURVE_ROWS;
      return share >= 1 ? '█' : share >= 0.5 ? '▄' : share > 0 ? '▁' : ' ';
    });
    const number = row === 0 ? most : row === CURVE_ROWS - 1 ? least : undefined;
    return `${(number === undefined ? '' : number.toPrecision(3)).padStart(margin - 2)} ${cells.join('')}`.trimEnd();
  });
  const last = String((values.length - 1) * step);
  return [...name, ...rows, `${''.padStart(margin - 1)}0${last.padStart(Math.max(width - 1, last.length + 1))}`];
}

/** A bar for each pair, or for evenly many of them, on a logarithmic scale; what passes the context is hatched. */
function wavelengthText(view: Extract<View, { kind: 'wavelengths' }>, columns: number): string[] {
  const { title, values, length } = view;
  const shown = Math.min(values.length, WAVELENGTH_ROWS);
  const pairs = Array.from({ length: shown }, (_, row) =>
    shown === 1 ? 0 : Math.round((row * (values.length - 1)) / (shown - 1)),
  );
  const finite = values.filter(Number.isFinite);
  const [least, most] = [Math.min(length, ...finite) / 2, Math.max(length, ...finite)];
  const margin = 20;
  const width = Math.max(columns - margin, 10);
  const placeOf = (value: number): number => Math.round((width * Math.log(value / least)) / Math.log(most / least));
  const context = placeOf(length);
  const bars = pairs.map((pair) => {
    const wavelength = values[pair] as number;
    const place = Number.isFinite(wavelength) ? placeOf(wavelength) : 0;
    const cells = Array.from({ length: width }, (_, at) =>
      at < Math.min(place, context) ? '█' : at < place ? '▒' : at === context ? '│' : ' ',
    ).join('');
    const number = Number.isFinite(wavelength) ? wavelength.toPrecision(3) : 'stands still';
    return `${String(pair).padStart(5)} ${number.padStart(12)} ${cells}`.trimEnd();
  });
  return [
    title,
    ' pair   wavelength (logarithmic scale; ▒ does not turn once within the context)',
    ...bars,
    `${''.padStart(19 + Math.min(context, width - 1))}│ ${length}`,
  ];
}
