/** Mistakes in encodings that compute from content that tests must notice. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const contentMutants: readonly Mutant[] = [
  ...mutantsOf('parts/pairs.ts', 'catalogue.test.ts', [
    ['pairs: skewed the other way', 'concatenate([zeros, products], -1)', 'concatenate([products, zeros], -1)'],
  ]),
  ...mutantsOf('encodings/content/music-transformer.ts', 'catalogue.test.ts', [
    ['music-transformer: nearest first', 'first + maximumDistance - Math.max', 'Math.max'],
    ['music-transformer: far distances share a vector', "beyond === 'none' ? 1 : 0", '0'],
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
  ...mutantsOf('encodings/content/deberta.ts', 'encodings/content.test.ts', [
    ['deberta: too few buckets', 'buckets < 4', 'buckets < 1'],
    ['deberta: buckets beyond the distances', 'maximumDistance - 1 > Math.floor', 'maximumDistance + 1 > Math.floor'],
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
      'subtract(atQueries, transpose(operations, atKeys))',
      'add(atQueries, transpose(operations, atKeys))',
    ],
    ['cable: rewards', 'operations.multiply(softplus(operations, x), -1)', 'softplus(operations, x)'],
    [
      'forgetting: later keys by earlier gates',
      'given.queryUpTo as T, forward, backward',
      'given.queryUpTo as T, forward, forward',
    ],
  ]),
  ...mutantsOf('encodings/content/dape.ts', 'catalogue.test.ts', [
    ['dape: bias forgotten', 'add(add(scores, biases), slice', 'add(scores, slice'],
    ['dape: nothing after the last key', 'answer(withZeros(operations, both, kernel)', 'answer(both'],
  ]),
  ...mutantsOf('encodings/content/dape.ts', 'encodings/content.test.ts', [
    ['dape: future leaks', 'given.upTo as T, visibility', '1, visibility'],
    ['dape: hidden keys leak', 'visibility(operations, mask, keys)', '1'],
    ['dape: padding known', 'byPair(atMost(operations, seen, 1))', '1'],
    ['dape: heads unequal', '(bias.options.numHeads ?? numHeads) !== numHeads', 'false'],
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
  ...mutantsOf('parts/order.ts', 'encodings/content.test.ts', [
    ['order: a query like any at its position', 'multiply(signals.own as T, visible)', '(signals.own as T)'],
    ['order: hidden tokens are summed', 'multiply(x, seenKeys(operations, visible))', 'x'],
    [
      'order: convolution reads padding',
      'multiply(slice(x, 1, 0, count), reshape',
      'add(slice(x, 1, 0, count), reshape',
    ],
    ['order: tokens in any order', '  checkOrder(name, keys);', ''],
    ['order: queries that are no keys', '.includes(1)) continue', '.includes(1) || true) continue'],
  ]),
  ...mutantsOf('parts/order.ts', 'encodings/content.test.ts', [
    ['order: kernel starts too wide', 'minimum: -bound, maximum: bound', 'minimum: -1, maximum: 1'],
  ]),
  ...mutantsOf('encodings/content/forgetting.ts', 'encodings/content.test.ts', [
    ['forgetting: start not checked', 'if (!Number.isFinite(startBias))', 'if (false)'],
    ['forgetting: starts as x-transformers', 'startBias = 0, bidirectional', 'startBias = 5, bidirectional'],
  ]),
  ...mutantsOf('encodings/content/tupe.ts', 'encodings/content.test.ts', [
    ['tupe: projections start wide', '[modelDim, modelDim], 0.02', '[modelDim, modelDim], 0.2'],
  ]),
  ...mutantsOf('encodings/structure/scalable-softmax.ts', 'encodings/content.test.ts', [
    ['scalable-softmax: start not checked', 'if (!Number.isFinite(start))', 'if (false)'],
  ]),
  ...mutantsOf('encodings/content/path.ts', 'encodings/content.test.ts', [
    ['path: packed sequences meet', 'multiply(given.queryUpTo as T, visible)', 'given.queryUpTo as T'],
  ]),
  ...mutantsOf('encodings/content/transformer-xl.ts', 'encodings/content.test.ts', [
    [
      'transformer-xl: sharing not checked',
      "options.sharing ?? 'layer', ['model', 'layer'])",
      "options.sharing ?? 'layer', [options.sharing ?? 'layer'])",
    ],
  ]),
  ...mutantsOf('encodings/content/attention-temperature.ts', 'encodings/content.test.ts', [
    ['attention-temperature: unused options', 'if (!unused[option] ||', 'if (true ||'],
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
