/**
 * The folders of fetched data sets and their manifests. A folder counts only when it is complete: its manifest is there,
 * belongs to the pins of this version, and every file it names has its size. Knows no network.
 *
 * ```
 * <cache>/data/verses/manifest.json   what is here and where it came from
 * <cache>/data/verses/usr/share/…     files, named as in the package they came from
 * <cache>/downloads/…                 what has come of unfinished downloads
 * ```
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder } from '../cache.ts';
import { type DataSet, type DatasetName, findDataSet } from './data-sets.ts';

export const MANIFEST = 'manifest.json';

const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  /** Stands for the pins the data were fetched by. */
  pins: z.string(),
  /** When, in ISO 8601. */
  fetched: z.string(),
  sources: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      url: z.string().optional(),
      bytes: z.int(),
      checksum: z.string(),
      /** Of indexes: the release whose file vouches for them, unsigned. */
      release: z.object({ origin: z.string(), version: z.string(), codename: z.string(), date: z.string() }).optional(),
    }),
  ),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })).min(1),
});

/** What a fetched data set is and where it came from. */
export type Manifest = z.infer<typeof manifestSchema>;
export type FetchedSource = Manifest['sources'][number];

/** Where the data set lies or would lie. */
export function dataSetFolder(name: string, cache: string = cacheFolder()): string {
  return join(cache, 'data', name);
}

/** Where unfinished downloads lie. */
export function downloadFolder(cache: string = cacheFolder()): string {
  return join(cache, 'downloads');
}

/** The folder of a data set that has been fetched; `undefined` if it has not been, or not by the pins of this version. */
export function fetchedFolder(name: DatasetName): string | undefined {
  const folder = dataSetFolder(name);
  return readManifest(folder, findDataSet(name) as DataSet) === undefined ? undefined : folder;
}

/** The manifest of a complete folder of the data set. */
export function readManifest(folder: string, set: DataSet): Manifest | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
  } catch {
    // Not there or cut off: not complete either way.
    return undefined;
  }
  const { success, data } = manifestSchema.safeParse(content);
  if (!success || data.name !== set.name || data.pins !== pinsOf(set)) return undefined;
  const isWhole = data.files.every(
    ({ path, bytes }) => statSync(join(folder, path), { throwIfNoEntry: false })?.size === bytes,
  );
  return isWhole ? data : undefined;
}

/** Changes when other bytes or other files of them are wanted. */
export function pinsOf({ sources }: DataSet): string {
  return createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 16);
}
