/** Everything a report says, as data: what `--json` prints and every renderer draws. From records alone. */

import { RecordError } from '../record/parse.ts';
import { type RunRecord, runConfigurationSchema } from '../record/record.ts';
import { findings } from './findings.ts';
import { type Estimate, estimate } from './statistics.ts';

export type Metric = RunRecord['task']['metrics'][number];
export type Bucket = RunRecord['task']['buckets'][number];

/** One encoding over its seeds. */
export interface EncodingSummary {
  /** As typed: `alibi:direction=symmetric`. */
  readonly encoding: string;
  readonly title: string;
  readonly seeds: readonly number[];
  /** Test scores by metric name, then bucket label. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, Estimate>>>>;
  /** The same, one value per seed in the order of `seeds`. */
  readonly values: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  /** Mean training loss over seeds. */
  readonly curve: readonly { readonly step: number; readonly loss: number }[];
  /** Mean validation score of the first metric in the trained range, over seeds. */
  readonly validation: readonly { readonly step: number; readonly score: number }[];
  readonly costs: {
    readonly parameters: number;
    readonly positionParameters: number;
    readonly tableBytes: number;
    readonly medianStepMilliseconds: number;
    readonly tokensPerSecond: number;
    readonly trainingSeconds: number;
    readonly peakMemoryBytes: number;
  };
  readonly options: RunRecord['encoding']['encoder'];
  readonly pitfalls: readonly string[];
  /** How far an untrained encoder's answer moves when the words are permuted; absent where it has no encoder. */
  readonly orderSensitivity?: number;
}

/** The whole report as data. */
export interface Summary {
  readonly task: RunRecord['task'] & {
    readonly name: string;
    readonly options: RunRecord['configuration']['task']['options'];
  };
  readonly model: RunRecord['configuration']['model'];
  readonly training: RunRecord['configuration']['training'];
  readonly encodings: readonly EncodingSummary[];
  /** In plain words, the most important first. */
  readonly findings: readonly string[];
  /** The command that makes these records. */
  readonly command: string;
  readonly environment: RunRecord['environment'];
  readonly runs: number;
}

/**
 * Groups records of one comparison by encoding, in the order in which they come.
 *
 * @throws {RecordError} when there are none, or they differ in more than encoding and seed
 */
export function summarize(records: readonly RunRecord[]): Summary {
  const [first] = records;
  if (first === undefined) throw new RecordError('report: expected at least one record, got none');
  for (const record of records) checkComparable(first, record);
  checkOnce(records);
  const { task, model, training } = first.configuration;
  const names = [...new Set(records.map(({ configuration }) => configuration.encoding))];
  const encodings = names.map((name) => summarizeEncoding(records.filter((r) => r.configuration.encoding === name)));
  const described = { ...first.task, ...task };
  return {
    task: described,
    model,
    training,
    encodings,
    findings: findings(described, encodings),
    command: commandOf(records),
    environment: first.environment,
    runs: records.length,
  };
}

