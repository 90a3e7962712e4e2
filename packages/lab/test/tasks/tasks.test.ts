/** Laws of the tasks on letters, symbols, series and pictures; those on texts are in `text-tasks.test.ts`. */
import { expect, test } from 'vitest';
import { findTask, tasks } from '../../src/tasks/index.ts';
import { describeLaws } from './laws.ts';
import { TEXT_TASKS } from './text-task-names.ts';

for (const task of tasks) {
  if (!TEXT_TASKS.includes(task.name)) describeLaws(task);
}

test('a task is found by its name, and an unknown name suggests the nearest', () => {
  for (const task of tasks) expect(findTask(task.name)).toBe(task);
  expect(() => findTask('Pronounced')).toThrow(
    new RangeError(
      'task: expected one of pronounce, translate, summarise, question, entities, classify, language, order, forecast, ' +
        'image, video, algorithmic, got Pronounced. Did you mean pronounce?',
    ),
  );
});

test('names of tasks, options and metrics are unique', () => {
  const unique = (names: readonly string[]): boolean => new Set(names).size === names.length;
  expect(unique(tasks.map(({ name }) => name))).toBe(true);
  for (const { options, metrics } of tasks) {
    expect(unique(options.map(({ name }) => name))).toBe(true);
    expect(unique(metrics.map(({ name }) => name))).toBe(true);
  }
});
