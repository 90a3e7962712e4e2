/** A table of numbers in shades of grey, for a terminal. Knows nothing of encodings. */

const SHADES = [' ', '░', '▒', '▓', '█'];

/**
 * `wide` characters a number, darker the larger, with a line below that says what the lightest and the darkest are.
 * `NaN` is a dot.
 */
export function shade(values: Float64Array, columns: number, wide: 1 | 2 = 2): string[] {
  const known = values.filter((value) => !Number.isNaN(value));
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const cell = (value: number): string => {
    if (Number.isNaN(value)) return '·'.padStart(wide);
    const share = most > least ? (value - least) / (most - least) : 0;
    return (SHADES[Math.min(Math.floor(share * SHADES.length), SHADES.length - 1)] as string).repeat(wide);
  };
  const rows = Array.from({ length: values.length / columns }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns), cell).join(''),
  );
  if (known.length === 0) return rows;
  return [
    ...rows,
    most > least ? `blank ${least.toPrecision(3)} … dark ${most.toPrecision(3)}` : `everywhere ${most.toPrecision(3)}`,
  ];
}
