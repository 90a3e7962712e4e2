/**
 * Folders of pictures by class, and of clips by class: a subfolder for each class, in it pictures, or a folder of frames
 * for each clip. Files are read in the order in which people count, and what cannot be used is refused by its name.
 * Knows nothing of splits and tasks.
 *
 * ```
 * cats/tom-1.png        pictures: class cats          waves/one/frame-1.png    clips: class waves, clip one
 * dogs/rex-1.jpg                                      waves/one/frame-2.png
 * ```
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { DataError } from '../data-error.ts';
import { decodePicture } from '../pictures.ts';
import type { Refusals } from '../refusals.ts';
import { unreadable } from '../rows/bytes.ts';
import { type Clip, toColor, toGrey } from './clip.ts';
import { type LabelledClip, MOST_BYTES, naturalOrder, type ReadClips } from './labelled.ts';
import { resizeClip } from './resize.ts';

/** How pictures are brought to one shape. */
export interface PictureOptions {
  /** Every picture is made so many pixels high and wide; without it, all must have one size. */
  readonly resize?: number | undefined;
  /** `keep`: in color if any is. */
  readonly color: 'keep' | 'grey';
}

export interface FolderOptions extends PictureOptions {
  readonly refusals: Refusals;
  /** What it matches of an example's name within its class (its first pair of brackets, if it has one) is its group. */
  readonly group?: RegExp | undefined;
}

/** Files that systems leave in folders; they are counted, and nothing else. */
const LEFT_BY_SYSTEMS = /^(\.|Thumbs\.db$|desktop\.ini$|__MACOSX$)/i;
/** Larger files are no pictures of a data set. */
const LARGEST_FILE = 2 ** 27;

/**
 * Pictures by class: every file in a class's folder and in folders in it.
 * @throws {DataError} if the folder has no classes with files, or its pictures are more than `MOST_BYTES`
 */
export function readPictureFolder(folder: string, options: FolderOptions): ReadClips {
  const { files, leftBySystems } = listFiles(folder, 2, 'a subfolder for each class with pictures in it');
  const units = files.map((parts) => ({ parts, frames: [parts] }));
  return readUnits(folder, units, options, 'folder of pictures by class', leftBySystems);
}

/**
 * Clips by class: every folder in a class's folder is a clip, its files are its frames in the order of their names.
 * @throws {DataError} as `readPictureFolder`
 */
export function readClipFolder(folder: string, options: FolderOptions): ReadClips {
  const shape = 'a subfolder for each class, with a folder of frames for each clip';
  const { files, leftBySystems } = listFiles(folder, 3, shape);
  const clips = new Map<string, { parts: readonly string[]; frames: (readonly string[])[] }>();
  for (const parts of files) {
    const clip = parts.slice(0, -1);
    const key = clip.join('/');
    const held = clips.get(key) ?? { parts: clip, frames: [] };
    held.frames.push(parts);
    clips.set(key, held);
  }
  return readUnits(folder, [...clips.values()], options, 'folders of frames by class', leftBySystems);
}

/** A picture with its file, or a clip with the files of its frames, as parts of paths within the folder. */
interface Unit {
  readonly parts: readonly string[];
  readonly frames: readonly (readonly string[])[];
}

function readUnits(
  folder: string,
  units: readonly Unit[],
  options: FolderOptions,
  format: string,
  leftBySystems: number,
): ReadClips {
  const { refusals, group, resize, color } = options;
  const read: LabelledClip[] = [];
  let bytes = 0;
  refusals.unit = 'file';
  for (const [index, { parts, frames }] of units.entries()) {
    const name = parts.join('/');
    try {
      const within = parts.slice(1).join('/');
      const inGroup = group === undefined ? {} : { group: groupOf(group, within) };
      const clip = joinFrames(frames.map((file) => readFrame(folder, file, frames.length > 1, resize, color)));
      bytes += clip.pixels.length;
      read.push({ line: index + 1, name, label: parts[0] as string, ...inGroup, clip });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      refusals.refuse(index + 1, `${name}: ${error.message}`);
    }
    if (bytes > MOST_BYTES) {
      const advice = resize === undefined ? 'give --resize 32' : 'give a smaller --resize';
      throw new DataError(
        `${folder}: expected at most ${MOST_BYTES / 2 ** 20} MiB of pixels; ${advice}, or fewer pictures`,
      );
    }
  }
  const notes =
    leftBySystems === 0
      ? []
      : [
          `${leftBySystems} files that systems leave in folders (.DS_Store, Thumbs.db and other hidden ones) were passed over.`,
        ];
  return { examples: oneShape(read, refusals), format, rows: units.length, notes };
}

