/**
 * Breaks the code on purpose, one small change at a time, and shows which test notices: `npm run mutants`.
 *
 *     npm run mutants              all of them
 *     npm run mutants -- alibi     those whose name or file contains `alibi`
 *
 * A mutant is put into the code while vitest loads it, so no file is ever changed. Ends with 1 when a mutant survives,
 * when its test fails without it, or when the text it replaces is no longer there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startVitest, type TestModule } from 'vitest/node';
import type { Mutant } from './mutants/mutant.ts';

const root = join(import.meta.dirname, '..');
/** Every list that a file of `tools/mutants/` exports. */
const files = readdirSync(join(import.meta.dirname, 'mutants')).sort();
const modules = await Promise.all(
  files.map((file) => import(`./mutants/${file}`) as Promise<Readonly<Record<string, unknown>>>),
);
const mutants: readonly Mutant[] = modules.flatMap((module) => Object.values(module).filter(Array.isArray).flat());

interface Outcome {
  readonly passed: boolean;
  /** The first test that failed, with the groups it stands in. */
  readonly failure: string;
}

/** Runs one test file, with a mutant in the code or without. */
async function runTest(test: string, mutant?: Mutant): Promise<Outcome> {
  const vitest = await startVitest(
    'test',
    [test],
    // The cache of transformed files on disk would serve one mutant's code to the next.
    { root, watch: false, reporters: [{}], bail: 1, silent: true, fsModuleCache: false },
    { plugins: mutant === undefined ? [] : [insert(mutant)] },
  );
  const modules = vitest.state.getTestModules();
  const failure = modules.map(firstFailure).find((title) => title !== undefined);
  const passed = modules.length > 0 && modules.every((module) => module.ok());
  await vitest.close();
  return { passed, failure: failure ?? 'the file could not be loaded' };
}

function firstFailure(module: TestModule): string | undefined {
  for (const test of module.children.allTests('failed')) return test.fullName;
  return undefined;
}

function insert({ file, search, replace }: Mutant): { name: string; enforce: 'pre'; transform: Transform } {
  const transform: Transform = (code, id) =>
    id.split('?')[0] === join(root, file) ? code.replace(search, () => replace) : undefined;
  return { name: 'mutant', enforce: 'pre', transform };
}

type Transform = (code: string, id: string) => string | undefined;

/** Why a mutant cannot be tried, or nothing. */
function staleness({ file, search, test }: Mutant): string | undefined {
  if (!existsSync(join(root, test))) return `${test} does not exist`;
  if (!existsSync(join(root, file))) return `${file} does not exist`;
  const found = readFileSync(join(root, file), 'utf8').split(search).length - 1;
  return found === 1 ? undefined : `its text is in ${file} ${found} times, expected once: ${search}`;
}

function print(mark: string, name: string, detail: string): void {
  process.stdout.write(`${mark.padEnd(9)} ${name.padEnd(52)} ${detail}\n`);
}

async function main(filter: string): Promise<number> {
  const chosen = mutants.filter(({ name, file }) => `${name} ${file}`.includes(filter));
  const sound = new Map<string, boolean>();
  let survivors = 0;
  for (const mutant of chosen) {
    const stale = staleness(mutant);
    if (stale !== undefined) {
      print('stale', mutant.name, stale);
      survivors++;
      continue;
    }
    if (!sound.has(mutant.test)) sound.set(mutant.test, (await runTest(mutant.test)).passed);
    if (sound.get(mutant.test) === false) {
      print('unsound', mutant.name, `${mutant.test} fails without any mutant`);
      survivors++;
      continue;
    }
    const { passed, failure } = await runTest(mutant.test, mutant);
    print(passed ? 'SURVIVED' : 'killed', mutant.name, passed ? `${mutant.test} saw nothing` : failure);
    if (passed) survivors++;
  }
  process.stdout.write(`${chosen.length - survivors} of ${chosen.length} mutants killed\n`);
  return survivors === 0 && chosen.length > 0 ? 0 : 1;
}

process.exitCode = await main(process.argv[2] ?? '');
