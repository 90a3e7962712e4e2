import { fromPlain, initializeJax, type JaxDevice, jaxOperations, tidy, toPlain, toPlainAsync } from 'posenc/jax';
import { type PlainTensor, tensor, valueAndGradient } from 'posenc/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose, tolerances } from '../../support/close.ts';
import { engines } from '../../support/engines.ts';
import { createTestRandom, randomTensor } from '../../support/random.ts';

const { cumulativeSum, log, softmax, take, where } = jaxOperations;
const jax = engines[1] as (typeof engines)[number];
const run = (f: () => ReturnType<typeof fromPlain>): PlainTensor => {
  const y = tidy(f);
  const values = toPlain(y);
  y.dispose();
  return values;
};

beforeAll(() => initializeJax());

test('reals are rounded once to float32, integers are exact', () => {
  expect(run(() => fromPlain(tensor([2], [0.1, 1 / 3]))).data).toEqual(
    Float64Array.of(Math.fround(0.1), Math.fround(1 / 3)),
  );
  const integers = tensor([2], [2 ** 31 - 1, -(2 ** 31)], 'integer');
  expect(run(() => fromPlain(integers))).toEqual(integers);
});

test('reading later gives the same as reading at once', async () => {
  const x = fromPlain(tensor([2], [1, 2]));
  expect(await toPlainAsync(x)).toEqual(toPlain(x));
  expect(x.refCount).toBe(1);
  x.dispose();
});

test('a number does not change the type of what it meets', () => {
  const integers = fromPlain(tensor([2], [3, -5], 'integer'));
  expect(run(() => jaxOperations.multiply(integers, 0.5))).toEqual(tensor([2], [1.5, -2.5]));
  expect(run(() => jaxOperations.divide(integers, 2))).toEqual(tensor([2], [1.5, -2.5]));
  expect(run(() => jaxOperations.add(1, 2))).toEqual(tensor([], [3]));
  integers.dispose();
});

test('an index that is not a row gives NaN, compiled or not', () => {
  const parameters = { table: tensor([2, 2], [1, 2, 3, 4]), rows: tensor([4], [0, 2, -1, 1], 'integer') };
  const expected = Float64Array.of(1, 2, Number.NaN, Number.NaN, Number.NaN, Number.NaN, 3, 4);
  const pick = <T>(operations: { take(table: T, indices: T): T }, { table, rows }: Readonly<Record<string, T>>): T =>
    operations.take(table as T, rows as T);
  expect(jax.evaluate(pick, parameters).data).toEqual(expected);
  const cotangent = tensor([4, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
  const compiled = jax.differentiate(pick, parameters, cotangent);
  expect(compiled.value.data).toEqual(expected);
  expect(compiled.gradients.table).toEqual(tensor([2, 2], [1, 2, 7, 8]));
});

test('real indices and empty tensors are refused', () => {
  tidy(() => {
    const x = fromPlain(tensor([2], [0, 1]));
    expect(() => take(x, x)).toThrow(/take: expected integer indices/);
    return {};
  });
  expect(() => fromPlain(tensor([0], []))).toThrow(/fromPlain: expected at least one element/);
});

test('log is within 1.1e-6, relative to max(1, |log x|), over the range of float32', () => {
  const points = Array.from({ length: 4000 }, (_, index) => Math.fround(1.18e-38 * 1.0447 ** index)).filter(
    Number.isFinite,
  );
  const near = Array.from({ length: 2000 }, (_, index) => Math.fround(0.5 + index / 1000));
  const x = tensor([points.length + near.length], [...points, ...near]);
  expectClose(
    run(() => log(fromPlain(x))),
    { ...x, data: x.data.map(Math.log) },
    1.1e-6,
  );
  expect(run(() => log(fromPlain(tensor([3], [0, -1, Number.POSITIVE_INFINITY])))).data).toEqual(
    Float64Array.of(Number.NEGATIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY),
  );
});

test('cumulativeSum agrees at lengths past 512, with its gradient', () => {
  const x = randomTensor([2, 1300], createTestRandom(3));
  const f = <T>(operations: { cumulativeSum(x: T, axis: number): T }, parameters: Readonly<Record<string, T>>): T =>
    operations.cumulativeSum(parameters.x as T, 1);
  const cotangent = randomTensor([2, 1300], createTestRandom(4));
  const expected = valueAndGradient(f, { x }, cotangent);
  const actual = jax.differentiate(f, { x }, cotangent);
  // A sum of n terms of size 1 in float32 is off by about √n roundings of its largest partial sum.
  expectClose(actual.value, expected.value, 20 * tolerances.float32.forward);
  expectClose(actual.gradients.x as PlainTensor, expected.gradients.x as PlainTensor, 10 * tolerances.float32.gradient);
  expect(run(() => cumulativeSum(fromPlain(x), -2)).shape).toEqual([2, 1300]);
});

test('where hides NaN and infinity of the branch not chosen', () => {
  const flags = tensor([2], [1, 0]);
  const values = run(() => where(fromPlain(flags), fromPlain(tensor([2], [1, Number.NaN])), Number.POSITIVE_INFINITY));
  expect(values.data).toEqual(Float64Array.of(1, Number.POSITIVE_INFINITY));
});

test('softmax of a row with one key left open is exactly 1 there', () => {
  const row = run(() => softmax(fromPlain(tensor([1, 3], [-1e9, 5, -1e9]))));
  expect(row.data).toEqual(Float64Array.of(0, 1, 0));
});

describe('initializeJax', () => {
  test('refuses a device that is not available', async () => {
    await expect(initializeJax('abacus' as JaxDevice)).rejects.toThrow(RangeError);
  });
});