/** Files at least `depth` names deep, as parts of their paths. */
function listFiles(
  folder: string,
  depth: number,
  shape: string,
): { files: (readonly string[])[]; leftBySystems: number } {
  let leftBySystems = 0;
  const files: (readonly string[])[] = [];
  const shallow: string[] = [];
  let entries: ReturnType<typeof listAll>;
  try {
    entries = listAll(folder);
  } catch (error) {
    throw unreadable(folder, error);
  }
  for (const entry of entries) {
    const path = relative(folder, join(entry.parentPath, entry.name));
    const parts = path.split(sep);
    if (entry.isDirectory()) continue;
    if (parts.some((part) => LEFT_BY_SYSTEMS.test(part))) leftBySystems += 1;
    else if (parts.length >= depth) files.push(parts);
    else shallow.push(path);
  }
  if (files.length === 0) {
    const got = shallow.length === 0 ? 'no files' : `files in it alone, such as ${shallow.sort(naturalOrder)[0]}`;
    throw new DataError(`${folder}: expected ${shape}, got ${got}`);
  }
  if (shallow.length > 0) {
    const [first] = shallow.sort(naturalOrder);
    throw new DataError(
      `${folder}: expected ${shape}, got ${shallow.length} files that belong to none, such as ${first}; move them`,
    );
  }
  const order = (parts: readonly string[]): string => parts.join('\u0001');
  return { files: files.sort((a, b) => naturalOrder(order(a), order(b))), leftBySystems };
}

function listAll(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true });
}

function readFrame(
  folder: string,
  parts: readonly string[],
  isFrame: boolean,
  resize: number | undefined,
  color: 'keep' | 'grey',
): Clip {
  const path = join(folder, ...parts);
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > LARGEST_FILE)
      throw new DataError(`expected a picture of at most ${LARGEST_FILE / 2 ** 20} MiB, got ${size} bytes`);
    bytes = readFileSync(path);
  } catch (error) {
    throw error instanceof DataError
      ? error
      : new DataError(`cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    const picture = color === 'grey' ? toGrey(decodePicture(bytes)) : decodePicture(bytes);
    return resize === undefined ? picture : resizeClip(picture, resize, resize);
  } catch (error) {
    if (!isFrame || !(error instanceof DataError)) throw error;
    throw new DataError(`${parts.at(-1)}: ${error.message}`, { cause: error });
  }
}

/** Frames of one size one after another; in color if any is. */
function joinFrames(frames: readonly Clip[]): Clip {
  const [first] = frames as [Clip];
  if (frames.length === 1) return first;
  for (const { height, width } of frames) {
    if (height === first.height && width === first.width) continue;
    throw new DataError(
      `expected frames of ${first.height} × ${first.width} pixels as the first, got ${height} × ${width}; give --resize 32`,
    );
  }
  const alike = frames.some(({ channels }) => channels === 3) ? frames.map(toColor) : frames;
  return {
    ...(alike[0] as Clip),
    frames: frames.length,
    pixels: Buffer.concat(alike.map(({ pixels }) => pixels)),
  };
}

/** All in color if any is, and those of the most common size; others are refused. */
export function oneShape(read: readonly LabelledClip[], refusals: Refusals): LabelledClip[] {
  const sizeOf = ({ clip: { height, width } }: LabelledClip): string => `${height} × ${width}`;
  const counts = new Map<string, number>();
  for (const example of read) counts.set(sizeOf(example), (counts.get(sizeOf(example)) ?? 0) + 1);
  const [common] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [''];
  const isColored = read.some(({ clip }) => clip.channels === 3);
  return read.flatMap((example) => {
    if (sizeOf(example) !== common) {
      const reason = `expected ${common} pixels as most have, got ${sizeOf(example)}; give --resize 32 to make all 32 × 32`;
      refusals.refuse(example.line, `${example.name}: ${reason}`);
      return [];
    }
    return isColored ? [{ ...example, clip: toColor(example.clip) }] : [example];
  });
}

function groupOf(pattern: RegExp, name: string): string {
  const found = pattern.exec(name);
  if (found !== null) return found[1] ?? found[0];
  throw new DataError(`expected a name in which --group ${pattern.source} matches`);
}
