/**
 * Trains a tiny model with every encoding of the catalogue, on a task for each kind of positions, and fails if a run
 * diverges or does not finish, or an encoding was left out by all: `npm run train-all` (22 minutes on two busy cores, with 20 steps each). The
 * tests hold the short form: a step of every encoding in float64.
 *
 *     npm run train-all -- [--steps N] [COMPARISON …]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodingDescriptions } from 'posenc/registry';

/** Positions on a line, at times, on grids of two and three axes, and in a graph. */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  pronounce: { task: 'pronounce', encodings: 'all', flags: ['--test-examples', '20'] },
  algorithmic: { task: 'algorithmic', encodings: 'all', flags: ['--problem', 'repeat', '--test-examples', '20'] },
  order: { task: 'order', encodings: 'all', flags: ['--test-examples', '20'] },
  forecast: {
    task: 'forecast',
    encodings: 'none,sinusoidal,time2vec,functional-time,learnable-fourier,rotary,learned-rotary,alibi,kerple',
    flags: ['--positions', 'time', '--test-examples', '40'],
  },
  image: { task: 'image', encodings: 'all', flags: ['--test-examples', '40'] },
  video: { task: 'video', encodings: 'all', flags: ['--test-examples', '40'] },
  distances: { task: 'image', encodings: 'graphormer', flags: ['--positions', 'distances', '--test-examples', '40'] },
  eigenvectors: {
    task: 'image',
    encodings: 'laplacian',
    flags: ['--positions', 'eigenvectors', '--test-examples', '40'],
  },
  walks: { task: 'image', encodings: 'random-walk', flags: ['--positions', 'walks', '--test-examples', '40'] },
};

interface Comparison {
  readonly task: string;
  readonly encodings: string;
  readonly flags: readonly string[];
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { steps: { type: 'string', default: '30' } },
});
const names = Object.keys(COMPARISONS);
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`train-all: expected one of ${names.join(', ')}, got ${unknown}\n`);
  process.exit(2);
}

const root = join(import.meta.dirname, '..');
const trained = new Set<string>();
let failures = 0;
for (const name of positionals.length > 0 ? positionals : names) {
  const { task, encodings, flags } = COMPARISONS[name] as Comparison;
  const folder = join(root, 'runs', `train-all-${name}`);
  const command = join(root, 'packages/lab/bin/posenc.js');
  const sizes = ['--model-dim', '32', '--seeds', '1', '--steps', values.steps, '--quiet', '--output', folder];
  const { status } = spawnSync(
    process.execPath,
    [command, 'compare', '--task', task, '--encodings', encodings, ...sizes, ...flags],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const records = readdirSync(join(folder, 'records')).map(
    (file) =>
      JSON.parse(readFileSync(join(folder, 'records', file), 'utf8')) as {
        readonly configuration: { readonly encoding: string };
      },
  );
  if (status !== 0) failures += 1;
  for (const { configuration } of records) trained.add(configuration.encoding);
  process.stdout.write(
    `${name}: ${records.length} encodings, ${status === 0 ? 'all trained' : 'some failed: see above'}\n`,
  );
}
const missing = encodingDescriptions.map(({ name }) => name).filter((name) => !trained.has(name));
if (positionals.length === 0 && missing.length > 0) {
  failures += 1;
  process.stdout.write(`not trained: ${missing.join(', ')}\n`);
}
process.stdout.write(`${trained.size} encodings trained, ${failures} comparisons failed\n`);
process.exitCode = failures === 0 ? 0 : 1;
