/**
 * Every encoding of the registry with every choice of its options, as functions that run on any engine.
 * A new encoding takes part by being registered; options that are numbers get a line in `variants`.
 */
import type { Encoding, OptionValue, Positions } from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
import { type AttentionShape, type EncodingDescription, encodingDescriptions } from 'posenc/registry';
import { filled } from 'posenc/tensor';
import { createTestRandom, randomTensor } from './random.ts';
import { type EncodingRun, runEncoding } from './run-encoding.ts';
import { onlyInVariants, onlyOnLines, variants } from './variants.ts';

type Options = Readonly<Record<string, OptionValue>>;

/** Six heads, which is no power of two; positions 0 … 63 representable. */
const shape = { modelDim: 48, numHeads: 6, headDim: 8, maximumLength: 64 } as const;
const batch = 2;

/** Tokens on grids that are not square, by axes. */
const extents: Readonly<Record<number, readonly number[]>> = { 2: [7, 9], 3: [3, 4, 5] };

/** Nodes of the graph that encodings of graphs are tried on. */
const NODES = 5;

/** An encoding with a title that says how it was made. */
export interface EncodingCase {
  readonly title: string;
  readonly encoding: Encoding;
}

/** All of them, for causal and for bidirectional attention; each once, by the options it was made with. */
export const encodingCases: readonly EncodingCase[] = [
  ...new Map(
    encodingDescriptions
      .flatMap((description) =>
        shapesOf(description).flatMap((one) =>
          combinations(description, one).map((options) => description.create(one, options)),
        ),
      )
      .map((encoding) => [titleOf(encoding), { title: titleOf(encoding), encoding }]),
  ).values(),
];

/** Causal and bidirectional attention over tokens with as many coordinates as the encoding reads. */
export function shapesOf({ axes }: EncodingDescription): readonly AttentionShape[] {
  if (typeof axes === 'string' && axes !== 'any') {
    const graph = { positions: axes, features: NODES };
    return (['causal', 'bidirectional'] as const).map((attention) => ({ ...shape, attention, graph }));
  }
  return (axes === 'any' ? [1] : axes).flatMap((count) =>
    (['causal', 'bidirectional'] as const).map((attention) => {
      const grid = extents[count];
      return { ...shape, attention, ...(grid === undefined ? {} : { extents: grid }) };
    }),
  );
}

function titleOf({ name, axes, options }: Encoding): string {
  const chosen = Object.entries(options).map(([option, value]) => `${option}=${value}`);
  return [name, ...(axes === 1 ? [] : [`${axes} axes`]), ...chosen].join(' ');
}

/** Each choice of the options that have finitely many, beside the defaults, and the variants. */
function combinations({ name, options }: EncodingDescription, { extents: grid }: AttentionShape): readonly Options[] {
  const single = options.flatMap((option): Options[] => {
    if (option.type === 'number' || option.type === 'numbers') return [];
    if (onlyInVariants[name]?.includes(option.name)) return [];
    if (grid !== undefined && onlyOnLines[name]?.includes(option.name)) return [];
    const choices: readonly OptionValue[] = option.type === 'boolean' ? [false, true] : option.type;
    return choices.map((choice) => ({ [option.name]: choice }));
  });
  return [{}, ...single, ...(variants[name] ?? [])];
}

/** Where queries and keys stand. */
export interface PositionCase {
  readonly title: string;
  readonly queries: Positions;
  readonly keys: Positions;
}

const lines: readonly PositionCase[] = [
  { title: 'positions 0…4', queries: positionRange(5), keys: positionRange(5) },
  { title: 'positions from 37', queries: positionRange(37, 42), keys: positionRange(37, 42) },
  { title: 'gaps', queries: positionList([0, 3, 4, 19, 60]), keys: positionList([0, 3, 4, 19, 60]) },
  { title: 'one query row', queries: positionRange(40, 41), keys: positionList([0, 1, 17, 39, 40]) },
  { title: 'a batch of positions', queries: batchOf([0, 1, 2], [5, 9, 30]), keys: batchOf([0, 1, 2], [5, 9, 30]) },
  { title: 'positions from 131072', queries: positionRange(131072, 131075), keys: positionRange(131070, 131075) },
];

/** Whole grids in row-major order, and one token of them among all. */
function grids(shape: readonly number[]): readonly PositionCase[] {
  const tokens = shape.reduce<readonly (readonly number[])[]>(
    (rows, extent) => rows.flatMap((row) => Array.from({ length: extent }, (_, index) => [...row, index])),
    [[]],
  );
  const all = pointsOf(tokens);
  const title = shape.join(' × ');
  return [
    { title: `a grid of ${title}`, queries: all, keys: all },
    { title: `one token of ${title}`, queries: pointsOf(tokens.slice(-2, -1)), keys: all },
  ];
}

/** A path of five nodes: each node's distances to all. */
const path = pointsOf(
  Array.from({ length: NODES }, (_, i) => Array.from({ length: NODES }, (_, j) => Math.abs(i - j))),
);

/** The positions an encoding is tried at, by the numbers per token that it reads. */
export function positionCasesOf({ axes }: Encoding): readonly PositionCase[] {
  if (axes === 1) return lines;
  if (axes === 2) return grids([2, 3]);
  if (axes === 3) return grids([2, 1, 3]);
  return [{ title: 'a path of five nodes', queries: path, keys: path }];
}

function pointsOf(points: readonly (readonly number[])[]): Positions {
  return { values: Float64Array.from(points.flat()), batch: 1, length: points.length, axes: points[0]?.length ?? 1 };
}

function batchOf(...rows: readonly (readonly number[])[]): Positions {
  return { values: Float64Array.from(rows.flat()), batch: rows.length, length: rows[0]?.length ?? 0, axes: 1 };
}

/** Whether an encoding can represent the positions of a case. */
export function isRepresentable(encoding: Encoding, { queries, keys }: PositionCase): boolean {
  return Math.max(...queries.values, ...keys.values) <= encoding.largestPosition;
}

/** The encoding at work at its site, on seeded activations. Learned parameters are drawn so that none is constant. */
export function runOnRandom(encoding: Encoding, positions: PositionCase): EncodingRun {
  const random = createTestRandom(11);
  const [queryLength, keyLength] = [positions.queries.length, positions.keys.length];
  const learned = Object.fromEntries(
    encoding.parameters.map((declared) => [declared.name, randomTensor(declared.shape, random)]),
  );
  const draw = (...widths: number[]) => randomTensor([batch, ...widths], random);
  const attention = {
    queries: draw(shape.numHeads, queryLength, shape.headDim),
    keys: draw(shape.numHeads, keyLength, shape.headDim),
  };
  const activations = {
    none: () => ({ x: draw(queryLength, shape.modelDim) }),
    input: () => ({ x: draw(queryLength, shape.modelDim) }),
    'query-key': () => attention,
    scores: () => ({ scores: draw(shape.numHeads, queryLength, keyLength) }),
    content: () => ({ ...attention, ...rest() }),
    structure: () => ({ ...attention, ...rest() }),
  }[encoding.site]();
  return runEncoding(encoding, positions, activations, learned);

  function rest() {
    const hiddenKeys = draw(keyLength, shape.modelDim);
    return {
      values: draw(shape.numHeads, keyLength, shape.headDim),
      // Self-attention: a query's own token is among the keys, so both read the same layer's input.
      hiddenQueries: queryLength === keyLength ? hiddenKeys : draw(queryLength, shape.modelDim),
      hiddenKeys,
      mask: filled([1, 1, queryLength, keyLength], 0),
    };
  }
}
