/**
 * Pictures and clips in arrays: NumPy files and IDX files, with labels in a file beside them. Knows nothing of splits and
 * tasks.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DataError } from '../data-error.ts';
import { type IdxArray, readIdx } from '../idx.ts';
import { decodeNpy, looksLikeNpy, type NpyArray, readNpy } from '../npy.ts';
import { createRefusals, type Refusals } from '../refusals.ts';
import { readHead, readWhole } from '../rows/bytes.ts';
import { columnOf, openRows } from '../rows.ts';
import { type Clip, toGrey } from './clip.ts';
import type { PictureOptions } from './folder.ts';
import { type LabelledClip, MOST_BYTES, naturalOrder, type ReadClips } from './labelled.ts';
import { resizeClip } from './resize.ts';

export interface ArrayOptions extends PictureOptions {
  readonly refusals: Refusals;
  /** The file of labels: NumPy, IDX, or a table with a column of labels. */
  readonly labels?: string | undefined;
  /** Whether examples may be without labels; they then have an empty one. */
  readonly needsLabels: boolean;
  /** The column of the table of labels that says which examples belong together. */
  readonly group?: string | undefined;
  /** Whether the array holds pictures [N, H, W] or [N, H, W, 3], or clips [N, T, H, W] or [N, T, H, W, 3]. */
  readonly holds: 'pictures' | 'clips';
}

/** Names that columns of labels have in other people's files. */
const LABEL_NAMES = ['label', 'class', 'category', 'target', 'y'];

/** What a file of pictures is by its first bytes, decompressed. */
export async function arrayFormat(path: string): Promise<'npy' | 'idx' | undefined> {
  const { bytes } = await readHead(path);
  return looksLikeNpy(bytes) ? 'npy' : looksLikeIdx(bytes) ? 'idx' : undefined;
}

/** @throws {DataError} if there are no labels, or not one for each picture, or the arrays have another shape */
export async function readNpyPictures(path: string, options: ArrayOptions): Promise<ReadClips> {
  if (options.labels === undefined && options.needsLabels) {
    throw new DataError(`${path}: expected labels beside the array; give --label with a .npy file or a table`);
  }
  const array = await readNpy(path);
  if (options.labels === undefined && options.group !== undefined) {
    throw new DataError(
      `${path}: expected a table with a column ${options.group} for --group; give --label with its file`,
    );
  }
  const labels =
    options.labels === undefined
      ? { source: path, labels: new Array<string>(array.shape[0] ?? 0).fill('') }
      : await readLabels(options.labels, options.group);
  return label(path, array, labels, options, 'NumPy array');
}

/**
 * One IDX file of pictures, its labels in the file whose name has `labels` for `images` and `idx1` for `idx3`, unless
 * another is given.
 * @throws {DataError} as `readNpyPictures`
 */
export async function readIdxPictures(path: string, options: ArrayOptions): Promise<ReadClips> {
  const labels = options.labels ?? labelFileOf(path);
  if (labels === undefined || !isFile(labels)) {
    throw new DataError(
      `${path}: expected labels beside it${labels === undefined ? '' : ` (${labels})`}; give --label with their file`,
    );
  }
  return label(path, numbersOf(readIdx(path)), await readLabels(labels, options.group), options, 'IDX');
}

/** The IDX files of pictures in a folder that have one of labels beside them. */
export function idxPairs(folder: string): string[] {
  return readdirSync(folder)
    .sort(naturalOrder)
    .map((name) => join(folder, name))
    .filter((path) => {
      const labels = labelFileOf(path);
      return labels !== undefined && isFile(path) && isFile(labels);
    });
}

/** Every pair of a folder; where some are called `test` or `t10k` and others are not, that is kept. */
export async function readIdxFolder(folder: string, options: ArrayOptions): Promise<ReadClips> {
  const paths = idxPairs(folder);
  const isTest = paths.map((path) => /^(test|t10k)/i.test(basename(path)));
  const hasParts = isTest.includes(true) && isTest.includes(false);
  const examples: LabelledClip[] = [];
  let rows = 0;
  for (const [index, path] of paths.entries()) {
    const read = await readIdxPictures(path, options);
    const part = isTest[index] ? 'test' : 'train';
    for (const example of read.examples) {
      const name = `${basename(path)} ${example.name}`;
      examples.push({ ...example, line: rows + example.line, name, ...(hasParts ? { part } : {}) });
    }
    rows += read.rows;
  }
  return { examples, format: 'IDX', rows, notes: [] };
}

interface Labels {
  readonly source: string;
  readonly labels: readonly string[];
  readonly groups?: readonly string[];
}

