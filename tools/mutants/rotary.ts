/** Mistakes in the relatives of rotary that tests must notice. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const rotaryMutants: readonly Mutant[] = [
  ...mutantsOf('encodings/rotary/axial-rotary.ts', 'catalogue.test.ts', [
    ['axial-rotary: axes exchanged', 'if (other !== axis)', 'if (axes - 1 - other !== axis)'],
    ['axial-rotary: corners of cells', 'value + 0.5', 'value'],
    ['axial-rotary: shared series in blocks', 'k % axes === axis', 'Math.floor(k / (count / 2)) === axis'],
  ]),
  ...mutantsOf('encodings/rotary/multimodal-rotary.ts', 'catalogue.test.ts', [
    ['multimodal-rotary: leftover to columns', 'pair < 3 * columns ? 2 : 0', 'pair < 3 * columns ? 2 : 2'],
    ['multimodal-rotary: rows and columns swapped', 'pair < time + rows ? 1 : 2', 'pair < time + rows ? 2 : 1'],
  ]),
  ...mutantsOf('positions/multimodal.ts', 'catalogue.test.ts', [
    ['multimodal positions: rules exchanged', "next === 'extent' ? Math.max", "next !== 'extent' ? Math.max"],
  ]),
  ...mutantsOf('encodings/rotary/xpos.ts', 'catalogue.test.ts', [
    ['xpos: keys shrink, too', "role === 'query' ? 1 : -1", "role === 'query' ? 1 : 1"],
    ['xpos: gamma', '0.4 * headDim', '0.5 * headDim'],
  ]),
  ...mutantsOf('encodings/rotary/polar.ts', 'catalogue.test.ts', [
    [
      'polar: shift of queries',
      'subtract(multiply(cos, shiftCos), multiply(sin, shiftSin))',
      'add(multiply(cos, shiftCos), multiply(sin, shiftSin))',
    ],
  ]),
  ...mutantsOf('encodings/rotary/fourier-rotary.ts', 'catalogue.test.ts', [
    ['fourier-rotary: not normalised', 'divide(own, sum(own, -2))', 'own'],
    [
      'fourier-rotary: turned forwards',
      'add(multiply(first, cos), multiply(second, sin))',
      'subtract(multiply(first, cos), multiply(second, sin))',
    ],
  ]),
  ...mutantsOf('encodings/rotary/lie-rotary.ts', 'catalogue.test.ts', [
    ['lie-rotary: a squaring too few', 'step < SQUARINGS', 'step < SQUARINGS - 1'],
    ['lie-rotary: not skew', 'subtract(upper, transpose(operations, upper))', 'upper'],
  ]),
  ...mutantsOf('encodings/rotary/grape.ts', 'catalogue.test.ts', [
    [
      'grape: turned backwards',
      'subtract(multiply(a, dot(b, vector)), multiply(b, dot(a, vector)))',
      'subtract(multiply(b, dot(a, vector)), multiply(a, dot(b, vector)))',
    ],
  ]),
  ...mutantsOf('encodings/rotary/learned-rotary.ts', 'catalogue.test.ts', [
    ['learned-rotary: sine of the cosine', 'cos(angles), sin(angles)', 'cos(angles), cos(angles)'],
  ]),
];
