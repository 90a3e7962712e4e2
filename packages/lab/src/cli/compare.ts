/** `posenc compare`: trains the same model with each encoding on a task, and reports. */
import { join, resolve } from 'node:path';
import { type Command, Help, Option } from 'commander';
import { defaultFolder, openFolder, writeWhole } from '../comparison/folder.ts';
import {
  type Comparison,
  type ComparisonOverrides,
  type ComparisonRequest,
  planComparison,
} from '../comparison/plan.ts';
import { type ComparisonOutcome, runComparison } from '../comparison/run.ts';
import type { StartWorker } from '../comparison/worker-process.ts';
import { findTask, tasks } from '../tasks/index.ts';
import { withoutKeptPath } from '../tasks/shared/standard-input.ts';
import type { Task, TaskOptions } from '../tasks/task.ts';
import { check } from './compare-check.ts';
import { DONE, INTERRUPTED, RUN_FAILED, reportError, UsageError } from './errors.ts';
import type { CommandLineIo } from './io.ts';
import {
  kebab,
  parseCount,
  parseCountOrZero,
  parseNames,
  parseReal,
  parseSeeds,
  parseSetting,
} from './option-values.ts';
import { keepPipedData } from './piped-data.ts';
import { title } from './progress.ts';
import { showProgress } from './progress-display.ts';
import { REPORT_FILES, renderReport } from './report-formats.ts';

const EXAMPLES = `
Finished runs are kept: after Ctrl-C the same command goes on where it stopped. Encodings take options as in
alibi:direction=symmetric; posenc list shows them all. The control gru is a recurrent network.

Examples:
  posenc compare
  posenc compare --encodings none,rotary,alibi --seeds 5
  posenc compare --encodings rotary,rotary:base=500000 --seeds 0,1,7 --steps 1200
  posenc compare --task forecast --data prices.csv --time date --target close --encodings sinusoidal,learned,rotary
  posenc compare --task translate --data pairs.csv --source english --target german --check
  zcat reviews.jsonl.gz | posenc compare --task classify --data - --text body --label stars
  posenc compare --task order --encodings all --steps 100
  posenc compare --task language --set tokens=bpe --output runs/bpe
`;

/** Flags of settings, which replace those of the task. */
const SETTINGS: readonly (readonly [keyof ComparisonOverrides, string, (text: string) => number])[] = [
  ['steps', 'training steps of each run', parseCount],
  ['batchSize', 'examples in a training step', parseCount],
  ['learningRate', 'peak of the learning rate', parseReal],
  ['warmupSteps', 'steps before that peak', parseCountOrZero],
  ['weightDecay', 'of AdamW', parseReal],
  ['clipNorm', 'largest norm of a gradient', parseReal],
  ['modelDim', 'width of the model', parseCount],
  ['numHeads', 'attention heads', parseCount],
  ['feedForwardDim', 'width of the feed-forward layers', parseCount],
  ['encoderLayers', 'layers of the encoder', parseCountOrZero],
  ['decoderLayers', 'layers of the decoder', parseCountOrZero],
  ['evaluationBatchSize', 'examples scored at once', parseCount],
];

interface CompareFlags extends ComparisonOverrides {
  readonly task: string;
  readonly encodings?: readonly string[];
  readonly seeds: readonly number[];
  readonly output?: string;
  readonly workers?: number;
  readonly check?: true;
  readonly json?: true;
  readonly quiet?: true;
  readonly set?: TaskOptions;
  /** Options of tasks, as typed. */
  readonly [option: string]: unknown;
}

