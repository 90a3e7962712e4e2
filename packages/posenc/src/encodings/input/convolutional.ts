/** Positions by convolution: a token learns where it stands from its neighbours, and from the edge. */
import {
  countNumbers,
  type EncodingContext,
  type InputEncoding,
  type OptionValue,
  type ParameterDeclaration,
} from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';
import { constantTable, linearLayer, normalTable } from '../../parts/declarations.ts';
import { gelu } from '../../parts/functions.ts';
import { integer, withoutBatch } from '../../parts/signals.ts';
import { checkAxes } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';
import type { Operations } from '../../tensor/operations.ts';
import { filled } from '../../tensor/plain.ts';

/** Options of {@link positionalEncodingGenerator}. */
export interface PositionalEncodingGeneratorOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** Numbers per token. Default 2. */
  readonly axes?: number;
  /** Cells along each axis that a token sees; odd. Default 3. */
  readonly kernel?: number;
}

/**
 * PEG, conditional positional encoding: after the first layer, x + depthwise convolution of x over the grid with zeros
 * around it. Position comes in through the zeros at the edge alone.
 *
 * Source: Chu et al. 2023, "Conditional Positional Encodings for Vision Transformers", arXiv 2102.10882, section 3.2;
 * `PosConv` of timm (models/twins.py), which has no class token: every token must stand on a cell.
 *
 * Signal `neighbours` [batch, T, kernelᵃˣᵉˢ], T where there is none; parameters `kernel` [kernelᵃˣᵉˢ, dim], row-major, and `bias`
 * [dim].
 *
 * @throws {RangeError} when an option is out of range or the kernel is even; from `signals`, when a token stands on no cell
 *   (integers of at least 0) or two share one
 */
export function positionalEncodingGenerator(options: PositionalEncodingGeneratorOptions): InputEncoding {
  const name = 'positional-encoding-generator';
  const dim = checkCount(`${name}: dim`, options.dim);
  const axes = checkCount(`${name}: axes`, options.axes ?? 2);
  const kernel = checkCount(`${name}: kernel`, options.kernel ?? 3);
  if (kernel % 2 === 0) throw new RangeError(`${name}: kernel: expected an odd number, got ${kernel}`);
  const taps = kernel ** axes;
  const source = 'timm Twins: normal of √(2/taps), biases 0';
  const parameters: readonly ParameterDeclaration[] = [
    normalTable('kernel', [taps, dim], Math.sqrt(2 / taps), 'model', source),
    constantTable('bias', [dim], 0, 'model', source),
  ];
  const reach = (kernel - 1) / 2;
  const steps = Array.from({ length: taps }, (_, tap) =>
    Array.from({ length: axes }, (__, axis) => (Math.floor(tap / kernel ** (axes - 1 - axis)) % kernel) - reach),
  );
  const signals = (positions: Positions) => {
    const negative = positions.values.find((value) => value < 0);
    if (negative !== undefined) {
      throw new RangeError(
        `${name}: positions: expected cells, counted from 0, got ${negative}; a class token has no place among them`,
      );
    }
    return { neighbours: neighboursOf(name, checkAxes(name, positions, axes), steps) };
  };
  return {
    ...common(name, axes, { dim, axes, kernel }, parameters, taps, signals),
    place: 'first-layer',
    encode: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>, x: T) => {
      const { add, multiply, reshape, sum } = operations;
      const windows = gather(operations, x, given.neighbours as T); // [B, T, taps, D]
      const weighted = sum(multiply(windows, learned.kernel as T), 2);
      return add(x, add(reshape(weighted, operations.shape(x)), learned.bias as T));
    },
  };
}

/** Options of {@link convolutional}. */
export interface ConvolutionalOptions {
  /** Width of the embeddings. */
  readonly dim: number;
  /** Tokens that the convolution sees. Default 128. */
  readonly kernel?: number;
  /** Groups of channels that are mixed; a divisor of dim. Default 16. */
  readonly groups?: number;
}

/**
 * Convolutional position embedding of wav2vec 2.0: x + GELU(grouped convolution of x over the tokens), with weight
 * normalisation per tap. An even kernel of K sees K/2 tokens before and K/2 − 1 after.
 *
 * Source: Baevski et al. 2020, "wav2vec 2.0", arXiv 2006.11477, section 2; equal to `Wav2Vec2PositionalConvEmbedding` of
 * Hugging Face transformers 5.23.0.
 *
 * Signal `neighbours` [batch, T, kernel], T where there is none; parameters `direction` [kernel, dim/groups, dim], `size`
 * [kernel], `bias` [dim], shared by the layers.
 *
 * @throws {RangeError} when an option is out of range or groups does not divide dim; from `signals`, when a position is no
 *   integer or two tokens share one
 */
