/** Elementwise functions whose values or gradients in jax-js 0.1.25 are not good enough. Arguments are consumed. */
import { lax, numpy } from '@jax-js/jax';
import type { JaxArray } from './ownership.ts';

/** A tensor or a number that stands for one of any shape. */
export type Operand = JaxArray | number;

/** The larger of two; where they are equal, half of each, so that ties share the gradient (jax-js gives it to one). */
export function larger(a: Operand, b: Operand): JaxArray {
  const again = (x: Operand): Operand => (typeof x === 'number' ? x : x.ref);
  const half = numpy.add(numpy.multiply(again(a), 0.5), numpy.multiply(again(b), 0.5));
  const right = numpy.where(numpy.less(again(a), again(b)), again(b), half);
  return numpy.where(numpy.greater(again(a), again(b)), a, right);
}

/** 1/(1 + e^(−x)) by an exponential that cannot overflow: jax-js's own has gradient NaN below −89. */
export function sigmoid(x: JaxArray): JaxArray {
  const negative = numpy.less(x.ref, 0);
  const power = numpy.exp(x.mul(numpy.where(negative.ref, 1, -1)));
  return numpy.where(negative, power.ref, 1).div(power.add(1));
}

/**
 * ln(x). On WASM jax-js sums four terms of a series, which is off by up to 1.3e-5; one Newton step, y + x·e^(−y) − 1,
 * leaves 4e-7 for x from 0.001 to 6. The step carries no gradient: that of the first value is 1/x already.
 */
export function log(x: JaxArray): JaxArray {
  const first = numpy.log(x.ref);
  const step = x.ref.mul(numpy.exp(numpy.negative(first.ref))).sub(1);
  const finite = numpy.greater(x.ref, 0).mul(numpy.less(x, Number.POSITIVE_INFINITY));
  return first.add(lax.stopGradient(numpy.where(finite, step, 0)));
}

/** 2π as a float32 of few bits, whose products with whole numbers below 2^16 are exact, and the rest. */
const TURN = [6.28125, 2 * Math.PI - 6.28125] as const;

/** x less its whole turns, in two steps: jax-js's sine of the float32 100 is off by 2.4e-6. */
export function withoutTurns(x: JaxArray): JaxArray {
  const turns = lax.stopGradient(numpy.floor(x.ref.mul(1 / (2 * Math.PI)).add(0.5)));
  return x.sub(turns.ref.mul(TURN[0])).sub(turns.mul(TURN[1]));
}
