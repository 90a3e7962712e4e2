/** Mistakes in encodings, positions and angles that tests must notice, most of them made by the field before. */
import { type Mutant, mutantsOf } from './mutant.ts';

const float32Angles = (frequency: string): string =>
  `[Math.cos(Math.fround(position * ${frequency}[0])), Math.sin(Math.fround(position * ${frequency}[0]))]`;

export const encodingMutants: readonly Mutant[] = [
  ...mutantsOf('encodings/input/sinusoidal.ts', 'encodings/sinusoidal.test.ts', [
    ['sinusoidal: sign of sine', "'interleaved' ? 2 * k : k)] = sin;", "'interleaved' ? 2 * k : k)] = -sin;"],
    ['sinusoidal: sine and cosine swapped', 'const [cos, sin] =', 'const [sin, cos] ='],
    ['sinusoidal: layouts swapped', "(layout === 'interleaved' ? 2 * k : k)", "(layout === 'halves' ? 2 * k : k)"],
    ['sinusoidal: exponent convention swapped', "exponent === 'paper' ? [2, dim]", "exponent !== 'paper' ? [2, dim]"],
    ['sinusoidal: base ignored', 'geometricFrequencies(base,', 'geometricFrequencies(10000,'],
    ['sinusoidal: offset ignored', 'cosSin(position, frequency)', 'cosSin(row, frequency)'],
    ['sinusoidal: float32 angles', 'cosSin(position, frequency)', float32Angles('frequency')],
  ]),
  ...mutantsOf('encodings/input/learned.ts', 'encodings/learned.test.ts', [
    [
      'learned: positions past the table clamped',
      "const { batch, length, values } = checkSingleAxis('learned', positions);",
      "const { batch, length, values: given } = checkSingleAxis('learned', positions);\n" +
        'const values = given.map((value) => Math.min(value, maximumPositions - 1));',
    ],
    ['learned: one row too few', 'value < maximumPositions)', 'value < maximumPositions - 1)'],
    ['learned: offset ignored', 'data: values,', 'data: values.map((_, index) => index % length),'],
  ]),
  ...mutantsOf('parts/rotation.ts', 'encodings/rotary.test.ts', [
    [
      'rotary: turns backwards',
      'multiply(first, cos), multiply(second, sin)',
      'multiply(first, sin), multiply(second, cos)',
    ],
    ['rotary: sign of one sine', 'plus(multiply(first, sin)', 'subtract(multiply(first, sin)'],
    [
      'rotary: offset ignored',
      'values[token * axes + axis]',
      '(values[token * axes + axis] as number, token % length)',
    ],
    [
      'rotary: float32 angles',
      'cosSin(values[token * axes + axis] as number, frequency)',
      float32Angles('frequency').replaceAll('position', '(values[token * axes + axis] as number)'),
    ],
    ['rotary: wrong channels left alone', 'slice(x, -1, 2 * pairs, headDim)', 'slice(x, -1, 0, headDim - 2 * pairs)'],
  ]),
  ...mutantsOf('encodings/rotary/rotary.ts', 'encodings/rotary.test.ts', [
    [
      'rotary: pairing swapped',
      'signals.sin as T, pairing),',
      "signals.sin as T, pairing === 'half' ? 'interleaved' : 'half'),",
    ],
    ['rotary: base ignored', 'plainSpectrum(base,', 'plainSpectrum(10000,'],
  ]),
  ...mutantsOf('parts/spectrum.ts', 'encodings/rotary.test.ts', [
    ['rotary: frequencies over the whole head', 'rotaryDim / 2, 2, rotaryDim)', 'rotaryDim / 2, 2, headDim)'],
  ]),
  ...mutantsOf('encodings/scores/alibi.ts', 'encodings/alibi.test.ts', [
    ['alibi: slopes off by one', '(-8 * (k + 1)) / count', '(-8 * k) / count'],
    ['alibi: wrong slopes between powers of two', 'k % 2 === 0', 'k % 2 === 1'],
    ['alibi: distance rewarded', '-slope * Math.abs(offset)', 'slope * Math.abs(offset)'],
    ['alibi: left and right halves swapped', 'head < half ? 1 : -1', 'head < half ? -1 : 1'],
    [
      'alibi: halves share one series of slopes',
      '[...alibiSlopes(half), ...alibiSlopes(half)]',
      'alibiSlopes(numHeads)',
    ],
    ['alibi: one head for all', 'data[start + pair] =', 'data[row * numHeads * pairs + pair] ='],
  ]),
  ...mutantsOf('encodings/scores/t5.ts', 'encodings/t5.test.ts', [
    ['t5: direction flipped', 'offset > 0 ? perSide : 0', 'offset < 0 ? perSide : 0'],
    ['t5: causal distance transposed', 'Math.max(-offset, 0)', 'Math.max(offset, 0)'],
    ['t5: scale ignored', '[0, 3, 1, 2]), scale)', '[0, 3, 1, 2]), 1)'],
    ['t5: queries and keys transposed', '[0, 3, 1, 2]', '[0, 3, 2, 1]'],
    ['t5: maximum distance ignored', 'Math.log(maxDistance / exact)', 'Math.log(128 / exact)'],
    ['t5: rounded instead of cut', 'Math.floor(logarithmic)', 'Math.round(logarithmic)'],
    ['t5: too few exact buckets', 'const exact = Math.floor(perSide / 2);', 'const exact = Math.floor(perSide / 4);'],
    ['t5: a bucket past the last', 'Math.floor(logarithmic), perSide - 1)', 'Math.floor(logarithmic), perSide)'],
  ]),
  ...mutantsOf('positions/axes.ts', 'encodings/t5.test.ts', [
    [
      'pairs: queries and keys exchanged',
      '(keys.values[firstKey + key] as number) - position',
      'position - (keys.values[firstKey + key] as number)',
    ],
  ]),
  ...mutantsOf('positions/axes.ts', 'encodings/alibi.test.ts', [
    ['pairs: the first sequence for the whole batch', 'keys.batch === 1 ? 0 : row * keys.length', '0'],
  ]),
  ...mutantsOf('numbers/angles.ts', 'encodings/sinusoidal.test.ts', [
    ['angles: low part of the frequency dropped', 'low + position * frequency[1]', 'low'],
    ['angles: low part of the product dropped', '[high, low + position', '[high, position'],
    ['angles: remainder of the angle dropped', 'sin + cos * rest', 'sin'],
    ['angles: 2π as one float64', 'second, secondLow - turns * TURN[2]', '0, 0'],
  ]),
  ...mutantsOf('numbers/double-double.ts', 'numbers/double-double.test.ts', [
    ['frequencies: float64 power', '(-start * (excess[0] + excess[1])) / denominator', '0'],
  ]),
  ...mutantsOf('positions/positions.ts', 'positions/positions.test.ts', [
    ['positions: start ignored', 'start + index', 'index'],
  ]),
  ...mutantsOf('encoding.ts', 'encoding.test.ts', [
    ['initialize: standard deviation ignored', 'initializer.standardDeviation * random.normal()', 'random.normal()'],
    ['initialize: uniform without its minimum', 'initializer.minimum + (', '('],
  ]),
];
