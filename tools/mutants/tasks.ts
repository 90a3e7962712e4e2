/** Mistakes in how tasks divide, cut, tag, write and score texts that tests must notice. */
import type { Mutant } from './mutant.ts';

/** Mutants of one source file of the workbench against one of its test files. */
function labMutants(
  source: string,
  test: string,
  changes: readonly (readonly [name: string, search: string, replace: string])[],
): Mutant[] {
  const [file, testFile] = [`packages/lab/src/${source}`, `packages/lab/test/${test}`];
  return changes.map(([name, search, replace]) => ({ name, file, search, replace, test: testFile }));
}

export const taskMutants: readonly Mutant[] = [
  ...labMutants('tasks/metrics/bleu.ts', 'tasks/metrics/bleu-chrf.test.ts', [
    ['BLEU: no brevity penalty', 'if (hypothesisLength >= referenceLength) return 1;', 'return 1;'],
    ['BLEU: smoothing does not grow', 'smoothed *= 2;', 'smoothed = 2;'],
  ]),
  ...labMutants('tasks/metrics/chrf.ts', 'tasks/metrics/bleu-chrf.test.ts', [
    ['chrF: β of 1', 'BETA = 2;', 'BETA = 1;'],
  ]),
  ...labMutants('tasks/metrics/alignment.ts', 'tasks/metrics/alignment.test.ts', [
    ['alignment: possible links forgotten', '[...pair.sure, ...(pair.possible ?? [])]', 'pair.sure'],
  ]),
  ...labMutants('tasks/metrics/spans.ts', 'tasks/metrics/spans.test.ts', [
    ['spans: types run together', "prefix === 'I' && open?.type === name", "prefix === 'I' && open !== undefined"],
    ['spans: lenient and strict exchanged', "mode === 'lenient'))", "mode === 'strict'))"],
  ]),
  ...labMutants('tasks/metrics/quantiles.ts', 'tasks/metrics/quantiles.test.ts', [
    ['pinball: sides exchanged', 'error >= 0 ? quantile', 'error < 0 ? quantile'],
    ['coverage: ends left out', '<= value && value <=', '< value && value <'],
  ]),
  ...labMutants('tasks/shared/splits.ts', 'tasks/splits.test.ts', [
    ['splits: known texts stay', '!isAmong(trained, key) && !heldOut.has(key)', 'true'],
    ['splits: validation is tested again', ' && !heldOut.has(key)', ''],
  ]),
  ...labMutants('tasks/text/held-out-names.ts', 'tasks/own-entities.test.ts', [
    ['names: trained on', 'splits.train.filter(({ names }) => !names.some(isHeldOut))', 'splits.train'],
  ]),
  ...labMutants('tasks/text/named-text.ts', 'tasks/own-entities.test.ts', [
    ['names: known ones scored', '{ ...word, scored: false }', 'word'],
    ['names: of other words', 'names.fill(tokens.slice(from, end)', 'names.fill(tokens.slice(from, end - 1)'],
  ]),
  ...labMutants('tasks/text/numbered-windows.ts', 'tasks/own-entities.test.ts', [
    ['windows: only the first is drawn', 'windows[at] = window;', 'windows[at] = 0;'],
  ]),
  ...labMutants('tasks/language/language-tokens.ts', 'tasks/language-own.test.ts', [
    ['language: unknown words scored', '(id) => (id === unknown ? UNKNOWN_TOKEN : id)', '(id) => id'],
    ['language: characters counted twice', 'ends[index - 1] ?? 0', '0'],
  ]),
  ...labMutants('tasks/order/usable-sentences.ts', 'tasks/order.test.ts', [
    ['order: sentences used again', 'else if (seen.has(key)) repeated += 1;', ''],
    ['order: one word again and again', 'tokens.every((token) => token === tokens[0])', 'false'],
  ]),
  ...labMutants('tasks/shared/growing-numbers.ts', 'tasks/order.test.ts', [
    ['numbers: lost when there is no more room', 'grown.set(this.#all);', ''],
  ]),
  ...labMutants('tasks/shared/hashed-keys.ts', 'tasks/splits.test.ts', [
    ['splits: equal keys apart', 'compare(order[place - 1] as number, index) !== 0', 'true'],
  ]),
  ...labMutants('tasks/problems/own-exercises.ts', 'tasks/own-symbols.test.ts', [
    [
      'exercises: the longest are left out',
      'indicesWithin(lengths.train, 0, plan.trained)',
      'indicesWithin(lengths.train, 0, plan.trained - 1)',
    ],
  ]),
  ...labMutants('tasks/text/tagged-text.ts', 'tasks/own-entities.test.ts', [
    ['windows: do not overlap enough', 'Math.max(1, Math.floor(length / 2))', 'length + 1'],
  ]),
  ...labMutants('tasks/text/text-spans.ts', 'tasks/own-questions.test.ts', [
    ['answers: only first windows are drawn', 'windows[drawn.windows[at] as number] as AnswerWindow', 'windows[0]'],
  ]),
  ...labMutants('tasks/text/asked-text.ts', 'tasks/own-questions.test.ts', [
    ['answers: windows leave gaps', 'Math.max(1, Math.floor(room / 2))', 'room + 1'],
  ]),
  ...labMutants('tasks/text/text-extracts.ts', 'tasks/own-summaries.test.ts', [
    [
      'extracts: the least probable words',
      '(odds[b] as number) - (odds[a] as number) || a - b',
      '(odds[a] as number) - (odds[b] as number)',
    ],
    ['extracts: in the order of their odds', '.sort((a, b) => a - b)', ''],
    ['extracts: letter case counts', 'list.map(({ word }) => word.toLowerCase())', 'list.map(({ word }) => word)'],
    ['extracts: the latest of equals', 'as number) >= (common[', 'as number) > (common['],
  ]),
  ...labMutants('training/predictions.ts', 'training/predictions.test.ts', [
    [
      'odds: of the second tag alone',
      'return most + Math.log(others.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) - first;',
      'return (others[0] as number) - first;',
    ],
  ]),
  ...labMutants('tasks/text/word-links.ts', 'tasks/word-links.test.ts', [
    ['links: rows and columns exchanged', 'weights[row * columns + column]', 'weights[column * columns + row]'],
  ]),
  ...labMutants('training/beam-search.ts', 'training/beam-search.test.ts', [
    ['beam: sum instead of mean', 'const score = logProbability / step;', 'const score = logProbability;'],
    ['beam: parents forgotten', 'nextParents[first + goOn.length] = row;', ''],
  ]),
  ...labMutants('training/loss.ts', 'training/heads-goldens.test.ts', [
    ['pinball loss: sign', 'multiply(subtract(levels, 1), error)', 'multiply(subtract(1, levels), error)'],
  ]),
];
