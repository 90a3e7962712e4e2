/** Mistakes in encodings that act on embeddings that tests must notice. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const inputMutants: readonly Mutant[] = [
  ...mutantsOf('numbers/resample.ts', 'catalogue.test.ts', [
    ['resample: another cubic', 'cubic(place - first - step, -0.75)', 'cubic(place - first - step, -0.5)'],
    ['resample: corners for cells', '(row + 0.5) * (from / to) - 0.5', 'row * (from / to)'],
    ['resample: not stretched', 'Math.max(from / to, 1)', '1'],
  ]),
  ...mutantsOf('encodings/input/learned-grid.ts', 'catalogue.test.ts', [
    ['learned-grid: class token resized', 'weights[token * cells] = 1;', 'weights[token * cells] = 0;'],
  ]),
  ...mutantsOf('encodings/input/sinusoidal-grid.ts', 'catalogue.test.ts', [
    ['sinusoidal-grid: MAE as it is named', '(axes - 1 - axis) * 2 * count', 'axis * 2 * count'],
    ['sinusoidal-grid: no small number', '+ 1e-6', ''],
  ]),
  ...mutantsOf('encodings/input/space-time.ts', 'catalogue.test.ts', [
    ['space-time: rows for columns', "'row') * columns", "'row') * rows"],
  ]),
  ...mutantsOf('encodings/input/axial-learned.ts', 'catalogue.test.ts', [
    ['axial-learned: column first', 'Math.floor(value / columns)', 'Math.floor(value / rows)'],
  ]),
  ...mutantsOf('encodings/input/fourier-features.ts', 'catalogue.test.ts', [
    ['fourier-features: twice the frequencies', '(extents[axis] as number) / 2;', '(extents[axis] as number);'],
    ['random-fourier: corners', '(2 * (value + 0.5))', '(2 * value)'],
    [
      'learnable-fourier: sines first',
      'concatenate([cos(angles), sin(angles)], -1), features',
      'concatenate([sin(angles), cos(angles)], -1), features',
    ],
  ]),
  ...mutantsOf('encodings/input/time.ts', 'catalogue.test.ts', [
    ['time: divided before subtracting', '(value - start) / unit', 'value / unit - start'],
    ['functional-time: not of length 1', 'Math.sqrt(1 / count)', 'Math.sqrt(2 / count)'],
  ]),
  ...mutantsOf('encodings/input/drawn.ts', 'encodings/drawn.test.ts', [
    ['cape: evaluation is drawn', "if (purpose === 'evaluation') return centred;", ''],
    ['shifted: one shift too few', '(maximumShift + 1))', 'maximumShift)'],
    ['randomized: not sorted', 'sort((a, b) => a - b);\n}', 'reverse();\n}'],
    ['randomized: with replacement', 'chosen.has(candidate) ? last : candidate', 'candidate'],
  ]),
  ...mutantsOf('encodings/input/convolutional.ts', 'catalogue.test.ts', [
    ['convolutional: sees one later', 'tap - Math.floor(kernel / 2)', 'tap - Math.floor(kernel / 2) + 1'],
    ['convolutional: not normalised', 'divide(direction, sqrt(maximum(squares, 1e-24)))', 'direction'],
    ['positional-encoding-generator: transposed', 'axes - 1 - axis', 'axis'],
  ]),
  ...mutantsOf('positions/graphs.ts', 'catalogue.test.ts', [
    ['graphs: walks backwards', 'chance / around.size', 'chance / 2'],
    ['graphs: distances from 1', 'values[start * nodes + start] = 0;', 'values[start * nodes + start] = 1;'],
  ]),
];
