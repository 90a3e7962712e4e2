/** xPos: rotary whose pairs also shrink with the distance, the fast ones most. */
import type { EncodingContext, QueryKeyEncoding } from '../../encoding.ts';
import { geometricFrequencies } from '../../numbers/angles.ts';
import { checkChoice, checkCount, checkPositive } from '../../numbers/check.ts';
import { type Pairing, rotationTable, singleAxisPlan, turn } from '../../parts/rotation.ts';
import { real } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link xpos}. */
export interface XposOptions {
  /** Width of one head; even. */
  readonly headDim: number;
  /** Default 10000. */
  readonly base?: number;
  /** A distance of this many positions multiplies pair k by ζₖ. Default 512. */
  readonly scaleBase?: number;
  /** The position at which nothing is scaled. Queries and keys must have the same; it cancels in the score. Default 0. */
  readonly center?: number;
  /** Default `interleaved`, as in the authors' code. */
  readonly pairing?: Pairing;
}

/** Natural logarithm beyond which a factor leaves the range of float32. */
const LARGEST_EXPONENT = 85;

/**
 * xPos: queries are turned and multiplied by ζₖ^((m − center)/scaleBase), keys by its inverse, with
 * ζₖ = (2k + 0.4·headDim)/(1.4·headDim), so that pair k of a score is multiplied by ζₖ^((m − n)/scaleBase).
 *
 * Source: Sun et al. 2023, "A Length-Extrapolatable Transformer", arXiv 2212.10554, equation 16 and algorithm 1; equal to
 * `RotaryEmbedding(use_xpos=True)` of rotary-embedding-torch 0.9.1 and of x-transformers 2.31.10, whose centre is half of
 * the input's length.
 *
 * Signals `cos`, `sin` [batch, 1, T, headDim/2], each for its role.
 *
 * @throws {RangeError} when an option is out of range or headDim is odd; from `signals`, when a position is so far from
 *   the centre that its factor leaves the range of float32
 */
export function xpos(options: XposOptions): QueryKeyEncoding {
  const headDim = checkCount('xpos: headDim', options.headDim, 2);
  if (headDim % 2 !== 0) throw new RangeError(`xpos: headDim: expected an even number, got ${headDim}`);
  const base = checkPositive('xpos: base', options.base ?? 10000);
  const scaleBase = checkPositive('xpos: scaleBase', options.scaleBase ?? 512);
  const { center = 0 } = options;
  if (!Number.isFinite(center)) throw new RangeError(`xpos: center: expected a finite number, got ${center}`);
  const pairing = checkChoice('xpos: pairing', options.pairing ?? 'interleaved', ['half', 'interleaved']);
  const pairs = headDim / 2;
  const plan = singleAxisPlan(geometricFrequencies(base, pairs, 2, headDim));
  const decay = Array.from({ length: pairs }, (_, k) => Math.log((2 * k + 0.4 * headDim) / (1.4 * headDim)));

  const signals = (positions: Positions, role: 'query' | 'key') => {
    checkSingleAxis('xpos', positions);
    const sign = role === 'query' ? 1 : -1;
    const far = positions.values.find(
      (value) => (Math.abs(value - center) / scaleBase) * -(decay[0] as number) > LARGEST_EXPONENT,
    );
    if (far !== undefined) {
      throw new RangeError(
        `xpos: position: expected at most ${Math.floor((LARGEST_EXPONENT / -(decay[0] as number)) * scaleBase)} from ` +
          `the centre ${center}, got ${far}: its factor leaves the range of float32; move center or raise scaleBase`,
      );
    }
    const { cos, sin } = rotationTable(positions, plan);
    const scaled = (table: Float64Array) =>
      table.map((value, at) => {
        const steps = ((positions.values[Math.floor(at / pairs)] as number) - center) / scaleBase;
        return value * Math.exp(sign * steps * (decay[at % pairs] as number));
      });
    const shape = [positions.batch, 1, positions.length, pairs];
    return { cos: real(shape, scaled(cos)), sin: real(shape, scaled(sin)) };
  };
  return {
    site: 'query-key',
    name: 'xpos',
    options: { headDim, base, scaleBase, center, pairing },
    parameters: [],
    axes: 1,
    relative: true,
    largestPosition: Math.floor((LARGEST_EXPONENT / -(decay[0] as number)) * scaleBase) + center,
    attention: 'causal',
    costs: (length) => ({ parameters: 0, tableBytes: 8 * length * headDim }),
    signals,
    vectors: (positions) => {
      const named = (role: 'query' | 'key') =>
        Object.entries(signals(positions, role)).map(([name, tensor]) => [
          `${role}${name === 'cos' ? 'Cos' : 'Sin'}`,
          positions.batch === 1 ? { ...tensor, shape: tensor.shape.slice(1) } : tensor,
        ]);
      return { scale: real([pairs], decay.map(Math.exp)), ...Object.fromEntries([...named('query'), ...named('key')]) };
    },
    transform: <T>({ operations, signals: given }: EncodingContext<T>, x: T) =>
      turn(operations, x, given.cos as T, given.sin as T, pairing),
  };
}
