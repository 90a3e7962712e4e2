/**
 * A person's own pictures and clips as the options of a task ask for them, and what is told of any pictures that were
 * read. Knows no particular task.
 */
import { DataError } from '../../data/data-error.ts';
import type { ReadClips } from '../../data/pictures/labelled.ts';
import { readOwnClips } from '../../data/pictures/own.ts';
import { createRefusals, type Refusals } from '../../data/refusals.ts';
import type { DataSummary } from '../../record/data-summary.ts';
import { choiceOption, integerOption, textOption } from '../shared/options.ts';
import { flag } from '../shared/wording.ts';
import { type Task, TaskError, type TaskOptions } from '../task.ts';
import { type ClipExample, type DividedClips, divideClips } from './picture-splits.ts';

/** Examples by split, with what is told of them. */
export interface PictureData extends DividedClips {
  readonly summary: Omit<DataSummary, 'lengths' | 'trainedLength' | 'tooLong'>;
  readonly notes: readonly string[];
}

/** The share of rows that may be refused. */
const ALLOWED_REFUSED = 0.01;
/** The largest side `resize` makes. */
const LARGEST_SIDE = 1024;
/** Examples described by `--check`. */
const DESCRIBED = 5;

/** The options of every task that reads pictures or clips of a person's own. */
export function ownPictureOptions(data: string): Task['options'] {
  return [
    { name: 'data', description: data },
    {
      name: 'label',
      description: 'file of labels of an array, in its order: .npy, IDX, or a table with a column label',
    },
    {
      name: 'group',
      description:
        'examples of one group are never in two splits; for a folder, a regular expression whose match in the name of ' +
        'an example is its group, such as ^[^_]+; for an array, a column of the table of labels',
    },
    {
      name: 'resize',
      description:
        'pixels: make every picture so many high and wide (its shape is not kept); else all must have one size',
    },
    { name: 'color', description: 'keep: in color if any is; grey', default: 'keep' },
    {
      name: 'allowRefused',
      description: 'the share of rows that may be unusable before the command stops',
      default: ALLOWED_REFUSED,
    },
  ];
}

/** What has to be known of the task. */
export interface OwnPictureRequest {
  readonly holds: 'pictures' | 'clips';
  /** Whether classes are what is asked for; else there may be one, or none. */
  readonly needsLabels: boolean;
  /** Why an example cannot be used, if so. */
  readonly reject?: (example: ReadClips['examples'][number]) => string | undefined;
}

/** @throws {TaskError} if there is nothing of the kind at the path `data`, or too many examples are refused */
export async function readOwnPictures(
  task: string,
  options: TaskOptions,
  { holds, needsLabels, reject }: OwnPictureRequest,
): Promise<PictureData> {
  const path = textOption(task, options, 'data') as string;
  const resize = options.resize === undefined ? undefined : integerOption(task, options, 'resize', 0, 1);
  if (resize !== undefined && resize > LARGEST_SIDE) {
    throw new TaskError(`${task}: --resize: expected at most ${LARGEST_SIDE} pixels, got ${resize}`);
  }
  const color = choiceOption(task, options, 'color', ['keep', 'grey']);
  const given = options.allowRefused ?? ALLOWED_REFUSED;
  const allowed = Number(given);
  if (given === '' || !(allowed >= 0 && allowed <= 1)) {
    throw new TaskError(`${task}: --allow-refused: expected a share from 0 to 1 such as 0.05, got ${given}`);
  }
  try {
    const refusals = createRefusals(path, allowed);
    const labels = textOption(task, options, 'label');
    const group = textOption(task, options, 'group');
    const read = await readOwnClips(path, { holds, needsLabels, refusals, labels, group, resize, color });
    const usable = reject === undefined ? read : { ...read, examples: withoutRejected(read, refusals, reject) };
    return describe(path, usable, refusals, divide(task, usable, refusals, needsLabels), [
      ...(group === undefined ? [] : ['Groups are whole in their splits.']),
      ...(resize === undefined ? [] : [`Pictures were made ${resize} × ${resize} pixels; their shapes were not kept.`]),
    ]);
  } catch (error) {
    throw error instanceof DataError ? new TaskError(`${task}: ${error.message}`, { cause: error }) : error;
  }
}

/** Pictures that come with the workbench or were fetched. @throws {TaskError} */
export function describePictures(task: string, source: string, read: ReadClips): PictureData {
  const refusals = createRefusals(source);
  return describe(source, read, refusals, divide(task, read, refusals, true), []);
}

function divide(task: string, read: ReadClips, refusals: Refusals, needsLabels: boolean): DividedClips {
  return divideClips(task, read.examples, { refusals, rows: read.rows, hasClasses: needsLabels });
}

function withoutRejected(
  { examples }: ReadClips,
  refusals: Refusals,
  reject: NonNullable<OwnPictureRequest['reject']>,
): ReadClips['examples'] {
  return examples.filter((example) => {
    const reason = reject(example);
    if (reason !== undefined) refusals.refuse(example.line, `${example.name}: ${reason}`);
    return reason === undefined;
  });
}

function describe(
  source: string,
  read: ReadClips,
  refusals: Refusals,
  divided: DividedClips,
  more: readonly string[],
): PictureData {
  const hasClasses = divided.counts.some(({ label }) => label !== '');
  const { examples } = read;
  const hasGroups = examples.some(({ group }) => group !== undefined);
  const hasParts = examples.some(({ part }) => part !== undefined);
  const by = hasGroups ? 'by group, hashed' : 'by what they show, hashed';
  return {
    ...divided,
    summary: {
      source,
      format: read.format,
      rows: read.rows,
      refused: { count: refusals.count, unit: refusals.unit, first: [...refusals.first] },
      ...(hasClasses ? { classes: [...divided.counts] } : {}),
      splitBy: hasParts ? `test as published, the rest ${by}, within each class` : `${by}, within each class`,
      examples: examples.slice(0, DESCRIBED).map(({ name, label, group, clip }) => {
        const { frames, height, width, channels } = clip;
        const parts = [
          ...(frames > 1 ? [`${frames} frames`] : []),
          `${height} × ${width} ${channels === 3 ? 'in color' : 'grey'}`,
          ...(label === '' ? [] : [`class ${label}`]),
          ...(group === undefined ? [] : [`group ${group}`]),
        ];
        return `${name}: ${parts.join(', ')}`;
      }),
    },
    notes: [
      ...read.notes,
      ...more,
      ...(divided.repeated === 0
        ? []
        : [`${divided.repeated} examples that show exactly the same as another of their class were left out.`]),
    ],
  };
}

/** The most frequent label. */
export function majorityLabel(examples: readonly ClipExample[], classes: number): number {
  const counts = Array.from({ length: classes }, (_, label) => examples.filter((one) => one.label === label).length);
  return counts.indexOf(Math.max(...counts));
}

/** @throws {TaskError} when an option of own data is given without it */
export function refuseOwnOptions(task: string, options: TaskOptions, more: readonly string[] = []): void {
  for (const name of ['label', 'group', 'resize', 'color', 'allowRefused', ...more]) {
    if (options[name] !== undefined)
      throw new TaskError(`${task}: ${flag(name)}: expected --data beside it, got ${flag(name)} alone`);
  }
}
