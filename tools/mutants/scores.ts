/** Mistakes in biases that tests must notice. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const scoresMutants: readonly Mutant[] = [
  ...mutantsOf('encodings/scores/sandwich.ts', 'catalogue.test.ts', [
    ['sandwich: multiplied by the ratio', '/ ((8 * (head + 1)) / numHeads)', '* ((8 * (head + 1)) / numHeads)'],
    ['sandwich: heads from 0', '(8 * (head + 1))', '(8 * (head + 2))'],
  ]),
  ...mutantsOf('encodings/scores/fire.ts', 'catalogue.test.ts', [
    ['fire: no threshold', 'maximum(given.places as T, limit)', 'given.places as T'],
    ['fire: no small number', '1e-6', '0'],
  ]),
  ...mutantsOf('encodings/scores/dynamic-position-bias.ts', 'catalogue.test.ts', [
    ['dynamic-position-bias: sign', 'keys, (offset) => -offset', 'keys, (offset) => offset'],
  ]),
  ...mutantsOf('encodings/scores/swin.ts', 'catalogue.test.ts', [
    ['swin: row-major over rows', 'row * (2 * columns - 1) + column', 'row * (2 * rows - 1) + column'],
    [
      'swin: key minus query',
      '(query[0] as number) - (key[0] as number) + rows',
      '(key[0] as number) - (query[0] as number) + rows',
    ],
    ['beit: class rows swapped', 'return [distances + 1]', 'return [distances]'],
  ]),
  ...mutantsOf('encodings/content/swin-v2.ts', 'catalogue.test.ts', [
    ['swin-v2: natural logarithm', 'Math.log2(1 + Math.abs(steps))', 'Math.log(1 + Math.abs(steps))'],
    [
      'swin-v2: bound missing',
      'atMost(operations, learned.logitScale as T, LARGEST_LOGARITHM)',
      'learned.logitScale as T',
    ],
  ]),
  ...mutantsOf('encodings/scores/kerple.ts', 'catalogue.test.ts', [
    ['kerple: bounds stop the gradient', 'passThrough(operations, x as T, maximum', '((_, __, y) => y)(0, 0, maximum'],
    ['kerple: power above 2', 'atMost(operations, atLeast, 2)', 'atLeast'],
  ]),
  ...mutantsOf('encodings/scores/graphormer.ts', 'catalogue.test.ts', [
    ['graphormer: the longest path is seen', 'value >= maximumDistance', 'value > maximumDistance'],
    ['graphormer: no path is the longest', 'maximumDistance + 1 : Math.min', 'maximumDistance : Math.min'],
  ]),
  ...mutantsOf('encodings/scores/alibi.ts', 'catalogue.test.ts', [
    ['alibi: euclidean for manhattan', "distance === 'manhattan' ? steps", "distance !== 'manhattan' ? steps"],
  ]),
];
