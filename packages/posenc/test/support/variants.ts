/** Options of encodings that the conformance suite tries beside the defaults, where choices are not finitely many. */
import type { OptionValue } from 'posenc';

type Options = Readonly<Record<string, OptionValue>>;

/** Values for options that are numbers, and combinations worth trying. */
export const variants: Readonly<Record<string, readonly Options[]>> = {
  sinusoidal: [{ base: 500 }, { layout: 'halves', exponent: 'tensor2tensor' }],
  learned: [{ maximumPositions: 80 }],
  rotary: [{ rotaryDim: 4 }, { base: 500 }],
  shaw: [{ maximumDistance: 2 }],
  t5: [{ numBuckets: 8, maxDistance: 20 }, { scale: 8 }],
};

/** Options whose choices need others beside them, so that each choice is a line of `variants`. */
export const onlyInVariants: Readonly<Record<string, readonly string[]>> = {};
