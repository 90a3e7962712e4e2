/**
 * Numbers of about 32 decimal digits as unevaluated sums of two float64s, for frequencies and angles whose error must
 * not grow with the position. Method: T. J. Dekker, "A floating-point technique for extending the available
 * precision", Numerische Mathematik 18, 1971. This file knows nothing of angles.
 */

/** high + low, with |low| at most half a unit in the last place of high. */
export type DoubleDouble = readonly [high: number, low: number];

/** The sum of two float64s, exactly. */
export function exactSum(a: number, b: number): DoubleDouble {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

/** The product of two float64s, exactly (while neither exceeds 2^996). */
export function exactProduct(a: number, b: number): DoubleDouble {
  const product = a * b;
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return [product, aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = exactProduct(a[0], b[0]);
  return exactSum(high, low + a[0] * b[1] + a[1] * b[0]);
}

export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = exactSum(a[0], b[0]);
  const [middle, rest] = exactSum(a[1], b[1]);
  const [sum, error] = exactSum(high, low + middle);
  return exactSum(sum, error + rest);
}

/**
 * base^(−numerator/denominator) to about 30 digits.
 *
 * One Newton step from the float64 power x: x·(1 − (xⁿ·baseᵐ − 1)/n) for the exponent −m/n, with both powers taken
 * together bit by bit, so that intermediate results stay near 1.
 */
export function inversePower(base: number, numerator: number, denominator: number): DoubleDouble {
  if (numerator === 0) return [1, 0];
  const start = base ** (-numerator / denominator);
  let product: DoubleDouble = [1, 0];
  for (let bit = 2 ** Math.floor(Math.log2(Math.max(numerator, denominator))); bit >= 1; bit /= 2) {
    product = multiply(product, product);
    if (Math.floor(denominator / bit) % 2 === 1) product = multiply(product, [start, 0]);
    if (Math.floor(numerator / bit) % 2 === 1) product = multiply(product, [base, 0]);
  }
  const excess = add(product, [-1, 0]);
  return exactSum(start, (-start * (excess[0] + excess[1])) / denominator);
}

/** Two numbers of at most 26 bits whose sum is x. */
function halves(x: number): DoubleDouble {
  const shifted = 134217729 * x; // 2^27 + 1
  const high = shifted - (shifted - x);
  return [high, x - high];
}

/** a divided by a float64, to about 30 digits. */
export function divideBy(a: DoubleDouble, divisor: number): DoubleDouble {
  const quotient = a[0] / divisor;
  const [product, productLow] = exactProduct(quotient, divisor);
  const rest = a[0] - product - productLow + a[1];
  return exactSum(quotient, rest / divisor);
}