export function addCompareCommand(
  program: Command,
  io: CommandLineIo,
  done: (code: number) => void,
  startWorker: StartWorker,
): void {
  const [first] = tasks;
  const command = program
    .command('compare')
    .summary('train with each encoding and compare')
    .description('Train the same model with each encoding on a real task, and compare the scores by length.')
    .option('--task <name>', tasks.map(({ name }) => name).join(', '), first.name)
    .option('--encodings <list>', "with commas between, or all; the task's own list unless given", parseNames)
    .addOption(
      new Option('--seeds <number or list>', 'how many, or which: 3, or 0,4,7')
        .argParser(parseSeeds)
        .default(parseSeeds('2'), '2'),
    )
    .option('--output <folder>', 'where records and reports go (default: runs/TASK-HASH)')
    .option('--workers <number>', 'runs at the same time (default: one per core)', parseCount)
    .option('--check', 'read the data, say what was understood of it and what it would cost, and train nothing')
    .option('--json', 'print the report as JSON')
    .option('--quiet', 'print only the place of the report')
    .optionsGroup("Settings (default: the task's):");
  for (const [name, text, parse] of SETTINGS)
    command.addOption(new Option(`--${kebab(name)} <number>`, text).argParser(parse));
  for (const option of taskFlags()) command.addOption(option);
  command.configureHelp({
    ...command.configureHelp(),
    visibleOptions: (shown) => {
      const options = new Help().visibleOptions(shown);
      const task = helpTask(shown);
      return options.filter(({ long }) => !isTaskFlag(long) || optionOf(task, long) !== undefined);
    },
    optionDescription: (option) => {
      const task = helpTask(command);
      const own = isTaskFlag(option.long) ? optionOf(task, option.long) : undefined;
      if (own === undefined) return new Help().optionDescription(option);
      return `${own.description}${own.default === undefined ? '' : ` (default: ${own.default})`}`;
    },
  });
  command
    .option('--set <name=value>', 'any option of the task; may be given several times', parseSetting)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: CompareFlags) => done(await compare(flags, io, startWorker)));
}

async function compare(flags: CompareFlags, io: CommandLineIo, startWorker: StartWorker): Promise<number> {
  const given = taskOptionsOf(findTask(flags.task), flags);
  if (given.data !== '-') return await compareData(given, flags, io, startWorker);
  const path = await keepPipedData(io);
  try {
    return await compareData({ ...given, data: path }, flags, io, startWorker);
  } catch (error) {
    if (error instanceof Error) error.message = withoutKeptPath(error.message, path);
    throw error;
  }
}

async function compareData(
  taskOptions: TaskOptions,
  flags: CompareFlags,
  io: CommandLineIo,
  startWorker: StartWorker,
): Promise<number> {
  const task = findTask(flags.task);
  const request: ComparisonRequest = {
    task,
    taskOptions,
    encodings: flags.encodings,
    seeds: flags.seeds,
    overrides: Object.fromEntries(
      SETTINGS.flatMap(([name]) => (flags[name] === undefined ? [] : [[name, flags[name]]])),
    ),
  };
  if (flags.check === true) return await check(request, flags, io);
  const comparison = await planComparison(request);
  for (const notice of comparison.notices) io.stderr.write(`note: ${notice}\n`);
  if (flags.quiet !== true) for (const line of leftOutLines(comparison)) io.stderr.write(line);
  const shownFolder = flags.output ?? defaultFolder(comparison);
  const folder = resolve(io.cwd, shownFolder);
  await openFolder(folder, comparison);
  try {
    return await carryOut(comparison, { folder, shownFolder, flags, io, startWorker });
  } catch (error) {
    // The folder was fine at the start: what fails now, such as a full disk, is no wrong use.
    reportError(error, io);
    return RUN_FAILED;
  }
}

/** Encodings that `all` stands for and this task cannot have, once for each reason. */
function leftOutLines({ leftOut }: Comparison): string[] {
  const byReason = new Map<string, string[]>();
  for (const { encoding, reason } of leftOut) {
    const short = reason.startsWith(`${encoding}: `) ? reason.slice(encoding.length + 2) : reason;
    byReason.set(short, [...(byReason.get(short) ?? []), encoding]);
  }
  return [...byReason].map(([reason, encodings]) => `left out: ${encodings.join(', ')}: ${reason}\n`);
}

interface Surroundings {
  readonly folder: string;
  /** The folder as the person named it. */
  readonly shownFolder: string;
  readonly flags: CompareFlags;
  readonly io: CommandLineIo;
  readonly startWorker: StartWorker;
}

