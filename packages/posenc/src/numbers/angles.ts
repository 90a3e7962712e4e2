/**
 * Frequencies and the sines and cosines of position × frequency, without the loss that a float32 or even a float64
 * product has at large positions: in float32 an angle at position 131,072 is wrong by 4e-3.
 * Knows nothing of layouts and encodings.
 */
import { add, type DoubleDouble, exactProduct, inversePower } from './double-double.ts';

/** A geometric series of frequencies: base^(−k·step/denominator) for k = 0 … count−1, each to about 30 digits. */
export function geometricFrequencies(base: number, count: number, step: number, denominator: number): DoubleDouble[] {
  return Array.from({ length: count }, (_, index) => inversePower(base, index * step, denominator));
}

/** 2π as three float64s: about 48 digits. */
const TURN = [6.283185307179586, 2.4492935982947064e-16, -5.989539619436679e-33] as const;

/**
 * cos and sin of `position · frequency`, in float64.
 *
 * The product is exact and is reduced by whole turns before it is rounded, so the absolute error stays below 2e-16 for
 * every position up to 2^40, and below 2e-14 up to 2^53 (measured against 60-digit arithmetic; the plain product of two
 * float64s is off by 6e-13 at position 4,097 and by 2.5e-8 at 2^28). Rounded once to float32, results are within half a
 * unit in the last place of 1.
 */
export function cosSin(position: number, frequency: DoubleDouble): readonly [cos: number, sin: number] {
  const [high, low] = exactProduct(position, frequency[0]);
  let angle: DoubleDouble = [high, low + position * frequency[1]];
  const turns = Math.round(high / TURN[0]);
  if (turns !== 0) {
    const [second, secondLow] = exactProduct(-turns, TURN[1]);
    angle = add(add(angle, exactProduct(-turns, TURN[0])), [second, secondLow - turns * TURN[2]]);
  }
  const [main, rest] = angle;
  const cos = Math.cos(main);
  const sin = Math.sin(main);
  return [cos - sin * rest, sin + cos * rest];
}
