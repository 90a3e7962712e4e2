/**
 * Problems with one right answer of any length, generated: what a model that understood the rule would solve at every
 * length. Knows no model and nothing of batches.
 */
import { hashFraction } from '../../data/hash.ts';
import type { Uniform } from '../task.ts';
import { ascending, drawSize, type Exercise, LETTERS, type Problem, sizesOf } from './problem.ts';
import { flipFlop, needle } from './problems-of-memory.ts';
import { addition, count, sort } from './problems-of-numbers.ts';

const drawLetter = (uniform: Uniform): number => Math.floor(uniform() * LETTERS);

const copyingSizes = sizesOf(20, 25, 30, 40);

/** Questions of letters, answered with as many letters. */
function onLetters(
  name: string,
  description: string,
  question: (size: number, uniform: Uniform) => number[],
  answer: (question: readonly number[]) => number[],
  blind: (symbols: readonly number[]) => number[] = ascending,
): Problem {
  return {
    name,
    description,
    sizeUnit: 'letters',
    symbols: LETTERS,
    sizes: copyingSizes,
    longest: { all: 2 * 40, trained: 2 * 20 },
    separate: true,
    blind,
    draw: (sizes, _use, uniform) => {
      const asked = question(drawSize(sizes, uniform), uniform);
      return { question: asked, answer: answer(asked) };
    },
  };
}

const letters = (size: number, uniform: Uniform): number[] => Array.from({ length: size }, () => drawLetter(uniform));

const copy = onLetters(
  'copy',
  'Write the letters again (Kazemnejad et al. 2023, arXiv 2305.19466, appendix C).',
  letters,
  (question) => [...question],
);

const repeat = onLetters(
  'repeat',
  'Write one letter as often as it stands there (Kazemnejad et al. 2023, arXiv 2305.19466, appendix C).',
  (size, uniform) => new Array<number>(size).fill(drawLetter(uniform)),
  (question) => [...question],
);

const reverse = onLetters(
  'reverse',
  'Write the letters backwards (Kazemnejad et al. 2023, arXiv 2305.19466, appendix C).',
  letters,
  (question) => question.toReversed(),
);

/** Letters to find among blanks; in training there are as many of both. */
const FOUND = 12;
const BLANK = LETTERS;

const selectiveCopy: Problem = {
  name: 'selective-copy',
  description:
    'Write the letters that stand among blanks, in order (Gu, Dao 2023, arXiv 2312.00752, section 3.1; asked with fewer ' +
    'and more blanks than trained as by Golovneva et al. 2024, arXiv 2405.18719, section 5.2).',
  sizeUnit: 'blanks',
  symbols: LETTERS + 1,
  sizes: [
    { label: '12', minimum: 12, maximum: 12 },
    { label: '6 (dense)', minimum: 6, maximum: 6 },
    { label: '18', minimum: 18, maximum: 18 },
    { label: '24 (sparse)', minimum: 24, maximum: 24 },
  ],
  longest: { all: FOUND + 24 + FOUND, trained: FOUND + 12 + FOUND },
  separate: true,
  blind: (symbols) => ascending(symbols.filter((symbol) => symbol !== BLANK)),
  draw: (sizes, _use, uniform) => {
    const answer = Array.from({ length: FOUND }, () => drawLetter(uniform));
    let blanks = drawSize(sizes, uniform);
    const question: number[] = [];
    for (let next = 0; next < FOUND || blanks > 0; ) {
      const left = FOUND - next;
      // Every order of letters and blanks is equally likely.
      if (uniform() * (left + blanks) < left) question.push(answer[next++] as number);
      else {
        question.push(BLANK);
        blanks -= 1;
      }
    }
    return { question, answer };
  },
};

const WORDS = 'walk look run jump turn left right opposite around twice thrice and after'.split(' ');
const ACTIONS = 'WALK LOOK RUN JUMP LTURN RTURN'.split(' ');

