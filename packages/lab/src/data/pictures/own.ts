/**
 * A person's own pictures or clips, whichever of the forms they have them in. Knows nothing of splits and tasks.
 *
 * | what lies at the path | pictures | clips |
 * | --- | --- | --- |
 * | a folder with IDX files and their labels | yes | no |
 * | any other folder | a subfolder for each class | folders of frames in a subfolder for each class |
 * | a NumPy array and `labels` | [N, H, W] or [N, H, W, 3] | [N, T, H, W] or [N, T, H, W, 3] |
 * | an IDX file and its labels | [N, H, W] | no |
 */
import { DataError } from '../data-error.ts';
import { placeAt } from '../rows/bytes.ts';
import { type ArrayOptions, arrayFormat, idxPairs, readIdxFolder, readIdxPictures, readNpyPictures } from './arrays.ts';
import { readClipFolder, readPictureFolder } from './folder.ts';
import type { ReadClips } from './labelled.ts';

/** For a folder, `group` is a regular expression; for arrays, a column of the table of labels. */
export type OwnOptions = ArrayOptions;

/** @throws {DataError} if there is nothing at the path that can be read as such, saying what was expected */
export async function readOwnClips(path: string, options: OwnOptions): Promise<ReadClips> {
  const place = await placeAt(path);
  if (place.kind === 'folder') {
    if (options.holds === 'pictures' && idxPairs(path).length > 0) return readIdxFolder(path, options);
    if (options.labels !== undefined) {
      throw new DataError(`${path}: the classes of a folder are its subfolders; leave --label out`);
    }
    const { group: pattern, ...rest } = options;
    const group = pattern === undefined ? {} : { group: regularExpression(pattern) };
    return (options.holds === 'pictures' ? readPictureFolder : readClipFolder)(path, { ...rest, ...group });
  }
  const format = await arrayFormat(path);
  if (format === 'npy') return readNpyPictures(path, options);
  if (format === 'idx' && options.holds === 'pictures') return readIdxPictures(path, options);
  const inside = options.holds === 'pictures' ? 'pictures' : 'a folder of frames for each clip';
  throw new DataError(
    `${path}: expected a folder with a subfolder for each class and ${inside} in it, or an array (.npy` +
      `${options.holds === 'pictures' ? ', IDX' : ''}) with labels, got another file`,
  );
}

function regularExpression(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (error) {
    throw new DataError(
      `--group: expected a regular expression that matches in the name of every file, such as ^[^_]+, got ${pattern}`,
      { cause: error },
    );
  }
}
