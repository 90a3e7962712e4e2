/** The list of tasks. A new task is added here and nowhere else. */
import { closest } from 'fastest-levenshtein';
import { forecast } from './forecast/forecast.ts';
import { language } from './language/language.ts';
import { order } from './order/order.ts';
import { image } from './pictures/image.ts';
import { video } from './pictures/video.ts';
import { algorithmic } from './problems/algorithmic.ts';
import type { Task } from './task.ts';
import { classify } from './text/classify.ts';
import { entities } from './text/entities.ts';
import { pronounce } from './text/pronounce.ts';
import { question } from './text/question.ts';
import { summarise } from './text/summarise.ts';
import { translate } from './text/translate.ts';

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