/** Every command of SCAN with its actions: 20,910 (Lake, Baroni 2018, arXiv 1711.00350, supplement, figures 6 and 7). */
export function scanCommands(): readonly { readonly command: string; readonly actions: string }[] {
  type Phrase = { readonly command: string; readonly actions: string };
  const verbs = ['walk', 'look', 'run', 'jump'].map((verb): Phrase => ({ command: verb, actions: verb.toUpperCase() }));
  const join = (...actions: readonly string[]): string => actions.filter((action) => action !== '').join(' ');
  const directed = ['left', 'right'].flatMap((side) => {
    const turn = side === 'left' ? 'LTURN' : 'RTURN';
    return [...verbs, { command: 'turn', actions: '' }].flatMap(({ command, actions }): Phrase[] => [
      { command: `${command} ${side}`, actions: join(turn, actions) },
      { command: `${command} opposite ${side}`, actions: join(turn, turn, actions) },
      { command: `${command} around ${side}`, actions: join(...new Array<string>(4).fill(join(turn, actions))) },
    ]);
  });
  const sentences = [...verbs, ...directed].flatMap(({ command, actions }): Phrase[] => [
    { command, actions },
    { command: `${command} twice`, actions: join(actions, actions) },
    { command: `${command} thrice`, actions: join(actions, actions, actions) },
  ]);
  const pairs = sentences.flatMap((first) =>
    sentences.flatMap((second): Phrase[] => [
      { command: `${first.command} and ${second.command}`, actions: join(first.actions, second.actions) },
      { command: `${first.command} after ${second.command}`, actions: join(second.actions, first.actions) },
    ]),
  );
  return [...sentences, ...pairs];
}

/** Of the commands whose length is trained, these are asked about and never trained on. */
const HELD_OUT = 0.1;

function scanProblem(): Problem {
  const commands = scanCommands().map(({ command, actions }) => {
    const answer = actions.split(' ').map((action) => WORDS.length + ACTIONS.indexOf(action));
    const heldOut = hashFraction(command) < HELD_OUT;
    return { question: command.split(' ').map((word) => WORDS.indexOf(word)), answer, heldOut };
  });
  const sizes = sizesOf(25, 26, 30, 48);
  const found = sizes.map(({ minimum, maximum }, index) => {
    const inside = commands.filter(({ answer }) => answer.length >= minimum && answer.length <= maximum);
    const heldOut = index === 0 ? inside.filter((one) => one.heldOut) : inside;
    return { training: inside.filter((one) => !one.heldOut), 'held-out': heldOut };
  });
  return {
    name: 'scan',
    description:
      'Translate a command into actions: “jump twice and turn left” (SCAN, all 20,910 commands by the grammar of Lake, ' +
      'Baroni 2018, arXiv 1711.00350; split by the number of actions).',
    sizeUnit: 'actions',
    symbols: WORDS.length + ACTIONS.length,
    sizes,
    longest: { all: 9 + 48, trained: 9 + 25 },
    draw: (asked, use, uniform) => {
      const place = sizes.findIndex(({ label }) => label === asked.label);
      const choices = (found[place] as (typeof found)[number])[use];
      return choices[Math.floor(uniform() * choices.length)] as Exercise;
    },
  };
}

/** The names there are. */
export const PROBLEM_NAMES = [
  'copy',
  'repeat',
  'reverse',
  'selective-copy',
  'scan',
  'addition',
  'sort',
  'count',
  'flip-flop',
  'needle',
] as const;

/** A problem by its name. */
export function findProblem(name: (typeof PROBLEM_NAMES)[number]): Problem {
  if (name === 'scan') return scanProblem();
  const others = {
    copy,
    repeat,
    reverse,
    'selective-copy': selectiveCopy,
    addition,
    sort,
    count,
    'flip-flop': flipFlop,
  };
  return { ...others, needle }[name];
}
