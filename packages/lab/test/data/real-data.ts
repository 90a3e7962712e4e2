/** Where the real data sets lie that tests also read, if there are any: fetched ones, or a folder with all unpacked. */
import type { DatasetName } from '../../src/data/fetch/data-sets.ts';
import { fetchedFolder } from '../../src/data/fetch/folder.ts';

export function realData(name: DatasetName): string | undefined {
  return process.env.POSENC_TEST_DATA ?? fetchedFolder(name);
}
