/** Mistakes in encodings that compute from content that tests must notice. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const contentMutants: readonly Mutant[] = [
  ...mutantsOf('parts/pairs.ts', 'catalogue.test.ts', [
    ['pairs: skewed the other way', 'concatenate([zeros, products], -1)', 'concatenate([products, zeros], -1)'],
  ]),
  ...mutantsOf('encodings/content/music-transformer.ts', 'catalogue.test.ts', [
    ['music-transformer: nearest first', 'return maximumDistance - Math.min', 'return Math.min'],
  ]),
  ...mutantsOf('encodings/content/transformer-xl.ts', 'catalogue.test.ts', [
    [
      'transformer-xl: biases exchanged',
      'add(queries, learned.positionBias as T)',
      'add(queries, learned.contentBias as T)',
    ],
  ]),
  ...mutantsOf('encodings/content/deberta.ts', 'catalogue.test.ts', [
    [
      'deberta: content not divided',
      'multiply(add(scores, multiply(added, scale)), 1 / Math.sqrt(3))',
      'add(scores, multiply(multiply(added, scale), 1 / Math.sqrt(3)))',
    ],
    ['deberta: distances reversed for keys', '(offset) => row(offset)),', '(offset) => row(-offset)),'],
  ]),
  ...mutantsOf('encodings/content/tupe.ts', 'catalogue.test.ts', [
    ['tupe: positions twice as large', 'scale / Math.SQRT2', 'scale'],
    [
      'tupe: class token exchanged',
      'where(given.toFirst as T, firstOf(1), positions)',
      'where(given.toFirst as T, firstOf(0), positions)',
    ],
  ]),
  ...mutantsOf('encodings/content/decomposed.ts', 'catalogue.test.ts', [
    ['decomposed: columns by rows', "along('columnTable', 'columns')", "along('columnTable', 'rows')"],
  ]),
  ...mutantsOf('encodings/content/cope.ts', 'catalogue.test.ts', [
    ['cope: scalings exchanged', "scaling === 'divided' ?", "scaling !== 'divided' ?"],
    ['cope: hidden keys count', 'multiply(sigmoid(logits), visible)', 'sigmoid(logits)'],
  ]),
  ...mutantsOf('encodings/content/inkling.ts', 'catalogue.test.ts', [
    [
      'inkling: no end',
      'pickPerPair(operations, products, given.products as T), given.near as T',
      'pickPerPair(operations, products, given.products as T), 1',
    ],
  ]),
  ...mutantsOf('encodings/content/forgetting.ts', 'catalogue.test.ts', [
    [
      'forgetting: remembers instead',
      'subtract(matmul(atQueries, one), transpose',
      'add(matmul(atQueries, one), transpose',
    ],
    ['cable: rewards', 'operations.multiply(softplus(operations, x), -1)', 'softplus(operations, x)'],
  ]),
  ...mutantsOf('encodings/content/dape.ts', 'catalogue.test.ts', [
    ['dape: bias forgotten', 'add(add(scores, biases), permute', 'add(scores, permute'],
    ['dape: future leaks', 'if (kernel > 1) both', 'if (kernel > 9) both'],
  ]),
  ...mutantsOf('encodings/content/contextual-rotary.ts', 'catalogue.test.ts', [
    ['context-aware-rotary: powers from 0', '(_, k) => k + 1)', '(_, k) => k)'],
    ['selective-rotary: input not normalised', 'reshape(unitLength(operations, shares)', 'reshape(shares'],
  ]),
  ...mutantsOf('parts/order.ts', 'catalogue.test.ts', [
    [
      'order: convolution reversed',
      'slice(weight, 0, width - 1 - back, width - back)',
      'slice(weight, 0, back - 1, back)',
    ],
    ['order: own token left out', 'Number(offset <= 0)', 'Number(offset < 0)'],
  ]),
  ...mutantsOf('encodings/content/path.ts', 'catalogue.test.ts', [
    ['path: too few powers', 'covered < length', 'covered * 2 < length'],
    [
      'path: beta up to 1',
      'sigmoid(splitHeads(operations, logits, numHeads)), 2',
      'sigmoid(splitHeads(operations, logits, numHeads)), 1',
    ],
  ]),
  ...mutantsOf('encodings/content/attention-temperature.ts', 'catalogue.test.ts', [
    [
      'attention-temperature: Llama 4 as Ministral',
      'Math.floor((position + 1) / length)) * factor',
      'Math.floor(position / length)) * factor',
    ],
  ]),
  ...mutantsOf('encodings/structure/scalable-softmax.ts', 'catalogue.test.ts', [
    [
      'scalable-softmax: mask forgotten',
      'add(multiply(subtract(scores, mask), factor), mask)',
      'multiply(scores, factor)',
    ],
  ]),
];
