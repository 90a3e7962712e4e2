/**
 * Small reproductions of published orderings: `npm run reproduce -- copy` (or scan, extrapolate, cope). Trains at a
 * size that ends within half an hour on two cores, prints our figures beside the paper's, and says plainly which of the
 * paper's orderings hold at this size. Writes `docs/results/reproduce-NAME.md`.
 *
 *     npm run reproduce -- copy [--steps N] [--seeds N]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** A published table and how to make ours. */
interface Reproduction {
  readonly title: string;
  readonly source: string;
  /** What differs from the paper besides the size. */
  readonly setting: string;
  readonly arguments: readonly string[];
  readonly seeds: number;
  /** As on the command line, with the paper's name and its figures, one for each of `columns`. */
  readonly encodings: readonly { readonly name: string; readonly published: readonly number[] }[];
  readonly columns: readonly string[];
  readonly better: 'higher' | 'lower';
  /** The buckets, by their place, whose mean is compared with the mean of the paper's columns. */
  readonly buckets: readonly number[];
}

const reproductions: Readonly<Record<string, Reproduction>> = {
  copy: {
    title: 'Copying one letter: length generalisation of decoders',
    source:
      'Kazemnejad et al. 2023, arXiv 2305.19466, results/sanity_check.jsonl of McGill-NLP/length-generalization at 40f8a44 (copy, repeat one token)',
    setting: 'The paper trains 107 million parameters on lengths up to 20 and asks 21 to 40; here 0.1 million do.',
    arguments: ['--task', 'algorithmic', '--problem', 'repeat', '--steps', '1000'],
    seeds: 3,
    encodings: [
      { name: 'none', published: [0.986] },
      { name: 't5', published: [0.771] },
      { name: 'alibi', published: [0.289] },
      { name: 'rotary:rotaryDim=4', published: [0] },
      { name: 'sinusoidal', published: [0] },
    ],
    columns: ['lengths 21–40'],
    better: 'higher',
    buckets: [1, 2, 3],
  },
  scan: {
    title: 'SCAN, split by length',
    source: 'Kazemnejad et al. 2023, arXiv 2305.19466, exact match at 26, 30 and 36 actions, trained on at most 25',
    setting: 'The paper trains 107 million parameters; here 0.1 million do, asked in three stretches of lengths.',
    arguments: ['--task', 'algorithmic', '--problem', 'scan', '--steps', '3000'],
    seeds: 2,
    encodings: [
      { name: 'none', published: [1, 0.95, 0.61] },
      { name: 't5', published: [0.99, 0.92, 0.14] },
      { name: 'alibi', published: [0.68, 0.4, 0] },
      { name: 'rotary:rotaryDim=4', published: [0.47, 0.23, 0.23] },
      { name: 'sinusoidal', published: [0.35, 0, 0] },
    ],
    columns: ['26', '30', '36'],
    better: 'higher',
    buckets: [1, 2, 3],
  },
  extrapolate: {
    title: 'Train short, test long: language modelling past the trained length',
    source: 'Chi et al. 2022 (KERPLE), arXiv 2205.09921, table 3: perplexity on OpenWebText2, trained on 512 tokens',
    setting:
      'The paper trains 162 million parameters on 512 tokens and asks up to 16,384; here 0.1 million read characters of ' +
      'speeches, trained on 64 and asked up to 512. Its figures are perplexities, ours bits per character.',
    arguments: ['--task', 'language', '--steps', '1000'],
    seeds: 2,
    encodings: [
      { name: 'kerple', published: [22, 21.6, 21.2] },
      { name: 'kerple:kernel=power', published: [22.1, 21.9, 21.5] },
      { name: 'alibi', published: [22.4, 22.5, 22.2] },
      { name: 't5', published: [21.9, 21.7, 22.5] },
      { name: 'rotary', published: [32.8, 62.4, 111] },
      { name: 'sinusoidal', published: [750, 5507, 14039] },
    ],
    columns: ['2×', '4×', '8×'],
    better: 'lower',
    buckets: [1, 2, 3],
  },
  cope: {
    title: 'Selective copying: positions that count content',
    source:
      'Golovneva et al. 2024 (CoPE), arXiv 2405.18719, section 5.2: test error with fewer and with more blanks than trained',
    setting:
      'The paper trains four layers of width 64 on 256 blanks; here two layers see 12 letters among 12 blanks, asked ' +
      'with 6, 18 and 24.',
    arguments: ['--task', 'algorithmic', '--problem', 'selective-copy', '--steps', '2000'],
    seeds: 2,
    encodings: [
      { name: 'cope', published: [1, 1] },
      { name: 'rotary', published: [0.6, 0.11] },
      { name: 'learned', published: [0.83, 0.31] },
    ],
    columns: ['dense', 'sparse'],
    better: 'higher',
    buckets: [1, 2, 3],
  },
};

