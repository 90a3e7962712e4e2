import { float64Operations as operations, tensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { expectClose, tolerances } from '../support/close.ts';
import { exactErf, operationCases } from '../support/operation-cases.ts';

const structural = ['name', 'constant', 'shape'];

test('every operation has golden cases', () => {
  const names = Object.keys(operations).filter((name) => !structural.includes(name));
  expect(names.filter((name) => !operationCases.some((one) => one.operation === name))).toEqual([]);
});

describe('float64 gives what PyTorch gives', () => {
  test.each(operationCases)('$title', ({ run, parameters, output }) => {
    const result = run(operations, parameters);
    expect(result.type).toBe(output.type);
    expectClose(result, output, tolerances.float64.forward);
  });
});

test('erf is within 1e-15 of 40-digit arithmetic', () => {
  for (const [x, exact] of exactErf) {
    const value = operations.erf(tensor([], [x])).data[0] as number;
    expect(Math.abs(value - exact), `erf(${x})`).toBeLessThanOrEqual(1e-15);
  }
});

test('erf keeps relative accuracy near zero', () => {
  const value = operations.erf(tensor([], [1e-10])).data[0] as number;
  expect(value / ((2 / Math.sqrt(Math.PI)) * 1e-10)).toBeCloseTo(1, 15);
});

test('NaN is never hidden', () => {
  const x = tensor([2], [Number.NaN, 1]);
  const { maximum, max, softmax, erf, sigmoid, where } = operations;
  expect(maximum(x, 0).data[0]).toBeNaN();
  expect(max(x, 0).data[0]).toBeNaN();
  expect(softmax(x).data[1]).toBeNaN();
  expect(erf(x).data[0]).toBeNaN();
  expect(sigmoid(x).data[0]).toBeNaN();
  expect(where(tensor([2], [0, 1]), x, 5).data).toEqual(Float64Array.of(5, 1));
});

describe('empty axes', () => {
  const empty = tensor([2, 0], []);
  test('sum to 0', () => expect(operations.sum(empty, 1).data).toEqual(Float64Array.of(0, 0)));
  test('have no maximum', () => expect(() => operations.max(empty, 1)).toThrow(RangeError));
  test('multiply to zeros', () => {
    expect(operations.matmul(empty, tensor([0, 3], []))).toEqual(tensor([2, 3], [0, 0, 0, 0, 0, 0]));
  });
  test('pass through softmax, permute and concatenate', () => {
    expect(operations.softmax(empty).shape).toEqual([2, 0]);
    expect(operations.permute(empty, [1, 0]).shape).toEqual([0, 2]);
    expect(operations.concatenate([empty, tensor([2, 1], [1, 2])], 1)).toEqual(tensor([2, 1], [1, 2]));
  });
});

test('tensor copies what it is given', () => {
  const data = Float64Array.of(1, 2);
  const x = tensor([2], data);
  data[0] = 9;
  expect(x.data[0]).toBe(1);
});

describe('mistakes are named', () => {
  const matrix = tensor([2, 3], [1, 2, 3, 4, 5, 6]);
  const rows = (...values: number[]) => tensor([values.length], values, 'integer');
  const mistakes: readonly [title: string, act: () => unknown, kind: typeof RangeError, message: RegExp][] = [
    [
      'shapes that do not broadcast',
      () => operations.add(matrix, tensor([2], [1, 2])),
      RangeError,
      /add: .*\[2, 3\] and \[2\]/,
    ],
    ['inner extents of matmul', () => operations.matmul(matrix, matrix), RangeError, /matmul: .*\[2, 3\] and \[2, 3\]/],
    [
      'leading axes of matmul',
      () => operations.matmul(tensor([2, 1, 1], [1, 2]), tensor([3, 1, 1], [1, 2, 3])),
      RangeError,
      /matmul: leading/,
    ],
    ['a vector in matmul', () => operations.matmul(matrix, tensor([3], [1, 2, 3])), RangeError, /matmul/],
    ['another number of elements', () => operations.reshape(matrix, [4]), RangeError, /reshape: expected 6 elements/],
    ['a negative extent', () => operations.reshape(matrix, [-1]), RangeError, /reshape/],
    ['an axis named twice', () => operations.permute(matrix, [0, 0]), RangeError, /permute: expected every axis/],
    ['an axis left out', () => operations.permute(matrix, [0]), RangeError, /permute: expected every axis/],
    ['an axis too far', () => operations.sum(matrix, 2), RangeError, /sum: expected an axis from -2 to 1, got axis 2/],
    [
      'a slice past the end',
      () => operations.slice(matrix, 1, 1, 4),
      RangeError,
      /slice: .* 3, got start 1 and stop 4/,
    ],
    ['a slice backwards', () => operations.slice(matrix, 1, 2, 1), RangeError, /slice/],
    ['nothing to concatenate', () => operations.concatenate([], 0), RangeError, /concatenate/],
    [
      'other extents than along the axis',
      () => operations.concatenate([matrix, tensor([1, 2], [1, 2])], 0),
      RangeError,
      /concatenate/,
    ],
    [
      'a row past the table',
      () => operations.take(matrix, rows(0, 2)),
      RangeError,
      /take: expected indices from 0 to 1, got 2 at index 1/,
    ],
    ['a negative row', () => operations.take(matrix, rows(-1)), RangeError, /take/],
    ['real indices', () => operations.take(matrix, tensor([1], [0])), TypeError, /take: expected integer indices/],
    [
      'too few numbers',
      () => tensor([2, 2], [1, 2, 3]),
      RangeError,
      /tensor: expected 4 numbers for shape \[2, 2\], got 3/,
    ],
    [
      'a fraction in an integer tensor',
      () => tensor([1], [0.5], 'integer'),
      TypeError,
      /tensor: expected 32-bit integers, got 0.5/,
    ],
    ['an integer too large', () => tensor([1], [2 ** 31], 'integer'), TypeError, /32-bit/],
    ['a fractional extent', () => tensor([1.5], [1]), RangeError, /tensor: shape/],
    ['softmax without axes', () => operations.softmax(tensor([], [1])), RangeError, /softmax/],
  ];
  test.each(mistakes)('%s', (_, act, kind, message) => {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  });
});
