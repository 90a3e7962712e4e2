/**
 * Results of the tasks at their default sizes: `npm run results -- translate` (or several names, or `all`). Runs the
 * comparison and writes its report to `docs/results/NAME.md` and its first chart to `docs/images/result-NAME.svg`, with the
 * commit it was made at and how long it took.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseRecord, summarize } from 'posenc-lab';
import { lengthChart } from '../packages/lab/src/report/charts.ts';

/** Flags of each result; the rest is the task's own default. */
const results: Readonly<Record<string, readonly string[]>> = {
  pronounce: [],
  translate: ['--dataset', 'verses'],
  'translate-messages': ['--task', 'translate', '--dataset', 'messages'],
  summarise: ['--dataset', 'packages'],
  'summarise-write': ['--task', 'summarise', '--dataset', 'packages', '--method', 'write'],
  'summarise-definitions': ['--task', 'summarise', '--dataset', 'definitions'],
  question: [],
  entities: ['--dataset', 'verses'],
  'entities-proper-nouns': ['--task', 'entities', '--dataset', 'proper-nouns'],
  classify: ['--dataset', 'sections'],
  'classify-distance': ['--task', 'classify', '--dataset', 'distance'],
  'classify-swapped': ['--task', 'classify', '--dataset', 'swapped'],
  'classify-spam': ['--task', 'classify', '--dataset', 'spam'],
  language: [],
  order: [],
  forecast: ['--dataset', 'sp500'],
  'forecast-yields': ['--task', 'forecast', '--dataset', 'yields'],
  'forecast-electricity': ['--task', 'forecast', '--dataset', 'electricity'],
  'forecast-exchange': ['--task', 'forecast', '--dataset', 'exchange'],
  image: ['--dataset', 'fashion'],
  'image-digits': ['--task', 'image', '--dataset', 'digits'],
  video: [],
  algorithmic: [],
  'algorithmic-needle': ['--task', 'algorithmic', '--problem', 'needle'],
  'algorithmic-addition': ['--task', 'algorithmic', '--problem', 'addition'],
};

const root = join(import.meta.dirname, '..');
const command = join(root, 'packages/lab/bin/posenc.js');

function main(): number {
  const asked = process.argv.slice(2);
  const names = asked.includes('all') ? Object.keys(results) : asked;
  const unknown = names.find((name) => results[name] === undefined);
  if (names.length === 0 || unknown !== undefined) {
    process.stderr.write(
      `results: expected all or some of ${Object.keys(results).join(', ')}, got ${unknown ?? 'nothing'}\n`,
    );
    return 2;
  }
  return names.map(make).find((status) => status !== 0) ?? 0;
}

function make(name: string): number {
  const flags = results[name] as readonly string[];
  const typed = flags.includes('--task') ? flags : ['--task', name, ...flags];
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).toString().trim();
  // Of this commit: settings of another one would be another comparison.
  const folder = join('runs', `result-${name}-${commit}`);
  const start = performance.now();
  const run = spawnSync(process.execPath, [command, 'compare', ...typed, '--quiet', '--output', folder], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.status !== 0) return run.status ?? 1;
  const minutes = (performance.now() - start) / 60_000;
  const records = readdirSync(join(root, folder, 'records'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => parseRecord(readFileSync(join(root, folder, 'records', file), 'utf8'), file));
  const image = `result-${name}.svg`;
  writeFileSync(join(root, 'docs/images', image), `${lengthChart(summarize(records))}\n`);
  const [title, ...rest] = readFileSync(join(root, folder, 'report.md'), 'utf8').split('\n');
  const made =
    `Made by \`npm run results -- ${name}\` at commit ${commit}, in ${minutes.toFixed(1)} minutes on ` +
    `${availableParallelism()} cores that other work may have shared.`;
  const page = [title, '', made, '', `![Scores by length](../images/${image})`, ...rest].join('\n');
  writeFileSync(join(root, 'docs/results', `${name}.md`), page);
  process.stdout.write(`docs/results/${name}.md: ${minutes.toFixed(1)} minutes\n`);
  return 0;
}

process.exitCode = main();
