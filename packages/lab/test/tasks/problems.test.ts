/** Generated problems: their rules, against published examples and counts. */
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/data/random.ts';
import { findProblem, PROBLEM_NAMES, scanCommands } from '../../src/tasks/problems.ts';

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
        const size = name === 'selective-copy' ? question.length - answer.length : answer.length;
        expect(size).toBeGreaterThanOrEqual(sizes.minimum);
        expect(size).toBeLessThanOrEqual(sizes.maximum);
        const longest = index === 0 ? problem.longest.trained : problem.longest.all;
        expect(question.length + answer.length).toBeLessThanOrEqual(longest);
        for (const symbol of [...question, ...answer]) expect(symbol).toBeLessThan(problem.symbols);
      }
    }
  });

  test('answers follow from their questions', () => {
    if (name === 'scan') return;
    const { uniform } = createRandom(3, name);
    for (let draw = 0; draw < 50; draw += 1) {
      const { question, answer } = problem.draw(problem.sizes[1], 'training', uniform);
      const expected = {
        copy: question,
        repeat: new Array<number>(question.length).fill(question[0] as number),
        reverse: question.toReversed(),
        'selective-copy': question.filter((symbol) => symbol < 10),
      }[name];
      expect(answer).toEqual(expected);
    }
  });
});
