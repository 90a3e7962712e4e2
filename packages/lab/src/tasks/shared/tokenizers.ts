/** The tokenizer of a task on texts: trained on its training split, or the user's own. Knows no particular task. */
import { DataError } from '../../data/data-error.ts';
import {
  type EncodedText,
  loadTextTokenizer,
  type TextTokenizer,
  trainTextTokenizer,
} from '../../data/text-tokenizer.ts';
import { type Task, TaskError, type TaskOptions } from '../task.ts';
import { integerOption, textOption } from './options.ts';

/** Texts that merges are learned from, at most: more change little and take long. */
const TRAINING_CHARACTERS = 1_000_000;
const SMALLEST = 300;

/** The options `tokenizer` and `vocabulary`. */
export function tokenizerOptions(vocabulary: number): Task['options'] {
  return [
    { name: 'tokenizer', description: 'your own tokenizer.json; one is trained on the training texts unless given' },
    { name: 'vocabulary', description: 'tokens of the trained tokenizer', default: vocabulary },
  ];
}

/**
 * The user's tokenizer, or one trained on texts of the training split, in their order, until they are enough.
 *
 * @throws {TaskError} when the file is no tokenizer, or both options are given
 */
export function tokenizerFor(
  task: string,
  options: TaskOptions,
  vocabulary: number,
  trainingTexts: () => Iterable<string>,
): TextTokenizer {
  const path = textOption(task, options, 'tokenizer');
  if (path !== undefined && options.vocabulary !== undefined) {
    throw new TaskError(`${task}: expected --tokenizer or --vocabulary, got both; a tokenizer has its own vocabulary`);
  }
  const size = integerOption(task, options, 'vocabulary', vocabulary, SMALLEST);
  try {
    return path === undefined
      ? trainTextTokenizer(enough(trainingTexts()), { vocabulary: size })
      : loadTextTokenizer(path);
  } catch (error) {
    throw error instanceof DataError ? new TaskError(`${task}: ${error.message}`, { cause: error }) : error;
  }
}

/** The first `count` tokens of a text. */
export function firstTokens({ ids, starts, ends }: EncodedText, count: number): EncodedText {
  return { ids: ids.slice(0, count), starts: starts.slice(0, count), ends: ends.slice(0, count) };
}

function* enough(texts: Iterable<string>): Iterable<string> {
  let characters = 0;
  for (const text of texts) {
    if (characters > TRAINING_CHARACTERS) return;
    characters += text.length;
    yield text;
  }
}
