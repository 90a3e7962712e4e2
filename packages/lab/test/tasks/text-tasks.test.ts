/** Laws of the tasks on texts. */
import { findTask } from '../../src/tasks/index.ts';
import { describeLaws } from './laws.ts';
import { TEXT_TASKS } from './text-task-names.ts';

for (const name of TEXT_TASKS) describeLaws(findTask(name), { preparationSeconds: 6 });
