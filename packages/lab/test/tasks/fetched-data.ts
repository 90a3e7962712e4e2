/** Fetched data sets as tests need them: small ones of their own making in a cache folder of their own. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type DataSet, type DatasetName, findDataSet } from '../../src/data/fetch/data-sets.ts';
import { MANIFEST, pinsOf } from '../../src/data/fetch/folder.ts';

/** Makes the files in a folder count as a fetched data set. */
export function declareFetched(cache: string, name: DatasetName, paths: readonly string[]): void {
  const folder = join(cache, 'data', name);
  const files = paths.map((path) => ({
    path: relative(folder, path),
    bytes: statSync(path).size,
    sha256: '0'.repeat(64),
  }));
  const manifest = {
    format: 1,
    name,
    pins: pinsOf(findDataSet(name) as DataSet),
    fetched: '2025-01-01',
    sources: [],
    files,
  };
  mkdirSync(dirname(join(folder, MANIFEST)), { recursive: true });
  writeFileSync(join(folder, MANIFEST), JSON.stringify(manifest));
}
