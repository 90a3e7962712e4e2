/** Generated problems: their rules, against published examples and counts. */
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/data/random.ts';
import { findProblem, PROBLEM_NAMES, scanCommands } from '../../src/tasks/problems/problems.ts';

describe('SCAN', () => {
  const commands = new Map(scanCommands().map(({ command, actions }) => [command, actions]));

  test('has the 20,910 commands of its paper, of at most 48 actions', () => {
    expect(commands.size).toBe(20_910);
    expect(Math.max(...[...commands.values()].map((actions) => actions.split(' ').length))).toBe(48);
  });

  // Lake, Baroni 2018, arXiv 1711.00350, figure 1.
  test.each([
    ['jump', 'JUMP'],
    ['jump left', 'LTURN JUMP'],
    ['jump around right', 'RTURN JUMP RTURN JUMP RTURN JUMP RTURN JUMP'],
    ['turn left twice', 'LTURN LTURN'],
    ['jump thrice', 'JUMP JUMP JUMP'],
    ['jump opposite left and walk thrice', 'LTURN LTURN JUMP WALK WALK WALK'],
    ['jump opposite left after walk around left', 'LTURN WALK LTURN WALK LTURN WALK LTURN WALK LTURN LTURN JUMP'],
  ])('%s', (command, actions) => {
    expect(commands.get(command)).toBe(actions);
  });

  test('commands that are asked about within the trained lengths are never trained on', () => {
    const problem = findProblem('scan');
    const { uniform } = createRandom(1, 'scan');
    const draw = (use: 'training' | 'held-out') =>
      new Set(Array.from({ length: 3000 }, () => problem.draw(problem.sizes[0], use, uniform).question.join(' ')));
    const trained = draw('training');
    expect([...draw('held-out')].filter((command) => trained.has(command))).toEqual([]);
  });
});

describe.each(PROBLEM_NAMES)('%s', (name) => {
  const problem = findProblem(name);

  test('answers fit their sizes and the longest length', () => {
    const { uniform } = createRandom(2, name);
    for (const [index, sizes] of problem.sizes.entries()) {
      for (let draw = 0; draw < 200; draw += 1) {
        const { question, answer } = problem.draw(sizes, 'held-out', uniform);
        const size = sizeOf(name, question, answer);
        expect(size).toBeGreaterThanOrEqual(sizes.minimum);
        expect(size).toBeLessThanOrEqual(sizes.maximum);
        const longest = index === 0 ? problem.longest.trained : problem.longest.all;
        expect(question.length + answer.length).toBeLessThanOrEqual(longest);
        for (const symbol of [...question, ...answer]) expect(symbol).toBeLessThan(problem.symbols);
      }
    }
  });

  // SCAN's answers are compared with its paper's above.
  if (name !== 'scan') {
    test('answers follow from their questions', () => {
      const { uniform } = createRandom(3, name);
      for (let draw = 0; draw < 50; draw += 1) {
        const { question, answer } = problem.draw(problem.sizes[1], 'training', uniform);
        expect(answer).toEqual(RULES[name](question));
      }
    });
  }
});

/** The rules again, in other words. */
const RULES: Readonly<
  Record<Exclude<(typeof PROBLEM_NAMES)[number], 'scan'>, (question: readonly number[]) => readonly number[]>
> = {
  copy: (question) => question,
  repeat: (question) => new Array<number>(question.length).fill(question[0] as number),
  reverse: (question) => question.toReversed(),
  'selective-copy': (question) => question.filter((symbol) => symbol < 10),
  addition: (question) => {
    const numbers = question
      .join(' ')
      .split(' 10 ')
      .map((digits) => BigInt(digits.split(' ').toReversed().join('')));
    const width = (question.length - 1) / 2 + 1;
    const sum = String((numbers[0] as bigint) + (numbers[1] as bigint)).padStart(width, '0');
    return [...sum].toReversed().map(Number);
  },
  sort: (question) => Array.from({ length: 10 }, (_, letter) => question.filter((other) => other === letter)).flat(),
  count: ([asked, ...others]) => {
    const found = 1 + others.reduce((sum, letter) => sum + (letter === asked ? 1 : 0), 0);
    return [...String(found).padStart(2, '0')].map(Number);
  },
  'flip-flop': (question) => {
    const written = question.flatMap((symbol, at) =>
      at % 2 === 0 && symbol === 2 ? [question[at + 1] as number] : [],
    );
    return written.slice(-1);
  },
  needle: (question) => {
    const pairs = question.slice(0, -1);
    return [pairs[pairs.indexOf(question.at(-1) as number) + 1] as number];
  },
};

/** What each problem's sizes count. */
function sizeOf(name: string, question: readonly number[], answer: readonly number[]): number {
  if (name === 'selective-copy') return question.length - answer.length;
  if (name === 'addition') return (question.length - 1) / 2;
  if (name === 'count') return question.length;
  if (name === 'flip-flop' || name === 'needle') return (question.length - 1) / 2;
  return answer.length;
}

test('reads of a flip-flop give the bit that was written last', () => {
  const { uniform } = createRandom(4, 'flip-flop');
  const problem = findProblem('flip-flop');
  for (let draw = 0; draw < 50; draw += 1) {
    const { question } = problem.draw(problem.sizes[1], 'training', uniform);
    let held = question[1];
    for (let at = 0; at + 1 < question.length; at += 2) {
      if (question[at] === 2) held = question[at + 1];
      if (question[at] === 3) expect(question[at + 1]).toBe(held);
    }
  }
});

test('keys of a needle are all different', () => {
  const { uniform } = createRandom(5, 'needle');
  const problem = findProblem('needle');
  for (const sizes of problem.sizes) {
    const { question } = problem.draw(sizes, 'training', uniform);
    const keys = question.filter((_, at) => at % 2 === 0).slice(0, -1);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((key) => key < 20)).toBe(true);
  }
});
