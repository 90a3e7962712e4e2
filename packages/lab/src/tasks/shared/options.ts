/** Reads a task's options, as given by a program or as text from a command line. Knows no particular task. */
import { closest } from 'fastest-levenshtein';
import { type Task, TaskError, type TaskOptions } from '../task.ts';
import { flag } from './wording.ts';

/** @throws {TaskError} if `options` has a name that the task does not */
export function checkOptionNames({ name: task, options: known }: Task, options: TaskOptions): void {
  const names = known.map(({ name }) => name);
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    const hint = `expected one of ${names.join(', ')}, got option ${name}. Did you mean ${closest(name, names)}?`;
    throw new TaskError(`${task}: ${hint}`);
  }
}

/** An integer of at least `minimum`, or `fallback` if the option is not given. @throws {TaskError} */
export function integerOption(
  task: string,
  options: TaskOptions,
  name: string,
  fallback: number,
  minimum: number,
): number {
  const given = options[name];
  if (given === undefined) return fallback;
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= minimum) return value;
  throw new TaskError(`${task}: ${flag(name)}: expected an integer of at least ${minimum}, got ${given}`);
}

/** A share from 0 to 1, or `fallback` if the option is not given. @throws {TaskError} */
export function shareOption(task: string, options: TaskOptions, name: string, fallback: number): number {
  const given = options[name] ?? fallback;
  const share = Number(given);
  if (given !== '' && share >= 0 && share <= 1) return share;
  throw new TaskError(`${task}: ${flag(name)}: expected a share from 0 to 1 such as 0.05, got ${given}`);
}

/** One of `choices`, or the first if the option is not given. @throws {TaskError} */
export function choiceOption<Choice extends string>(
  task: string,
  options: TaskOptions,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const given = options[name];
  if (given === undefined) return choices[0];
  const value = choices.find((choice) => choice === given);
  if (value !== undefined) return value;
  throw new TaskError(`${task}: ${flag(name)}: expected one of ${choices.join(', ')}, got ${given}`);
}

/** A text that is not empty, or undefined if the option is not given. @throws {TaskError} */
export function textOption(task: string, options: TaskOptions, name: string): string | undefined {
  const given = options[name];
  if (given === undefined) return undefined;
  const value = String(given);
  if (value !== '') return value;
  throw new TaskError(`${task}: ${flag(name)}: expected a text that is not empty`);
}
