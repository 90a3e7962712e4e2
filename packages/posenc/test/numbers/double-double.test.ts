/** Imports source files by path: the numbers under the encodings are no part of the public interface. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exactProduct, exactSum, inversePower } from '../../src/numbers/double-double.ts';
import { golden } from '../support/encoding-golden.ts';

const double = fc.double({ min: -1e15, max: 1e15, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-100);

/** A float64 as an integer multiple of 2^-1100, exactly. */
function exactly(x: number): bigint {
  if (x === 0) return 0n;
  let [mantissa, exponent] = [x, 0];
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  return BigInt(mantissa) << BigInt(1100 - exponent);
}

describe('exact arithmetic', () => {
  test('a sum and its rest are the true sum', () => {
    fc.assert(
      fc.property(double, double, (a, b) => {
        const [high, low] = exactSum(a, b);
        expect(high).toBe(a + b);
        expect(exactly(high) + exactly(low)).toBe(exactly(a) + exactly(b));
      }),
    );
  });

  test('a product and its rest are the true product', () => {
    fc.assert(
      fc.property(double, double, (a, b) => {
        const [high, low] = exactProduct(a, b);
        expect(high).toBe(a * b);
        expect((exactly(high) + exactly(low)) << 1100n).toBe(exactly(a) * exactly(b));
      }),
    );
  });
});

describe('inverse powers', () => {
  test('agree with 50 digits', () => {
    for (const { base, dim, exponent, inverseFrequencies } of golden.exactTables) {
      const [step, denominator] = exponent === 'paper' ? [2, dim] : [1, Math.max(dim / 2 - 1, 1)];
      inverseFrequencies.forEach((expected, k) => {
        const [high, low] = inversePower(base, k * step, denominator);
        expect(Math.abs(high + low - expected)).toBeLessThanOrEqual(2 ** -53 * expected);
      });
    }
  });

  test('whole exponents are exact to 30 digits: base · base^-1 is 1', () => {
    for (const base of [3, 7, 10000, 500000]) {
      const [high, low] = inversePower(base, 4, 4);
      const [product, rest] = exactProduct(high, base);
      expect(Math.abs(product - 1 + rest + low * base)).toBeLessThanOrEqual(1e-30);
    }
  });
});