async function readLabels(path: string, groupColumn: string | undefined): Promise<Labels> {
  const format = await arrayFormat(path);
  if (format !== undefined) {
    if (groupColumn !== undefined) {
      throw new DataError(
        `${path}: expected a table of labels with a column ${groupColumn}, got an array; leave --group out`,
      );
    }
    const { shape, values } = format === 'npy' ? decodeNpy(await readWhole(path), path) : readIdx(path);
    const isColumn = shape.length === 2 && shape[1] === 1;
    if (shape.length !== 1 && !isColumn) {
      throw new DataError(`${path}: expected one label for each example [N], got an array of ${shape.join(' × ')}`);
    }
    return { source: path, labels: Array.from(values as ArrayLike<string | number>, String) };
  }
  // A hole would shift all labels after it.
  const refusals = createRefusals(path, 0);
  const table = await openRows(path, { refusals });
  const only = table.columns.length === 1 ? table.columns[0] : undefined;
  const labelColumn = columnOf(table.columns, only, LABEL_NAMES, 'label', path);
  const group = groupColumn === undefined ? undefined : columnOf(table.columns, groupColumn, [], 'group', path);
  const labels: string[] = [];
  const groups: string[] = [];
  for await (const { line, cells } of table.rows) {
    labels.push(String(cells[labelColumn] ?? '').trim());
    if (labels.at(-1) === '') throw new DataError(`${path}: line ${line}: expected a label, got an empty cell`);
    if (group !== undefined) groups.push(String(cells[group] ?? ''));
  }
  return { source: path, labels, ...(group === undefined ? {} : { groups }) };
}

function label(
  path: string,
  array: NpyArray,
  { source, labels, groups }: Labels,
  options: ArrayOptions,
  format: string,
): ReadClips {
  const { refusals, resize, color } = options;
  const shape = shapeOf(path, array, options.holds);
  if (labels.length !== shape.examples) {
    throw new DataError(
      `${source}: expected a label for each of the ${shape.examples} examples in ${path}, got ${labels.length}`,
    );
  }
  refusals.unit = 'row';
  const size = shape.frames * shape.height * shape.width * shape.channels;
  const examples: LabelledClip[] = [];
  let bytes = 0;
  for (const [index, given] of labels.entries()) {
    const pixels = toBytes(array, index * size, (index + 1) * size);
    if (typeof pixels === 'string') {
      refusals.refuse(index + 1, pixels);
      continue;
    }
    const read: Clip = { ...shape, pixels };
    const inColor = color === 'grey' ? toGrey(read) : read;
    const clip = resize === undefined ? inColor : resizeClip(inColor, resize, resize);
    bytes += clip.pixels.length;
    if (bytes > MOST_BYTES) {
      throw new DataError(
        `${path}: expected at most ${MOST_BYTES / 2 ** 20} MiB of pixels, got more; give --resize 32, or fewer examples`,
      );
    }
    const group = groups === undefined ? {} : { group: groups[index] as string };
    examples.push({ line: index + 1, name: `row ${index + 1}`, label: given, ...group, clip });
  }
  return { examples, format, rows: labels.length, notes: [] };
}

function shapeOf(
  path: string,
  { shape, kind }: NpyArray,
  holds: 'pictures' | 'clips',
): Omit<Clip, 'pixels'> & { examples: number } {
  if (kind === 'text') throw new DataError(`${path}: expected an array of numbers, got texts`);
  const axes = holds === 'pictures' ? 3 : 4;
  const channels = shape.length === axes ? 1 : shape.length === axes + 1 ? shape.at(-1) : undefined;
  const expected = holds === 'pictures' ? '[N, H, W] or [N, H, W, 3]' : '[N, T, H, W] or [N, T, H, W, 3]';
  if ((channels !== 1 && channels !== 3) || shape.includes(0)) {
    const first =
      holds === 'pictures' && shape.length === 4 && shape[1] === 3 ? '; move the colors to the last axis' : '';
    throw new DataError(`${path}: expected ${holds} ${expected}, got an array of ${shape.join(' × ')}${first}`);
  }
  const [examples, ...rest] = shape as [number, ...number[]];
  const [frames, height, width] = (holds === 'pictures' ? [1, ...rest] : rest) as [number, number, number];
  return { examples, frames, height, width, channels };
}

/** Whole numbers from 0 to 255 as they are, real ones from 0 to 1 times 255, truth values as 0 and 255; else why not. */
function toBytes({ values, kind }: NpyArray, start: number, end: number): Uint8Array | string {
  const part = (values as Uint8Array | Float64Array).subarray(start, end);
  if (kind === 'boolean') return Uint8Array.from(part, (value) => 255 * value);
  if (part instanceof Uint8Array) return part;
  const most = kind === 'real' ? 1 : 255;
  const wrong = part.find((value) => !(value >= 0 && value <= most));
  if (wrong !== undefined) {
    const expected = kind === 'real' ? 'real numbers from 0 to 1' : 'whole numbers from 0 to 255';
    return `expected ${expected}, got ${wrong}; bring the values into that range`;
  }
  return Uint8Array.from(part, (value) => Math.round(kind === 'real' ? 255 * value : value));
}

/** Whether a file that begins like this is of IDX: two zeros, a type, at least one axis. */
function looksLikeIdx(head: Uint8Array): boolean {
  const [first, second, type = 0, axes = 0] = head;
  return first === 0 && second === 0 && type >= 8 && type <= 14 && axes >= 1 && axes <= 16;
}

function numbersOf({ shape, values }: IdxArray): NpyArray {
  const kind = values instanceof Float32Array || values instanceof Float64Array ? 'real' : 'integer';
  return { shape, values: values instanceof Uint8Array ? values : Float64Array.from(values), kind };
}

function labelFileOf(path: string): string | undefined {
  const name = basename(path);
  if (!/images/i.test(name)) return undefined;
  return join(
    dirname(path),
    name.replace(/images/i, (word) => (word === 'Images' ? 'Labels' : 'labels')).replace('idx3', 'idx1'),
  );
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