function summarizeEncoding(records: readonly RunRecord[]): EncodingSummary {
  const sorted = records.toSorted((a, b) => a.configuration.seed - b.configuration.seed);
  const [first] = sorted as [RunRecord];
  const { metrics, buckets } = first.task;
  const values = Object.fromEntries(
    metrics.map(({ name }) => [
      name,
      Object.fromEntries(buckets.map(({ label }) => [label, sorted.map((record) => scoreOf(record, label, name))])),
    ]),
  );
  const scores = Object.fromEntries(
    Object.entries(values).map(([name, byBucket]) => [
      name,
      Object.fromEntries(Object.entries(byBucket).map(([label, list]) => [label, estimate(list)])),
    ]),
  );
  const mean = (value: (record: RunRecord) => number): number => estimate(sorted.map(value)).mean;
  const metric = (metrics[0] as Metric).name;
  const trained = (scoresByBucket: RunRecord['test']): number =>
    estimate(Object.values(scoresByBucket).map((bucket) => bucket[metric] as number)).mean;
  return {
    encoding: first.configuration.encoding,
    title: first.encoding.title,
    seeds: sorted.map(({ configuration }) => configuration.seed),
    scores,
    values,
    curve: first.curve.map(({ step }, index) => ({ step, loss: mean(({ curve }) => curve[index]?.loss as number) })),
    validation: first.validation.map(({ step }, index) => ({
      step,
      score: mean(({ validation }) => trained(validation[index]?.scores ?? {})),
    })),
    costs: {
      parameters: first.parameters,
      positionParameters: first.encoding.parameters,
      tableBytes: first.encoding.tableBytes,
      medianStepMilliseconds: mean(({ costs }) => costs.medianStepMilliseconds),
      tokensPerSecond: mean(({ costs }) => costs.tokensPerSecond),
      trainingSeconds: mean(({ costs }) => costs.trainingSeconds),
      peakMemoryBytes: Math.max(...sorted.map(({ costs }) => costs.peakMemoryBytes)),
    },
    options: first.encoding.encoder.length > 0 ? first.encoding.encoder : first.encoding.decoder,
    pitfalls: first.encoding.pitfalls,
    ...(first.encoding.orderSensitivity === undefined ? {} : { orderSensitivity: first.encoding.orderSensitivity }),
  };
}

function scoreOf(record: RunRecord, bucket: string, metric: string): number {
  const score = record.test[bucket]?.[metric];
  if (score === undefined) {
    const { encoding, seed } = record.configuration;
    throw new RecordError(`report: the record of ${encoding}, seed ${seed}, has no ${metric} for ${bucket}`);
  }
  return score;
}

function checkComparable(first: RunRecord, record: RunRecord): void {
  const settings = (r: RunRecord): string =>
    JSON.stringify(runConfigurationSchema.omit({ encoding: true, seed: true }).parse(r.configuration));
  if (first.task.fingerprint !== record.task.fingerprint || settings(first) !== settings(record)) {
    const describe = ({ configuration: { encoding, seed, task } }: RunRecord): string =>
      `${task.name} ${encoding} seed ${seed}`;
    throw new RecordError(
      `report: expected runs that differ in encoding and seed only, but ${describe(first)} and ${describe(record)} ` +
        'differ in data or settings; report each comparison on its own',
    );
  }
}

function checkOnce(records: readonly RunRecord[]): void {
  const seen = new Set<string>();
  for (const { configuration } of records) {
    const name = `${configuration.encoding}, seed ${configuration.seed}`;
    if (seen.has(name)) throw new RecordError(`report: expected each run once, got ${name} twice`);
    seen.add(name);
  }
}

/** A command that makes these runs; settings are always named, so that it stays true when defaults change. */
function commandOf(records: readonly RunRecord[]): string {
  const { task, model, training } = (records[0] as RunRecord).configuration;
  const encodings = [...new Set(records.map(({ configuration }) => configuration.encoding))];
  const seeds = [...new Set(records.map(({ configuration }) => configuration.seed))].sort((a, b) => a - b);
  const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const flags = { ...task.options, ...model, ...training };
  return [
    'npx posenc compare',
    `--task ${task.name}`,
    `--encodings ${encodings.join(',')}`,
    `--seeds ${seedsFlag(seeds)}`,
    ...Object.entries(flags).map(([name, value]) => `--${kebab(name)} ${quoted(String(value))}`),
  ].join(' ');
}

/** A count for seeds 0 … n−1, else the list. A trailing comma keeps a single seed from being read as a count. */
function seedsFlag(seeds: readonly number[]): string {
  if (seeds.every((seed, index) => seed === index)) return String(seeds.length);
  return seeds.length === 1 ? `${seeds[0]},` : seeds.join(',');
}

function quoted(text: string): string {
  return /^[\w.,:=/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
