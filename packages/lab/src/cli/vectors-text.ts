/** The numbers of an encoding as JSON and CSV text, every number with all its digits. Knows no particular encoding. */
import type { OptionValue } from 'posenc';
import type { PlainTensor } from 'posenc/tensor';

/** What `posenc vectors` prints. */
export interface Vectors {
  readonly encoding: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  /** A number a token, or its numbers along each axis. */
  readonly positions: readonly (number | readonly number[])[];
  readonly values: Readonly<Record<string, PlainTensor>>;
}

/** `{encoding, options, positions, values: {name: {shape, data}}}`, data flat and row-major. */
export function vectorsJson({ encoding, options, positions, values }: Vectors): string {
  const tensors = Object.entries(values).map(
    ([name, { shape, data }]) =>
      `    ${JSON.stringify(name)}: {"shape": ${JSON.stringify(shape)}, "data": [${list(data)}]}`,
  );
  return `{
  "encoding": ${JSON.stringify(encoding)},
  "options": ${JSON.stringify(options)},
  "positions": [${positions.map((one) => (typeof one === 'number' ? list([one]) : `[${list(one)}]`)).join(', ')}],
  "values": {
${tensors.join(',\n')}
  }
}
`;
}

/**
 * One table for each value, an empty line between them. The last axis runs along a line (`cos[0],cos[1],…`), the
 * others are counted in the first columns (`axis0,…`); a list has one number a line.
 */
export function vectorsCsv(values: Vectors['values']): string {
  return Object.entries(values)
    .map(([name, tensor]) => table(name, tensor))
    .join('\n');
}

function table(name: string, { shape, data }: PlainTensor): string {
  const width = shape.length > 1 ? (shape.at(-1) as number) : 1;
  const counted = shape.length > 1 ? shape.slice(0, -1) : shape;
  const columns = shape.length > 1 ? Array.from({ length: width }, (_, index) => `${name}[${index}]`) : [name];
  const lines = [[...counted.map((_, axis) => `axis${axis}`), ...columns].join(',')];
  for (let row = 0; row * width < data.length; row++) {
    const place: number[] = [];
    let rest = row;
    for (const extent of counted.toReversed()) {
      place.unshift(rest % extent);
      rest = Math.floor(rest / extent);
    }
    lines.push([...place.map(String), list(data.subarray(row * width, (row + 1) * width), ',')].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** The shortest texts that read back as the same float64; −0 keeps its sign. */
function list(data: Iterable<number>, separator = ', '): string {
  return Array.from(data, (value) => (Object.is(value, -0) ? '-0' : String(value))).join(separator);
}
