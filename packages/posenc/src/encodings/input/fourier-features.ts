/** Sines and cosines of coordinates: in equal steps of frequency, at random frequencies, or at learned ones. */
import {
  countNumbers,
  type EncodingContext,
  type InputEncoding,
  type OptionValue,
  type ParameterDeclaration,
  type Signals,
} from '../../encoding.ts';
import { checkCount, checkExtents, checkPositive } from '../../numbers/check.ts';
import { linearLayer, normalTable } from '../../parts/declarations.ts';
import { affine, gelu } from '../../parts/functions.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link fourierFeatures}. */
export interface FourierFeaturesOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** Cells along each axis; coordinates go from −1 at the first to 1 at the last, and frequencies to half of it. */
  readonly extents: readonly number[];
  /** Frequencies per axis, in equal steps from 1 to half of the extent, times π. Default 64. */
  readonly bands?: number;
}

/**
 * Fourier features of Perceiver: [p, sin(π·fₖ·p) of all axes and bands, cos(π·fₖ·p)], through a learned linear layer, added to
 * the embeddings. (Perceiver puts the features beside the input's channels; the linear layer behind that is this sum.)
 *
 * Source: Jaegle et al. 2021, "Perceiver", arXiv 2103.03206, section 3.2; features equal to `generate_fourier_features` of
 * Hugging Face transformers 5.23.0.
 *
 * Signal `features` [batch, T, (2·bands + 1)·axes]; parameter `projectionWeight` [features, dim], shared by the layers.
 *
 * @throws {RangeError} when an option is out of range, or from `signals` when a position is outside the extents
 */
export function fourierFeatures(options: FourierFeaturesOptions): InputEncoding {
  const name = 'fourier-features';
  const dim = checkCount(`${name}: dim`, options.dim);
  const extents = checkExtents(name, options.extents);
  const axes = extents.length;
  const bands = checkCount(`${name}: bands`, options.bands ?? 64);
  const width = (2 * bands + 1) * axes;
  const frequency = (axis: number, k: number): number => {
    const last = (extents[axis] as number) / 2;
    return bands === 1 ? 1 : 1 + (k * (last - 1)) / (bands - 1);
  };
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkWithin(name, positions, extents);
    const features = Array.from({ length: batch * length }, (_, token) => {
      const point = Array.from(values.subarray(token * axes, (token + 1) * axes), (value, axis) =>
        (extents[axis] as number) === 1 ? -1 : (2 * value) / ((extents[axis] as number) - 1) - 1,
      );
      const angles = point.flatMap((p, axis) =>
        Array.from({ length: bands }, (__, k) => Math.PI * (p * frequency(axis, k))),
      );
      return [...point, ...angles.map(Math.sin), ...angles.map(Math.cos)];
    }).flat();
    return { features: real([batch, length, width], features) };
  };
  const parameters = linearLayer('projection', width, dim, 'model', { bias: false });
  return {
    ...common(name, axes, { dim, extents, bands }, width, signals, parameters),
    largestPosition: Math.max(...extents) - 1,
    encode: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>, x: T) =>
      operations.add(x, affine(operations, given.features as T, learned.projectionWeight as T)),
  };
}

/** Options of {@link randomFourier}. */
export interface RandomFourierOptions {
  /** Width of the embeddings; even. */
  readonly dim: number;
  /** Cells along each axis; coordinates are their centres from −1 to 1. */
  readonly extents: readonly number[];
  /** Standard deviation of the frequencies, in turns over half of the grid. Default 1. */
  readonly scale?: number;
}

/**
 * Random Fourier features: [sin(2π·c·B), cos(2π·c·B)] with B drawn once from a normal distribution, added to the embeddings.
 * B is saved with the model and never trained.
 *
 * Source: Tancik et al. 2020, "Fourier Features Let Networks Learn High Frequency Functions", arXiv 2006.10739, section 5;
 * equal to `SamPositionalEmbedding` of Hugging Face transformers 5.23.0, where B is a parameter and naive fine-tuning
 * trains it. There coordinates are (x, y): the first row of B belongs to columns.
 *
 * Signal `coordinates` [batch, T, axes]; parameter `matrix` [axes, dim/2], shared by the layers, without gradient.
 *
 * @throws {RangeError} when an option is out of range or dim is odd
 */
