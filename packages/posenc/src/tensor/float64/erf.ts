/** The error function in float64. */

/**
 * erf(x) = 2/√π ∫₀ˣ e^(−t²) dt, within 1e-15 of the true value (absolute).
 *
 * Below 3 by the series 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)), whose terms are all of one sign
 * (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6); from there on as 1 − erfc(x) by the continued
 * fraction of erfc (7.1.14), where what it contributes is below 3e-5.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (size < 3) return series(x);
  return Math.sign(x) * (1 - complement(size));
}

function series(x: number): number {
  let term = x;
  let total = 0;
  for (let n = 0; total + term !== total; n++) {
    total += term;
    term *= (2 * x * x) / (2 * n + 3);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** erfc(x) = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 1½/(x + …)))), evaluated from the 60th level up. */
function complement(x: number): number {
  if (x > 30) return 0;
  let denominator = x;
  for (let level = 60; level >= 1; level--) denominator = x + level / 2 / denominator;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * denominator);
}
