/** Generated problems about numbers: adding, sorting and counting. Knows no model and nothing of batches. */

import type { Uniform } from '../task.ts';
import { ascending, drawSize, LETTERS, type Problem, sizesOf } from './problem.ts';

const PLUS = 10;

/** Digits of both numbers in the trained and the longer stretches. */
const DIGITS = sizesOf(5, 6, 8, 12);

/** Two numbers of up to so many digits, added: least significant digit first, which every step can do with a carry. */
export const addition: Problem = {
  name: 'addition',
  description:
    'Add two numbers of equally many digits, all written from the least significant digit on (Lee et al. 2023, arXiv ' +
    '2307.03381, section 3; lengths as in McLeish et al. 2024, arXiv 2405.17399).',
  sizeUnit: 'digits',
  symbols: PLUS + 1,
  sizes: DIGITS,
  longest: { all: 12 + 1 + 12 + 13, trained: 5 + 1 + 5 + 6 },
  separate: true,
  draw: (sizes, _use, uniform) => {
    const size = drawSize(sizes, uniform);
    const digits = (): number[] => Array.from({ length: size }, () => Math.floor(uniform() * 10));
    const [a, b] = [digits(), digits()];
    let carry = 0;
    const sum = a.map((digit, at) => {
      const total = digit + (b[at] as number) + carry;
      carry = total >= 10 ? 1 : 0;
      return total % 10;
    });
    return { question: [...a, PLUS, ...b], answer: [...sum, carry] };
  },
};

/** Letters put in their order: what order they came in does not matter. */
export const sort: Problem = {
  name: 'sort',
  description:
    'Write the letters in ascending order (Kazemnejad et al. 2023, arXiv 2305.19466, appendix C): the order of the ' +
    'question does not matter, only places in the answer do.',
  sizeUnit: 'letters',
  symbols: LETTERS,
  sizes: sizesOf(20, 25, 30, 40),
  longest: { all: 2 * 40, trained: 2 * 20 },
  separate: true,
  blind: ascending,
  draw: (sizes, _use, uniform) => {
    const question = letters(drawSize(sizes, uniform), uniform);
    return { question, answer: ascending(question) };
  },
};

/** How often does the first letter stand in the question? In two digits. */
export const count: Problem = {
  name: 'count',
  description:
    'Say in two digits how often the first letter stands in the question (after Golovneva et al. 2024, arXiv 2405.18719, ' +
    'section 5.3, and Chang, Bisk 2024, arXiv 2405.20131).',
  sizeUnit: 'letters',
  symbols: 10 + LETTERS,
  sizes: sizesOf(20, 25, 30, 40),
  longest: { all: 40 + 2, trained: 20 + 2 },
  separate: true,
  // Which letter is asked about only the order says: the commonest one is the best guess.
  blind: (symbols) => digitsOf(Math.max(...symbols.map((symbol) => occurrences(symbols, symbol)))),
  draw: (sizes, _use, uniform) => {
    const size = drawSize(sizes, uniform);
    const asked = 10 + Math.floor(uniform() * LETTERS);
    // The share of the letter asked about is drawn too, so that small and large counts are both common.
    const share = uniform();
    const others = Array.from({ length: size - 1 }, () =>
      uniform() < share ? asked : 10 + Math.floor(uniform() * LETTERS),
    );
    const question = [asked, ...others];
    return { question, answer: digitsOf(occurrences(question, asked)) };
  },
};

function occurrences(symbols: readonly number[], symbol: number): number {
  return symbols.filter((other) => other === symbol).length;
}

function digitsOf(number: number): number[] {
  return [Math.floor(number / 10), number % 10];
}

function letters(size: number, uniform: Uniform): number[] {
  return Array.from({ length: size }, () => Math.floor(uniform() * LETTERS));
}