async function carryOut(
  comparison: Comparison,
  { folder, shownFolder, flags, io, startWorker }: Surroundings,
): Promise<number> {
  const quiet = flags.quiet === true;
  const display = showProgress(comparison, quiet ? 'off' : io.stderr.isTTY ? 'live' : 'lines', io);
  const interruption = listenForInterrupts(io, () =>
    display.say('Stopping: saving checkpoints. Press Ctrl-C again to stop at once.'),
  );
  let outcome: ComparisonOutcome;
  try {
    outcome = await runComparison(comparison, folder, {
      workers: flags.workers,
      onEvent: display.note,
      stop: interruption.stop,
      kill: interruption.kill,
      startWorker,
    });
  } finally {
    interruption.end();
    display.end();
  }

  for (const { run, reason, details } of outcome.failures) {
    // The reason alone has been shown when it came.
    if (quiet || details !== '')
      io.stderr.write(`error: ${title(run)}: ${reason}\n${details === '' ? '' : `${details}\n`}`);
  }
  if (outcome.records.length > 0) {
    const context = { columns: io.stdout.columns, color: io.stdout.isTTY };
    const json = flags.json === true;
    if (json) io.stdout.write(await renderReport('json', outcome.records, context));
    else if (!quiet) io.stdout.write(`${await renderReport('terminal', outcome.records, context)}\n`);
    for (const [format, file] of REPORT_FILES) {
      await writeWhole(join(folder, file), await renderReport(format, outcome.records, context));
    }
    if (!json) io.stdout.write(`Report: ${join(shownFolder, 'report.html')}\n`);
  }
  if (interruption.stop.aborted) {
    io.stderr.write(
      `Stopped: ${outcome.records.length} of ${comparison.runs.length} runs are finished and kept in ${shownFolder}. ` +
        'The same command goes on from there.\n',
    );
    return INTERRUPTED;
  }
  return outcome.failures.length > 0 ? RUN_FAILED : DONE;
}

/** The task's options, from their own flags and from `--set`. Names the task does not have are left for it to refuse. */
function taskOptionsOf(task: Task, flags: CompareFlags): TaskOptions {
  const options: Record<string, string | number | boolean> = { ...flags.set };
  for (const name of taskOptionNames()) {
    const value = flags[name];
    if (typeof value !== 'string') continue;
    if (name in options) throw new UsageError(`${task.name}: ${name} is given twice, by --${kebab(name)} and by --set`);
    options[name] = value;
  }
  return options;
}

/** Help shows the options of one task: the one named before `--help`, else the default. */
function helpTask(command: Command): Task {
  const asked: unknown = command.opts().task;
  return tasks.find(({ name }) => name === asked) ?? tasks[0];
}

function isTaskFlag(flag: string | undefined): boolean {
  return taskOptionNames().some((name) => `--${kebab(name)}` === flag);
}

function optionOf({ options }: Task, flag: string | undefined): Task['options'][number] | undefined {
  return options.find(({ name }) => `--${kebab(name)}` === flag);
}

function taskOptionNames(): string[] {
  return [...new Set(tasks.flatMap(({ options }) => options.map(({ name }) => name)))];
}

/** One flag for each option of any task; help says what it is to one of them. */
function taskFlags(): Option[] {
  return taskOptionNames().map((name) =>
    new Option(`--${kebab(name)} <value>`).helpGroup('Options of the task (those of another: --task NAME --help):'),
  );
}

interface Interruption {
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
  end(): void;
}

/** The first interrupt asks the runs to stop, the second ends them. */
function listenForInterrupts(io: CommandLineIo, onFirst: () => void): Interruption {
  const stop = new AbortController();
  const kill = new AbortController();
  const end = io.onInterrupt(() => {
    if (stop.signal.aborted) kill.abort();
    else {
      onFirst();
      stop.abort();
    }
  });
  return { stop: stop.signal, kill: kill.signal, end };
}
