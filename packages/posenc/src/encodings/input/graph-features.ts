/** Features of a graph's nodes, through a linear layer: Laplacian eigenvectors and random walks. */
import {
  countNumbers,
  type EncodingContext,
  type InputEncoding,
  type ParameterDeclaration,
  type RandomSource,
} from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { linearLayer } from '../../parts/declarations.ts';
import { affine } from '../../parts/functions.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link laplacian} and {@link randomWalk}. */
export interface GraphFeaturesOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** Numbers per node. */
  readonly features: number;
}

/**
 * Laplacian positional encoding: each node's entries of the smallest eigenvectors of the graph's Laplacian, through a linear
 * layer. Eigenvectors have no sign, so that in training each is turned around at random, for the whole batch alike.
 *
 * Source: Dwivedi and Bresson 2021, "A Generalization of Transformer Networks to Graphs", arXiv 2012.09699, section 2.3.
 * Positions come from `laplacianPositions`.
 *
 * Signal `features` [batch, T, features]; parameters `projectionWeight` [features, dim], `projectionBias`, shared by the
 * layers.
 *
 * @throws {RangeError} when an option is not a positive integer
 */
export function laplacian(options: GraphFeaturesOptions): InputEncoding {
  const encoding = graphFeatures('laplacian', options);
  return {
    ...encoding,
    draw: (positions: Positions, _: number, random: RandomSource, purpose) => {
      if (purpose === 'evaluation') return positions;
      const signs = Array.from({ length: encoding.axes }, () => (random.uniform() < 0.5 ? -1 : 1));
      return {
        ...positions,
        values: positions.values.map((value, at) => value * (signs[at % encoding.axes] as number)),
      };
    },
  };
}

/**
 * Random-walk structural encoding: how likely a walk of 1, 2, … steps from a node ends where it began, through a linear
 * layer.
 *
 * Source: Dwivedi et al. 2022, "Graph Neural Networks with Learnable Structural and Positional Representations",
 * arXiv 2110.07875, equation 10. Positions come from `randomWalkPositions`.
 *
 * Signal and parameters as of {@link laplacian}.
 *
 * @throws {RangeError} when an option is not a positive integer
 */
export function randomWalk(options: GraphFeaturesOptions): InputEncoding {
  return graphFeatures('random-walk', options);
}

function graphFeatures(name: string, options: GraphFeaturesOptions): InputEncoding {
  const dim = checkCount(`${name}: dim`, options.dim);
  const features = checkCount(`${name}: features`, options.features);
  const parameters: readonly ParameterDeclaration[] = linearLayer('projection', features, dim, 'model');
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkAxes(name, positions, features);
    return { features: real([batch, length, features], values) };
  };
  return {
    site: 'input',
    name,
    place: 'embedding',
    options: { dim, features },
    parameters,
    axes: features,
    relative: false,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 4 * length * features }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    encode: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>, x: T) => {
      const { projectionBias, projectionWeight } = learned;
      return operations.add(x, affine(operations, given.features as T, projectionWeight as T, projectionBias as T));
    },
  };
}
