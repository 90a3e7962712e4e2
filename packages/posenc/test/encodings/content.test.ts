/** What goldens of single whole sequences cannot show of encodings that compute from content. */
import {
  alibi,
  attentionTemperature,
  type ContentEncoding,
  cable,
  contextAwareRotary,
  cope,
  dape,
  deberta,
  debertaBucket,
  dualChunkAttention,
  dynamicNtkScaling,
  forgetting,
  lambdaAttention,
  longRopeScaling,
  musicTransformer,
  type Positions,
  path,
  rectifiedRotary,
  scalableSoftmax,
  selectiveRotary,
  selfExtend,
  transformerXl,
  tupe,
} from 'posenc';
import { packedPositions, paddingPositions, positionList, positionRange } from 'posenc/positions';
import { float64Operations, MASKED, type PlainTensor, tensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { createTestRandom, randomTensor } from '../support/random.ts';
import { runEncoding } from '../support/run-encoding.ts';

const sizes = { numHeads: 2, headDim: 4, modelDim: 8 };
const { concatenate, slice } = float64Operations;

/** Positions come from the tokens up to a place. */
const summing: readonly [string, ContentEncoding][] = [
  ['forgetting', forgetting(sizes)],
  ['cable', cable(sizes)],
  ['path', path({ ...sizes, rank: 3 })],
  ['context-aware-rotary', contextAwareRotary(sizes)],
  ['selective-rotary', selectiveRotary({ ...sizes, rank: 3 })],
];
const neighbouring: readonly [string, ContentEncoding][] = [
  ['dape, kernel 3', dape({ numHeads: 2, bias: alibi({ numHeads: 2 }), kernel: 3 })],
  ['dape, kernel 5', dape({ numHeads: 2, bias: alibi({ numHeads: 2 }), kernel: 5 })],
  ['cope', cope({ headDim: 4, maximumPositions: 4 })],
];

interface Sequence {
  readonly queries: PlainTensor;
  readonly keys: PlainTensor;
  readonly hidden: PlainTensor;
}

function sequence(length: number, seed: number): Sequence {
  const random = createTestRandom(seed);
  const heads = () => randomTensor([1, sizes.numHeads, length, sizes.headDim], random);
  return { queries: heads(), keys: heads(), hidden: randomTensor([1, length, sizes.modelDim], random) };
}

/** One row after the other, as packing or padding puts them. */
function joined(all: readonly Sequence[]): Sequence {
  const along = (name: keyof Sequence, axis: number) =>
    concatenate(
      all.map((one) => one[name]),
      axis,
    );
  return { queries: along('queries', 2), keys: along('keys', 2), hidden: along('hidden', 1) };
}

/** Who sees whom: `sees(query's slot, key's slot)`. */
function maskOf(length: number, sees: (query: number, key: number) => boolean): PlainTensor {
  const data = Array.from({ length: length ** 2 }, (_, at) =>
    sees(Math.floor(at / length), at % length) ? 0 : MASKED,
  );
  return tensor([1, 1, length, length], data);
}

const causal = (query: number, key: number): boolean => key <= query;

/** Scores [1, H, Tq, Tk] with learned numbers that none of them starts at. */
function scoresOf(encoding: ContentEncoding, at: Positions, { queries, keys, hidden }: Sequence, mask: PlainTensor) {
  const random = createTestRandom(5);
  const learned = Object.fromEntries(encoding.parameters.map(({ name, shape }) => [name, randomTensor(shape, random)]));
  const activations = { queries, keys, values: keys, hiddenQueries: hidden, hiddenKeys: hidden, mask };
  const { run, parameters } = runEncoding(encoding, { queries: at, keys: at }, activations, learned, 'scores');
  return run(float64Operations, parameters);
}

/** Expects equal scores wherever `mask`, of the part that starts at `start` of the whole, lets a query see a key. */
function expectSameSeen(whole: PlainTensor, start: number, part: PlainTensor, mask: PlainTensor): void {
  const length = part.shape[3] as number;
  const cut = slice(slice(whole, 2, start, start + length), 3, start, start + length);
  part.data.forEach((value, at) => {
    if (mask.data[at % length ** 2] === 0) expect(Math.abs((cut.data[at] as number) - value)).toBeLessThan(1e-9);
  });
}

const [first, second] = [sequence(3, 1), sequence(4, 2)];
const document = (slot: number): number => (slot < 3 ? 0 : 1);

describe('sequences packed into a row', () => {
  const rows: readonly [string, Positions][] = [
    ['positions that start again', packedPositions([3, 4])],
    ['positions that go on', positionRange(7)],
  ];
  test.each([...summing, ...neighbouring].flatMap(([name, one]) => rows.map(([how, at]) => ({ name, one, how, at }))))(
    '$name, $how: each is as alone',
    ({ one, at }) => {
      const mask = maskOf(7, (query, key) => key <= query && document(query) === document(key));
      const packed = scoresOf(one, at, joined([first, second]), mask);
      [first, second].forEach((alone, index) => {
        const length = 3 + index;
        const own = maskOf(length, causal);
        const start = at.values[3 * index] as number;
        expectSameSeen(packed, 3 * index, scoresOf(one, positionRange(start, start + length), alone, own), own);
      });
    },
  );

  test('forgetting in both directions', () => {
    const one = forgetting({ ...sizes, bidirectional: true });
    const mask = maskOf(7, (query, key) => document(query) === document(key));
    const packed = scoresOf(one, packedPositions([3, 4]), joined([first, second]), mask);
    const all = maskOf(4, () => true);
    expectSameSeen(packed, 3, scoresOf(one, positionRange(4), second, all), all);
  });
});

describe('padding', () => {
  const noise = sequence(2, 9);
  const own = maskOf(4, causal);
  test.each([...summing, ...neighbouring])('left of a sequence changes nothing with %s', (_, one) => {
    const alone = scoresOf(one, positionRange(4), second, own);
    const mask = maskOf(6, (query, key) => key <= query && key >= 2);
    for (const at of [paddingPositions([[0, 0, 1, 1, 1, 1]]), positionRange(6)]) {
      expectSameSeen(scoresOf(one, at, joined([noise, second]), mask), 2, alone, own);
    }
  });

  test.each([...summing, ...neighbouring])('right of a sequence changes nothing with %s', (_, one) => {
    const alone = scoresOf(one, positionRange(4), second, own);
    const mask = maskOf(6, (query, key) => key <= query && key < 4);
    for (const at of [paddingPositions([[1, 1, 1, 1, 0, 0]]), positionRange(6)]) {
      expectSameSeen(scoresOf(one, at, joined([second, noise]), mask), 0, alone, own);
    }
  });

  test.each(summing.slice(0, 2))('between tokens closes no gate with %s', (_, one) => {
    const part = (from: number, to: number): Sequence => ({
      queries: slice(second.queries, 2, from, to),
      keys: slice(second.keys, 2, from, to),
      hidden: slice(second.hidden, 1, from, to),
    });
    const alone = scoresOf(one, positionRange(4), second, own);
    const mask = maskOf(6, (query, key) => key <= query && key !== 2 && key !== 3);
    const at = paddingPositions([[1, 1, 0, 0, 1, 1]]);
    const padded = scoresOf(one, at, joined([part(0, 2), noise, part(2, 4)]), mask);
    const without = (axis: number, x: PlainTensor) => concatenate([slice(x, axis, 0, 2), slice(x, axis, 4, 6)], axis);
    expectSameSeen(without(3, without(2, padded)), 0, alone, own);
  });
});

test.each(summing)('a window of the last tokens leaves what %s says of them as it is', (_, one) => {
  const tokens = sequence(9, 3);
  const window = maskOf(9, (query, key) => key <= query && query - key < 4);
  const whole = scoresOf(one, positionRange(9), tokens, maskOf(9, causal));
  expectSameSeen(scoresOf(one, positionRange(9), tokens, window), 0, whole, window);
});

test.each(neighbouring)('later keys tell %s nothing, whatever the mask', (_, one) => {
  const seen = maskOf(4, causal);
  const whole = scoresOf(
    one,
    positionRange(4),
    second,
    maskOf(4, () => true),
  );
  expectSameSeen(whole, 0, scoresOf(one, positionRange(4), second, seen), seen);
});

describe('order', () => {
  test.each(summing)('%s refuses tokens out of order, and queries that are no keys', (_, one) => {
    for (const places of [
      [2, 0, 1],
      [0, 2, 1],
      [0, 1, 1],
      [5, 6, 0, 1],
    ]) {
      const at = positionList(places);
      expect(() => one.signals(at, at)).toThrow(/positions: expected keys in order/);
    }
    expect(() => one.signals(positionList([1, 7]), positionRange(3))).toThrow(
      /own token among the keys, got none at .*7/,
    );
  });
});

describe('options', () => {
  const deberted = (options: object) => () => deberta({ ...sizes, ...options });
  const cases: readonly [string, () => unknown, RegExp][] = [
    ['deberta, one bucket', deberted({ buckets: 1 }), /deberta: buckets: expected an integer of at least 4.*got 1/],
    ['deberta, three buckets', deberted({ buckets: 3 }), /deberta: buckets: .*got 3/],
    [
      'deberta, near',
      deberted({ buckets: 256, maximumDistance: 100 }),
      /expected more than 129 for 256 buckets, got 100/,
    ],
    [
      'deberta, at the bound',
      deberted({ buckets: 4, maximumDistance: 3 }),
      /expected more than 3 for 4 buckets, got 3/,
    ],
    ['a bucket of none', () => debertaBucket(5, { buckets: 1, maximumDistance: 512 }), /deberta: buckets/],
    ['a bucket too near', () => debertaBucket(5, { buckets: 256, maximumDistance: 100 }), /deberta: maximumDistance/],
    [
      'transformer-xl',
      () => transformerXl({ ...sizes, sharing: 'head' as never }),
      /sharing: expected one of model, layer/,
    ],
    ['forgetting', () => forgetting({ ...sizes, startBias: Number.NaN }), /forgetting: startBias: .*NaN/],
    ['scalable-softmax', () => scalableSoftmax({ numHeads: 2, start: 1 / 0 }), /scalable-softmax: start: .*Infinity/],
    ['dape', () => dape({ numHeads: 2, bias: alibi({ numHeads: 4 }) }), /dape: bias: .*2 heads, got alibi of 4/],
    [
      'a length',
      () => attentionTemperature({ schedule: 'constant', length: 8 }),
      /length: expected none with .*constant/,
    ],
    ['a factor', () => attentionTemperature({ schedule: 'log-length', factor: 1 }), /factor: expected none with .*log/],
    ['music-transformer', () => musicTransformer({ ...sizes, maximumDistance: 3, beyond: 'no' as never }), /beyond/],
  ];
  test.each(cases)('%s is refused', (_, make, message) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });

  test('deberta takes a row a distance, and the fewest buckets', () => {
    expect(deberta({ ...sizes, buckets: 0, maximumDistance: 3 }).options.buckets).toBe(0);
    expect(deberta({ ...sizes, buckets: 4, maximumDistance: 4 }).options.buckets).toBe(4);
  });

  test('attention-temperature records the options of its schedule only', () => {
    expect(attentionTemperature({ schedule: 'constant', factor: 2 }).options).toEqual({
      schedule: 'constant',
      factor: 2,
    });
    expect(attentionTemperature({ schedule: 'log-length' }).options).toEqual({ schedule: 'log-length', length: 8192 });
  });

  test('lambda-attention has no place for negative positions', () => {
    const one = lambdaAttention({ headDim: 4, recentTokens: 2 });
    const at = positionList([-1, 0]);
    expect(() => one.signals(at, at)).toThrow(/lambda-attention: position: expected at least 0, got -1/);
  });

  test.each([rectifiedRotary, selfExtend, lambdaAttention, dualChunkAttention])(
    'extensions of rotary models turn some channels, and take no scaling that depends on the length: %o',
    (make) => {
      const own = { window: 4, groupSize: 2, recentTokens: 4, chunkSize: 4, localWindow: 1 };
      const scalings = [
        dynamicNtkScaling({ factor: 2, originalLength: 8 }),
        longRopeScaling({ factor: 2, originalLength: 8, shortFactors: [1, 1], longFactors: [2, 2] }),
      ];
      for (const scaling of scalings) {
        expect(() => make({ headDim: 4, ...own, scaling })).toThrow(/scaling: expected one that does not depend/);
      }
      for (const rotaryDim of [1, 3, 6]) expect(() => make({ headDim: 4, ...own, rotaryDim })).toThrow(/rotaryDim/);
      const { queryCos0 } = make({ headDim: 7, ...own, rotaryDim: 4 }).vectors(positionRange(3));
      expect(queryCos0?.shape).toEqual([1, 3, 2]);
    },
  );
});

test('starting values are those of the code they are named after', () => {
  const of = ({ parameters }: ContentEncoding) =>
    Object.fromEntries(parameters.map(({ name, initializer }) => [name, initializer]));
  const normal = { distribution: 'normal', standardDeviation: 0.02 };
  const zeros = { distribution: 'constant', value: 0 };
  expect(of(forgetting(sizes))).toMatchObject({ gateWeight: normal, gateBias: zeros });
  expect(of(transformerXl(sizes))).toMatchObject({
    contentBias: normal,
    positionBias: normal,
    projectionWeight: normal,
  });
  expect(of(tupe({ ...sizes, maximumPositions: 4 }))).toMatchObject({
    queryWeight: normal,
    keyWeight: normal,
    keyBias: zeros,
  });
  const uniform = (kernel: number) => ({
    distribution: 'uniform',
    minimum: -(kernel ** -0.5),
    maximum: kernel ** -0.5,
  });
  expect(of(path({ ...sizes, kernel: 3 })).kernel).toMatchObject(uniform(3));
  expect(of(selectiveRotary({ ...sizes, kernel: 4 })).kernel).toMatchObject(uniform(4));
});
