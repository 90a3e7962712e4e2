/** Mistakes in the relatives of rotary, and in published settings, that tests must notice. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const rotaryMutants: readonly Mutant[] = [
  ...mutantsOf('encodings/rotary/axial-rotary.ts', 'catalogue.test.ts', [
    ['axial-rotary: axes exchanged', 'if (other !== axis)', 'if (axes - 1 - other !== axis)'],
    ['axial-rotary: corners of cells', 'value + 0.5', 'value'],
    ['axial-rotary: shared series in blocks', 'k % axes === axis', 'Math.floor(k / (count / 2)) === axis'],
  ]),
  ...mutantsOf('encodings/rotary/axial-rotary.ts', 'encodings/rotary.test.ts', [
    ['axial-rotary: extents between cells', '.map((cells) => checkCount', '.map((cells) => cells || checkCount'],
    ['axial-rotary: extents ignored', "options.extents !== undefined && coordinates === 'steps'", 'false'],
    [
      'axial-rotary: maximumFrequency ignored',
      "options.maximumFrequency !== undefined && spectrum !== 'pixel'",
      'false',
    ],
  ]),
  ...mutantsOf('encodings/rotary/rotary.ts', 'encodings/rotary.test.ts', [
    ['rotary: length of its own positions', 'table(positions, largest)', 'table(positions)'],
  ]),
  ...mutantsOf('encodings/rotary/rotary.ts', 'catalogue.test.ts', [
    ['rotary: length one too short', 'Math.max(most, value), largest) + 1', 'Math.max(most, value), largest)'],
  ]),
  ...mutantsOf('analysis/pattern.ts', 'encodings/rotary.test.ts', [
    [
      'pattern: queries and keys of two lengths',
      'encoding.signals(positions, role, largest)',
      'encoding.signals(positions, role)',
    ],
  ]),
  ...mutantsOf('encodings/rotary/multimodal-rotary.ts', 'encodings/rotary.test.ts', [
    ['multimodal-rotary: counts that do not fit', 'counts.some((count, axis) => count !== sections[axis])', 'false'],
  ]),
  ...mutantsOf('encodings/rotary/multimodal-rotary.ts', 'catalogue.test.ts', [
    ['multimodal-rotary: series over the whole head', 'rotaryDim / 2, 2, rotaryDim)', 'rotaryDim / 2, 2, headDim)'],
    ['multimodal-rotary: leftover to columns', 'pair < 3 * columns ? 2 : 0', 'pair < 3 * columns ? 2 : 2'],
    ['multimodal-rotary: rows and columns swapped', 'pair < time + rows ? 1 : 2', 'pair < time + rows ? 2 : 1'],
  ]),
  ...mutantsOf('positions/multimodal.ts', 'catalogue.test.ts', [
    ['multimodal positions: rules exchanged', "next === 'extent' ? Math.max", "next !== 'extent' ? Math.max"],
    ['multimodal positions: times in float64', 'Math.fround(frame * Math.fround(interval))', 'frame * interval'],
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
    ['fourier-rotary: always normalised', 'normalize ? divide', 'true ? divide'],
    [
      'fourier-rotary: turned backwards',
      'turn(operations, x, cos, sin,',
      'turn(operations, x, cos, multiply(sin, -1),',
    ],
  ]),
  ...mutantsOf('encodings/rotary/lie-rotary.ts', 'catalogue.test.ts', [
    ['lie-rotary: a squaring too few', 'step < SQUARINGS', 'step < SQUARINGS - 1'],
    ['lie-rotary: not skew', 'subtract(upper, transpose(operations, upper))', 'upper'],
    ['lie-rotary: the degree of before', 'TERMS = 18', 'TERMS = 10'],
  ]),
  ...mutantsOf('encodings/rotary/lie-rotary.ts', 'encodings/rotary.test.ts', [
    ['lie-rotary: far positions taken', 'Math.abs(value) > largestPosition', 'value > 2 * largestPosition'],
  ]),
  ...mutantsOf('encodings/rotary/grape.ts', 'catalogue.test.ts', [
    [
      'grape: turned backwards',
      'subtract(multiply(a, dot(b, vector)), multiply(b, dot(a, vector)))',
      'subtract(multiply(b, dot(a, vector)), multiply(a, dot(b, vector)))',
    ],
  ]),
  ...mutantsOf('catalogue/presets.ts', 'presets.test.ts', [
    ['presets: an early base of SmolLM3', 'rotary:base=5000000:layers=not-4n', 'rotary:base=2000000:layers=not-4n'],
    ['presets: temperature of Inkling everywhere', 'length=128000:layers=6n', 'length=128000'],
    ['presets: factors of Phi-3.5 rounded', '.map(Math.fround)', ''],
  ]),
  ...mutantsOf('encodings/rotary/learned-rotary.ts', 'catalogue.test.ts', [
    ['learned-rotary: sine of the cosine', 'cos(angles), sin(angles)', 'cos(angles), cos(angles)'],
  ]),
];
