/**
 * The first question about positions, asked exactly: does an untrained encoder notice that its tokens were permuted?
 * Without positions it cannot, whatever its weights.
 */
import type { Positions } from 'posenc';
import { positionRange, shortestPathPositions } from 'posenc/positions';
import { float64Operations, type PlainTensor, tensor } from 'posenc/tensor';
import { createRandom } from '../data/random.ts';
import { buildModel } from './build.ts';
import type { ModelShape } from './model.ts';
import { initializeParameters } from './parameters.ts';

const LENGTH = 8;
const VOCABULARY = 12;

/** Eight places on a grid, by its axes: 2 × 4 and 2 × 2 × 2. */
const SMALL_GRIDS: Readonly<Record<number, Positions>> = {
  2: gridOf([0, 0], [0, 1], [0, 2], [0, 3], [1, 0], [1, 1], [1, 2], [1, 3]),
  3: gridOf([0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]),
};

function gridOf(...places: readonly (readonly number[])[]): Positions {
  return { values: Float64Array.from(places.flat()), batch: 1, length: places.length, axes: places[0]?.length ?? 1 };
}

/** Eight nodes in a row. */
const PATH = Array.from({ length: LENGTH - 1 }, (_, node): [number, number] => [node, node + 1]);

/** How far an untrained encoder's answer moves, relative to the answer's size, when its tokens change places. */
export interface OrderSensitivity {
  /** The largest move over several permutations. */
  readonly permuted: number;
  /** The move when the sentence is reversed. */
  readonly reversed: number;
}

/**
 * Asks an encoder with that encoding: two layers, mean over tokens, one answer a sentence; in float64, so an
 * exact zero shows as about 1e-15. Positions stay 0 … n−1, the places of a small grid, or the distances along a path,
 * while the tokens change places.
 *
 * @param specification - `rotary`, `alibi:direction=symmetric`, `gru`
 * @param sizes - of the model the encoding is made for
 * @throws {RangeError} when the encoding or an option cannot be used
 */
export function orderSensitivity(
  specification: string,
  sizes: Pick<ModelShape, 'modelDim' | 'numHeads' | 'feedForwardDim' | 'extents' | 'graph'>,
  seed = 0,
): OrderSensitivity {
  const { modelDim, numHeads, feedForwardDim } = sizes;
  const positions =
    sizes.graph !== undefined
      ? shortestPathPositions(LENGTH, PATH)
      : sizes.extents === undefined
        ? positionRange(LENGTH)
        : SMALL_GRIDS[sizes.extents.length];
  if (positions === undefined) throw new RangeError(`expected tokens on 2 or 3 axes, got ${sizes.extents?.length}`);
  const shape: ModelShape = {
    architecture: 'encoder',
    modelDim,
    numHeads,
    feedForwardDim,
    encoderLayers: 2,
    decoderLayers: 0,
    input: { kind: 'tokens', vocabulary: VOCABULARY },
    output: { kind: 'class', classes: 8 },
    ...(sizes.extents === undefined ? {} : { extents: sizes.extents.map(() => LENGTH) }),
    ...(sizes.graph === undefined ? {} : { graph: { ...sizes.graph, features: LENGTH } }),
  };
  const { model } = buildModel(specification, shape, LENGTH);
  const parameters = initializeParameters(model, seed);
  const signals = model.signals({ source: positions });
  const sourceMask = tensor([1, 1, 1, LENGTH], new Float64Array(LENGTH));
  const answer = (tokens: readonly number[]): Float64Array => {
    const source: PlainTensor = tensor([1, LENGTH], tokens, 'integer');
    return model.forward(float64Operations, parameters, { source, sourceMask, signals }).data;
  };
  const sentence = Array.from({ length: LENGTH }, (_, index) => index + 1);
  const original = answer(sentence);
  const size = Math.max(...original.map(Math.abs));
  const move = (tokens: readonly number[]): number =>
    Math.max(...answer(tokens).map((value, index) => Math.abs(value - (original[index] as number)))) / size;
  const { uniform } = createRandom(seed, 'permutations');
  const permutations = Array.from({ length: 5 }, () =>
    sentence
      .map((token) => ({ token, at: uniform() }))
      .sort((a, b) => a.at - b.at)
      .map(({ token }) => token),
  );
  return { permuted: Math.max(...permutations.map(move)), reversed: move(sentence.toReversed()) };
}