export function convolutional(options: ConvolutionalOptions): InputEncoding {
  const name = 'convolutional';
  const dim = checkCount(`${name}: dim`, options.dim);
  const kernel = checkCount(`${name}: kernel`, options.kernel ?? 128);
  const groups = checkCount(`${name}: groups`, options.groups ?? 16);
  const share = dim / groups;
  if (!Number.isInteger(share)) {
    throw new RangeError(`${name}: groups: expected a divisor of dim = ${dim}, got ${groups}`);
  }
  const deviation = 2 * (kernel * dim) ** -0.5;
  const source = 'wav2vec 2.0: normal of 2·(kernel·dim)^(−1/2), biases 0';
  const [, bias] = linearLayer('unused', 1, dim, 'model') as [ParameterDeclaration, ParameterDeclaration];
  const parameters: readonly ParameterDeclaration[] = [
    normalTable('direction', [kernel, share, dim], deviation, 'model', source),
    // The expected length of a tap's weights, so that training starts where the normal draw is.
    constantTable('size', [kernel], deviation * Math.sqrt(share * dim), 'model', source),
    { ...bias, name: 'bias', initializer: { distribution: 'constant', value: 0, source } },
  ];
  const steps = Array.from({ length: kernel }, (_, tap) => [tap - Math.floor(kernel / 2)]);
  const signals = (positions: Positions) => ({ neighbours: neighboursOf(name, checkAxes(name, positions, 1), steps) });
  return {
    ...common(name, 1, { dim, kernel, groups }, parameters, kernel, signals),
    place: 'embedding',
    encode: <T>({ operations, parameters: learned, signals: given }: EncodingContext<T>, x: T) => {
      const { add, divide, matmul, maximum, multiply, permute, reshape, shape, sqrt, sum } = operations;
      const [B, length] = shape(x) as [number, number];
      const direction = learned.direction as T;
      const squares = sum(sum(multiply(direction, direction), -1), -2); // [kernel, 1, 1]
      const size = reshape(learned.size as T, [kernel, 1, 1]);
      const weight = multiply(divide(direction, sqrt(maximum(squares, 1e-24))), size);
      // [kernel, share, groups, share out] to [groups, kernel·share, share out]
      const grouped = reshape(permute(reshape(weight, [kernel, share, groups, share]), [2, 0, 1, 3]), [
        groups,
        kernel * share,
        share,
      ]);
      const windows = reshape(gather(operations, x, given.neighbours as T), [B, length, kernel, groups, share]);
      const inputs = reshape(permute(windows, [3, 0, 1, 2, 4]), [groups, B * length, kernel * share]);
      const outputs = reshape(permute(matmul(inputs, grouped), [1, 0, 2]), [B, length, dim]);
      return add(x, gelu(operations, add(outputs, learned.bias as T)));
    },
  };
}

/**
 * For each token, the tokens at the given steps from it, and T where there is none: indices [batch, T, steps] into the rows
 * of all sequences, each followed by a row of zeros.
 */
function neighboursOf(name: string, positions: Positions, steps: readonly (readonly number[])[]) {
  const { axes, batch, length, values } = positions;
  const broken = values.find((value) => !Number.isInteger(value));
  if (broken !== undefined) {
    throw new RangeError(`${name}: positions: expected integers, whose neighbours are one step away, got ${broken}`);
  }
  const indices = new Float64Array(batch * length * steps.length);
  for (let row = 0; row < batch; row += 1) {
    const tokens = Array.from({ length }, (_, token) => {
      const start = (row * length + token) * axes;
      return Array.from(values.subarray(start, start + axes));
    });
    const tokenAt = new Map(tokens.map((point, token) => [point.join(), token]));
    if (tokenAt.size !== length) {
      throw new RangeError(
        `${name}: positions: expected each place once, got ${length} tokens at ${tokenAt.size} places`,
      );
    }
    tokens.forEach((point, token) => {
      steps.forEach((step, tap) => {
        const place = point.map((value, axis) => value + (step[axis] as number)).join();
        const found = tokenAt.get(place) ?? length;
        indices[(row * length + token) * steps.length + tap] = row * (length + 1) + found;
      });
    });
  }
  return integer([batch, length, steps.length], indices);
}

/** x [B, T, D] by indices [1 or B, T, K] → [B, T, K, D], with zeros where the index is T. */
function gather<T>(operations: Operations<T>, x: T, indices: T): T {
  const { concatenate, constant, permute, reshape, shape, take } = operations;
  const [B, length, dim] = shape(x) as [number, number, number];
  const [batch, , taps] = shape(indices) as [number, number, number];
  const padded = concatenate([x, constant(filled([B, 1, dim], 0))], 1); // [B, T + 1, D]
  if (batch === 1) {
    const rows = take(permute(padded, [1, 0, 2]), reshape(indices, [length, taps])); // [T, K, B, D]
    return permute(rows, [2, 0, 1, 3]);
  }
  return take(reshape(padded, [B * (length + 1), dim]), indices);
}

function common(
  name: string,
  axes: number,
  options: Readonly<Record<string, OptionValue>>,
  parameters: readonly ParameterDeclaration[],
  taps: number,
  signals: InputEncoding['signals'],
): Omit<InputEncoding, 'encode' | 'place'> {
  return {
    site: 'input',
    name,
    options,
    parameters,
    axes,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'bidirectional',
    cacheable: false,
    costs: (length) => ({ parameters: countNumbers(parameters), tableBytes: 4 * length * taps }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
  };
}
