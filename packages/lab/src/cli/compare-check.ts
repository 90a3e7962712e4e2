/** `posenc compare --check`: what was understood of the data and what a comparison would cost, as text or JSON. */
import { availableParallelism } from 'node:os';
import { checkComparison } from '../comparison/check.ts';
import type { ComparisonRequest } from '../comparison/plan.ts';
import { LengthError } from '../tasks/shared/length-checks.ts';
import { withSourceName } from '../tasks/shared/standard-input.ts';
import { checkText, stoppedText } from './check-text.ts';
import { DONE } from './errors.ts';
import type { CommandLineIo } from './io.ts';

/** The dry run; where lengths stop it, what is known of them is told too, since they must be chosen by it. */
export async function check(
  request: ComparisonRequest,
  { json, workers }: { readonly json?: true; readonly workers?: number },
  io: CommandLineIo,
): Promise<number> {
  try {
    const checked = await checkComparison(request);
    io.stdout.write(
      json === true ? toJson(checked) : checkText(checked, workers ?? availableParallelism(), io.stdout.columns),
    );
    return DONE;
  } catch (error) {
    if (!(error instanceof LengthError)) throw error;
    const { name, title: taskTitle } = request.task;
    const stopped = { task: { name, title: taskTitle }, data: withSourceName(error.data) };
    io.stdout.write(
      json === true ? toJson({ ...stopped, error: error.message }) : stoppedText(stopped, io.stdout.columns),
    );
    throw error;
  }
}

function toJson(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
