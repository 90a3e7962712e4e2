/** The list of tasks. A new task is added here and nowhere else. */
import { closest } from 'fastest-levenshtein';
import { algorithmic } from './algorithmic.ts';
import { classify } from './classify.ts';
import { entities } from './entities.ts';
import { forecast } from './forecast.ts';
import { image } from './image.ts';
import { language } from './language.ts';
import { order } from './order.ts';
import { pronounce } from './pronounce.ts';
import { question } from './question.ts';
import { summarise } from './summarise.ts';
import type { Task } from './task.ts';
import { translate } from './translate.ts';
import { video } from './video.ts';

/** All tasks; the first is the default. */
export const tasks: readonly [Task, ...Task[]] = [
  pronounce,
  translate,
  summarise,
  question,
  entities,
  classify,
  language,
  order,
  forecast,
  image,
  video,
  algorithmic,
];

/**
 * The task of that name.
 * @throws {RangeError} if there is none, suggesting the nearest name
 */
export function findTask(name: string): Task {
  const task = tasks.find((candidate) => candidate.name === name);
  if (task !== undefined) return task;
  const names = tasks.map((candidate) => candidate.name);
  throw new RangeError(
    `task: expected one of ${names.join(', ')}, got ${name}. Did you mean ${closest(name.toLowerCase(), names)}?`,
  );
}
