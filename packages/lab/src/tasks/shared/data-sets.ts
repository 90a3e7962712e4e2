/**
 * Which of a task's data sets is used: the one asked for, else the first that is on this machine. What was decided is
 * written into the runs, so that all of a comparison read the same. Knows no particular task.
 */
import { type DatasetName, missingData } from '../../data/fetch/data-sets.ts';
import { fetchedFolder } from '../../data/fetch/folder.ts';
import { type Task, TaskError, type TaskOptions } from '../task.ts';

/** A data set of a task. */
export interface DataSetChoice {
  /** As given by `--dataset`. */
  readonly name: string;
  readonly description: string;
  /** What has to be fetched for it; absent where it comes installed. */
  readonly needs?: DatasetName;
}

type Choices = readonly [DataSetChoice, ...DataSetChoice[]];

/** The option `dataset`. */
export function dataSetOption(choices: Choices): Task['options'][number] {
  const listed = choices.map(({ name, description, needs }) => {
    return `${name}: ${description}${needs === undefined ? '' : ' (to be fetched)'}`;
  });
  return { name: 'dataset', description: `${listed.join('; ')}; the first that is there unless given` };
}

/**
 * The data set to use, and a word to the person where a better one could be fetched.
 *
 * @throws {TaskError} when there is no such data set, it is not on this machine, or `data` is given too
 */
export function chooseDataSet(
  task: string,
  options: TaskOptions,
  choices: Choices,
): { readonly choice: DataSetChoice; readonly notice?: string } {
  const asked = options.dataset;
  if (asked === undefined) {
    const there = choices.find(({ needs }) => needs === undefined || fetchedFolder(needs) !== undefined);
    const [best] = choices;
    if (there === undefined) throw new TaskError(`${task}: ${missingData(best.needs as DatasetName, task)}`);
    if (there === best || best.needs === undefined) return { choice: there };
    return { choice: there, notice: `${missingData(best.needs, task)}. Until then, ${there.name} is used.` };
  }
  if (options.data !== undefined) throw new TaskError(`${task}: expected --data or --dataset, got both; leave one out`);
  const choice = choices.find(({ name }) => name === asked);
  if (choice === undefined) {
    throw new TaskError(
      `${task}: --dataset: expected one of ${choices.map(({ name }) => name).join(', ')}, got ${asked}`,
    );
  }
  if (choice.needs !== undefined) folderOf(task, choice.needs);
  return { choice };
}

/** `Task.resolve` of a task with these data sets. */
export function resolveDataSet(
  task: string,
  options: TaskOptions,
  choices: Choices,
): { readonly options: TaskOptions; readonly notice?: string } {
  if (options.data !== undefined && options.dataset === undefined) return { options };
  const { choice, notice } = chooseDataSet(task, options, choices);
  return { options: { ...options, dataset: choice.name }, ...(notice === undefined ? {} : { notice }) };
}

/** Where a fetched data set lies. @throws {TaskError} when it is not there, saying how to get it */
export function folderOf(task: string, name: DatasetName): string {
  const folder = fetchedFolder(name);
  if (folder !== undefined) return folder;
  throw new TaskError(`${task}: ${missingData(name, task)}`);
}