export function randomFourier(options: RandomFourierOptions): InputEncoding {
  const name = 'random-fourier';
  const dim = checkCount(`${name}: dim`, options.dim, 2);
  if (dim % 2 !== 0) throw new RangeError(`${name}: dim: expected an even number, got ${dim}`);
  const extents = checkExtents(name, options.extents);
  const axes = extents.length;
  const scale = checkPositive(`${name}: scale`, options.scale ?? 1);
  const matrix = normalTable('matrix', [axes, dim / 2], scale, 'model', 'SAM: scale times standard normal');
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkWithin(name, positions, extents);
    const centres = values.map((value, at) => (2 * (value + 0.5)) / (extents[at % axes] as number) - 1);
    return { coordinates: real([batch, length, axes], centres) };
  };
  return {
    ...common(name, axes, { dim, extents, scale }, axes, signals, [matrix]),
    largestPosition: Math.max(...extents) - 1,
    encode: <T>({ operations, parameters, signals: given }: EncodingContext<T>, x: T) => {
      const { add, concatenate, cos, matmul, multiply, sin, stopGradient } = operations;
      const angles = multiply(matmul(given.coordinates as T, stopGradient(parameters.matrix as T)), 2 * Math.PI);
      return add(x, concatenate([sin(angles), cos(angles)], -1));
    },
  };
}

/** Options of {@link learnableFourier}. */
export interface LearnableFourierOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** Numbers per token. Default 1. */
  readonly axes?: number;
  /** Sines and cosines together; even. Default: dim. */
  readonly features?: number;
  /** Width of the hidden layer. Default: dim. */
  readonly hidden?: number;
  /** Frequencies start normal with standard deviation 1/gamma. Default 10. */
  readonly gamma?: number;
}

/**
 * Learnable Fourier features: [cos(p·Wᵀ), sin(p·Wᵀ)]/√features with learned W, through a network with GELU, added to the
 * embeddings.
 *
 * Source: Li, Si, Li, Hsieh, Bengio 2021, "Learnable Fourier Features for Multi-Dimensional Spatial Positional Encoding",
 * arXiv 2106.02795, algorithm 1, with all axes in one group.
 *
 * Signal `coordinates` [batch, T, axes]; parameters `frequencies` [axes, features/2], `hiddenWeight`, `hiddenBias`,
 * `outputWeight`, `outputBias`, shared by the layers.
 *
 * @throws {RangeError} when an option is out of range or features is odd
 */
export function learnableFourier(options: LearnableFourierOptions): InputEncoding {
  const name = 'learnable-fourier';
  const dim = checkCount(`${name}: dim`, options.dim);
  const axes = checkCount(`${name}: axes`, options.axes ?? 1);
  const features = checkCount(`${name}: features`, options.features ?? dim + (dim % 2), 2);
  if (features % 2 !== 0) throw new RangeError(`${name}: features: expected an even number, got ${features}`);
  const hidden = checkCount(`${name}: hidden`, options.hidden ?? dim);
  const gamma = checkPositive(`${name}: gamma`, options.gamma ?? 10);
  const parameters = [
    normalTable('frequencies', [axes, features / 2], 1 / gamma, 'model', 'the paper: normal of variance γ⁻²'),
    ...linearLayer('hidden', features, hidden, 'model'),
    ...linearLayer('output', hidden, dim, 'model'),
  ];
  const signals = (positions: Positions) => {
    const { batch, length, values } = checkAxes(name, positions, axes);
    return { coordinates: real([batch, length, axes], values) };
  };
  return {
    ...common(name, axes, { dim, axes, features, hidden, gamma }, axes, signals, parameters),
    encode: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>, x: T) => {
      const { add, concatenate, cos, matmul, multiply, sin } = operations;
      const angles = matmul(given.coordinates as T, learned.frequencies as T);
      const waves = multiply(concatenate([cos(angles), sin(angles)], -1), features ** -0.5);
      const inner = gelu(operations, affine(operations, waves, learned.hiddenWeight as T, learned.hiddenBias as T));
      return add(x, affine(operations, inner, learned.outputWeight as T, learned.outputBias as T));
    },
  };
}

/** Coordinates are relative to the grid: outside it there are none that training has shown. */
function checkWithin(name: string, positions: Positions, extents: readonly number[]): Positions {
  const axes = extents.length;
  const at = checkAxes(name, positions, axes).values.findIndex(
    (value, index) => !(value >= 0 && value <= (extents[index % axes] as number) - 1),
  );
  if (at >= 0) {
    throw new RangeError(
      `${name}: positions: expected numbers from 0 to ${(extents[at % axes] as number) - 1} along axis ${at % axes}, ` +
        `got ${positions.values[at]}; give the extents of the larger grid`,
    );
  }
  return positions;
}

/** What does not differ between the three. */
function common(
  name: string,
  axes: number,
  options: Readonly<Record<string, OptionValue>>,
  width: number,
  signals: (positions: Positions) => Signals,
  parameters: readonly ParameterDeclaration[],
): Omit<InputEncoding, 'encode'> {
  return {
    site: 'input',
    name,
    place: 'embedding',
    options,
    parameters,
    axes,
    relative: false,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 4 * length * width }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
  };
}
