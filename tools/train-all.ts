/**
 * Trains a tiny model with every encoding of the catalogue, on a task for each kind of positions, and fails if a run
 * diverges or does not finish: `npm run train-all` (some 25 minutes on two cores). The tests hold the short form: a
 * step of every encoding in float64.
 *
 *     npm run train-all -- [--steps N] [TASK …]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const TASKS: Readonly<Record<string, readonly string[]>> = {
  pronounce: ['--test-examples', '20'],
  algorithmic: ['--problem', 'repeat', '--test-examples', '20'],
  order: ['--test-examples', '20'],
  image: ['--test-examples', '40'],
  video: ['--test-examples', '40'],
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: 'string', default: '30' } },
});
const unknown = positionals.find((task) => TASKS[task] === undefined);
if (unknown !== undefined) {
  process.stderr.write(`train-all: expected one of ${Object.keys(TASKS).join(', ')}, got ${unknown}\n`);
  process.exit(2);
}

const root = join(import.meta.dirname, '..');
const trained = new Set<string>();
let failures = 0;
for (const task of positionals.length > 0 ? positionals : Object.keys(TASKS)) {
  const folder = join(root, 'runs', `train-all-${task}`);
  const command = join(root, 'packages/lab/bin/posenc.js');
  const sizes = ['--model-dim', '32', '--seeds', '1', '--steps', values.steps, '--quiet', '--output', folder];
  const flags = ['compare', '--task', task, '--encodings', 'all', ...sizes, ...(TASKS[task] ?? [])];
  const { status } = spawnSync(process.execPath, [command, ...flags], { stdio: ['ignore', 'inherit', 'inherit'] });
  const records = readdirSync(join(folder, 'records')).map(
    (file) =>
      JSON.parse(readFileSync(join(folder, 'records', file), 'utf8')) as {
        readonly configuration: { readonly encoding: string };
      },
  );
  if (status !== 0) failures += 1;
  for (const { configuration } of records) trained.add(configuration.encoding);
  process.stdout.write(
    `${task}: ${records.length} encodings, ${status === 0 ? 'all trained' : 'some failed: see above'}\n`,
  );
}
process.stdout.write(`${trained.size} encodings trained, ${failures} tasks failed\n`);
process.exitCode = failures === 0 ? 0 : 1;
