/**
 * Rotary scores put together from branches: each pair of a query and a key belongs to one branch, and each branch turns
 * queries and keys by positions of its own. What the training-free extensions of rotary models share.
 * Shape legend: B batch, H heads, Tq queries, Tk keys, E head dimension.
 */
import type { AttentionContext, ContentEncoding, OptionValue, Signals } from '../encoding.ts';
import { checkChoice, checkCount, checkPositive } from '../numbers/check.ts';
import { commonBatch } from '../positions/axes.ts';
import type { Positions } from '../positions/positions.ts';
import { MASKED } from '../tensor/operations.ts';
import { transpose } from './functions.ts';
import { type Pairing, rotationTable, singleAxisPlan, turn } from './rotation.ts';
import { real, withoutBatch } from './signals.ts';
import { type FrequencyScaling, plainSpectrum, type Spectrum } from './spectrum.ts';

/** A way to turn queries and keys: the positions that stand for theirs. */
export interface Branch {
  readonly query: (position: number) => number;
  readonly key: (position: number) => number;
}

/**
 * Signals of branches: cos and sin of each branch's queries and keys, `queryCos0` … `keySin0` [batch, 1, T, pairs], and
 * `choose0` … [batch, 1, Tq, Tk], 1 where a pair belongs to that branch. Pairs of no branch are hidden by `hidden`.
 *
 * @param branchOf - the branch of a pair, by the positions of its query and key; undefined where the key is not seen
 */
function branchSignals(
  name: string,
  queries: Positions,
  keys: Positions,
  branches: readonly Branch[],
  branchOf: (query: number, key: number) => number | undefined,
  { frequencies, attentionFactor }: Spectrum,
): Signals {
  const batch = commonBatch(name, queries, keys);
  const plan = singleAxisPlan(frequencies);
  const signals: Record<string, Signals[string]> = {};
  const [Tq, Tk] = [queries.length, keys.length];
  const turned = (role: string, index: number, given: Positions, place: (position: number) => number): void => {
    const { cos, sin } = rotationTable({ ...given, values: given.values.map(place) }, plan, attentionFactor);
    const shape = [given.batch, 1, given.length, plan.length];
    signals[`${role}Cos${index}`] = real(shape, cos);
    signals[`${role}Sin${index}`] = real(shape, sin);
  };
  const chosen = new Int32Array(batch * Tq * Tk);
  chosen.forEach((_, at) => {
    const [row, query, key] = [Math.floor(at / (Tq * Tk)), Math.floor(at / Tk) % Tq, at % Tk];
    const i = queries.values[(queries.batch === 1 ? 0 : row * Tq) + query] as number;
    const j = keys.values[(keys.batch === 1 ? 0 : row * Tk) + key] as number;
    chosen[at] = branchOf(i, j) ?? -1;
  });
  branches.forEach(({ query, key }, index) => {
    turned('query', index, queries, query);
    turned('key', index, keys, key);
    signals[`choose${index}`] = real(
      [batch, 1, Tq, Tk],
      Float64Array.from(chosen, (branch) => (branch === index ? 1 : 0)),
    );
  });
  signals.hidden = real(
    [batch, 1, Tq, Tk],
    Float64Array.from(chosen, (branch) => (branch < 0 ? MASKED : 0)),
  );
  return signals;
}

/** Scaled scores [B, H, Tq, Tk] of queries and keys that no encoding has turned. */
function branchScores<T>(
  { operations, signals, queries, keys, scale }: AttentionContext<T>,
  branches: number,
  pairing: Pairing,
): T {
  const { add, matmul, multiply, where } = operations;
  const signal = (name: string): T => signals[name] as T;
  const scoresOf = (index: number): T => {
    const q = turn(operations, queries, signal(`queryCos${index}`), signal(`querySin${index}`), pairing);
    const k = turn(operations, keys, signal(`keyCos${index}`), signal(`keySin${index}`), pairing);
    return multiply(matmul(q, transpose(operations, k)), scale);
  };
  let scores = scoresOf(0);
  for (let index = 1; index < branches; index += 1) scores = where(signal(`choose${index}`), scoresOf(index), scores);
  return add(scores, signal('hidden'));
}

/** Options that every branched rotary encoding has. */
export interface BranchedOptions {
  /** Width of one head. */
  readonly headDim: number;
  /** Channels that are turned, from the first on; even. The rest is left alone. Default: all. */
  readonly rotaryDim?: number;
  /** Base of the frequencies. Default 10000. */
  readonly base?: number;
  /** Channels k and k + rotaryDim/2, or 2k and 2k+1. Default `half`. */
  readonly pairing?: Pairing;
  /** What the extended model was trained with: `llama3({ … })`; none that depends on the input's length. Default: none. */
  readonly scaling?: FrequencyScaling;
}

/**
 * The whole encoding, from its branches.
 *
 * @param relative - whether the branches depend on positions through their differences only
 * @throws {RangeError} when rotaryDim is odd or larger than headDim, the scaling depends on the input's length, or another
 *   option is out of range
 */
export function branchedRotary(
  name: string,
  { headDim, rotaryDim = headDim, base = 10000, pairing = 'half', scaling }: BranchedOptions,
  own: Readonly<Record<string, OptionValue>>,
  branches: readonly Branch[],
  branchOf: (query: number, key: number) => number | undefined,
  relative = false,
): ContentEncoding {
  checkCount(`${name}: headDim`, headDim, 2);
  checkCount(`${name}: rotaryDim`, rotaryDim, 2);
  if (rotaryDim % 2 !== 0 || rotaryDim > headDim) {
    throw new RangeError(
      `${name}: rotaryDim: expected an even number of at most headDim = ${headDim}, got ${rotaryDim}`,
    );
  }
  checkPositive(`${name}: base`, base);
  checkChoice(`${name}: pairing`, pairing, ['half', 'interleaved']);
  if (scaling?.dependsOnLength === true) {
    throw new RangeError(
      `${name}: scaling: expected one that does not depend on the length of the input, got ${scaling.name}; ` +
        'distances are bounded here instead',
    );
  }
  const plain = plainSpectrum(base, headDim, rotaryDim);
  const spectrum = scaling === undefined ? plain : scaling.apply(plain, 1);
  const signals = (queries: Positions, keys: Positions) =>
    branchSignals(name, queries, keys, branches, branchOf, spectrum);
  return {
    site: 'content',
    name,
    options: { headDim, rotaryDim, base, pairing, scaling: scaling?.name ?? 'none', ...scaling?.options, ...own },
    parameters: [],
    axes: 1,
    relative,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'causal',
    replaces: 'rotation',
    costs: (length) => ({
      parameters: 0,
      tableBytes: 4 * (2 * branches.length * length * rotaryDim + (branches.length + 1) * length * length),
    }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions, positions)),
    scores: (context) => branchScores(context, branches.length, pairing),
  };
}
