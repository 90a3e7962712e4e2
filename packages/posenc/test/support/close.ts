/** Elementwise comparison of tensors, with every tolerance of the library's tests in one table. */
import type { PlainTensor } from 'posenc/tensor';
import { expect } from 'vitest';

/**
 * Allowed differences by what is computed, relative to max(1, |expected|).
 * float32 has a rounding unit of 6e-8; a few dozen roundings are allowed forward, and more in gradients, which sum over
 * more terms.
 */
export const tolerances = {
  float64: { forward: 2e-14, gradient: 1e-13 },
  float32: { forward: 2e-6, gradient: 1e-5 },
  /** Central differences with step 1e-5: the step's own error is below this for arguments of size 1. */
  finiteDifferences: 2e-8,
} as const;

/** Expects equal shapes, and every element within `tolerance × max(1, |expected|)`; NaN is never close. */
export function expectClose(actual: PlainTensor, expected: PlainTensor, tolerance: number, what = 'values'): void {
  expect(actual.shape, `shape of ${what}`).toEqual(expected.shape);
  expect(actual.data.length, `number of ${what}`).toBe(expected.data.length);
  const wrong = expected.data.findIndex((element, index) => {
    const difference = Math.abs((actual.data[index] as number) - element);
    return !(difference <= tolerance * Math.max(1, Math.abs(element)) || Object.is(actual.data[index], element));
  });
  if (wrong < 0) return;
  expect.fail(
    `${what}: at ${wrong} of shape [${expected.shape.join(', ')}]: expected ${expected.data[wrong]} ` +
      `within ${tolerance}, got ${actual.data[wrong]}`,
  );
}