/** What `posenc report --json` says of an encoding, as far as it is used here. */
interface Reported {
  readonly encoding: string;
  readonly title: string;
  readonly values: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

interface Report {
  readonly task: {
    readonly metrics: readonly { readonly name: string; readonly title: string; readonly format: string }[];
    readonly buckets: readonly { readonly label: string }[];
  };
  readonly training: { readonly steps: number };
  readonly encodings: readonly Reported[];
}

/** Exact match within the trained lengths from which on a model has learned its task. */
const LEARNED = 0.5;

const root = join(import.meta.dirname, '..');
const command = join(root, 'packages/lab/bin/posenc.js');

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { steps: { type: 'string' }, seeds: { type: 'string' } },
  });
  const [name = ''] = positionals;
  const chosen = reproductions[name];
  if (chosen === undefined || positionals.length !== 1) {
    const names = Object.keys(reproductions).join(', ');
    process.stderr.write(
      `reproduce: expected one of ${names}, got ${name === '' ? 'nothing' : positionals.join(' ')}\n`,
    );
    return 2;
  }
  const folder = `runs/reproduce-${name}${values.steps === undefined ? '' : `-${values.steps}`}`;
  const seeds = values.seeds ?? String(chosen.seeds);
  const steps = values.steps === undefined ? [] : ['--steps', values.steps];
  const encodings = ['--encodings', chosen.encodings.map(({ name: encoding }) => encoding).join(',')];
  const flags = [...chosen.arguments, ...steps, ...encodings, '--seeds', seeds];
  const run = spawnSync(process.execPath, [command, 'compare', ...flags, '--quiet', '--output', folder], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.status !== 0) return run.status ?? 1;
  const json = execFileSync(process.execPath, [command, 'report', folder, '--format', 'json'], {
    cwd: root,
    maxBuffer: 2 ** 28,
  });
  const text = page(name, chosen, JSON.parse(json.toString()) as Report, `npx posenc compare ${flags.join(' ')}`);
  const file = join(root, 'docs/results', `reproduce-${name}.md`);
  // A trial with other steps or seeds is shown, and not kept as the result.
  if (values.steps === undefined && values.seeds === undefined) writeFileSync(file, text);
  process.stdout.write(text);
  return 0;
}

function page(name: string, chosen: Reproduction, report: Report, typed: string): string {
  const [metric] = report.task.metrics as [Report['task']['metrics'][0]];
  const buckets = chosen.buckets.map((index) => (report.task.buckets[index] as { label: string }).label);
  const all = [(report.task.buckets[0] as { label: string }).label, ...buckets];
  const show = (value: number): string =>
    metric.format === 'fraction' ? `${(100 * value).toFixed(1)} %` : value.toFixed(3);
  const ours = chosen.encodings.map(({ name: encoding, published }) => {
    const found = report.encodings.find((one) => one.encoding === encoding);
    if (found === undefined) throw new Error(`reproduce: expected a result of ${encoding}, got none`);
    const scores = found.values[metric.name] as Readonly<Record<string, readonly number[]>>;
    const perSeed = (scores[buckets[0] as string] as readonly number[]).map((_, seed) =>
      mean(buckets.map((label) => (scores[label] as readonly number[])[seed] as number)),
    );
    const inBuckets = all.map((label) => mean(scores[label] as readonly number[]));
    const inside = inBuckets[0] as number;
    return {
      encoding,
      published: mean(published),
      perSeed,
      score: mean(perSeed),
      inside,
      inBuckets,
      figures: published,
    };
  });
  const rows = ours.map(({ encoding, inBuckets, perSeed, figures }) => [
    `\`${encoding}\``,
    ...inBuckets.map(show),
    perSeed.map(show).join(', '),
    ...figures.map(String),
  ]);
  const header = [
    'encoding',
    ...all.map((label) => `ours, ${label}`),
    'beyond, by seed',
    ...chosen.columns.map((column) => `paper, ${column}`),
  ];
  return [
    `# ${chosen.title}`,
    '',
    `Paper: ${chosen.source}.`,
    '',
    chosen.setting,
    '',
    `Metric: ${metric.title}, ${chosen.better} is better; ${report.training.steps} steps, seeds ${ours[0]?.perSeed.map((_, seed) => seed).join(', ')}.`,
    '',
    `| ${header.join(' | ')} |`,
    `| ${header.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    '## Does the paper’s ordering hold at this size?',
    '',
    ...orderings(chosen, ours),
    '',
    `Made at commit ${commit()} by \`npm run reproduce -- ${name}\`, which runs:`,
    '',
    '```sh',
    typed,
    '```',
    '',
  ].join('\n');
}

/** Each pair that the paper tells apart: whether every seed of ours says the same, the mean says it, or neither. */
function orderings(
  { better }: Reproduction,
  ours: readonly { encoding: string; published: number; perSeed: readonly number[]; score: number; inside: number }[],
): string[] {
  const sign = better === 'higher' ? 1 : -1;
  const lines = ours.flatMap((first, index) =>
    ours.slice(index + 1).flatMap((second) => {
      const gap = sign * (first.published - second.published);
      if (gap === 0) return [];
      const [winner, loser] = gap > 0 ? [first, second] : [second, first];
      const [worst, best] = [
        Math.min(...winner.perSeed.map((score) => sign * score)),
        Math.max(...loser.perSeed.map((score) => sign * score)),
      ];
      // Who has not learned the trained lengths shows nothing about longer ones.
      const isLearned = better === 'lower' || Math.max(winner.inside, loser.inside) >= LEARNED;
      const verdict = !isLearned
        ? 'says nothing: neither has learned the trained lengths'
        : worst > best
          ? 'holds in every pair of seeds'
          : sign * (winner.score - loser.score) > 0
            ? 'holds in the mean only'
            : 'does not reproduce at this size';
      return [{ verdict, text: `- \`${winner.encoding}\` before \`${loser.encoding}\`: ${verdict}.` }];
    }),
  );
  const held = lines.filter(({ verdict }) => verdict.startsWith('holds in every')).length;
  return [
    `${held} of ${lines.length} orderings of the paper hold in every pair of seeds. Compared are means over the columns beyond the`,
    'trained lengths, here and in the paper.',
    '',
    ...lines.map(({ text }) => text),
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function commit(): string {
  return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).toString().trim();
}

process.exitCode = main();
