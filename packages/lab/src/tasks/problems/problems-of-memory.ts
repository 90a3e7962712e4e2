/** Generated problems about finding one thing in a long past. Knows no model and nothing of batches. */
import { drawSize, LETTERS, type Problem, sizesOf } from './problem.ts';

const [WRITE, READ, IGNORE] = [2, 3, 4] as const;
/** How likely an instruction is to be ignored; the rest is divided between writing and reading. */
const IGNORED = 0.8;

/** What was written last? */
export const flipFlop: Problem = {
  name: 'flip-flop',
  description:
    'Instructions, each with a bit: write, ignore, read; the last is a read, and the answer is the bit of the last write ' +
    '(Liu et al. 2023, arXiv 2306.00946, definition 1 and section 4: four of five instructions are ignored).',
  sizeUnit: 'instructions',
  symbols: 5,
  sizes: sizesOf(16, 24, 32, 64),
  separate: true,
  longest: { all: 2 * 64 + 1 + 1, trained: 2 * 16 + 1 + 1 },
  blind: (symbols) => [
    symbols.filter((symbol) => symbol === 1).length * 2 > symbols.filter((symbol) => symbol < 2).length ? 1 : 0,
  ],
  draw: (sizes, _use, uniform) => {
    const size = drawSize(sizes, uniform);
    let held = Math.floor(uniform() * 2);
    const question: number[] = [WRITE, held];
    for (let instruction = 1; instruction < size; instruction += 1) {
      const fraction = uniform();
      const bit = Math.floor(uniform() * 2);
      if (fraction < IGNORED) question.push(IGNORE, bit);
      else if (fraction < (1 + IGNORED) / 2) {
        held = bit;
        question.push(WRITE, bit);
      } else question.push(READ, held);
    }
    return { question: [...question, READ], answer: [held] };
  },
};

/** Keys and values are letters of alphabets of their own. */
const KEYS = 20;

/** Which value stands behind this key? */
export const needle: Problem = {
  name: 'needle',
  description:
    'Pairs of a key and a value in any order, all keys different; then one key, whose value is the answer (the associative ' +
    'recall of Graves et al. 2014, arXiv 1410.5401, section 4.3, in the form of Arora et al. 2023, arXiv 2312.04927).',
  sizeUnit: 'pairs',
  symbols: KEYS + LETTERS,
  sizes: sizesOf(8, 10, 14, KEYS),
  separate: true,
  longest: { all: 2 * KEYS + 1 + 1, trained: 2 * 8 + 1 + 1 },
  blind: (symbols) => {
    // The key asked about stands twice, but which value is its own only the order says: the commonest is the best guess.
    const values = symbols.filter((symbol) => symbol >= KEYS);
    const often = (value: number): number => values.filter((other) => other === value).length;
    return [values.reduce((best, value) => (often(value) > often(best) ? value : best), values[0] as number)];
  },
  draw: (sizes, _use, uniform) => {
    const size = drawSize(sizes, uniform);
    const keys = Array.from({ length: KEYS }, (_, key) => key);
    for (let left = KEYS; left > KEYS - size; left -= 1) {
      const at = Math.floor(uniform() * left);
      [keys[at], keys[left - 1]] = [keys[left - 1] as number, keys[at] as number];
    }
    const chosen = keys.slice(KEYS - size);
    const values = chosen.map(() => KEYS + Math.floor(uniform() * LETTERS));
    const asked = Math.floor(uniform() * size);
    const question = [...chosen.flatMap((key, at) => [key, values[at] as number]), chosen[asked] as number];
    return { question, answer: [values[asked] as number] };
  },
};
